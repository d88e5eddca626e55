package e2e

import (
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"testing"
)

// A proxy stands before a server and can go away, come back, and cut
// connections after so many bytes.
type proxy struct {
	tb      testing.TB
	addr    string // where it listens
	server  string
	wg      sync.WaitGroup
	mu      sync.Mutex
	l       net.Listener
	conns   map[net.Conn]bool
	left    int64 // bytes until the cut; below 0: never
	through int64 // bytes that went through, both ways
}

// newProxy listens on a port of its own.
func newProxy(tb testing.TB, server string) *proxy {
	tb.Helper()
	p := &proxy{tb: tb, server: server, conns: map[net.Conn]bool{}, left: -1}
	for range 200 {
		// below the ports that the kernel gives to outgoing connections: free after a pause too
		p.addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(20000+rand.IntN(12000)))
		if l, err := net.Listen("tcp", p.addr); err == nil {
			p.serve(l)
			tb.Cleanup(p.close)
			return p
		}
	}
	tb.Fatal("proxy: no free port")
	return nil
}

func (p *proxy) port() string {
	_, port, _ := net.SplitHostPort(p.addr)
	return port
}

// listen comes back after close.
func (p *proxy) listen() {
	p.tb.Helper()
	l, err := net.Listen("tcp", p.addr)
	if err != nil {
		p.tb.Fatal("proxy: ", err)
	}
	p.serve(l)
}

// cutAfter cuts every connection that there is once n more bytes went through;
// later ones live.
func (p *proxy) cutAfter(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = n
}

// spent reports whether the cut has been made.
func (p *proxy) spent() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.left < 0
}

// count is the number of bytes that went through.
func (p *proxy) count() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.through
}

func (p *proxy) serve(l net.Listener) {
	p.mu.Lock()
	p.l = l
	p.mu.Unlock()
	p.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			p.wg.Go(func() { p.join(c) })
		}
	})
}

// join lets bytes through both ways until either side ends.
func (p *proxy) join(c net.Conn) {
	s, err := net.Dial("tcp", p.server)
	if err != nil {
		c.Close()
		return
	}
	p.mu.Lock()
	p.conns[c], p.conns[s] = true, true
	p.mu.Unlock()
	var both sync.WaitGroup
	for from, to := range map[net.Conn]net.Conn{c: s, s: c} {
		both.Go(func() {
			_, _ = io.Copy(counted{p, to}, from) // ends with either side
			c.Close()
			s.Close()
		})
	}
	both.Wait()
	p.mu.Lock()
	delete(p.conns, c)
	delete(p.conns, s)
	p.mu.Unlock()
}

// close refuses connections and cuts those that are there.
func (p *proxy) close() {
	p.mu.Lock()
	p.l.Close()
	p.cutAll()
	p.mu.Unlock()
	p.wg.Wait()
}

func (p *proxy) cutAll() {
	for c := range p.conns {
		c.Close()
	}
}

// counted lets through what may still go and then cuts.
type counted struct {
	p  *proxy
	to net.Conn
}

func (w counted) Write(b []byte) (int, error) {
	w.p.mu.Lock()
	n := int64(len(b))
	cut := w.p.left >= 0 && n >= w.p.left
	if cut {
		n, w.p.left = w.p.left, -1
	} else if w.p.left >= 0 {
		w.p.left -= n
	}
	w.p.through += n
	w.p.mu.Unlock()
	wrote, err := w.to.Write(b[:n])
	if cut {
		w.p.mu.Lock()
		w.p.cutAll()
		w.p.mu.Unlock()
		return wrote, io.ErrClosedPipe
	}
	return wrote, err
}
