package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// archived is a complaint as a mail server had it some days ago.
func archived(from, body string, days int) []byte {
	at := time.Now().AddDate(0, 0, -days).Add(-time.Minute).Format(time.RFC1123Z)
	return letter(fmt.Sprintf("Received: from a by mx.academie.example; %s\nFrom: %s\nSubject: Klacht\nDate: %s\nMessage-ID: <%x@oud.example>",
		at, from, at, body), body)
}

// mbox puts messages into one, with LF as such files have it.
func mbox(mails ...[]byte) []byte {
	var b bytes.Buffer
	for _, m := range mails {
		b.WriteString("From - Mon Jan  5 09:30:00 2026\n")
		b.Write(bytes.ReplaceAll(m, []byte("\r\n"), []byte("\n")))
		b.WriteString("\n")
	}
	return b.Bytes()
}

// put writes a file beside the configuration and returns its path.
func (a *academy) put(name string, text []byte) string {
	a.tb.Helper()
	path := filepath.Join(a.dir, name)
	noError(a.tb, os.MkdirAll(filepath.Dir(path), 0o700))
	noError(a.tb, os.WriteFile(path, text, 0o600))
	return path
}

// TestImport: an academy moves in with what it has: .eml, Maildir and mbox. Old
// complaints are registered and nobody is mailed about them, now or by a reminder
// of a term that is over; a young one is told of as usual; the same message twice,
// here or by IMAP, is one (interface.md The command, import).
func TestImport(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	a.set["schedule.deadlines"] = `"0 8 * * *"`
	old, older := archived("jan@voorbeeld.example", "Het lokaal was koud.", 20), archived("piet@voorbeeld.example", "De trainer kwam niet.", 400)
	young := archived("anna@voorbeeld.example", "De factuur klopt niet.", 0)
	a.put("old/box", mbox(old, older, archived("directeur@academie.example", "Oud.", 9)))
	a.put("old/md/cur/1:2,S", old)
	a.put("old/md/new/2", young)
	a.put("old/md/cur/3:2,DS", archived("x@voorbeeld.example", "Concept", 5))
	a.put("old/away.eml", absence("y@voorbeeld.example"))
	a.put("old/sent.eml", letter("From: "+address+"\nSubject: Re: klacht", "Dag."))
	path := filepath.Join(a.dir, "old")

	o := a.verb("import", "--dry-run", path)
	if o.code != 0 || strings.Count(o.stdout, "nobody is mailed") != 3 || strings.Count(o.stdout, "acknowledged within") != 1 ||
		!strings.Contains(o.stdout, "4 registered, 1 automatic, 1 seen before, 2 left alone; mail would be queued about 1") {
		t.Errorf("dry run: status %d\n%s", o.code, o.stdout+o.stderr)
	}
	if _, err := os.Stat(a.state("")); err == nil {
		t.Fatal("a dry run made the state folder")
	}
	if o = a.verb("import", path); o.code != 0 || !strings.Contains(o.stdout, "4 registered, 1 automatic, 1 seen before, 2 left alone; mail queued about 1") || o.stderr != "" {
		t.Errorf("import: status %d\n%s", o.code, o.stdout+o.stderr)
	}
	before := a.files()
	o = a.verb("import", "--dry-run", "--json", path)
	want(t, "rows", strings.Count(o.stdout, "\n"), 8)
	want(t, "known", strings.Count(o.stdout, `"becomes":"duplicate"`), 6)
	if a.files() != before {
		t.Error("a dry run changed the state folder")
	}

	d.Put("klachten", young, time.Now()) // they stand in the mailbox as well
	d.Put("klachten", old, time.Now())
	if got := a.cycle(); got.Fetched != 2 || got.Duplicates != 2 || got.Sent != 3 {
		t.Errorf("cycle: %+v", got)
	}
	if f := filed(d, "klachten"); f != "inbox 0, handled 2, automatic 0, spam 0, quarantine 0" {
		t.Error(f)
	}
	want(t, "acknowledgements", len(to(s, "anna@voorbeeld.example", acknowledged)), 1)
	for _, c := range a.cases() {
		if c.Complainant.Email == "piet@voorbeeld.example" && !strings.HasPrefix(c.Number, time.Now().AddDate(0, 0, -400).Format("K2006")) {
			t.Errorf("%s is not of the year in which it came", c.Number)
		}
		want(t, "messages of "+c.Complainant.Email, len(messages(a.show(c.Number), "in")), 1)
	}
	want(t, "letters", s.Count(), 3)
}

// messages are those of one direction.
func messages(d dossier, direction string) []string {
	var list []string
	for _, m := range d.Messages {
		if m.Direction == direction {
			list = append(list, m.MessageID)
		}
	}
	return list
}

