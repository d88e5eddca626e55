package e2e

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// lanes is how many runs a test has side by side.
const lanes = 2

// eachStep kills at step 1, 2, … until a run comes to its end by itself. try
// makes one such run, with all that must hold afterwards, and reports whether the
// process was killed.
func eachStep(t *testing.T, most int, try func(t *testing.T, n int) bool) {
	t.Helper()
	eachOf(t, 15, most, try)
}

// eachOf is eachStep for a run of at least so many steps.
func eachOf(t *testing.T, least, most int, try func(t *testing.T, n int) bool) {
	t.Helper()
	var next, ended atomic.Int64
	t.Run("step", func(t *testing.T) {
		for range lanes {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				for n := int(next.Add(1)); ended.Load() == 0 && n <= most && !t.Failed(); n = int(next.Add(1)) {
					if !try(t, n) {
						ended.Store(int64(n))
					}
				}
			})
		}
	})
	switch n := ended.Load(); {
	case n == 0 && !t.Failed():
		t.Errorf("no run of %d came to its end", most)
	case n < int64(least) && !t.Failed():
		t.Errorf("the run ended at step %d: where are the failpoints?", n)
	default:
		t.Logf("killed at each of %d steps", n-1)
	}
}

// killed makes a pass that is killed at step n, and reports whether it was.
func (a *academy) killed(n int, args ...string) bool {
	a.tb.Helper()
	o := a.verbWith([]string{fmt.Sprintf("KLACHTD_FAIL_AT=%d", n)}, append([]string{"cycle", "--json"}, args...)...)
	if o.code > 0 {
		a.tb.Fatalf("step %d: status %d\n%s", n, o.code, o.stderr)
	}
	return o.code < 0
}

// TestKilledAtEachStep: kill -9 at each step, and a normal pass after it: one
// case a content, no message lost, every letter with the same bytes (security.md
// 33, 34, 36, 37, and 41: the same database starts at once).
func TestKilledAtEachStep(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	eachStep(t, 200, func(t *testing.T, n int) bool {
		s := peers.StartSink(t, peers.SinkOptions{})
		defer s.Stop()
		a := open(t, d, s, fmt.Sprintf("klachten-%d", n))
		a.putFour(d)
		killed := a.killed(n)
		a.cycle()
		a.allOnce(d, s, killed, fmt.Sprintf("killed at step %d", n))
		return killed
	})
}

// putFour puts two complaints, a reply to nothing, and a notice of no person.
func (a *academy) putFour(d *peers.Dovecot) {
	now := time.Now()
	d.Put(a.user, grievance("een@voorbeeld.example", "Het lokaal was koud."), now)
	d.Put(a.user, grievance("twee@elders.example", "De koffie was op."), now)
	d.Put(a.user, letter("From: drie@verweg.example\nSubject: Re: niets\nIn-Reply-To: <niets@nergens.example>", "Zoals ik al zei."), now)
	d.Put(a.user, absence("vier@voorbeeld.example"), now)
}

// allOnce holds what putFour led to against what must have become of it; when
// the process was killed a letter may have gone out a second time.
func (a *academy) allOnce(d *peers.Dovecot, s *peers.Sink, twice bool, when string) {
	a.tb.Helper()
	if f := filed(d, a.user); f != "inbox 0, handled 3, automatic 1, spam 0, quarantine 0" {
		a.tb.Errorf("%s: %s", when, f)
	}
	cases := a.cases()
	want(a.tb, when+": cases", len(cases), 3)
	for _, who := range []string{"een@voorbeeld.example", "twee@elders.example", "drie@verweg.example"} {
		a.sameBytes(to(s, who, acknowledged), when+": acknowledgements to "+who)
		want(a.tb, when+": letters to "+who, len(s.To(who)), len(to(s, who, acknowledged)))
	}
	want(a.tb, when+": letters to a robot", len(s.To("vier@voorbeeld.example")), 0)
	doubles := 0
	for _, c := range cases {
		if !c.kept("acknowledge") || !c.kept("copy_owner") {
			a.tb.Errorf("%s: promises of %s: %+v", when, c.Number, c.Promises)
		}
		notices := to(s, handler, noticed+" ["+c.Number)
		copies := to(s, directeur, copied+" ["+c.Number)
		a.sameBytes(notices, when+": notices")
		a.sameBytes(copies, when+": copies")
		doubles += len(notices) + len(copies) + len(to(s, c.Complainant.Email, acknowledged)) - 3
	}
	// one process on one connection: one letter can be on its way
	if doubles > 1 || doubles > 0 && !twice {
		a.tb.Errorf("%s: %d letters went out twice", when, doubles)
	}
	want(a.tb, when+": letters in all", s.Count(), 9+doubles)
}

// sameBytes wants one mail, or twice the same.
func (a *academy) sameBytes(mails []peers.Mail, what string) {
	a.tb.Helper()
	if len(mails) < 1 || len(mails) > 2 {
		a.tb.Errorf("%s: %d", what, len(mails))
	}
	for _, m := range mails {
		if !bytes.Equal(m.Raw, mails[0].Raw) || len(m.To) != 1 {
			a.tb.Errorf("%s: not the same bytes, or not one recipient", what)
		}
	}
}

