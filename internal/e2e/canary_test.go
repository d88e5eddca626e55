package e2e

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"klachtd/internal/peers"
)

// canaries are words that stand in the messages of this test and nowhere else.
var canaries = strings.Fields("Kanarienaam kanarieadres Kanarieonderwerp Kanarietekst kanariebestand Kanariekop kanarieid Kanarieinhoud Kanarievijand Kanarieafwezig Kanariewachtwoord")

func canaryMail() []byte {
	return letter(`From: Kanarienaam Jansen <kanarieadres@voorbeeld.example>
Subject: Kanarieonderwerp
Message-ID: <kanarieid@voorbeeld.example>
X-Reden: Kanariekop
Content-Type: multipart/mixed; boundary=b
Content-Transfer-Encoding: 7bit`, `--b
Content-Type: text/plain

Kanarietekst
--b
Content-Type: application/octet-stream; name=kanariebestand.txt
Content-Disposition: attachment; filename=kanariebestand.txt

Kanarieinhoud
--b--`)
}

// TestCanary: what stands in a message stands in no log line at any level, in no
// file of the state folder in readable form, and in no temporary file, also when
// things go wrong; nor do the passwords (security.md 23, 24, 25, 26).
func TestCanary(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	temp := t.TempDir()
	env := []string{"TMPDIR=" + temp, "SQLITE_TMPDIR=" + temp}
	// servers quote what they were given
	s.OnRcpt(func(_, to string) error {
		if strings.HasPrefix(to, "kanarieadres") {
			return peers.Refusal(550, smtp.EnhancedCode{5, 1, 1}, "no such user "+to+" for Kanarieonderwerp")
		}
		return nil
	})
	d.Put("klachten", canaryMail(), time.Now())
	d.Put("klachten", letter("From: \"Kanarievijand\" <kanarieadres@\nSubject: =?kanariekop?q?Kanarieonderwerp=ZZ?=\nContent-Type: Kanarievijand/\"", "Kanarietekst"), time.Now())
	d.Put("klachten", bytes.Replace(nested(200), []byte("Diep"), []byte("Kanarieonderwerp"), 1), time.Now())
	d.Put("klachten", absence("Kanarieafwezig <kanarieadres@voorbeeld.example>"), time.Now())
	o := a.verbWith(env, "cycle", "--json")
	if o.code != 0 {
		t.Errorf("status %d\n%s", o.code, o.stderr)
	}
	noCanary(t, "the log of a pass", o.stdout+o.stderr)

	s.OnRcpt(nil)
	k := a.run()
	k.idles(1)
	d.Put("klachten", bytes.Replace(canaryMail(), []byte("Kanarietekst"), []byte("Kanarietekst nogmaals"), 1), time.Now())
	s.WaitUntil(patience, func(all []peers.Mail) bool { return len(all) > 0 && all[len(all)-1].To[0] == directeur })
	d.WaitCount("klachten", handled, 3, patience)
	k.kill() // so that the write-ahead log stays
	noCanary(t, "the log of the daemon", k.log.String())
	a.nothingReadable(temp)
	if list := a.cases(); list[0].Complainant.Name != "Kanarienaam Jansen" || list[0].Subject != "Kanarieonderwerp" {
		t.Errorf("the register does not know it either: %+v", list[0])
	}

	a.set["imap.password"] = "Kanariewachtwoord"
	noCanary(t, "a refused login", a.verb("cycle").stderr)
	o = a.verb("check")
	noCanary(t, "check with a refused login", o.stdout+o.stderr)
	a.set["imap.password"], a.set["smtp.password"] = peers.Password, "Kanariewachtwoord"
	noCanary(t, "a refused login", a.verb("cycle").stderr)
	a.nothingReadable(temp)
}

// nothingReadable looks into every file of the state folder and at its mode.
func (a *academy) nothingReadable(temp string) {
	a.tb.Helper()
	files := 0
	err := filepath.WalkDir(a.state(""), func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			a.tb.Errorf("%s has mode %v", name, info.Mode())
		}
		if e.IsDir() {
			return nil
		}
		files++
		text, err := os.ReadFile(name)
		noCanary(a.tb, filepath.Base(name), string(text))
		return err
	})
	noError(a.tb, err)
	if files < 3 {
		a.tb.Errorf("only %d files in the state folder", files)
	}
	left, err := os.ReadDir(temp)
	noError(a.tb, err)
	want(a.tb, "temporary files", len(left), 0)
}

// noCanary looks for the words as they are, and as base64 or UTF-16 would hide them.
func noCanary(tb testing.TB, where, text string) {
	tb.Helper()
	low := strings.ToLower(text)
	for _, word := range canaries {
		wide := strings.Join(strings.Split(strings.ToLower(word), ""), "\x00")
		found := strings.Contains(low, strings.ToLower(word)) || strings.Contains(low, wide)
		for shift := range 3 { // base64 has three ways to write a word
			code := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", shift) + word))
			found = found || strings.Contains(text, code[4:len(code)-4])
		}
		if found {
			at := max(0, strings.Index(low, strings.ToLower(word))-150)
			tb.Errorf("%s holds %s: …%.400q", where, word, text[at:])
		}
	}
}

// TestModes: whatever the umask, what is made is for its owner alone (security.md 25).
func TestModes(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	a.write()
	o := runCommand(t, nil, "/bin/sh", "-c", `umask 0; exec "$0" cycle -c "$1"`, binary, a.config())
	if o.code != 0 {
		t.Fatalf("status %d\n%s", o.code, o.stderr)
	}
	a.nothingReadable(t.TempDir())
}
