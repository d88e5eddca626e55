package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// TestSecondInstance: a second klachtd on the same database refuses, `check`
// says that one is at work, and after a crash the database starts at once
// (security.md 41).
func TestSecondInstance(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	k := a.run()
	k.idles(1)
	for _, verb := range []string{"run", "cycle"} {
		o := a.verb(verb)
		if lines := o.complaints(); o.code != 1 || len(lines) != 1 || !strings.Contains(lines[0], "in use by another klachtd") {
			t.Errorf("%s beside the daemon: status %d, %q", verb, o.code, lines)
		}
	}
	if o := a.verb("check"); o.code != 0 || !strings.Contains(o.stdout, "a klachtd is at work on it") {
		t.Errorf("check beside the daemon: status %d\n%s", o.code, o.stdout+o.stderr)
	}
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	s.Wait(3, patience) // the first one is none the worse
	k.kill()
	if got := a.cycle(); got.Fetched != 0 {
		t.Errorf("after the crash: %+v", got)
	}
}

// TestShortVerbsBesideTheDaemon: the register can be read and held
// acknowledgements let go while the daemon runs (interface.md The command,
// security.md 12).
func TestShortVerbsBesideTheDaemon(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	a.set["limits.burst"] = "3"
	for i := range 5 {
		d.Put("klachten", grievance(fmt.Sprintf("c%d@voorbeeld.example", i), fmt.Sprint("Klacht ", i)), time.Now())
	}
	k := a.run()
	s.Wait(11, patience) // notices, copies, and an alarm that names the way out
	d.WaitCount("klachten", handled, 5, patience)
	k.idles(1)
	list := a.cases()
	want(t, "cases beside the daemon", len(list), 5)
	for _, c := range list {
		if a.show(c.Number).kept("acknowledge") || len(to(s, c.Complainant.Email, acknowledged)) > 0 {
			t.Errorf("%s was acknowledged in a flood", c.Number)
		}
	}
	if o := a.verb("release"); o.code != 0 || !strings.HasPrefix(o.stdout, "5 ") {
		t.Errorf("release: status %d, %q", o.code, o.stdout+o.stderr)
	}
	s.Wait(16, patience)
	k.stop()
	for _, c := range a.cases() {
		if !c.kept("acknowledge") {
			t.Errorf("%s: promises %+v", c.Number, c.Promises)
		}
		want(t, "acknowledgements to "+c.Complainant.Email, len(to(s, c.Complainant.Email, acknowledged)), 1)
	}
	want(t, "letters", s.Count(), 16)
	if o := a.verb("release"); o.code != 0 || !strings.HasPrefix(o.stdout, "0 ") {
		t.Errorf("release of nothing: status %d, %q", o.code, o.stdout+o.stderr)
	}
}
