package deliver

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// taken is a mail that the sink accepted.
type taken struct {
	from string
	to   []string
	raw  string
}

// sink is a mail server on loopback that does as the test says.
type sink struct {
	t      *testing.T
	server *smtp.Server
	addr   string

	mu    sync.Mutex
	mails []taken
	conns int
	hooks hooks
}

// hooks stand at the steps of the dialogue; nil: nothing happens there.
type hooks struct {
	login func(user, password string) error
	mail  func(c net.Conn, from string) error
	rcpt  func(c net.Conn, to string) error
	begun func(c net.Conn) error             // after DATA was allowed
	dot   func(c net.Conn, raw []byte) error // after the last dot
}

func newSink(t *testing.T, h hooks) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, l, h, nil)
}

func serve(t *testing.T, l net.Listener, h hooks, change func(*smtp.Server)) *sink {
	s := &sink{t: t, addr: l.Addr().String(), hooks: h}
	s.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.conns++
		if s.hooks.login != nil {
			return &locked{dialogue{s: s, c: c}}, nil
		}
		return &dialogue{s: s, c: c}, nil
	}))
	s.server.Domain = "localhost"
	s.server.AllowInsecureAuth = true
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	if change != nil {
		change(s.server)
	}
	var serving sync.WaitGroup
	serving.Go(func() { s.server.Serve(l) })
	t.Cleanup(func() {
		s.server.Close()
		l.Close()
		serving.Wait()
	})
	return s
}

// set changes what the server does from now on.
func (s *sink) set(h hooks) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = h
}

func (s *sink) now() hooks {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hooks
}

func (s *sink) got() []taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

func (s *sink) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

// where is the sink as letters are handed in, without TLS.
func (s *sink) where() Server {
	host, port, err := net.SplitHostPort(s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		s.t.Fatal(err)
	}
	return Server{Host: host, Port: n, TLS: "none", HELO: "klachtd.example"}
}

type dialogue struct {
	s    *sink
	c    *smtp.Conn
	mail taken
}

func (d *dialogue) Mail(from string, _ *smtp.MailOptions) error {
	d.mail = taken{from: from}
	if f := d.s.now().mail; f != nil {
		return f(d.c.Conn(), from)
	}
	return nil
}

func (d *dialogue) Rcpt(to string, _ *smtp.RcptOptions) error {
	if f := d.s.now().rcpt; f != nil {
		if err := f(d.c.Conn(), to); err != nil {
			return err
		}
	}
	d.mail.to = append(d.mail.to, to)
	return nil
}

func (d *dialogue) Data(r io.Reader) error {
	if f := d.s.now().begun; f != nil {
		if err := f(d.c.Conn()); err != nil {
			return err
		}
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if f := d.s.now().dot; f != nil {
		if err := f(d.c.Conn(), raw); err != nil {
			return err
		}
	}
	d.mail.raw = string(raw)
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	d.s.mails = append(d.s.mails, d.mail)
	return nil
}

func (d *dialogue) Reset()        { d.mail = taken{} }
func (d *dialogue) Logout() error { return nil }

// locked asks for a login.
type locked struct{ dialogue }

func (d *locked) AuthMechanisms() []string { return []string{sasl.Plain} }

func (d *locked) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error { return d.s.now().login(user, password) }), nil
}

func refuse(code int) error { return &smtp.SMTPError{Code: code, Message: "so it is"} }

// office is a database with letters, and a clock that the test moves.
type office struct {
	t     *testing.T
	db    *store.DB
	path  string
	mu    sync.Mutex
	clock time.Time
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, clock: start, path: filepath.Join(t.TempDir(), "state", "klachtd.db")}
	o.restart()
	t.Cleanup(func() {
		if err := o.db.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

// restart opens the database anew, as after a crash.
func (o *office) restart() {
	o.t.Helper()
	if o.db != nil {
		if err := o.db.Close(); err != nil {
			o.t.Error(err)
		}
	}
	var err error
	if o.db, err = store.Open(store.Options{Path: o.path, Lock: true}, o.now); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.clock
}

func (o *office) wait(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clock = o.clock.Add(d)
}

// add puts n letters in the outbox, each with a case and a promise of its own,
// and returns their promises.
func (o *office) add(n int) {
	o.t.Helper()
	err := o.db.Update(context.Background(), func(tx *store.Tx) error {
		for range n {
			number, err := tx.NewNumber(2026, "", func(n int) (int, error) { return int(time.Now().UnixNano() % int64(n)), nil })
			if err != nil {
				return err
			}
			c := &complaint.Case{Number: number, Kind: complaint.External, State: complaint.New, Severity: complaint.Normal,
				ReceivedAt: start, Promises: []complaint.Promise{{Kind: complaint.Acknowledge, MadeOn: "2026-11-23", Due: "2026-11-23"}}}
			if err := tx.AddCase(c, time.UTC); err != nil {
				return err
			}
			id := fmt.Sprintf("brief%d@academie.example", c.ID)
			l := &store.Letter{CaseID: c.ID, Kind: complaint.LetterAcknowledgement, State: store.Due, PromiseID: c.Promises[0].ID,
				From: "klachten@academie.example", To: fmt.Sprintf("cursist%d@voorbeeld.example", c.ID), MessageID: id}
			if err := tx.AddLetter(l, body(id)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func body(id string) []byte {
	return []byte("Message-ID: <" + id + ">\r\nSubject: Je klacht is ontvangen\r\n\r\n.een punt\r\n..twee\r\n\r\nHallo\r\n")
}

func (o *office) worker(w Options) *Worker {
	return New(w, o.db, o.now, time.Now, slog.New(slog.DiscardHandler))
}

// pass makes one pass and wants it to go well.
func (o *office) pass(w *Worker, want int) {
	o.t.Helper()
	if n, err := w.Pass(o.t.Context()); err != nil || n != want {
		o.t.Errorf("Pass: %d letters, %v, want %d", n, err, want)
	}
}

// letter returns the letter about a case.
func (o *office) letter(caseID int64) (l store.Letter) {
	o.t.Helper()
	err := o.db.View(context.Background(), func(tx *store.Tx) error {
		list, err := tx.Letters(caseID)
		if err == nil && len(list) == 1 {
			l = list[0]
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return l
}

// states counts the letters by state.
func (o *office) states() map[store.LetterState]int {
	o.t.Helper()
	count := map[store.LetterState]int{}
	err := o.db.View(context.Background(), func(tx *store.Tx) error {
		return tx.Cases(false, func(c complaint.Case) error {
			list, err := tx.Letters(c.ID)
			for _, l := range list {
				count[l.State]++
				if kept := !c.Promises[0].Open(); kept != (l.State == store.Sent) {
					o.t.Errorf("letter %d is %s, and its promise kept: %v", l.ID, l.State, kept)
				}
			}
			return err
		})
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return count
}
