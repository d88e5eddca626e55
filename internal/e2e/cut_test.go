package e2e

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// cuts is at how many places a session of each kind is cut.
const cuts = 20

// TestCut: a connection that is cut after any byte of a session, IMAP or SMTP,
// loses nothing and doubles nothing but the one letter on its way (security.md 38).
func TestCut(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	for _, kind := range []string{"imap", "smtp"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			_, all := tryCut(t, d, kind, -1)
			for i := range int64(cuts) {
				// at the ends too, and not at the same distance from each command
				at := 1 + (all-2)*i/(cuts-1) + i*i%7
				if cut, _ := tryCut(t, d, kind, at); !cut {
					t.Logf("%s: byte %d of %d never came", kind, at, all)
				}
			}
		})
	}
}

// tryCut makes a pass whose first connections are cut after so many bytes, and
// then good ones; below 0 it cuts nothing. It returns how many bytes the session had.
func tryCut(t *testing.T, d *peers.Dovecot, kind string, at int64) (cut bool, all int64) {
	t.Helper()
	s := peers.StartSink(t, peers.SinkOptions{})
	defer s.Stop()
	a := open(t, d, s, fmt.Sprintf("%s-%d", kind, at))
	server := map[string]string{"imap": d.IMAPAddr, "smtp": s.Addr}[kind]
	p := newProxy(t, server)
	defer p.close()
	a.putFour(d)
	p.cutAfter(at)
	a.set[kind+".port"] = p.port()
	o := a.verb("cycle", "--json")
	if o.code > 1 || len(o.complaints()) != o.code {
		t.Errorf("%s cut after %d bytes: status %d, %q", kind, at, o.code, o.complaints())
	}
	all = p.count()
	cut = at >= 0 && p.spent()
	p.cutAfter(-1)
	a.cycle("--now", time.Now().Add(2*time.Minute).Format(time.RFC3339)) // a letter may wait a minute
	a.allOnce(d, s, cut && kind == "smtp", fmt.Sprintf("%s cut after %d of %d bytes", kind, at, all))
	return cut, all
}

// TestCutAtTheDot: the connection goes after the last dot. A mail that the server
// has not kept comes once; one that it has kept comes twice at most, the same
// bytes, and then waits for a person (security.md 36, 37).
func TestCutAtTheDot(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	who := "jan@voorbeeld.example"
	for _, c := range []struct {
		name                string
		rcpt, before        int64 // how often it is cut there
		after               int64
		arrive, tasks       int
		keptAcknowledgement bool
	}{
		{"at RCPT", 1, 0, 0, 1, 0, true},
		{"before it is kept", 0, 1, 0, 1, 0, true},
		{"after it is kept", 0, 0, 1, 2, 0, true},
		{"after it is kept, always", 0, 0, 99, 2, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := peers.StartSink(t, peers.SinkOptions{})
			a := open(t, d, s, strings.NewReplacer(" ", "-", ",", "").Replace(c.name))
			var rcpt, before, after atomic.Int64
			cut := func(n *atomic.Int64, most int64, to string) error {
				if to == who && n.Add(1) <= most {
					return peers.ErrCut
				}
				return nil
			}
			s.OnRcpt(func(_, to string) error { return cut(&rcpt, c.rcpt, to) })
			s.OnMail(func(_ context.Context, m peers.Mail) error { return cut(&before, c.before, m.To[0]) })
			s.OnReply(func(m peers.Mail) error { return cut(&after, c.after, m.To[0]) })
			d.Put(a.user, grievance(who, "Het lokaal was koud."), time.Now())
			for i := range 4 {
				a.cycle("--now", time.Now().Add(time.Duration(i)*2*time.Minute).Format(time.RFC3339))
			}
			acks := to(s, who, acknowledged)
			want(t, "acknowledgements", len(acks), c.arrive)
			a.sameBytes(acks, "acknowledgements")
			want(t, "tasks", len(to(s, handler, lost)), c.tasks)
			want(t, "notices", len(to(s, handler, noticed)), 1)
			want(t, "copies", len(to(s, directeur, copied)), 1)
			if got := a.cases()[0].kept("acknowledge"); got != c.keptAcknowledgement {
				t.Errorf("promise kept: %v", got)
			}
		})
	}
}

// TestStopWhileSending: SIGTERM while a letter is on its way ends the daemon
// within seconds, with nothing half done (issue "mailbox", security.md 37).
func TestStopWhileSending(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	holds := make(chan struct{}, 9)
	s.OnMail(func(ctx context.Context, _ peers.Mail) error {
		holds <- struct{}{}
		<-ctx.Done() // never answered
		return peers.ErrCut
	})
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	k := a.run()
	select {
	case <-holds:
	case <-time.After(patience):
		t.Fatal("no letter on its way")
	}
	k.stop()
	want(t, "handled", d.Count("klachten", handled), 1)
	after := peers.StartSink(t, peers.SinkOptions{})
	b := open(t, d, after, "klachten")
	b.dir = a.dir
	b.cycle()
	want(t, "letters", after.Count(), 3)
}