// TestImportGoesOn: what cannot be read is named, and does not keep the rest out;
// what is no mail at all is counted.
func TestImportGoesOn(t *testing.T) {
	t.Parallel()
	a := open(t, nil, nil, "klachten")
	a.put("old/a.eml", archived("jan@voorbeeld.example", "Het lokaal was koud.", 20))
	a.put("old/b.eml", nil)
	a.put("old/notes.txt", []byte("Boodschappen\n"))
	a.put("old/z.eml", archived("piet@voorbeeld.example", "De trainer kwam niet.", 20))
	noError(t, os.Symlink("nowhere", filepath.Join(a.dir, "old/c.eml")))
	o := a.verb("import", filepath.Join(a.dir, "old"), filepath.Join(a.dir, "old/notes.txt"), filepath.Join(a.dir, "missing"))
	if o.code != 1 || !strings.HasPrefix(o.stdout, "2 messages: 2 registered") {
		t.Errorf("status %d\n%s", o.code, o.stdout+o.stderr)
	}
	for _, file := range []string{"old/b.eml: nothing is in it", "old/c.eml: no such file", "old/notes.txt: no mail", "missing: no such file", "1 other files left alone"} {
		if !strings.Contains(o.stderr, file) {
			t.Errorf("nothing says %q in\n%s", file, o.stderr)
		}
	}
	want(t, "lines", len(o.complaints()), 5)
	want(t, "cases", len(a.cases()), 2)
	if o := a.verb("import", "--dry-run", filepath.Join(a.dir, "missing")); o.code != 1 {
		t.Errorf("dry run: status %d", o.code)
	}
}

// TestImportBesideTheDaemon: it needs no lock, the daemon sends what it queued,
// and goes on with ids of its own.
func TestImportBesideTheDaemon(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	k := a.run()
	k.idles(1)
	d.Put("klachten", grievance("een@voorbeeld.example", "Een."), time.Now())
	s.Wait(3, patience)
	path := a.put("box", mbox(archived("jan@voorbeeld.example", "Oud.", 20), archived("anna@voorbeeld.example", "Nieuw.", 0)))
	for _, args := range [][]string{{"import", "--dry-run"}, {"import"}} {
		if o := a.verb(append(args, path)...); o.code != 0 || !strings.Contains(o.stdout, "2 messages: 2 registered") {
			t.Errorf("%v: status %d\n%s", args, o.code, o.stdout+o.stderr)
		}
	}
	s.Wait(6, patience)
	d.Put("klachten", grievance("twee@voorbeeld.example", "Twee."), time.Now())
	s.Wait(9, patience)
	k.stop()
	want(t, "cases", len(a.cases()), 4)
	want(t, "letters", s.Count(), 9)
}

// TestImportStopped: whatever moment ends it, what is committed stays and a second
// run brings the rest: one case a content.
func TestImportStopped(t *testing.T) {
	t.Parallel()
	const many = 120 // three batches
	var mails [][]byte
	for i := range many {
		mails = append(mails, archived(fmt.Sprintf("c%d@voorbeeld.example", i), fmt.Sprint("Klacht ", i), 30))
	}
	for at := 1; ; at++ {
		a := open(t, nil, nil, "klachten")
		path := a.put("box", mbox(mails...))
		o := a.verbWith([]string{fmt.Sprint("KLACHTD_FAIL_AT=", at)}, "import", path)
		if o.code == 0 {
			if at < 4 {
				t.Errorf("only %d steps", at-1)
			}
			break
		}
		want(t, "exit status", o.code, -1)
		if o := a.verb("import", path); o.code != 0 || !strings.HasPrefix(o.stdout, "120 messages") {
			t.Errorf("again: status %d\n%s", o.code, o.stdout+o.stderr)
		}
		want(t, fmt.Sprintf("cases, killed at step %d", at), len(a.cases()), many)
	}
	a := open(t, nil, nil, "klachten")
	path := a.put("box", bytes.Repeat(mbox(mails...), 200)) // long enough to be stopped
	a.write()
	cmd := exec.Command(binary, "import", "-c", a.config(), path)
	steps := filepath.Join(a.dir, "steps")
	cmd.Env = append(os.Environ(), "KLACHTD_FAIL_LOG="+steps)
	var said bytes.Buffer
	cmd.Stderr = &said
	noError(t, cmd.Start())
	until(t, "the first batch", func() bool {
		text, _ := os.ReadFile(steps)
		return bytes.Contains(text, []byte("desk: imported"))
	})
	noError(t, cmd.Process.Signal(syscall.SIGINT))
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(said.String(), "stopped before the end") {
		t.Errorf("after Ctrl-C: %v\n%s", err, said.String())
	}
	if o := a.verb("import", a.put("box", mbox(mails...))); o.code != 0 {
		t.Errorf("again: status %d\n%s", o.code, o.stdout+o.stderr)
	}
	want(t, "cases", len(a.cases()), many)
}
