package bench

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// build makes the binary that is measured, as `make build` does; tags may change it.
func build(tb testing.TB, tags string) string {
	bin := filepath.Join(tb.TempDir(), "klachtd"+tags)
	if out, err := exec.Command("go", "build", "-trimpath", "-tags", tags, "-o", bin, "klachtd/cmd/klachtd").CombinedOutput(); err != nil {
		tb.Fatalf("build: %v\n%s", err, out)
	}
	return bin
}

// site is a configuration with its servers.
type site struct {
	tb      testing.TB
	bin     string
	dovecot *peers.Dovecot
	sink    *peers.Sink
	user    string
	dir     string
	config  string
}

func newSite(tb testing.TB, bin string, d *peers.Dovecot, user string) *site {
	s := &site{tb: tb, bin: bin, dovecot: d, user: user, dir: tb.TempDir(), sink: peers.StartSink(tb, peers.SinkOptions{NoRaw: true})}
	s.config = filepath.Join(s.dir, "config.yaml")
	text := fmt.Sprintf(`academy: {name: Academie Voorbeeld, phone: "020 123 45 67"}
imap: {host: 127.0.0.1, port: %d, tls: none, username: %s, password: %s, since: 2020-01-01}
smtp: {host: 127.0.0.1, port: %d, tls: none, from: {name: Klachten, address: klachten@academie.example}, save_sent: no}
staff:
  - {name: Dewi de Boer, email: directeur@academie.example, role: directeur}
  - {name: Bas Bakker, email: bas@academie.example, role: binnendienst}
limits: {acks_per_address_per_day: 1000000, acks_per_domain_per_day: 1000000, acks_per_hour: 1000000, acks_per_day: 1000000, burst: 1000000}
`, d.Port(), user, peers.Password, s.sink.Port())
	if err := os.WriteFile(s.config, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return s
}

// change puts other words in the configuration, once.
func (s *site) change(old, words string) {
	text, err := os.ReadFile(s.config)
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := os.WriteFile(s.config, []byte(strings.Replace(string(text), old, words, 1)), 0o600); err != nil {
		s.tb.Fatal(err)
	}
}

// database is where the daemon keeps it.
func (s *site) database() string { return filepath.Join(s.dir, "state", "klachtd.db") }

// start starts the daemon; stop ends it and waits.
func (s *site) start() (pid int, stop func()) {
	cmd := exec.Command(s.bin, "run", "-c", s.config)
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		s.tb.Fatal(err)
	}
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		s.tb.Fatal(err)
	}
	return cmd.Process.Pid, func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself; Wait tells
		if err := cmd.Wait(); err != nil {
			text, _ := os.ReadFile(log.Name())
			s.tb.Errorf("klachtd run: %v\n%s", err, tail(string(text), 2000))
		}
		log.Close()
	}
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// memory reads a line of /proc/PID/status, in MB.
func memory(pid int, field string) float64 {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), field+":"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

// processor is the time that a process has had of the processors.
func processor(pid int) time.Duration {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(data), ") ") // the name may hold anything
	f := strings.Fields(rest)
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100 on Linux
}
