package deliver

import (
	"context"
	"errors"
	"maps"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// security.md 36: the same bytes with the same Message-ID each time, one
// recipient a mail; 39: 4xx is tried again.
func TestRetry(t *testing.T) {
	var refusals atomic.Int64
	tries := 0
	s := newSink(t, hooks{dot: func(_ net.Conn, raw []byte) error {
		if string(raw) != string(body("brief1@academie.example")) {
			t.Errorf("try %d: %q", tries, raw)
		}
		tries++
		if refusals.Add(1) <= 2 {
			return refuse(452)
		}
		return nil
	}})
	o := newOffice(t)
	o.add(1)
	w := o.worker(Options{Server: s.where()})
	o.pass(w, 0)
	o.pass(w, 0)
	if l := o.letter(1); l.State != store.Due || l.Attempts != 1 || !strings.Contains(l.Outcome, "452") {
		t.Errorf("after the first try: %+v", l)
	}
	o.wait(70 * time.Second)
	o.pass(w, 0)
	o.wait(6 * time.Minute)
	o.pass(w, 1)
	o.pass(w, 0)
	if l := o.letter(1); l.State != store.Sent || l.Attempts != 3 || !strings.HasPrefix(l.Outcome, "250") {
		t.Errorf("at last: %+v", l)
	}
	got := s.got()
	if tries != 3 || len(got) != 1 || got[0].from != "klachten@academie.example" || len(got[0].to) != 1 || got[0].to[0] != "cursist1@voorbeeld.example" {
		t.Errorf("%d tries, accepted %+v", tries, got)
	}
	if count := o.states(); count[store.Sent] != 1 {
		t.Errorf("%v", count)
	}
}

// One connection carries what it can, and a refusal does not end it.
func TestConnectionIsReused(t *testing.T) {
	s := newSink(t, hooks{rcpt: func(_ net.Conn, to string) error {
		if to == "cursist3@voorbeeld.example" {
			return refuse(550)
		}
		return nil
	}})
	o := newOffice(t)
	o.add(10)
	o.pass(o.worker(Options{Server: s.where(), MaxConnections: 4}), 9)
	if n := s.connections(); n != 1 {
		t.Errorf("%d connections for ten letters, want 1", n)
	}
	// security.md 39: 5xx is a task, no retry
	if l := o.letter(3); l.State != store.FailedFor || l.Failure != complaint.Refused || !strings.Contains(l.Outcome, "550") {
		t.Errorf("refused: %+v", l)
	}
	select {
	case <-o.db.Failed():
	default:
		t.Error("nobody is told of the failure")
	}
}

// Several connections when there is much to send, and no letter twice.
func TestSeveralConnections(t *testing.T) {
	s := newSink(t, hooks{})
	o := newOffice(t)
	o.add(250) // more than one claim
	o.pass(o.worker(Options{Server: s.where(), MaxConnections: 3}), 250)
	if n := s.connections(); n != 6 {
		t.Errorf("%d connections in two rounds, want 6", n)
	}
	seen := map[string]int{}
	for _, m := range s.got() {
		if len(m.to) != 1 {
			t.Errorf("one mail to %v", m.to)
		}
		seen[m.to[0]]++
	}
	for to, n := range seen {
		if n != 1 {
			t.Errorf("%s got %d", to, n)
		}
	}
	if len(seen) != 250 || o.states()[store.Sent] != 250 {
		t.Errorf("%d arrived, %v", len(seen), o.states())
	}
}

// security.md 37: cut between the last dot and its answer.
func TestUncertain(t *testing.T) {
	for _, tt := range []struct {
		name   string
		cuts   int
		inSent func(context.Context, string) (bool, error) // nil: no Sent folder
		want   store.LetterState
		sent   int // what the server got, answered or not
	}{
		{"once more, and it arrives", 1, nil, store.Sent, 2},
		{"once more at most", 2, nil, store.FailedFor, 2},
		{"found in Sent", 1, func(_ context.Context, id string) (bool, error) { return id == "brief1@academie.example", nil }, store.Sent, 1},
		{"not in Sent", 1, func(context.Context, string) (bool, error) { return false, nil }, store.Sent, 2},
		{"nobody can look", 1, func(context.Context, string) (bool, error) { return false, errors.New("down") }, store.Unsure, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var came atomic.Int64
			s := newSink(t, hooks{dot: func(c net.Conn, _ []byte) error {
				if came.Add(1) <= int64(tt.cuts) {
					c.Close()
				}
				return nil
			}})
			o := newOffice(t)
			o.add(1)
			w := o.worker(Options{Server: s.where(), InSent: tt.inSent})
			o.pass(w, 0)
			if l := o.letter(1); l.State != store.Unsure {
				t.Fatalf("after the cut: %+v", l)
			}
			for range 4 {
				if _, err := w.Pass(t.Context()); err != nil {
					t.Error(err)
				}
				o.wait(time.Hour)
			}
			l := o.letter(1)
			if l.State != tt.want || int(came.Load()) != tt.sent {
				t.Errorf("%s, %d times at the server; want %s, %d", l.State, came.Load(), tt.want, tt.sent)
			}
			failed := false
			select {
			case <-o.db.Failed():
				failed = true
			default:
			}
			if want := tt.want == store.FailedFor; failed != want || want && l.Failure != complaint.Uncertain {
				t.Errorf("failed: %v, %q", failed, l.Failure)
			}
			o.states()
		})
	}
}

