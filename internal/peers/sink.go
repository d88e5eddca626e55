package peers

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Bounds of a Sink: it belongs to a test, and a test must not eat the machine.
const (
	maxMails     = 200_000
	maxMailBytes = 64 << 20
	maxKeptBytes = 1 << 30
)

// SinkOptions are what a test may want otherwise.
type SinkOptions struct {
	TLS      bool // offers STARTTLS, with the certificate of CAFile
	Implicit bool // with TLS: from the first byte on
	Expired  bool // with TLS: a certificate that ended yesterday
	NoRaw    bool // mails are counted and their bytes forgotten, for benchmarks
}

// Sink is an SMTP server that takes mail for everybody and keeps it. It offers
// AUTH PLAIN, any user, with Password. By itself it refuses recipients called
// later-weg with 550, for the bounces of Postfix.
type Sink struct {
	Addr string // 127.0.0.1:port

	tb     testing.TB
	o      SinkOptions
	cert   certificate
	server *smtp.Server
	listen net.Listener
	ctx    context.Context // ends with the Sink
	stop   context.CancelFunc
	served chan struct{}

	mu      sync.Mutex
	mails   []Mail
	kept    int
	conns   int
	news    chan struct{} // closed and replaced at each mail, from enough on
	enough  int           // mails below which nobody needs to be woken
	onFrom  func(from string) error
	onRcpt  func(from, to string) error
	onMail  func(ctx context.Context, m Mail) error
	onReply func(m Mail) error
}

// Mail is what a Sink took in.
type Mail struct {
	From string // envelope
	To   []string
	Raw  []byte
	At   time.Time
	Conn int // the how many-eth connection it came by, from 1 on
}

// ErrCut closes the connection instead of an answer, when a hook gives it.
var ErrCut = errors.New("peers: cut the connection")

// Refusal is an answer for a hook to give: 4xx or 5xx with an enhanced code
// such as {4, 2, 2}, and words.
func Refusal(code int, enhanced smtp.EnhancedCode, words string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: words}
}

// StartSink starts a Sink that ends with the test.
func StartSink(tb testing.TB, o SinkOptions) *Sink {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal("sink: ", err)
	}
	s := &Sink{Addr: l.Addr().String(), tb: tb, o: o, news: make(chan struct{}), served: make(chan struct{})}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.server = smtp.NewServer(smtp.BackendFunc(s.session))
	s.server.Domain = "localhost"
	s.server.AllowInsecureAuth = true
	s.server.MaxMessageBytes = maxMailBytes
	s.server.MaxRecipients = 100
	s.server.ReadTimeout = 10 * time.Minute
	s.server.WriteTimeout = time.Minute
	s.server.EnableSMTPUTF8 = true
	s.server.ErrorLog = log.New(io.Discard, "", 0) // cuts are what tests do
	if o.TLS {
		s.cert = newCertificate(tb, workDir(tb, "sink"), o.Expired)
		pair, err := tls.LoadX509KeyPair(s.cert.cert, s.cert.key)
		if err != nil {
			tb.Fatal("sink: ", err)
		}
		s.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
		if o.Implicit {
			l = tls.NewListener(l, s.server.TLSConfig)
		}
	}
	s.listen = l
	go func() {
		defer close(s.served)
		_ = s.server.Serve(l) // ends by Close
	}()
	tb.Cleanup(s.Stop)
	return s
}

// Stop closes the Sink and its connections. What it took in stays readable.
func (s *Sink) Stop() {
	s.stop()
	_ = s.server.Close()
	_ = s.listen.Close() // the server does not know of it when it did not get to serving
	<-s.served
}

// CAFile is the PEM file of the authority that signed the certificate.
func (s *Sink) CAFile() string { return s.cert.ca }

// Port is that of Addr.
func (s *Sink) Port() int { return atoi(portOf(s.Addr)) }

// OnFrom sets what is asked at each MAIL, as OnRcpt does; nil takes everybody.
func (s *Sink) OnFrom(f func(from string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onFrom = f
}

// OnRcpt sets what is asked at each RCPT: nil takes the recipient, a Refusal
// refuses it, ErrCut cuts. A nil function takes everybody but later-weg.
func (s *Sink) OnRcpt(f func(from, to string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onRcpt = f
}

// OnMail sets what is asked after the final dot, before the mail is kept: nil
// keeps it, a Refusal refuses it, ErrCut cuts: the mail never was here. It may
// wait, for as long as ctx lives.
func (s *Sink) OnMail(f func(ctx context.Context, m Mail) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onMail = f
}

// OnReply sets what is asked when the mail is kept and its 250 not yet sent:
// ErrCut cuts, and the client cannot know what became of the mail.
func (s *Sink) OnReply(f func(m Mail) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onReply = f
}

// Mails gives what was taken in until now, in the order of the final dots.
func (s *Sink) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Count is the number of mails until now.
func (s *Sink) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.mails)
}

