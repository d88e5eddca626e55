package deliver

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"time"

	"github.com/emersion/go-sasl"
	mail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Server is where letters are handed in.
type Server struct {
	Host     string
	Port     int
	TLS      string         // implicit, starttls, or none (to loopback alone, security.md 24)
	RootCAs  *x509.CertPool // nil: the system's
	Username string         // empty: no login
	Password string
	HELO     string
	// Auth gives the words of a login, by one of the mechanisms that the server offers; nil: the password.
	Auth func(ctx context.Context, offers func(mechanism string) bool) (sasl.Client, error)
}

// Errors that are about the server or the login and not about one letter.
var (
	ErrConnect = errors.New("cannot connect")
	ErrTLS     = errors.New("certificate not accepted")
	ErrLogin   = errors.New("login refused")
	ErrSender  = errors.New("sender address refused")

	errNotTaken = fmt.Errorf("%w: the provider gave a token and the server does not take it; check smtp.username, and that the application may send as that mailbox (docs/microsoft365.md, docs/google.md)", ErrLogin)
)

// Deadlines of one step of the dialogue (RFC 5321, 4.5.3.2).
const (
	connectTime = 30 * time.Second
	commandTime = 5 * time.Minute
	finalTime   = 10 * time.Minute
	pieceSize   = 64 << 10
)

// An smtpConn is one connection, logged in.
type smtpConn struct {
	raw    net.Conn
	client *smtp.Client
	piece  []byte // of a text, as it goes out; used again for the next one
}

// dial connects and logs in. TLS is never left out: what the configuration asks
// for is there, verified, or it is an error.
func (s Server) dial(ctx context.Context) (*smtpConn, error) {
	c := &smtpConn{}
	stop := func() bool { return true }
	defer func() { stop() }()
	conf := &tls.Config{ServerName: s.Host, RootCAs: s.RootCAs, MinVersion: tls.VersionTLS12}
	client, err := mail.NewClient(s.Host, s.options(ctx, conf, func(raw net.Conn) {
		c.raw = raw
		// The library watches ctx only until the connection stands.
		stop = context.AfterFunc(ctx, func() { raw.Close() })
	})...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConnect, err)
	}
	c.client, err = client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		if c.raw != nil {
			c.raw.Close()
		}
		return nil, s.explain(ctx, err)
	}
	return c, nil
}

func (s Server) options(ctx context.Context, conf *tls.Config, connected func(net.Conn)) []mail.Option {
	loopback := s.TLS == "none"
	policy := mail.TLSMandatory
	if s.TLS != "starttls" {
		policy = mail.NoTLS // implicit: the dialer below has seen to it
	}
	opts := []mail.Option{
		mail.WithPort(s.Port), mail.WithTimeout(connectTime), mail.WithTLSConfig(conf), mail.WithTLSPolicy(policy),
		mail.WithoutSMTPUTF8(), mail.WithHELO(s.HELO),
		mail.WithDialContextFunc(func(ctx context.Context, network, addr string) (net.Conn, error) {
			d := net.Dialer{KeepAlive: 30 * time.Second}
			raw, err := d.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			connected(raw)
			if s.TLS != "implicit" {
				return raw, nil
			}
			secure := tls.Client(raw, conf)
			return secure, secure.HandshakeContext(ctx)
		}),
	}
	if s.Username == "" {
		return append(opts, mail.WithSMTPAuth(mail.SMTPAuthNoAuth))
	}
	if s.Auth != nil {
		return append(opts, mail.WithSMTPAuthCustom(&words{ctx: ctx, auth: s.Auth}))
	}
	mechanisms := []mail.SMTPAuthType{mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin}
	if loopback {
		mechanisms = []mail.SMTPAuthType{mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlainNoEnc, mail.SMTPAuthLoginNoEnc}
	}
	return append(opts, mail.WithUsername(s.Username), mail.WithPassword(s.Password), mail.WithOpportunisticSMTPAuth(mechanisms...))
}

// words are a login by SASL in the shape that the SMTP library asks for.
type words struct {
	ctx  context.Context
	auth func(context.Context, func(string) bool) (sasl.Client, error)
	sasl.Client
}

// Start gives the mechanism and its first words.
func (w *words) Start(server *smtp.ServerInfo) (string, []byte, error) {
	var err error
	w.Client, err = w.auth(w.ctx, func(mechanism string) bool { return slices.Contains(server.Auth, mechanism) })
	if err != nil {
		return "", nil, err
	}
	return w.Client.Start()
}

// Next answers a challenge; after the last word there is none.
func (w *words) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	answer, err := w.Client.Next(challenge)
	if err != nil {
		return nil, errNotTaken // its own words are the server's
	}
	return answer, nil
}

// explain says in words of ours what kept us from connecting; the server's own
// may name anything.
func (s Server) explain(ctx context.Context, err error) error {
	where := net.JoinHostPort(s.Host, fmt.Sprint(s.Port))
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var cert *tls.CertificateVerificationError
	var reply *textproto.Error
	switch {
	case errors.As(err, &cert):
		return fmt.Errorf("connect to SMTP server %s: %w: %w; renew the certificate, or set smtp.ca_file", where, ErrTLS, cert.Err)
	case errors.As(err, &reply) && (reply.Code == 535 || reply.Code == 530 || reply.Code == 534 || reply.Code == 538):
		if s.Auth != nil {
			return fmt.Errorf("log in to SMTP server %s: %w", where, errNotTaken)
		}
		return fmt.Errorf("log in to SMTP server %s: %w (%d); check smtp.username and smtp.password", where, ErrLogin, reply.Code)
	case errors.Is(err, ErrLogin): // no token
		return fmt.Errorf("log in to SMTP server %s: %w", where, err)
	case errors.As(err, &reply):
		return fmt.Errorf("%w to SMTP server %s: it answered %d", ErrConnect, where, reply.Code)
	}
	return fmt.Errorf("%w to SMTP server %s: %w; check smtp.host, smtp.port and smtp.tls", ErrConnect, where, err)
}

