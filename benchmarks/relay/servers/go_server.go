// Go: two goroutines and a channel for each client.
//
//	go_server each|buffered PORT [CERTIFICATE KEY]
//
// each:     the client's writer sends every message with a call of its own.
// buffered: it collects in a bufio.Writer while more messages wait in the channel.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"sync"
)

const mostWaiting = 1024 // messages; a client that lets more wait is hung up on

type client struct {
	conn net.Conn
	out  chan []byte
}

var (
	mutex    sync.Mutex
	room     = map[*client]bool{}
	buffered bool
)

func tellOthers(from *client, message []byte) { // with the mutex locked
	for other := range room {
		if other == from {
			continue
		}
		select {
		case other.out <- message:
		default:
			other.conn.Close()
		}
	}
}

func (c *client) write() {
	if !buffered {
		for message := range c.out {
			c.conn.Write(message)
		}
		return
	}
	writer := bufio.NewWriter(c.conn)
	for message := range c.out {
		writer.Write(message)
		if len(c.out) == 0 {
			writer.Flush()
		}
	}
}

func (c *client) serve() {
	defer c.conn.Close()
	defer close(c.out)
	go c.write()
	c.out <- []byte("Nickname: ")
	data := make([]byte, 4096)
	count, err := c.conn.Read(data)
	if err != nil {
		return
	}
	nick := string(bytes.TrimSpace(data[:count]))
	mutex.Lock()
	tellOthers(c, []byte(nick+" has joined the room\n"))
	room[c] = true
	mutex.Unlock()
	for {
		count, err := c.conn.Read(data)
		mutex.Lock()
		if err != nil {
			delete(room, c)
			tellOthers(c, []byte(nick+" has left the room.\n"))
			mutex.Unlock()
			return
		}
		tellOthers(c, []byte(nick+": "+string(data[:count])))
		mutex.Unlock()
	}
}

func main() {
	buffered = os.Args[1] == "buffered"
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[2])
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	if len(os.Args) == 5 {
		pair, err := tls.LoadX509KeyPair(os.Args[3], os.Args[4])
		if err != nil {
			panic(err)
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}})
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		go (&client{conn, make(chan []byte, mostWaiting)}).serve()
	}
}