// Conns is the number of connections until now.
func (s *Sink) Conns() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

// To gives the mails to one address until now.
func (s *Sink) To(addr string) []Mail {
	return slices.DeleteFunc(s.Mails(), func(m Mail) bool { return !slices.Contains(m.To, addr) })
}

// Wait waits until n mails are there, and gives all. The test fails when it
// takes too long; whether there are more is for the test to say.
func (s *Sink) Wait(n int, timeout time.Duration) []Mail {
	s.tb.Helper()
	s.wait(timeout, func() bool {
		s.enough = n
		return len(s.mails) >= n
	})
	return s.Mails()
}

// WaitUntil waits until the mails are as wanted, and gives all. It asks after
// each mail; wanted must not keep the slice.
func (s *Sink) WaitUntil(timeout time.Duration, wanted func(all []Mail) bool) []Mail {
	s.tb.Helper()
	s.wait(timeout, func() bool {
		s.enough = 0
		return wanted(s.mails)
	})
	return s.Mails()
}

// wait asks met, with the lock held, now and after each mail.
func (s *Sink) wait(timeout time.Duration, met func() bool) {
	s.tb.Helper()
	late := time.After(timeout)
	for {
		s.mu.Lock()
		done, news := met(), s.news
		s.mu.Unlock()
		if done {
			return
		}
		select {
		case <-news:
		case <-late:
			all := s.Mails()
			for _, m := range all[max(0, len(all)-20):] {
				s.tb.Logf("sink has: from <%s> to %v", m.From, m.To)
			}
			s.tb.Fatalf("sink: not what was waited for after %v, with %d mails", timeout, len(all))
		}
	}
}

// keep adds a mail to what was taken in, or says that it is too much.
func (s *Sink) keep(m Mail) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.mails) >= maxMails || s.kept+len(m.Raw) > maxKeptBytes {
		return Refusal(452, smtp.EnhancedCode{4, 3, 1}, "the sink is full")
	}
	s.kept += len(m.Raw)
	s.mails = append(s.mails, m)
	if len(s.mails) >= s.enough {
		close(s.news)
		s.news = make(chan struct{})
	}
	return nil
}

func (s *Sink) session(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns++
	return &sinkSession{sink: s, conn: c, number: s.conns}, nil
}

// A sinkSession is one connection.
type sinkSession struct {
	sink   *Sink
	conn   *smtp.Conn
	number int
	from   string
	to     []string
}

func (c *sinkSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *sinkSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		if password != Password {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (c *sinkSession) Mail(from string, _ *smtp.MailOptions) error {
	c.from, c.to = from, nil
	c.sink.mu.Lock()
	ask := c.sink.onFrom
	c.sink.mu.Unlock()
	if ask == nil {
		return nil
	}
	return c.orCut(ask(from))
}

func (c *sinkSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.sink.mu.Lock()
	ask := c.sink.onRcpt
	c.sink.mu.Unlock()
	if ask == nil {
		ask = refuseLaterWeg
	}
	if err := c.orCut(ask(c.from, to)); err != nil {
		return err
	}
	c.to = append(c.to, to)
	return nil
}

func refuseLaterWeg(_, to string) error {
	if local, _, _ := strings.Cut(to, "@"); local == "later-weg" {
		return Refusal(550, smtp.EnhancedCode{5, 1, 1}, "nobody of that name")
	}
	return nil
}

func (c *sinkSession) Data(r io.Reader) error {
	var raw []byte
	var err error
	if c.sink.o.NoRaw {
		_, err = io.Copy(io.Discard, r)
	} else {
		raw, err = io.ReadAll(r)
	}
	if err != nil {
		return err
	}
	c.sink.mu.Lock()
	onMail, onReply := c.sink.onMail, c.sink.onReply
	c.sink.mu.Unlock()
	m := Mail{From: c.from, To: c.to, Raw: raw, At: time.Now(), Conn: c.number}
	if onMail != nil {
		if err := c.orCut(onMail(c.sink.ctx, m)); err != nil {
			return err
		}
	}
	if err := c.sink.keep(m); err != nil {
		return err
	}
	if onReply != nil {
		return c.orCut(onReply(m))
	}
	return nil
}

func (c *sinkSession) Reset() { c.from, c.to = "", nil }

func (c *sinkSession) Logout() error { return nil }

// orCut closes the connection when that is what the hook wants.
func (c *sinkSession) orCut(err error) error {
	if errors.Is(err, ErrCut) {
		_ = c.conn.Conn().Close()
	}
	return err
}
