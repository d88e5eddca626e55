package e2e

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// TestRecoverKilledAtEachStep: kill -9 at each step of `klachtd recover`, which is then
// run again: every number is given back, nothing is lost, nobody is told anything
// twice, and the trail is whole (security.md 34, 42).
func TestRecoverKilledAtEachStep(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	eachOf(t, 10, 200, func(t *testing.T, n int) bool {
		s := peers.StartSink(t, peers.SinkOptions{})
		defer s.Stop()
		a := open(t, d, s, fmt.Sprintf("klachten-%d", n))
		was, told, cursists := a.restored(d, s)
		o := a.verbWith([]string{fmt.Sprintf("KLACHTD_FAIL_AT=%d", n)}, "recover")
		if o.code > 0 {
			t.Fatalf("step %d: status %d\n%s", n, o.code, o.stderr)
		}
		a.done("recover")
		a.cycle()
		when := fmt.Sprintf("killed at step %d: ", n)
		now := a.numbers()
		want(t, when+"cases", len(now), 3)
		for _, name := range []string{"jan", "piet"} {
			if now[name] != was[name] {
				t.Errorf("%s%s has %s, and had %s", when, name, now[name], was[name])
			}
		}
		if after := a.letters(s, cursists); !slices.Equal(after, told) {
			t.Errorf("%sthe cursists were sent %v, and before the restore %v", when, after, told)
		}
		if o := a.done("recover"); !strings.Contains(o.stdout, "nothing to recover") {
			t.Errorf("%sonce more: %q", when, o.stdout)
		}
		a.done("audit", "verify")
		return o.code < 0
	})
}

// restored has a backup put back that knows jan alone; of what came after it a copy
// stands in Sent for piet, and none for lotte. It returns the numbers that were, and
// how many letters each of the cursists was sent.
func (a *academy) restored(d *peers.Dovecot, s *peers.Sink) (was map[string]string, told []int, cursists []string) {
	a.tb.Helper()
	jan, piet, lotte := sayer{"jan", "Het lokaal was koud."}, sayer{"piet", "De lift was stuk."}, sayer{"lotte", "De zaal was vol."}
	cursists = []string{jan.address(), piet.address(), lotte.address()}
	d.Put(a.user, jan.mail(), time.Now())
	a.cycle()
	backup := filepath.Join(a.dir, "klachtd.backup")
	a.done("backup", "-o", backup)
	d.Put(a.user, piet.mail(), time.Now())
	d.Put(a.user, lotte.mail(), time.Now())
	a.cycle()
	a.copySent(d, to(s, piet.address(), acknowledged))
	was, told = a.numbers(), a.letters(s, cursists)
	a.done("restore", "--older", backup)
	return was, told, cursists
}
