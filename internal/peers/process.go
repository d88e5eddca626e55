package peers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startWithin bounds how long a server may take until it answers.
const startWithin = 20 * time.Second

// A process is a server with all that it started: one process group.
type process struct {
	name   string
	pgid   int
	ended  chan struct{}  // closed when the first process has ended
	guard  *exec.Cmd      // ends the group when we die
	remind io.WriteCloser // to the guard; closed with us
}

// guardScript reads one line: that is the word that all is well. The end of
// the input without one says that whoever held it has died.
const guardScript = `read -r _ || { kill -9 "-$1"; rm -rf "$2"; }`

// launch starts a server as leader of a session of its own. What it prints
// goes to dir/out.
func launch(dir string, cred *syscall.Credential, path string, args ...string) (*process, error) {
	return launchWith(nil, dir, cred, path, args...)
}

// launchWith is launch with further variables of the environment.
func launchWith(env []string, dir string, cred *syscall.Credential, path string, args ...string) (*process, error) {
	out, err := os.OpenFile(filepath.Join(dir, "out"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: cred}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{name: filepath.Base(path), pgid: cmd.Process.Pid, ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // killed, always
		close(p.ended)
	}()
	p.guard = exec.Command("/bin/sh", "-c", guardScript, "guard", strconv.Itoa(p.pgid), dir)
	p.guard.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if p.remind, err = p.guard.StdinPipe(); err == nil {
		err = p.guard.Start()
	}
	if err != nil {
		p.guard = nil
		p.kill()
		return nil, fmt.Errorf("guard: %w", err)
	}
	return p, nil
}

// kill ends the whole group at once and returns when it is gone: servers that
// end politely keep their ports for seconds.
func (p *process) kill() {
	_ = syscall.Kill(-p.pgid, syscall.SIGKILL)
	<-p.ended
	for wait := time.Millisecond; groupLives(p.pgid) && wait < 5*time.Second; wait *= 2 {
		time.Sleep(wait)
	}
	if p.guard != nil {
		_, _ = io.WriteString(p.remind, "done\n")
		_ = p.remind.Close()
		_ = p.guard.Wait()
		p.guard = nil
	}
}

// groupLives says whether a process of the group still runs. Zombies, which
// nobody may be there to reap, do not count.
func groupLives(pgid int) bool {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		stat, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		// pid (name) state ppid pgrp …; the name may hold anything
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) > 2 && fields[2] == strconv.Itoa(pgid) && fields[0] != "Z" {
			return true
		}
	}
	return false
}

// answers waits until each address takes connections, or says why not.
func (p *process) answers(addrs ...string) error {
	end := time.Now().Add(startWithin)
	for _, addr := range addrs {
		if addr == "" {
			continue
		}
		for wait := time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
			conn, err := net.DialTimeout("tcp", addr, time.Second)
			if err == nil {
				_ = conn.Close()
				break
			}
			select {
			case <-p.ended:
				return errors.New(p.name + " ended at once")
			case <-time.After(wait):
			}
			if time.Now().After(end) {
				return fmt.Errorf("%s does not answer: %w", p.name, err)
			}
		}
	}
	return nil
}

// freeAddr is a loopback address that nobody listens on, below the ports that
// the kernel gives to outgoing connections: it is still free after a restart.
func freeAddr(tb testing.TB) string {
	tb.Helper()
	for range 200 {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(20000+rand.IntN(12000)))
		l, err := net.Listen("tcp", addr)
		if err != nil {
			continue
		}
		_ = l.Close()
		return addr
	}
	tb.Fatal("no free port between 20000 and 32000")
	return ""
}

func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}

// workDir makes a folder for a server; it goes with the test. Not tb.TempDir:
// that one is closed to other users, and its path is long for a socket.
func workDir(tb testing.TB, name string) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "klachtd-"+name+"-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// skip ends the test as skipped, in words that stand out in a log.
func skip(tb testing.TB, why string) {
	tb.Helper()
	tb.Skip("SKIPPED: " + why + "; `make test` as root brings what is missing")
}

// tell shows the end of a server's log when the test has failed.
func tell(tb testing.TB, logs ...string) {
	if !tb.Failed() {
		return
	}
	for _, name := range logs {
		text, err := os.ReadFile(name)
		if err != nil || len(text) == 0 {
			continue
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		tb.Logf("%s ends with:\n%s", name, strings.Join(lines[max(0, len(lines)-15):], "\n"))
	}
}
