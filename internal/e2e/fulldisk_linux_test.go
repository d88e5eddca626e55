package e2e

import (
	"errors"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// smallDisk puts the state folder on a disk of its own, which this test's thread
// and what it starts can see, and nobody else; it goes with the thread.
func (a *academy) smallDisk(bytes string) {
	a.tb.Helper()
	a.mode("state", 0o700)
	runtime.LockOSThread() // never unlocked: the thread ends with the test
	err := syscall.Unshare(syscall.CLONE_NEWNS)
	if err == nil {
		err = syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	}
	if err == nil {
		err = syscall.Mount("tmpfs", a.state(""), "tmpfs", 0, "mode=0700,size="+bytes)
	}
	if err != nil {
		a.tb.Skipf("SKIPPED: a small disk cannot be made here: %v; run as root, with the right to mount", err)
	}
	a.tb.Cleanup(func() { _ = syscall.Unmount(a.state(""), syscall.MNT_DETACH) })
}

// fill takes all the room that there is; the func gives it back.
func (a *academy) fill() (free func()) {
	a.tb.Helper()
	name := a.state("ballast")
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	noError(a.tb, err)
	for block := make([]byte, 1<<20); len(block) > 0; {
		if _, err = f.Write(block); err != nil {
			block = block[:len(block)/2]
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		a.tb.Fatal("fill: ", err)
	}
	noError(a.tb, f.Close())
	return func() { noError(a.tb, os.Remove(name)) }
}

// TestFullDisk: at a first start, in a later pass and under the daemon: one line
// says so, nothing is lost, and it goes on when there is room (security.md 40).
func TestFullDisk(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	a.smallDisk("4m")
	full := func(when string) {
		t.Helper()
		o := a.verb("cycle", "--json")
		if lines := o.complaints(); o.code != 1 || len(lines) != 1 || !strings.Contains(lines[0], "disk is full") && !strings.Contains(lines[0], "no space left") {
			t.Errorf("%s: status %d, %q", when, o.code, lines)
		}
		if left := d.Count("klachten", ""); left != 1 {
			t.Errorf("%s: %d messages in the inbox, want the one that cannot be registered", when, left)
		}
	}
	d.Put("klachten", grievance("een@voorbeeld.example", "Het lokaal was koud."), time.Now())
	free := a.fill()
	full("first start")
	free()
	if got := a.cycle(); got.Registered != 1 || got.Sent != 3 {
		t.Errorf("with room: %+v", got)
	}

	d.Put("klachten", grievance("twee@voorbeeld.example", strings.Repeat("De koffie was op.\n", 5000)), time.Now())
	free = a.fill()
	full("a later pass")
	for range 3 { // as often as would be too often for a message at fault
		full("again")
	}
	free()
	if got := a.cycle(); got.Registered != 1 || got.Sent != 3 || got.Quarantined != 0 {
		t.Errorf("with room again: %+v", got)
	}
	a.fullUnderTheDaemon(d, s)
}

func (a *academy) fullUnderTheDaemon(d *peers.Dovecot, s *peers.Sink) {
	a.tb.Helper()
	k := a.run()
	k.idles(1)
	free := a.fill()
	d.Put(a.user, grievance("drie@voorbeeld.example", strings.Repeat("De deur klemde.\n", 5000)), time.Now())
	k.says("disk is full")
	select {
	case <-k.ended:
		a.tb.Error("the daemon ended")
	default:
	}
	free()
	s.Wait(9, patience)
	d.WaitCount(a.user, handled, 3, patience)
	k.stop()
	want(a.tb, "cases", len(a.cases()), 3)
	want(a.tb, "letters", s.Count(), 9)
}