// A sendError is why a letter was not accepted.
type sendError struct {
	err     error
	atFrom  bool // the server does not want our sender address
	unknown bool // no answer to the last dot: it may have been accepted (security.md 37)
}

func (e *sendError) Error() string { return e.err.Error() }
func (e *sendError) Unwrap() error { return e.err }

// send hands in one letter with one recipient and returns the server's words.
// Where the server lets us, the three commands before the text go in one write
// and cost one round trip (RFC 2920).
func (c *smtpConn) send(from, to string, raw []byte) (string, error) {
	commands := []string{"MAIL FROM:<" + from + ">", "RCPT TO:<" + to + ">", "DATA"}
	if ok, _ := c.client.Extension("8BITMIME"); ok {
		commands[0] += " BODY=8BITMIME"
	}
	together, _ := c.client.Extension("PIPELINING")
	c.step(commandTime)
	if together {
		for _, line := range commands {
			c.write(line + "\r\n")
		}
	}
	var refused error
	for i, line := range commands {
		if !together {
			c.write(line + "\r\n")
		}
		err := c.expect([]int{250, 250, 354}[i])
		if err != nil && refused == nil {
			refused = &sendError{err: err, atFrom: i == 0}
		}
		if refused != nil && (!together || !refusal(refused)) {
			return "", refused
		}
		if refused != nil && line == "DATA" {
			return "", errors.Join(refused, c.abandon(err))
		}
	}
	return c.text(raw)
}

// abandon ends a DATA that the server let begin though it had refused what came
// before it: an empty text to nobody (RFC 2920, 3.1).
func (c *smtpConn) abandon(dataRefused error) error {
	if dataRefused != nil {
		return nil
	}
	c.write(".\r\n")
	var reply *textproto.Error
	if err := c.expect(250); err != nil && !errors.As(err, &reply) {
		return err
	}
	return nil
}

// text sends the text and the last dot, and returns the server's words. The dot
// goes with the last piece, in one write: from there on an error leaves it open
// whether the letter was accepted.
func (c *smtpConn) text(raw []byte) (string, error) {
	for last := false; !last; {
		c.piece, raw = stuffed(c.piece[:0], raw)
		if last = len(raw) == 0; last {
			c.piece = append(c.piece, ".\r\n"...)
		}
		c.step(commandTime)
		_, err := c.client.Text.W.Write(c.piece)
		if err == nil && last {
			err = c.client.Text.W.Flush()
		}
		if err != nil {
			return "", &sendError{err: err, unknown: last}
		}
	}
	c.step(finalTime)
	code, words, err := c.client.Text.ReadResponse(250)
	if err != nil {
		var reply *textproto.Error
		return "", &sendError{err: err, unknown: !errors.As(err, &reply)}
	}
	return fmt.Sprintf("%d %s", code, words), nil
}

// step gives the next step its time: an answer that does not come must not hold
// the other letters. It fails on a dead connection, as the step itself will.
func (c *smtpConn) step(d time.Duration) { _ = c.client.UpdateDeadline(d) }

// write puts something in the buffer; what is wrong with the connection is seen
// when the answer is read.
func (c *smtpConn) write(s string) { _, _ = c.client.Text.W.WriteString(s) }

func (c *smtpConn) expect(code int) error {
	if err := c.client.Text.W.Flush(); err != nil {
		return err
	}
	_, _, err := c.client.Text.ReadResponse(code)
	return err
}

// stuffed appends the lines of text that make one piece, the dots that begin a
// line doubled (RFC 5321, 4.5.2), and returns the lines that are left. The last
// one ends with CRLF, as all others do.
func stuffed(piece, text []byte) (full, left []byte) {
	for len(text) > 0 && len(piece) < pieceSize {
		line, rest, _ := bytes.Cut(text, []byte("\r\n"))
		if bytes.HasPrefix(line, []byte(".")) {
			piece = append(piece, '.')
		}
		piece = append(append(piece, line...), "\r\n"...)
		text = rest
	}
	return piece, text
}

// reset makes the connection fit for the next letter after a refusal.
func (c *smtpConn) reset() error {
	if err := c.client.UpdateDeadline(connectTime); err != nil {
		return err
	}
	return c.client.Reset()
}

func (c *smtpConn) quit() {
	_ = c.client.UpdateDeadline(time.Second) // a courtesy: whether it is heard changes nothing
	_ = c.client.Quit()
	c.raw.Close()
}

// Check connects, logs in and leaves again.
func (s Server) Check(ctx context.Context) error {
	c, err := s.dial(ctx)
	if err != nil {
		return err
	}
	c.quit()
	return nil
}

// Send hands in one message at once, past the outbox, and returns the server's
// words: for a probe.
func (s Server) Send(ctx context.Context, from, to string, raw []byte) (string, error) {
	c, err := s.dial(ctx)
	if err != nil {
		return "", err
	}
	defer c.quit()
	return c.send(from, to, raw)
}
