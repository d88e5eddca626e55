package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"klachtd/internal/peers"
)

// sayer is a complainant and what he says.
type sayer struct{ name, text string }

func (p sayer) address() string { return p.name + "@voorbeeld.example" }

// mail is his complaint.
func (p sayer) mail() []byte {
	return letter(fmt.Sprintf("From: %s\nSubject: Klacht van %s\nMessage-ID: <%s@voorbeeld.example>", p.address(), p.name, p.name), p.text)
}

// copySent puts what somebody was sent into the Sent folder, as some providers do.
func (a *academy) copySent(d *peers.Dovecot, mails []peers.Mail) {
	a.tb.Helper()
	c := login(a.tb, d, a.user)
	defer c.Close()
	for _, m := range mails {
		cmd := c.Append("Sent", int64(len(m.Raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}})
		_, err := cmd.Write(m.Raw)
		noError(a.tb, err)
		noError(a.tb, cmd.Close())
		_, err = cmd.Wait()
		noError(a.tb, err)
	}
}

// numbers are the cases by the name of their complainant.
func (a *academy) numbers() map[string]string {
	a.tb.Helper()
	by := map[string]string{}
	for _, c := range a.cases() {
		name, _, _ := strings.Cut(c.Complainant.Email, "@")
		by[name] = c.Number
	}
	return by
}

// done runs a verb that must not fail.
func (a *academy) done(args ...string) outcome {
	a.tb.Helper()
	o := a.verb(args...)
	if o.code != 0 {
		a.tb.Fatalf("%v: status %d\n%s", args, o.code, o.stdout+o.stderr)
	}
	return o
}

