package e2e

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // to make a database newer

	"klachtd/internal/complaint"
	"klachtd/internal/peers"
)

// TestBadDatabase: a database that cannot be trusted is refused in one line and
// left as it is; check says so beforehand; when it is put right, the message that
// came meanwhile is handled and the one before is still there (security.md 25, 40).
func TestBadDatabase(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	for _, c := range []struct {
		name string
		file string // the one that is harmed
		harm func(t *testing.T, path string)
		says []string
	}{
		{"newer schema", "klachtd.db", newer, []string{"newer klachtd", "schema 99"}},
		{"no database", "klachtd.db", overwrite(0), []string{"klachtd.db", "damaged"}},
		{"database lost", "klachtd.db", remove, []string{"klachtd.db"}},
		{"damaged within", "klachtd.db", overwrite(4096), []string{"klachtd.db", "damaged"}},
		{"master key lost", "klachtd.master", remove, []string{"klachtd.master", "put the master key back"}},
		{"master key of another", "klachtd.master", overwrite(0), []string{"master key"}},
		{"keys lost", "klachtd.keys", remove, []string{"klachtd.keys"}},
		{"keys damaged", "klachtd.keys", overwrite(0), []string{"klachtd.keys"}},
		{"open to others", "klachtd.db", func(t *testing.T, path string) { noError(t, os.Chmod(path, 0o640)) }, []string{"klachtd.db", "0640", "chmod 600"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := open(t, d, s, strings.ReplaceAll(c.name, " ", "-"))
			d.Put(a.user, grievance("een@voorbeeld.example", "Het lokaal was koud."), time.Now())
			a.cycle()
			before := s.Count()
			path := a.state(c.file)
			whole, err := os.ReadFile(path)
			noError(t, err)

			c.harm(t, path)
			harmed, _ := os.ReadFile(path) // or it is gone
			d.Put(a.user, grievance("twee@voorbeeld.example", "De koffie was op."), time.Now())
			a.refused(1, c.says...)
			left, _ := os.ReadFile(path)
			if !bytes.Equal(left, harmed) {
				t.Error("the file was touched")
			}
			want(t, "letters while it was refused", s.Count()-before, 0)
			want(t, "inbox while it was refused", d.Count(a.user, ""), 1)

			noError(t, os.RemoveAll(path))
			noError(t, os.WriteFile(path, whole, 0o600))
			a.cycle()
			want(t, "cases in the end", len(a.cases()), 2)
			want(t, "letters in the end", s.Count()-before, 3)
		})
	}
}

func noError(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// newer makes the database that of a later version.
func newer(t *testing.T, path string) {
	db, err := sql.Open("sqlite3", path)
	noError(t, err)
	defer db.Close()
	_, err = db.Exec("PRAGMA user_version = 99")
	noError(t, err)
}

// overwrite writes nonsense over all that comes after so many bytes, at most 64 KiB.
func overwrite(from int64) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		info, err := os.Stat(path)
		noError(t, err)
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		noError(t, err)
		defer f.Close()
		_, err = f.WriteAt(bytes.Repeat([]byte{0x5a}, int(min(info.Size()-from, 64<<10))), from)
		noError(t, err)
	}
}

func remove(t *testing.T, path string) { noError(t, os.Remove(path)) }

