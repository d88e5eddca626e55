package e2e

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
	"klachtd/internal/play"
)

// Beginnings of the subjects of our letters to staff and complainant.
const (
	answered   = "Antwoord op je klacht"
	closing    = "Je klacht is afgehandeld"
	receipt    = "Verslag van je opdracht"
	challenged = "Klopt deze opdracht"
	notDone    = "Niet uitgevoerd"
)

// An office is an academy whose staff work by mail.
type office struct {
	*academy
	t      *testing.T
	d      *peers.Dovecot
	vouch  string // what the mail server writes over mail from within; "": nothing
	proven bool
}

// staffOf opens an office that knows its staff by profile; letters go at once.
func staffOf(t *testing.T, d *peers.Dovecot, a *academy, profile string) *office {
	o := &office{academy: a, t: t, d: d, proven: profile == "rfc8601"}
	a.set["authentication.profile"] = profile
	a.set["procedure.undo_minutes"] = "0"
	if o.proven {
		a.set["authentication.authserv_ids"] = "[mx.academie.example]"
		o.vouch = "Authentication-Results: mx.academie.example; dmarc=pass header.from=academie.example\r\n"
	}
	return o
}

// put delivers a mail of staff as the mail server of the academy does.
func (o *office) put(head, body string) {
	o.d.Put(o.user, slices.Concat([]byte(o.vouch), letter(head, body)), time.Now())
}

var yes = regexp.MustCompile(`#ja ([0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{4})`)

// press presses a button of a mail, and where nobody vouches for the sender
// answers the question that comes back. mails gives the mails of that person.
func (o *office) press(from string, mails func() [][]byte, word, typed string) {
	o.t.Helper()
	all := mails()
	for _, raw := range slices.Backward(all) {
		subject, body, _ := play.Opens(raw, word, typed)
		if subject == "" {
			continue
		}
		o.put("From: <"+from+">\nSubject: "+subject, body)
		s := o.cycle()
		if o.proven {
			want(o.t, word+": commands", s.Commands, 1)
			return
		}
		want(o.t, word+": refused", s.Refused, 1)
		o.confirm(from, mails)
		return
	}
	o.t.Fatalf("no button %s in %d mails to %s", word, len(all), from)
}

// confirm answers the last challenge.
func (o *office) confirm(from string, mails func() [][]byte) {
	o.t.Helper()
	for _, raw := range slices.Backward(mails()) {
		if code := yes.FindSubmatch([]byte(words(raw))); code != nil && bytes.Contains(raw, []byte("Subject: "+challenged)) {
			o.put("From: <"+from+">\nSubject: #ja "+string(code[1]), "")
			want(o.t, "confirmed", o.cycle().Commands, 1)
			return
		}
	}
	o.t.Fatalf("%s was not asked", from)
}

// TestStaffWork: a complaint from its arrival to its closing on Dovecot and
// Postfix, by buttons out of the mails that really went out; once where the mail
// server says whose mail it is, once where nobody does (security.md, Who sent this?).
func TestStaffWork(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"rfc8601", "none"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			d := peers.StartDovecot(t, peers.DovecotOptions{})
			p := peers.StartPostfix(t, d, peers.PostfixOptions{Domains: []string{"academie.example", "voorbeeld.example"}})
			a := open(t, d, nil, "klachten")
			a.set["smtp.port"] = strconv.Itoa(p.Port())
			staffOf(t, d, a, profile).work()
		})
	}
}

