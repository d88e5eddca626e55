package main

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/watch"
)

// What the loops see becomes alarms: a mailbox that is away after a quarter of an
// hour, logins that end from ten days ahead, a disk with little room.
func TestWhatIsSeen(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 10, 20, 23, 30, 0, 0, zone) // summer time ends on the 25th
	wall := func() time.Time { return now }
	h := &house{wall: wall, logins: newLogins(wall), watch: watch.New(watch.Build{}, wall), quiet: time.NewTimer(time.Hour)}
	h.cfg.Academy.Zone = zone
	see := func(what string, want ...complaint.Alarm) {
		t.Helper()
		if got := h.seen(); !slices.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	see("at first")
	h.passed(watch.IMAP, "mailbox")(errors.New("away"))
	see("away for a moment")
	now = now.Add(15 * time.Minute)
	see("away for long", complaint.Alarm{Kind: complaint.AlarmFetch, Count: 15})
	h.passed(watch.IMAP, "mailbox")(nil)
	see("back")
	h.watch.Set(watch.Figures{DiskLow: true, DiskFree: 90<<20 + 1})
	see("little room", complaint.Alarm{Kind: complaint.AlarmDisk, Count: 90})
	h.watch.Set(watch.Figures{})
	for _, tt := range []struct {
		imap, smtp string
		days       int
		soon       bool
	}{
		{"", "", 0, false}, {"2026-10-31", "", 0, false}, {"2026-10-30", "", 0, false}, {"2026-10-28", "", 0, false}, {"2026-10-27", "", 7, true}, {"2026-11-03", "", 14, true}, {"2026-11-19", "", 30, true}, {"2027-01-01", "2026-10-21", 1, true},
		{"2026-10-25", "2026-10-26", 5, true}, {"2026-10-20", "", 0, true}, {"2026-10-17", "2026-10-20", -3, true},
	} {
		h.cfg.IMAP.OAuth2, h.cfg.SMTP.OAuth2 = login(tt.imap), login(tt.smtp)
		if tt.soon {
			see(tt.imap+" "+tt.smtp, complaint.Alarm{Kind: complaint.AlarmToken, Count: tt.days})
		} else {
			see(tt.imap + " " + tt.smtp)
		}
	}
}

// login is one that ends on a day.
func login(day string) *config.OAuth2 {
	if day == "" {
		return nil
	}
	d, err := config.ParseDate(day)
	if err != nil {
		panic(err)
	}
	return &config.OAuth2{ExpiresOn: d}
}

// Signs of life go to systemd while no loop is silent, and never without a watchdog.
func TestPulse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	for _, tt := range []struct {
		usec, pid string
		silent    []string
		want      bool
	}{
		{"300000000", "77", nil, true}, {"300000000", "", nil, true}, {"300000000", "77", []string{"mailbox"}, false},
		{"", "", nil, false}, {"300000000", "78", nil, false}, {"veel", "77", nil, false},
	} {
		variables := map[string]string{"NOTIFY_SOCKET": path, "WATCHDOG_USEC": tt.usec, "WATCHDOG_PID": tt.pid}
		s := supervisorOf(func(name string) (string, bool) { v := variables[name]; return v, v != "" }, 77)
		ctx, stop := context.WithCancel(t.Context())
		stop() // it beats once and ends
		s.pulse(ctx, func() []string { return tt.silent }, func() string { return "all well" })
		b := make([]byte, 1000)
		n, err := socket.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(b[:n]); !strings.HasPrefix(got, "STATUS=all well") || strings.Contains(got, "WATCHDOG=1") != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
	supervisor{}.tell("READY=1") // nobody listens, and nothing happens
}

// The steps of a loop are its signs of life; what is done at the desk is one of the
// mailbox and of the jobs.
func TestStepsAreSignsOfLife(t *testing.T) {
	now := time.Now()
	w := watch.New(watch.Build{}, func() time.Time { return now })
	loops := []string{"deliver", "mailbox", "schedule"}
	for step, alive := range map[string][]string{"mailbox: searched": {"mailbox"}, "deliver: begun": {"deliver"}, "desk: read": {"mailbox", "schedule"}} {
		for _, name := range loops {
			w.Expect(name, time.Minute)
		}
		now = now.Add(2 * time.Minute)
		passedOn := ""
		heard(w, func(name string) { passedOn = name })(step)
		want := slices.DeleteFunc(slices.Clone(loops), func(name string) bool { return slices.Contains(alive, name) })
		if got := w.Silent(); !slices.Equal(got, want) || passedOn != step {
			t.Errorf("%s: silent %q, want %q; passed on %q", step, got, want, passedOn)
		}
	}
}

// A master key that systemd gives is taken where the configuration names none.
func TestCredential(t *testing.T) {
	given, empty := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(given, master), make([]byte, 32), 0o400); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, dir string
		lines     map[string]int
		want      string
	}{
		{"given", given, nil, filepath.Join(given, master)},
		{"no systemd", "", nil, "/state/klachtd.master"},
		{"no such credential", empty, nil, "/state/klachtd.master"},
		{"another one is named", given, map[string]int{"database.master_key_file": 3}, "/state/klachtd.master"},
	} {
		cfg := config.Config{Database: config.Database{MasterKeyFile: "/state/klachtd.master"}, Lines: tt.lines}
		credential(&cfg, func(string) (string, bool) { return tt.dir, tt.dir != "" })
		if got := cfg.Database; got.MasterKeyFile != tt.want || got.MasterKeyGiven != (tt.name == "given") {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}
