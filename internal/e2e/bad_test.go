package e2e

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// A fault is something that is wrong, and what must be said of it.
type fault struct {
	name string
	harm func(a *academy)
	code int      // of the pass; that of check is 1 where check got as far as its points
	says []string // all in the one line
}

func set(key, value string) func(*academy) { return func(a *academy) { a.set[key] = value } }

func unset(key string) func(*academy) { return func(a *academy) { delete(a.set, key) } }

// faults that the configuration can have, and servers that do not take it
// (interface.md The configuration, issue "Bad input").
var faults = []fault{
	{"unknown key", set("imap.hots", "127.0.0.1"), 2, []string{"config.yaml:", "imap.hots"}},
	{"missing key", unset("academy.name"), 2, []string{"config.yaml", "academy.name"}},
	{"no staff", func(a *academy) { a.tail = "" }, 2, []string{"config.yaml", "staff", "directeur"}},
	{"bad number", set("smtp.port", "99999"), 2, []string{"config.yaml:", "smtp.port", "65535"}},
	{"bad word", set("imap.tls", "sometimes"), 2, []string{"config.yaml:", "imap.tls", "starttls"}},
	{"bad cron", set("schedule.deadlines", "daily"), 2, []string{"config.yaml:", "schedule.deadlines", "cron"}},
	{"plain to a far host", set("imap.host", "imap.voorbeeld.example"), 2, []string{"config.yaml:", "imap.tls", "starttls"}},
	{"no yaml", func(a *academy) { a.tail += "  : [\n" }, 2, []string{"config.yaml:"}},
	{"variable not set", set("imap.password", "${KLACHTD_E2E_NOT_SET}"), 2, []string{"config.yaml:", "KLACHTD_E2E_NOT_SET"}},
	{"no password file", func(a *academy) {
		delete(a.set, "imap.password")
		a.set["imap.password_file"] = "geheim.txt"
	}, 2, []string{"config.yaml:", "imap.password_file", "geheim.txt"}},
	{"no ca_file", set("imap.ca_file", "niet.pem"), 2, []string{"config.yaml:", "imap.ca_file", "niet.pem"}},
	{"ca_file without certificate", func(a *academy) {
		a.writeFile("leeg.pem", "geen certificaat")
		a.set["smtp.ca_file"] = "leeg.pem"
	}, 2, []string{"smtp.ca_file", "leeg.pem"}},
	{"template that is none", func(a *academy) {
		a.writeFile("brieven/nl/notice.txt", "Subject: {{.Onbekend}}\n")
		a.set["templates"] = "brieven"
	}, 2, []string{"templates:", "notice"}},
	{"wrong IMAP password", set("imap.password", "fout"), 1, []string{"imap.password"}},
	{"wrong SMTP password", set("smtp.password", "fout"), 1, []string{"smtp.password"}},
	{"no IMAP server", func(a *academy) { a.set["imap.port"] = nobodyListens(a.tb) }, 1, []string{"imap.port"}},
	{"no SMTP server", func(a *academy) { a.set["smtp.port"] = nobodyListens(a.tb) }, 1, []string{"smtp.port"}},
	{"no such mailbox", set("imap.mailbox", "Bestaat-niet"), 1, []string{"imap.mailbox"}},
	{"folder open to others", func(a *academy) { a.mode("state", 0o755) }, 1, []string{"0755", "chmod 700"}},
}

func (a *academy) writeFile(name, text string) {
	a.tb.Helper()
	name = filepath.Join(a.dir, name)
	err := os.MkdirAll(filepath.Dir(name), 0o700)
	if err == nil {
		err = os.WriteFile(name, []byte(text), 0o600)
	}
	if err != nil {
		a.tb.Fatal(err)
	}
}

// mode makes a folder with exactly this mode.
func (a *academy) mode(name string, mode os.FileMode) {
	a.tb.Helper()
	name = filepath.Join(a.dir, name)
	err := os.MkdirAll(name, 0o700)
	if err == nil {
		err = os.Chmod(name, mode)
	}
	if err != nil {
		a.tb.Fatal(err)
	}
}

// nobodyListens is a port that refuses connections.
func nobodyListens(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// TestBadInput: whatever is wrong, one line says what and where, the exit status
// says whose fault it is, `check` says the same beforehand, and a good pass
// afterwards handles the message, once.
func TestBadInput(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			user := strings.ToLower(strings.ReplaceAll(f.name, " ", "-"))
			a := open(t, d, s, user)
			who := user + "@voorbeeld.example"
			d.Put(user, grievance(who, "Het lokaal was koud."), time.Now())
			f.harm(a)
			a.refused(f.code, f.says...)
			a.mended(d, s, who)
		})
	}
}

// mended makes a good pass on the same state and counts what came of one message.
func (a *academy) mended(d *peers.Dovecot, s *peers.Sink, who string) {
	a.tb.Helper()
	b := open(a.tb, d, s, a.user)
	b.dir = a.dir
	if info, err := os.Stat(b.state("")); err == nil && info.Mode().Perm() != 0o700 {
		b.mode("state", 0o700)
	}
	b.cycle()
	want(a.tb, "cases in the end", len(b.cases()), 1)
	want(a.tb, "acknowledgements in the end", len(to(s, who, acknowledged)), 1)
	want(a.tb, "handled in the end", d.Count(a.user, handled), 1)
	want(a.tb, "inbox in the end", d.Count(a.user, ""), 0)
}

// TestConfigurationIsFound: without -c it is $KLACHTD_CONFIG, else config.yaml
// here (interface.md The command). Paths in it count from its own folder.
func TestConfigurationIsFound(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	a.write()
	in := func(dir string, env ...string) outcome {
		return runCommand(t, env, "/bin/sh", "-c", `cd "$1" && exec "$0" cycle`, binary, dir)
	}
	for name, o := range map[string]outcome{
		"by $KLACHTD_CONFIG": in(t.TempDir(), "KLACHTD_CONFIG="+a.config()),
		"here":               in(a.dir, "KLACHTD_CONFIG="),
	} {
		if o.code != 0 || !strings.Contains(o.stdout, "0 fetched") {
			t.Errorf("%s: status %d, %q", name, o.code, o.stdout+o.stderr)
		}
	}
	if _, err := os.Stat(a.state("klachtd.db")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat("/etc/klachtd/config.yaml"); err == nil {
		return // there is always one on this machine
	}
	if o := in(t.TempDir(), "KLACHTD_CONFIG="); o.code != 2 || len(o.complaints()) != 1 || !strings.Contains(o.stderr, "-c FILE") {
		t.Errorf("nowhere: status %d, %q", o.code, o.stderr)
	}
}
