package e2e

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"klachtd/internal/peers"
)

// TestServerRestartWhileIdling: the IMAP server goes away under an idling
// daemon, which finds it again and handles the next mail.
func TestServerRestartWhileIdling(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	k := a.run()
	k.idles(1)
	d.Put("klachten", grievance("een@voorbeeld.example", "Het lokaal was koud."), time.Now())
	s.Wait(3, patience)
	k.filed(1)
	d.Stop()
	k.says("mailbox out of reach")
	d.Put("klachten", grievance("twee@voorbeeld.example", "De koffie was op."), time.Now())
	d.Start()
	s.Wait(6, patience)
	d.WaitCount("klachten", handled, 2, patience)
	k.stop()
	want(t, "cases", len(a.cases()), 2)
	want(t, "letters", s.Count(), 6)
}

// TestSMTPDown: while the SMTP server refuses connections letters wait, in a
// pass as in the daemon, and go when it is back (security.md 39).
func TestSMTPDown(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	p := newProxy(t, s.Addr)
	p.close()
	a := open(t, d, nil, "klachten")
	a.set["smtp.port"] = p.port()
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	o := a.verb("cycle", "--json")
	if lines := o.complaints(); o.code != 1 || len(lines) != 1 || !strings.Contains(lines[0], "cannot connect to SMTP server 127.0.0.1:"+p.port()) {
		t.Errorf("status %d, %q", o.code, lines)
	}
	if got := a.summary(o); got.Registered != 1 || got.Sent != 0 || got.Waiting != 3 {
		t.Errorf("%+v", got)
	}
	want(t, "handled", d.Count("klachten", handled), 1)

	k := a.run()
	k.says("letters wait")
	p.listen()
	s.Wait(3, patience)
	k.stop()
	want(t, "letters", s.Count(), 3)
	if c := a.cases()[0]; !c.kept("acknowledge") || !c.kept("copy_owner") {
		t.Errorf("promises: %+v", c.Promises)
	}
}

// TestSMTPRefuses: 4xx waits and goes again with the same bytes, 5xx becomes a
// task and is not tried again (security.md 36, 39).
func TestSMTPRefuses(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	full, gone := "vol@voorbeeld.example", "weg@elders.example"
	var mu sync.Mutex
	attempts := map[string]int{}
	tried := func(to string) int { mu.Lock(); defer mu.Unlock(); return attempts[to] }
	s.OnRcpt(func(_, to string) error {
		mu.Lock()
		defer mu.Unlock()
		attempts[to]++
		switch {
		case to == full && attempts[to] == 1:
			return peers.Refusal(452, smtp.EnhancedCode{4, 2, 2}, "mailbox is full")
		case to == gone:
			return peers.Refusal(550, smtp.EnhancedCode{5, 1, 1}, "nobody of that name")
		}
		return nil
	})
	d.Put("klachten", grievance(full, "Het lokaal was koud."), time.Now())
	d.Put("klachten", grievance(gone, "De koffie was op."), time.Now())
	got := a.cycle()
	if got.Registered != 2 || got.Sent != 5 || got.Waiting != 1 {
		t.Errorf("first pass: %+v", got)
	}
	if tasks := to(s, handler, lost); len(tasks) != 1 || !strings.Contains(words(tasks[0].Raw), gone) {
		t.Errorf("%d tasks for the office", len(tasks))
	}
	if now := a.cycle(); now.Sent != 0 || now.Waiting != 1 || tried(full) != 1 {
		t.Errorf("too early: %+v", now)
	}
	later := time.Now().Add(2 * time.Minute).Format(time.RFC3339)
	if then := a.cycle("--now", later); then.Sent != 1 || then.Waiting != 0 {
		t.Errorf("a minute later: %+v", then)
	}
	want(t, "acknowledgements", len(to(s, full, acknowledged)), 1)
	want(t, "attempts at an address that is gone", tried(gone), 1)
	for _, c := range a.cases() {
		if got := c.kept("acknowledge"); got != (c.Complainant.Email == full) {
			t.Errorf("promise to %s: kept %v", c.Complainant.Email, got)
		}
	}
}

// TestSenderRefused: a server that does not let us write in our own name (no right to
// send as the mailbox, mostly) is said with what to look at; letters wait, and lose
// none of their chances (security.md 39).
func TestSenderRefused(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	s.OnFrom(func(string) error {
		return peers.Refusal(553, smtp.EnhancedCode{5, 7, 1}, "sender address rejected: not owned by user")
	})
	k := a.run()
	k.idles(1)
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	k.says("sender address refused by the SMTP server; check smtp.from and smtp.username")
	k.filed(1)
	want(t, "letters", s.Count(), 0)
	s.OnFrom(nil)
	k.hup(taken, 1) // does not wait for the end of the pause
	s.Wait(2, patience)
	k.stop()
	// the one that was tried waits for its next attempt
	if got := a.cycle("--now", time.Now().Add(2*time.Minute).Format(time.RFC3339)); got.Sent != 1 || got.Waiting != 0 {
		t.Errorf("a minute later: %+v", got)
	}
	if c := a.cases(); len(c) != 1 || !c[0].kept("acknowledge") || !c[0].kept("copy_owner") {
		t.Errorf("%+v", c)
	}
	want(t, "letters", s.Count(), 3)
}

// TestLoginMendedWhileItRuns: passwords that are wrong on both sides are errors in the
// log with the key to look at, are not tried again and again, and are mended by a
// reload; nothing is lost (security.md 39, 45).
func TestLoginMendedWhileItRuns(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	a.set["imap.password"], a.set["smtp.password"] = "fout", "fout"
	k := a.run()
	k.says("login refused for klachten: check imap.username and imap.password")
	a.set["imap.password"] = peers.Password
	a.write()
	k.hup(taken, 1)
	k.filed(1)
	k.says("login refused (535); check smtp.username and smtp.password")
	for _, what := range []string{"mailbox out of reach", "letters wait"} {
		if n := strings.Count(k.log.String(), `"level":"ERROR","msg":"`+what); n != 1 {
			t.Errorf("%q stands %d times as an error in the log, want once", what, n)
		}
	}
	a.set["smtp.password"] = peers.Password
	a.write()
	k.hup(taken, 2)
	s.Wait(3, patience)
	k.stop()
	want(t, "cases", len(a.cases()), 1)
	want(t, "letters", s.Count(), 3)
}
