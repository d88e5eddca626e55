package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// TestAlone: the daemon starts no other program and opens no socket that anybody
// could connect to, whatever it does meanwhile: packaging/klachtd.service takes
// both from it.
func TestAlone(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	k := a.run()
	k.idles(1)
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	s.Wait(3, patience)
	k.filed(1)
	pid := k.cmd.Process.Pid
	children, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	noError(t, err)
	if len(children) == 0 {
		t.Skip("SKIPPED: this kernel does not say who started whom")
	}
	for _, file := range children {
		text, err := os.ReadFile(file)
		if err == nil && strings.TrimSpace(string(text)) != "" { // a thread may have ended meanwhile
			t.Errorf("%s: %s", file, text)
		}
	}
	if doors := listening(t, pid); len(doors) > 0 {
		t.Errorf("it listens: %s", doors)
	}
	// the look finds a door where there is one
	if doors := listening(t, os.Getpid()); len(doors) == 0 {
		t.Error("the SMTP server of this test is not seen")
	}
	k.stop()
}

// listening returns the sockets of a process that others can connect to, TCP
// that listens, UDP without a peer and named Unix sockets alike.
func listening(t *testing.T, pid int) (doors []string) {
	t.Helper()
	mine := map[string]bool{}
	fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	noError(t, err)
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil && strings.HasPrefix(to, "socket:[") {
			mine[strings.Trim(to, "socket:[]")] = true
		}
	}
	for _, kind := range []struct {
		file          string
		state, column int    // where state and inode stand
		open          string // the state of a door
	}{{"tcp", 3, 9, "0A"}, {"tcp6", 3, 9, "0A"}, {"udp", 3, 9, "07"}, {"udp6", 3, 9, "07"}, {"unix", 3, 6, "00010000"}} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, kind.file))
		if os.IsNotExist(err) { // no IPv6 here
			continue
		}
		noError(t, err)
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); len(f) > kind.column && f[kind.state] == kind.open && mine[f[kind.column]] {
				doors = append(doors, kind.file+" "+f[1])
			}
		}
	}
	return doors
}