// TestKilledTwice: a second kill, at the same step of the pass that mends the
// first, breaks none of it (security.md 34, 37).
func TestKilledTwice(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	eachStep(t, 200, func(t *testing.T, n int) bool {
		s := peers.StartSink(t, peers.SinkOptions{})
		defer s.Stop()
		a := open(t, d, s, fmt.Sprintf("klachten-%d", n))
		a.putFour(d)
		killed := a.killed(n)
		a.killed(n)
		a.cycle()
		when := fmt.Sprintf("killed twice at step %d", n)
		if f := filed(d, a.user); f != "inbox 0, handled 3, automatic 1, spam 0, quarantine 0" {
			t.Errorf("%s: %s", when, f)
		}
		want(t, when+": cases", len(a.cases()), 3)
		for _, who := range []string{"een@voorbeeld.example", "twee@elders.example", "drie@verweg.example"} {
			a.sameBytes(to(s, who, acknowledged), when+": acknowledgements to "+who)
		}
		return killed
	})
}

// TestKilledWhileRefused: the same where the server refuses an address for good:
// somebody hears of it, and the promise stays open (security.md 34, 39).
func TestKilledWhileRefused(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	eachStep(t, 200, func(t *testing.T, n int) bool {
		s := peers.StartSink(t, peers.SinkOptions{}) // refuses later-weg
		defer s.Stop()
		a := open(t, d, s, fmt.Sprintf("klachten-%d", n))
		d.Put(a.user, grievance("later-weg@voorbeeld.example", "Het lokaal was koud."), time.Now())
		killed := a.killed(n)
		a.cycle()
		when := fmt.Sprintf("killed at step %d", n)
		want(t, when+": handled", d.Count(a.user, handled), 1)
		a.sameBytes(to(s, handler, noticed), when+": notices")
		a.sameBytes(to(s, handler, lost), when+": tasks")
		list := a.cases()
		want(t, when+": cases", len(list), 1)
		if list[0].kept("acknowledge") {
			t.Errorf("%s: a promise is kept by a letter that was refused", when)
		}
		return killed
	})
}

// TestDaemonKilledAtEachStep: the same for a daemon that idles when the mail
// comes (security.md 33, 34).
func TestDaemonKilledAtEachStep(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	eachStep(t, 200, func(t *testing.T, n int) bool {
		s := peers.StartSink(t, peers.SinkOptions{})
		defer s.Stop()
		a := open(t, d, s, fmt.Sprintf("klachten-%d", n))
		k := a.run(fmt.Sprintf("KLACHTD_FAIL_AT=%d", n))
		until(t, "the daemon to wait or to die", func() bool { return k.dead() || k.did("mailbox: waiting") > 0 })
		a.putFour(d)
		until(t, "the daemon to be done or to die", func() bool {
			return k.dead() || s.Count() == 9 && d.Count(a.user, "") == 0 && k.did("mailbox: waiting") > 1
		})
		code := k.term()
		if code > 0 {
			t.Errorf("daemon to be killed at step %d: ended with status %d", n, code)
		}
		killed := code < 0
		a.cycle()
		a.allOnce(d, s, killed, fmt.Sprintf("daemon killed at step %d", n))
		return killed
	})
}

// TestKilledWithoutMove: on a server without MOVE a message is copied before it
// is removed, so a kill between the two may leave a second copy in the folder,
// and nothing worse (security.md 34).
func TestKilledWithoutMove(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{Capability: "IMAP4rev1 LITERAL+ IDLE UIDPLUS NAMESPACE SPECIAL-USE"})
	steps := 0
	for _, step := range []string{"mailbox: before move", "mailbox: copied", "mailbox: marked", "mailbox: moved"} {
		s := peers.StartSink(t, peers.SinkOptions{})
		a := open(t, d, s, fmt.Sprintf("klachten-%d", steps))
		steps++
		a.putFour(d)
		a.killed(a.stepOf(d, step))
		a.cycle()
		handledNow, inbox := d.Count(a.user, handled), d.Count(a.user, "")
		if inbox != 0 || handledNow < 3 || handledNow > 6 {
			t.Errorf("killed at %q: %s", step, filed(d, a.user))
		}
		want(t, "killed at "+step+": cases", len(a.cases()), 3)
		want(t, "killed at "+step+": letters", s.Count(), 9)
	}
}

// stepOf finds the number of a step by a whole pass of another academy.
func (a *academy) stepOf(d *peers.Dovecot, step string) int {
	a.tb.Helper()
	s := peers.StartSink(a.tb, peers.SinkOptions{})
	defer s.Stop()
	b := open(a.tb, d, s, a.user+"-whole")
	b.putFour(d)
	log := b.dir + "/steps"
	b.verbWith([]string{"KLACHTD_FAIL_LOG=" + log}, "cycle")
	text, err := os.ReadFile(log)
	if err != nil {
		a.tb.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		n, name := 0, ""
		if _, err := fmt.Sscanf(line, "%d %s", &n, &name); err == nil && strings.HasSuffix(line, " "+step+"\n") {
			return n
		}
	}
	a.tb.Fatalf("no step %q in\n%s", step, text)
	return 0
}
