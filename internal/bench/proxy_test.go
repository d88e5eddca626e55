package bench

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// A proxy stands before the IMAP server and notes when it first says EXISTS.
type proxy struct {
	l     net.Listener
	mu    sync.Mutex
	first time.Time
}

func newProxy(tb testing.TB, server string) *proxy {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { l.Close() })
	p := &proxy{l: l}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			upstream, err := net.Dial("tcp", server)
			if err != nil {
				client.Close()
				continue
			}
			go func() { io.Copy(upstream, client); upstream.Close() }()
			go func() { io.Copy(client, io.TeeReader(upstream, p)); client.Close() }()
		}
	}()
	return p
}

func (p *proxy) port() int { return p.l.Addr().(*net.TCPAddr).Port }

// Write looks at what the server says.
func (p *proxy) Write(said []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.first.IsZero() && bytes.Contains(said, []byte(" EXISTS")) {
		p.first = time.Now()
	}
	return len(said), nil
}

func (p *proxy) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.first = time.Time{}
}

func (p *proxy) told() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.first
}