// TestBadWords: what is wrong on the command line (interface.md The command).
func TestBadWords(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	if o := a.verb("cases"); o.code != 1 || len(o.complaints()) != 1 || !strings.Contains(o.stderr, "klachtd cycle") {
		t.Errorf("cases before the first pass: status %d, %q", o.code, o.stderr)
	}
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	a.cycle()
	number := a.cases()[0].Number
	other := number
	for i := 0; other == number || complaint.FindNumber(other) == ""; i++ {
		other = fmt.Sprintf("K2026-%06d", 482930+i)
	}
	past := time.Now().Add(-time.Hour).Format(time.RFC3339)
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"show", "K2026-12"}, 2, "no case number"},
		{[]string{"show", number[:11] + string('0'+(number[11]-'0'+1)%10)}, 2, "typing error"},
		{[]string{"show", other}, 1, "there is no case"},
		{[]string{"show"}, 2, "<number> is missing; see klachtd show --help"},
		{[]string{"gooi-weg"}, 2, "klachtd --help"},
		{[]string{"cycle", "--hard"}, 2, "klachtd cycle --help"},
		{[]string{"cycle", "--now", "morgen"}, 2, "2026-11-22T09:00:00+01:00"},
		{[]string{"cycle", "--now", past}, 2, "--now: the last pass was made at"},
		{[]string{"check", "--probe", `"x> ORCPT=y"@voorbeeld.example`}, 2, "--probe"},
	} {
		o := a.verb(c.args...)
		if lines := o.complaints(); o.code != c.code || len(lines) != 1 || !strings.Contains(lines[0], c.says) {
			t.Errorf("%q: status %d, want %d with one line that says %q: %q", c.args, o.code, c.code, c.says, lines)
		}
	}
	delete(a.set, "test_mode")
	if o := a.verb("cycle", "--now", time.Now().Format(time.RFC3339)); o.code != 2 || len(o.complaints()) != 1 || !strings.Contains(o.stderr, "test_mode: true") {
		t.Errorf("--now without test_mode: status %d, %q", o.code, o.stderr)
	}
	for _, path := range []string{a.dir + "/niet.yaml", a.dir} {
		if o := run(t, nil, "cycle", "-c", path); o.code != 2 || len(o.complaints()) != 1 || !strings.Contains(o.stderr, path) {
			t.Errorf("configuration %s: status %d, %q", path, o.code, o.stderr)
		}
	}
	want(t, "cases", len(a.cases()), 1)
	want(t, "letters", s.Count(), 3)
}

// TestSeveralProblems: a line a problem (interface.md The configuration).
func TestSeveralProblems(t *testing.T) {
	t.Parallel()
	a := open(t, nil, nil, "klachten")
	a.set["imap.hots"], a.set["smtp.port"], a.set["limits.burst"] = "x", "-1", "0"
	delete(a.set, "academy.name")
	for _, verb := range []string{"run", "cycle", "check", "cases", "release"} {
		if o := a.verb(verb); o.code != 2 || len(o.complaints()) != 4 {
			t.Errorf("%s: status %d, %d lines, want 4:\n%s", verb, o.code, len(o.complaints()), o.stderr)
		}
	}
}

// TestFolderThatCannotBeMade: registration and letters go on, one line says
// what to do, and the message is filed once that is done.
func TestFolderThatCannotBeMade(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	a.set["imap.folders.handled"] = "Klachten//Verwerkt"
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	d.Put("klachten", absence("piet@voorbeeld.example"), time.Now())
	o := a.verb("cycle", "--json")
	if lines := o.complaints(); o.code != 1 || len(lines) != 1 || !strings.Contains(lines[0], "imap.folders.handled") {
		t.Errorf("status %d, %q", o.code, lines)
	}
	if got := a.summary(o); got.Registered != 1 || got.Automatic != 1 || got.Sent != 3 {
		t.Errorf("%+v", got)
	}
	if f := filed(d, "klachten"); f != "inbox 1, handled 0, automatic 1, spam 0, quarantine 0" {
		t.Error(f)
	}
	k := a.run()
	k.says("could not be filed")
	k.idles(1)
	k.stop()
	delete(a.set, "imap.folders.handled")
	if got := a.cycle(); got.Fetched != 0 || got.Sent != 0 {
		t.Errorf("mended: %+v", got)
	}
	if f := filed(d, "klachten"); f != "inbox 0, handled 1, automatic 1, spam 0, quarantine 0" {
		t.Error(f)
	}
}
