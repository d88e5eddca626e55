package watch

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// clock is a clock that a test sets.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func (c *clock) pass(d time.Duration) { c.t = c.t.Add(d) }

func begin(t *testing.T) (*Watch, *clock) {
	t.Helper()
	c := &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	w := New(Build{"1.0", "abc", "go1.26"}, c.now)
	w.Set(Figures{})
	return w, c
}

var errAway = errors.New("away")

// Trouble with a server counts from its first failure, is no illness before 15
// minutes, and is over with the first good pass.
func TestTroubleCountsAfterAWhile(t *testing.T) {
	for _, p := range []struct {
		peer Peer
		says string
	}{{IMAP, "mailbox: out of reach for 15m0s"}, {SMTP, "letters: the mail server takes none for 15m0s"}} {
		w, c := begin(t)
		w.Passed(p.peer, nil)
		c.pass(time.Hour)
		w.Passed(p.peer, errAway)
		c.pass(15*time.Minute - time.Second)
		w.Passed(p.peer, errAway)
		w.Set(Figures{})
		if ills := w.Ills(); len(ills) > 0 {
			t.Errorf("too early: %q", ills)
		}
		c.pass(time.Second)
		if ills := w.Ills(); len(ills) != 1 || !strings.HasPrefix(ills[0], p.says) {
			t.Errorf("%q, want %q", ills, p.says)
		}
		if n, much := w.TooLong(p.peer); n != 15 || !much {
			t.Errorf("TooLong: %d, %v", n, much)
		}
		w.Passed(p.peer, nil)
		if ills := w.Ills(); len(ills) > 0 || w.Failing(p.peer) != 0 {
			t.Errorf("after a good pass: %q", ills)
		}
	}
}

func TestIlls(t *testing.T) {
	for _, tt := range []struct {
		figures Figures
		want    string
	}{
		{Figures{Waiting: 3, Oldest: time.Hour, Overdue: 9, Open: 12, Held: true}, ""},
		{Figures{Stuck: 2}, "letters: 2 have waited for more than four hours"},
		{Figures{ClockStopped: true}, "clock: it has jumped; look at it, then run: klachtd release"},
		{Figures{DiskLow: true, DiskFree: 90 << 20}, "disk: 90 MB are left"},
	} {
		w, _ := begin(t)
		w.Set(tt.figures)
		if got := strings.Join(w.Ills(), "|"); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.figures, got, tt.want)
		}
		if s := w.Summary(); tt.want != "" && s != tt.want || tt.want == "" && s != "no pass yet; 3 letters wait, 9 promises overdue" {
			t.Errorf("summary %q", s)
		}
	}
	w, c := begin(t)
	c.pass(stale + time.Second)
	if got := w.Ills(); len(got) != 1 || got[0] != "database: no figures for 5m0s" {
		t.Errorf("stale figures: %q", got)
	}
}

// A loop is silent when nothing was heard of it for longer than it may be; one
// that is not expected never is.
func TestSilentLoops(t *testing.T) {
	w, c := begin(t)
	w.Expect("mailbox", 10*time.Minute)
	w.Expect("deliver", time.Minute)
	w.Heard("nobody")
	c.pass(time.Minute + time.Second)
	if got := w.Silent(); !slices.Equal(got, []string{"deliver"}) {
		t.Errorf("%q", got)
	}
	if ills := w.Ills(); !slices.Equal(ills, []string{"loop deliver: no sign of life"}) {
		t.Errorf("%q", ills)
	}
	w.Heard("deliver")
	if got := w.Silent(); len(got) > 0 {
		t.Errorf("after a sign: %q", got)
	}
	w.Expect("mailbox", 0)
	c.pass(24 * time.Hour)
	if got := w.Silent(); !slices.Equal(got, []string{"deliver"}) {
		t.Errorf("a day later: %q", got)
	}
}

// A heart beats once a good pass, and not while anything is the matter: also not
// in the first minutes of it, in which nobody has to know yet.
func TestHeartBeatsAfterAGoodPass(t *testing.T) {
	w, c := begin(t)
	for _, step := range []struct {
		name string
		do   func()
		want bool
	}{
		{"before the first pass", func() {}, false},
		{"after it", func() { w.Passed(IMAP, nil) }, true},
		{"no pass since", func() { c.pass(time.Minute) }, false},
		{"a second", func() { w.Passed(IMAP, nil) }, true},
		{"letters wait", func() { c.pass(time.Minute); w.Passed(SMTP, errAway); w.Passed(IMAP, nil) }, false},
		{"they go", func() { w.Passed(SMTP, nil) }, true},
		{"the mailbox is away", func() { c.pass(time.Minute); w.Passed(IMAP, errAway) }, false},
		{"the disk is full", func() { c.pass(time.Minute); w.Passed(IMAP, nil); w.Set(Figures{DiskLow: true}) }, false},
		{"room again", func() { w.Set(Figures{}) }, true},
	} {
		step.do()
		if got := w.Beats(); got != step.want {
			t.Errorf("%s: %v, want %v", step.name, got, step.want)
		}
	}
}