func (o *office) work() {
	t, d := o.t, o.d
	d.Put(o.user, grievance("Jan Jansen <jan@voorbeeld.example>", "Het lokaal was koud."), time.Now())
	want(t, "registered", o.cycle().Registered, 1)
	number := aNumber.FindString(field(t, d.Wait("jan", "", 1, patience)[0], "Subject"))
	d.WaitCount("bas", "", 1, patience)
	bas := func() [][]byte { return d.Mails("bas", "") }

	o.press(handler, bas, "#antwoord", "Beste Jan,\n\nIk zoek het uit.\n\nGroet, Bas")
	reply := d.Wait("jan", "", 2, patience)[1]
	if !strings.HasPrefix(field(t, reply, "Subject"), answered) || !strings.Contains(words(reply), "Ik zoek het uit.") ||
		strings.Contains(words(reply), "Code:") || strings.Contains(words(reply), "#antwoord") {
		t.Errorf("the reply:\n%s", words(reply))
	}
	d.WaitCount("bas", "", map[bool]int{true: 2, false: 3}[o.proven], patience) // a challenge and the receipt

	// A slip of the keys: nothing runs, and nothing reaches the complainant.
	o.put("From: <"+handler+">\nSubject: #afgehandelt ["+number+"]", "Klaar.")
	want(t, "a slip", o.cycle().Commands, 0)

	o.press(handler, bas, "#afgehandeld", "Categorie: Locatie\nOordeel: gegrond\nBeste Jan,\n\nDe verwarming is gemaakt.\n\nGroet, Bas")
	end := d.Wait("jan", "", 3, patience)[2]
	if !strings.HasPrefix(field(t, end, "Subject"), closing) || !strings.Contains(words(end), "De verwarming is gemaakt.") {
		t.Errorf("the closing:\n%s", words(end))
	}
	o.worked(number)
}

// worked looks at what is on record afterwards.
func (o *office) worked(number string) {
	one := o.show(number)
	if one.State != "closed" {
		o.t.Errorf("state %s", one.State)
	}
	for _, kind := range []string{"acknowledge", "copy_owner", "take", "react", "resolve", "feedback"} {
		if !one.kept(kind) {
			o.t.Errorf("%s is not kept: %+v", kind, one.Promises)
		}
	}
	want(o.t, "letters to jan", o.d.Count("jan", ""), 3)
	if f := filed(o.d, o.user); !strings.HasPrefix(f, "inbox 0,") || !strings.HasSuffix(f, "automatic 0, spam 0, quarantine 0") {
		o.t.Error(f)
	}
	for _, m := range one.Messages {
		if m.Delivery == "failed" || strings.Contains(m.Text, "Code: ") && m.Direction == "note" {
			o.t.Errorf("%s %s: %q", m.Direction, m.Delivery, m.Text)
		}
	}
}

// TestCommandKilledAtEachStep: kill -9 at each step of a pass that carries out a
// command, and of one that takes the answer to a challenge: it ran once, and the
// complainant got one letter at most. Where nobody knows whether he got it, a
// person is told (security.md 34, 36, 37).
func TestCommandKilledAtEachStep(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	for _, profile := range []string{"rfc8601", "none"} {
		t.Run(profile, func(t *testing.T) {
			eachStep(t, 200, func(t *testing.T, n int) bool {
				s := peers.StartSink(t, peers.SinkOptions{})
				defer s.Stop()
				o := staffOf(t, d, open(t, d, s, fmt.Sprintf("%s-%d", profile, n)), profile)
				return o.killedAtWork(s, n)
			})
		})
	}
}

func (o *office) killedAtWork(s *peers.Sink, n int) bool {
	t, when := o.t, fmt.Sprintf("killed at step %d", n)
	o.d.Put(o.user, grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	o.cycle()
	notice := to(s, handler, noticed)[0].Raw
	subject, body, offers := play.Opens(notice, "#antwoord", "Beste Jan,\n\nIk zoek het uit.")
	if subject == "" {
		t.Fatalf("%s: no button in %q", when, offers)
	}
	o.put("From: <"+handler+">\nSubject: "+subject, body)
	if !o.proven {
		o.cycle()
		code := yes.FindSubmatch([]byte(words(to(s, handler, challenged)[0].Raw)))
		o.put("From: <"+handler+">\nSubject: #ja "+string(code[1]), "")
	}
	killed := o.killed(n)
	o.cycle()
	got, told := len(to(s, "jan@voorbeeld.example", answered)), len(to(s, handler, lost))
	one := o.show(o.cases()[0].Number)
	if got > 1 || told == 0 && got == 0 || one.kept("react") == (told > 0) {
		t.Errorf("%s: %d letters to jan, %d tasks, %+v", when, got, told, one.Promises)
	}
	o.sameBytes(to(s, handler, receipt), when+": receipts")
	want(t, when+": refusals", len(to(s, handler, notDone)), 0)
	if f := filed(o.d, o.user); !strings.HasPrefix(f, "inbox 0,") {
		t.Errorf("%s: %s", when, f)
	}
	return killed
}
