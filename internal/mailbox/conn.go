package mailbox

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// stallConn replaces the deadlines of the client library, which are absolute and missing while no answer has
// begun (libraries.md 1.1, 5 and 6), by one that counts silence alone. It also remembers why it broke, because
// the library's errors do not say.
type stallConn struct {
	net.Conn
	now func() time.Time

	mu    sync.Mutex // so that a late arm cannot undo a new limit
	stall time.Duration
	cause error
}

func (c *stallConn) arm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	var t time.Time
	if c.stall > 0 {
		t = c.now().Add(c.stall)
	}
	_ = c.Conn.SetReadDeadline(t) // fails on a dead connection, as the read itself will
}

// limit sets how long the server may be silent; 0 is for ever.
func (c *stallConn) limit(d time.Duration) {
	c.mu.Lock()
	c.stall = d
	c.mu.Unlock()
	c.arm()
}

func (c *stallConn) Read(p []byte) (int, error) {
	c.arm()
	n, err := c.Conn.Read(p)
	c.broke(err)
	return n, err
}

func (c *stallConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.broke(err)
	return n, err
}

func (c *stallConn) SetReadDeadline(time.Time) error { return nil }

func (c *stallConn) SetDeadline(t time.Time) error { return c.Conn.SetWriteDeadline(t) }

func (c *stallConn) broke(err error) {
	if err == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause == nil {
		c.cause = err
	}
}

// why says what broke the connection, if anything did.
func (c *stallConn) why() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch timeout, ok := errors.AsType[net.Error](c.cause); {
	case c.cause == nil:
		return nil
	case ok && timeout.Timeout():
		return errSilent
	case errors.Is(c.cause, io.EOF), errors.Is(c.cause, io.ErrClosedPipe), errors.Is(c.cause, net.ErrClosed):
		return errCut
	}
	return c.cause
}

// dial opens a TCP connection whose death is noticed: by keep-alive while nothing is under way, by
// TCP_USER_TIMEOUT while something is (libraries.md 1.1, 7).
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3},
		Control:         userTimeout,
	}
	return d.DialContext(ctx, network, address)
}