// security.md 38: cut before the last dot is no delivery, and is tried again.
func TestCutBeforeTheDot(t *testing.T) {
	reset := func(c net.Conn) error {
		c.(*net.TCPConn).SetLinger(0)
		return c.Close()
	}
	for name, h := range map[string]hooks{
		"at MAIL": {mail: func(c net.Conn, _ string) error { return reset(c) }},
		"at RCPT": {rcpt: func(c net.Conn, _ string) error { return reset(c) }},
		"at DATA": {begun: reset},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSink(t, h)
			o := newOffice(t)
			o.add(1)
			large(o, 8<<20) // more than fits in the buffers on the way
			w := o.worker(Options{Server: s.where()})
			o.pass(w, 0)
			for id := range int64(2) {
				l := o.letter(id + 1)
				if id == 0 && name == "at DATA" && l.State == store.Unsure {
					continue // so small that its dot may have been read
				}
				if l.State != store.Due || l.Attempts != 1 {
					t.Errorf("letter %d: %s after %d attempts", l.ID, l.State, l.Attempts)
				}
			}
			s.set(hooks{})
			o.wait(2 * time.Minute)
			o.pass(w, 2)
			if n := len(s.got()); n != 2 {
				t.Errorf("%d arrived, want 2", n)
			}
		})
	}
}

// large adds a case with a letter of n bytes.
func large(o *office, n int) {
	o.t.Helper()
	err := o.db.Update(context.Background(), func(tx *store.Tx) error {
		c := &complaint.Case{Number: "K2026-groot", Kind: complaint.External, State: complaint.New, ReceivedAt: start,
			Promises: []complaint.Promise{{Kind: complaint.CopyOwner}}}
		if err := tx.AddCase(c, time.UTC); err != nil {
			return err
		}
		return tx.AddLetter(&store.Letter{CaseID: c.ID, Kind: complaint.LetterCopy, State: store.Due, PromiseID: c.Promises[0].ID,
			From: "klachten@academie.example", To: "directeur@academie.example", MessageID: "groot@academie.example"},
			[]byte("Subject: groot\r\n\r\n"+strings.Repeat(strings.Repeat("x", 76)+"\r\n", n/78)))
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// security.md 39: what the server has against us is said at once, and costs no letter its chance.
func TestSenderRefused(t *testing.T) {
	s := newSink(t, hooks{mail: func(net.Conn, string) error { return refuse(553) }})
	o := newOffice(t)
	o.add(1)
	w := o.worker(Options{Server: s.where()})
	if n, err := w.Pass(t.Context()); n != 0 || !errors.Is(err, ErrSender) || !strings.Contains(err.Error(), "smtp.from") {
		t.Errorf("Pass: %d, %v, want ErrSender", n, err)
	}
	o.add(4)
	if _, err := w.Pass(t.Context()); !errors.Is(err, ErrSender) {
		t.Errorf("Pass: %v, want ErrSender", err)
	}
	if got, want := o.states(), (map[store.LetterState]int{store.Due: 5}); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	s.set(hooks{})
	o.wait(time.Hour)
	o.pass(w, 5)
}

// One letter is the server's last: 421, and the others go over a new connection.
func TestServerGoes(t *testing.T) {
	var once atomic.Bool
	s := newSink(t, hooks{rcpt: func(net.Conn, string) error {
		if once.CompareAndSwap(false, true) {
			return refuse(421)
		}
		return nil
	}})
	o := newOffice(t)
	o.add(5)
	o.pass(o.worker(Options{Server: s.where()}), 4)
	if n := s.connections(); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
	if got := o.states(); got[store.Due] != 1 || got[store.Sent] != 4 {
		t.Errorf("%v", got)
	}
}

// A server that is not there takes no letter's chance either.
func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	where := (&sink{t: t, addr: l.Addr().String()}).where()
	l.Close()
	o := newOffice(t)
	o.add(30)
	if _, err := o.worker(Options{Server: where, MaxConnections: 3}).Pass(t.Context()); !errors.Is(err, ErrConnect) || !strings.Contains(err.Error(), "smtp.host") {
		t.Errorf("Pass: %v, want ErrConnect", err)
	}
	if got := o.states(); got[store.Due] != 30 {
		t.Errorf("%v, want all due", got)
	}
	if l := o.letter(1); l.Attempts != 0 {
		t.Errorf("%d attempts", l.Attempts)
	}
}
