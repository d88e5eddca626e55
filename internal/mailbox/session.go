package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// session is one connection, logged in. It is used by one goroutine at a time.
type session struct {
	conn     *stallConn
	c        *imapclient.Client
	silence  time.Duration
	news     chan struct{} // the server spoke of new messages
	caps     imap.CapSet
	box      Box
	messages int    // in the box, as SELECT said it
	uidNext  uint32 // as SELECT said it; 0: it did not
	dead     bool
	used     time.Time
	names    map[string]string // folder key to the name on this server
	delim    string            // between the levels of a folder's name on this server
	prefix   string            // before the names of one's own folders
}

// connect dials, secures and logs in, all within Options.Connect.
func (m *Mailbox) connect(ctx context.Context) (*session, error) {
	parent := ctx
	ctx, cancel := context.WithTimeoutCause(ctx, m.o.Connect, errWatchdog)
	defer cancel()
	address := net.JoinHostPort(m.o.Host, strconv.Itoa(m.o.Port))
	raw, err := m.o.Dial(ctx, "tcp", address)
	if err != nil {
		return nil, m.why(parent, "connect", fmt.Errorf("connect to %s: check imap.host, imap.port and the network: %w", address, err))
	}
	if a, ok := raw.RemoteAddr().(*net.TCPAddr); ok && m.o.TLS == "none" && !a.IP.IsLoopback() {
		raw.Close()
		return nil, errPlainHost
	}
	s := &session{conn: &stallConn{Conn: raw, now: m.now}, silence: m.o.Silence, news: make(chan struct{}, 1)}
	stop := context.AfterFunc(ctx, s.cut)
	err = m.secure(ctx, s)
	if err == nil {
		err = m.login(ctx, s)
	}
	if !stop() && err != nil {
		err = m.why(parent, "connect", fmt.Errorf("connect to %s: no greeting and login within %v: check imap.port and imap.tls", address, m.o.Connect))
	}
	if err != nil {
		s.cut()
		return nil, err
	}
	s.used = m.now()
	return s, nil
}

// why prefers the end of the context over the error that it brought about.
func (m *Mailbox) why(ctx context.Context, what string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", what, context.Cause(ctx))
	}
	return err
}

// secure makes the client over the connection as imap.tls wants it.
func (m *Mailbox) secure(ctx context.Context, s *session) error {
	opts := &imapclient.Options{
		TLSConfig: &tls.Config{ServerName: m.o.Host, RootCAs: m.o.RootCAs, MinVersion: tls.VersionTLS12},
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil { // runs in the reader's goroutine: never block here
				select {
				case s.news <- struct{}{}:
				default:
				}
			}
		}},
	}
	switch m.o.TLS {
	case "implicit":
		opts.TLSConfig.NextProtos = []string{"imap"}
		t := tls.Client(s.conn, opts.TLSConfig)
		if err := t.HandshakeContext(ctx); err != nil {
			return m.handshakeError(s, err)
		}
		s.c = imapclient.New(t, opts)
	case "starttls":
		c, err := imapclient.NewStartTLS(s.conn, opts)
		if err != nil {
			return m.handshakeError(s, err)
		}
		s.c = c
	default:
		s.c = imapclient.New(s.conn, opts)
	}
	if err := s.c.WaitGreeting(); err != nil {
		return fmt.Errorf("greeting: %w", s.explain(err))
	}
	return nil
}

func (m *Mailbox) handshakeError(s *session, err error) error {
	if e := tlsError(m.o.Host, err); e != nil {
		return e
	}
	if _, ok := errors.AsType[*imap.Error](err); ok {
		return fmt.Errorf("%w: %s refuses STARTTLS: check imap.tls and imap.port", ErrTLS, m.o.Host)
	}
	return fmt.Errorf("secure the connection: %w", s.explain(err))
}

// login proves who we are and asks what the server can do.
func (m *Mailbox) login(ctx context.Context, s *session) error {
	caps := s.c.Caps()
	if caps == nil {
		return fmt.Errorf("capabilities: %w", s.explain(errAnswer))
	}
	var err error
	switch {
	case s.c.State() == imap.ConnStateAuthenticated: // PREAUTH
	case m.o.Auth != nil:
		var mech sasl.Client
		if mech, err = m.o.Auth(ctx, func(name string) bool { return caps.Has(imap.AuthCap(name)) }); err != nil {
			return fmt.Errorf("login: %w", err)
		}
		err = s.c.Authenticate(mech)
	case caps.Has(imap.AuthCap("PLAIN")):
		err = s.c.Authenticate(sasl.NewPlainClient("", m.o.Username, m.o.Password))
	default:
		err = s.c.Login(m.o.Username, m.o.Password).Wait()
	}
	if err != nil {
		return m.loginError(s, err)
	}
	if s.caps = s.c.Caps(); s.caps == nil {
		return fmt.Errorf("capabilities: %w", s.explain(errAnswer))
	}
	return nil
}

// loginError tells a refusal from a connection that broke. After a refused token the connection is of no use
// and the answer may be any (libraries.md 1.2), so whatever is not a broken connection counts as a refusal.
func (m *Mailbox) loginError(s *session, err error) error {
	if a, ok := errors.AsType[*imap.Error](err); ok { // first: many servers hang up after a refusal
		switch a.Code {
		case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
			return fmt.Errorf("login: %w", &answerError{a})
		}
	} else if why := s.conn.why(); why != nil {
		return fmt.Errorf("login: %w", why)
	}
	if m.o.Auth != nil {
		return fmt.Errorf("%w for %s: the provider gave a token and the server does not take it; check imap.username, and that the application may open that mailbox (docs/microsoft365.md, docs/google.md)", ErrLogin, m.o.Username)
	}
	return fmt.Errorf("%w for %s: check imap.username and imap.password", ErrLogin, m.o.Username)
}

// do runs one or more commands with the watchdog on. An answer of NO leaves the session alive; anything else
// that fails ends it.
func (s *session) do(ctx context.Context, what string, f func(c *imapclient.Client) error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", what, context.Cause(ctx))
	}
	s.conn.limit(s.silence)
	defer s.conn.limit(0)
	stop := context.AfterFunc(ctx, s.cut)
	err := f(s.c)
	if !stop() {
		s.dead = true
		if err != nil {
			return fmt.Errorf("%s: %w", what, context.Cause(ctx))
		}
		return nil
	}
	if err == nil {
		return nil
	}
	if a, ok := errors.AsType[*imap.Error](err); ok {
		return fmt.Errorf("%s: %w", what, &answerError{a})
	}
	err = s.explain(err)
	s.dead = true
	s.cut()
	return fmt.Errorf("%s: %w", what, err)
}

// explain says why a connection broke, in words that hold nothing of what the server sent.
func (s *session) explain(err error) error {
	if why := s.conn.why(); why != nil {
		return why
	}
	if a, ok := errors.AsType[*imap.Error](err); ok {
		return &answerError{a}
	}
	if errors.Is(err, errShort) {
		return errShort
	}
	return errAnswer
}

// cut closes the raw connection. The client's own Close waits for its reader, which may wait for us
// (libraries.md 1.1, 2); the reader ends by itself once the connection is gone.
func (s *session) cut() { s.conn.Conn.Close() }

// logout takes leave, but not for long. A nil session is fine.
func (s *session) logout() {
	if s == nil {
		return
	}
	if !s.dead {
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		_ = s.do(ctx, "logout", func(c *imapclient.Client) error { return c.Logout().Wait() })
		cancel()
	}
	s.dead = true
	s.cut()
}
