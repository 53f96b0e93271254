// Tokio: a task and a channel for each client, and a write for each message.
//
//     tokio_server PORT

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, Mutex};

type Message = Arc<Vec<u8>>;
type Members = HashMap<SocketAddr, mpsc::UnboundedSender<Message>>;
type Room = Arc<Mutex<Members>>;

fn tell_others(room: &Members, from: SocketAddr, text: Vec<u8>) {
    let message = Arc::new(text);
    for (address, sender) in room {
        if *address != from {
            let _ = sender.send(message.clone());
        }
    }
}

async fn serve(mut socket: TcpStream, address: SocketAddr, room: &Room) -> std::io::Result<()> {
    let mut data = vec![0; 4096];
    socket.set_nodelay(true)?;
    socket.write_all(b"Nickname: ").await?;
    let count = socket.read(&mut data).await?;
    if count == 0 {
        return Ok(());
    }
    let nick = data[..count].trim_ascii().to_vec();
    let (sender, mut receiver) = mpsc::unbounded_channel::<Message>();
    {
        let mut room = room.lock().await;
        tell_others(&room, address, [&nick[..], b" has joined the room\n"].concat());
        room.insert(address, sender);
    }
    let ended = loop {
        tokio::select! {
            Some(message) = receiver.recv() => {
                if let Err(error) = socket.write_all(&message).await {
                    break Err(error);
                }
            }
            result = socket.read(&mut data) => match result {
                Ok(0) => break Ok(()),
                Ok(count) => {
                    let room = room.lock().await;
                    tell_others(&room, address, [&nick[..], b": ", &data[..count]].concat());
                }
                Err(error) => break Err(error),
            },
        }
    };
    let mut room = room.lock().await;
    room.remove(&address);
    tell_others(&room, address, [&nick[..], b" has left the room.\n"].concat());
    ended
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port: u16 = std::env::args().nth(1).and_then(|port| port.parse().ok()).expect("a port");
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("{}", listener.local_addr()?.port());
    let room = Room::default();
    loop {
        let (socket, address) = listener.accept().await?;
        let room = room.clone();
        tokio::spawn(async move { serve(socket, address, &room).await });
    }
}
