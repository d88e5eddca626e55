package e2e

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A daemon is a `klachtd run` that goes on.
type daemon struct {
	tb    testing.TB
	cmd   *exec.Cmd
	log   *lines
	steps string // the file that each step is named in
	ended chan struct{}
}

// lines is what a process has said until now.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// run starts the daemon; it ends with the test at the latest.
func (a *academy) run(env ...string) *daemon {
	a.tb.Helper()
	a.write()
	d := &daemon{tb: a.tb, log: &lines{}, steps: a.dir + "/steps", ended: make(chan struct{})}
	_ = os.Remove(d.steps) // of a daemon before
	d.cmd = exec.Command(binary, "run", "-c", a.config())
	d.cmd.Env = append(append(os.Environ(), "KLACHTD_FAIL_LOG="+d.steps), env...)
	d.cmd.Stderr = d.log
	if err := d.cmd.Start(); err != nil {
		a.tb.Fatal(err)
	}
	go func() {
		_ = d.cmd.Wait() // the state says it all
		close(d.ended)
	}()
	a.tb.Cleanup(func() {
		_ = d.cmd.Process.Kill() // mostly ended long ago
		<-d.ended
		if a.tb.Failed() {
			a.tb.Logf("the daemon said:\n%s", d.log)
		}
	})
	return d
}

// idles waits until the daemon waits for mail for the nth time.
func (d *daemon) idles(n int) {
	d.tb.Helper()
	until(d.tb, "the daemon to wait for mail", func() bool { return d.did("mailbox: waiting") >= n })
}

// filed waits until n sets of messages have left the mailbox and the register
// knows it: a server that stops before leaves locks behind for minutes.
func (d *daemon) filed(n int) {
	d.tb.Helper()
	until(d.tb, "the messages to be filed", func() bool { return d.did("mailbox: noted") >= n })
}

// did counts a step.
func (d *daemon) did(step string) int {
	text, _ := os.ReadFile(d.steps) // not there before the first step
	return strings.Count(string(text), " "+step+"\n")
}

// says waits until the daemon has logged this.
func (d *daemon) says(text string) {
	d.tb.Helper()
	until(d.tb, "the log to say "+text, func() bool { return strings.Contains(d.log.String(), text) })
}

// stop ends the daemon as systemd would, within seconds and with status 0.
func (d *daemon) stop() {
	d.tb.Helper()
	if code := d.term(); code != 0 {
		d.tb.Errorf("the daemon ended with status %d after SIGTERM", code)
	}
}

// term sends SIGTERM and returns the exit status; -1 when it was killed before.
func (d *daemon) term() int {
	d.tb.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		d.tb.Fatal("SIGTERM: ", err)
	}
	return d.end(8 * time.Second)
}

// dead reports whether it has ended.
func (d *daemon) dead() bool {
	select {
	case <-d.ended:
		return true
	default:
		return false
	}
}

// kill ends the daemon as a power cut would.
func (d *daemon) kill() {
	d.tb.Helper()
	if err := d.cmd.Process.Kill(); err != nil {
		d.tb.Fatal("SIGKILL: ", err)
	}
	d.end(patience)
}

// end waits for the end and returns the exit status.
func (d *daemon) end(within time.Duration) int {
	d.tb.Helper()
	select {
	case <-d.ended:
	case <-time.After(within):
		d.tb.Fatalf("the daemon did not end within %v", within)
	}
	return d.cmd.ProcessState.ExitCode()
}

// until waits for a condition, looking often and not for ever.
func until(tb testing.TB, what string, met func() bool) {
	tb.Helper()
	for end := time.Now().Add(patience); !met(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			tb.Fatalf("waited %v for %s", patience, what)
		}
	}
}
