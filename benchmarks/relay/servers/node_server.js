// Node: `socket.write` to everybody.
//
//     node node_server.js PORT [CERTIFICATE KEY]

const fs = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');

const room = new Set();

function tellOthers(socket, message) {
  for (const other of room) {
    if (other !== socket) other.write(message);
  }
}

function onClient(socket) {
  let nick = null;
  socket.setNoDelay(true);
  socket.write('Nickname: ');
  socket.on('data', (data) => {
    if (nick !== null) {
      tellOthers(socket, Buffer.concat([nick, data]));
      return;
    }
    const name = data.toString('latin1').trim();
    nick = Buffer.from(`${name}: `, 'latin1');
    tellOthers(socket, Buffer.from(`${name} has joined the room\n`, 'latin1'));
    room.add(socket);
    socket.on('close', () => {
      room.delete(socket);
      tellOthers(socket, Buffer.from(`${name} has left the room.\n`, 'latin1'));
    });
  });
  socket.on('error', () => {});
}

const [port, certificate, key] = process.argv.slice(2);
const server = certificate
  ? tls.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) }, onClient)
  : net.createServer(onClient);
server.listen(Number(port), '127.0.0.1', () => console.log(server.address().port));