// TestRestoreDrill: a backup, more cases, an erasure and letters; then the database is
// lost, restored, and works again. Nothing is lost, nobody is told anything twice,
// what was erased stays erased, and until `klachtd recover` nothing is sent
// (security.md 26, 28, 42; interface.md, backup, restore, recover).
func TestRestoreDrill(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	put := func(mails ...[]byte) {
		for _, m := range mails {
			d.Put(a.user, m, time.Now())
		}
	}
	jan, piet, kees, lotte := sayer{"jan", "Het lokaal was koud."}, sayer{"piet", "De lift was stuk."}, sayer{"kees", "De koffie was op."}, sayer{"lotte", "De zaal was vol."}
	put(jan.mail(), canaryMail())
	a.cycle()
	backup := filepath.Join(a.dir, "klachtd.backup")
	k := a.run() // beside the daemon
	k.idles(1)
	if o := a.done("backup", "-o", backup); !strings.Contains(o.stdout, "2 cases") {
		t.Errorf("backup: %q", o.stdout)
	}
	if o := a.verb("backup", "-o", backup); o.code != 2 || len(o.complaints()) != 1 {
		t.Errorf("a second backup: status %d, %q", o.code, o.stderr)
	}
	for _, verb := range []string{"restore", "recover"} {
		o := a.verb(slices.DeleteFunc([]string{verb, backup}, func(w string) bool { return verb == "recover" && w == backup })...)
		if o.code != 1 || !strings.Contains(o.stderr, "in use by another klachtd") {
			t.Errorf("%s beside the daemon: status %d, %q", verb, o.code, o.stderr)
		}
	}
	k.stop()

	// what the backup does not know
	put(piet.mail(), kees.mail(), lotte.mail())
	a.cycle()
	a.copySent(d, to(s, piet.address(), acknowledged))
	was := a.numbers()
	put(letter(fmt.Sprintf("From: %s\nSubject: Re: Je klacht is ontvangen [%s]\nReferences: <kees@voorbeeld.example>\nIn-Reply-To: %s", kees.address(), was["kees"],
		field(t, to(s, kees.address(), acknowledged)[0].Raw, "Message-ID")), "En de thee ook."))
	a.cycle()
	canary := was["kanarieadres"]
	a.done("erase", canary, "--reason", "verzoek")
	a.cycle() // the certificate
	cursists := []string{jan.address(), piet.address(), kees.address(), lotte.address(), "kanarieadres@voorbeeld.example"}
	told := a.letters(s, cursists)

	if o := a.verb("restore", backup); o.code != 1 || !strings.Contains(o.stderr, "--older") {
		t.Fatalf("over a newer one: status %d, %q", o.code, o.stderr)
	}
	if o := a.done("restore", "--older", backup); !strings.Contains(o.stdout, "1 of them were erased since") {
		t.Errorf("restore: %q", o.stdout)
	}
	all := s.Count()
	mies := sayer{"mies", "De stoel was kapot."}
	d.Put(a.user, mies.mail(), time.Now().Add(2*time.Second)) // after it
	if got := a.cycle(); got.Registered != 1 || got.Sent != 0 {
		t.Errorf("before recover: %+v", got)
	}
	want(t, "letters before recover", s.Count()-all, 0)
	a.forgottenIn(canary)
	if o := a.verb("check"); o.code != 1 || !strings.Contains(o.stdout, "klachtd recover") {
		t.Errorf("check: status %d\n%s", o.code, o.stdout)
	}

	o := a.done("recover")
	if !strings.Contains(o.stdout, "3 cases made anew, 2 with the number that they had") {
		t.Errorf("recover: %q", o.stdout)
	}
	noCanary(t, "recover", o.stdout+o.stderr)
	a.cycle()
	now := a.numbers()
	for _, name := range []string{"jan", "piet", "kees"} {
		if now[name] != was[name] {
			t.Errorf("%s: %s, was %s", name, now[name], was[name])
		}
	}
	want(t, "cases", len(now), 5)
	want(t, "messages of kees", len(messages(a.show(now["kees"]), "in")), 2)
	if after := a.letters(s, cursists); !slices.Equal(after, told) {
		t.Errorf("the cursists were sent %v, and before the restore %v", after, told)
	}
	want(t, "acknowledgements to who came after it", len(to(s, mies.address(), acknowledged)), 1)
	for name, kept := range map[string]bool{"piet": true, "kees": true, "lotte": false} {
		if a.show(now[name]).kept("acknowledge") != kept {
			t.Errorf("%s: acknowledged %v", name, !kept)
		}
	}
	notices := to(s, handler, noticed)
	if last := words(notices[len(notices)-1].Raw); !slices.ContainsFunc(notices, func(m peers.Mail) bool { return strings.Contains(words(m.Raw), "reservekopie") }) {
		t.Errorf("nobody is asked to look after lotte: %s", last)
	}
	a.forgottenIn(canary)
	if o := a.done("audit", "verify"); !strings.Contains(o.stdout+a.done("audit").stdout, "restore") {
		t.Errorf("the audit trail: %q", o.stdout)
	}
	if o := a.done("recover"); !strings.Contains(o.stdout, "nothing to recover") {
		t.Errorf("once more: %q", o.stdout)
	}
	before := s.Count()
	a.cycle()
	want(t, "letters of a pass later", s.Count()-before, 0)
}

// letters are how many mails each of these was sent.
func (a *academy) letters(s *peers.Sink, who []string) (n []int) {
	for _, w := range who {
		n = append(n, len(s.To(w)))
	}
	return n
}

// forgottenIn wants no word of an erased case in a byte of the state folder.
func (a *academy) forgottenIn(number string) {
	a.tb.Helper()
	noError(a.tb, filepath.WalkDir(a.state(""), func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		for _, word := range append([]string{number}, canaries...) {
			if bytes.Contains(text, []byte(word)) {
				a.tb.Errorf("%s stands in %s", word, filepath.Base(name))
			}
		}
		return err
	}))
	if o := a.verb("show", number); o.code != 1 {
		a.tb.Errorf("show: status %d, %q", o.code, o.stdout+o.stderr)
	}
}
