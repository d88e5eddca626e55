package e2e

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
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
	suspicious = "Een mail met een valse afzender"
)

// An office is an academy whose staff work by mail.
type office struct {
	*academy
	t      *testing.T
	d      *peers.Dovecot
	proven bool
	now    time.Time // of the passes; zero: the real one
}

// staffOf opens an office that knows its staff by profile; letters go at once.
func staffOf(t *testing.T, d *peers.Dovecot, a *academy, profile string) *office {
	o := &office{academy: a, t: t, d: d, proven: profile == "rfc8601"}
	a.set["authentication.profile"] = profile
	a.set["procedure.undo_minutes"] = "0"
	if o.proven {
		a.set["authentication.authserv_ids"] = "[mx.academie.example]"
	}
	return o
}

// over is what a mail server that checks writes over a mail, and under it what
// the sender himself has put there.
const over = "Return-Path: <%s>\r\nReceived: from mx.academie.example by imap.academie.example with LMTP; %s\r\n" +
	"Authentication-Results: mx.academie.example; dmarc=%s header.from=academie.example\r\n" +
	"Received: from [192.0.2.1] by mx.academie.example with ESMTPSA; %[2]s\r\n" +
	"Authentication-Results: mx.academie.example; dmarc=%s header.from=academie.example\r\n"

// put delivers a mail of staff as the mail server of the academy does.
func (o *office) put(head, body string) {
	raw := letter(head, body)
	if o.proven {
		raw = slices.Concat(fmt.Appendf(nil, over, handler, time.Now().Format(time.RFC1123Z), "pass", "fail"), raw)
	}
	o.d.Put(o.user, raw, time.Now())
}

// forge delivers a mail in the name of staff whose sender wrote the proof himself.
func (o *office) forge(head, body string) {
	raw := slices.Concat(fmt.Appendf(nil, over, "x@elders.example", time.Now().Format(time.RFC1123Z), "fail", "pass"), letter(head, body))
	o.d.Put(o.user, raw, time.Now())
}

// pass makes a pass some minutes later, where the test sets the clock.
func (o *office) pass(minutes int) summary {
	o.t.Helper()
	if o.now.IsZero() {
		return o.cycle()
	}
	o.now = o.now.Add(time.Duration(minutes) * time.Minute)
	return o.cycle("--now", o.now.Format(time.RFC3339))
}

// mails are those that a person has got.
func (o *office) mails(user string) func() [][]byte {
	return func() [][]byte { return o.d.Mails(user, "") }
}

// got waits for the nth mail to a person with this subject, and returns it.
func (o *office) got(user, subject string, n int) (raw []byte) {
	o.t.Helper()
	until(o.t, fmt.Sprintf("%s to get %q for the %dth time", user, subject, n), func() bool {
		seen := 0
		for _, m := range o.d.Mails(user, "") {
			if strings.HasPrefix(field(o.t, m, "Subject"), subject) {
				seen, raw = seen+1, m
			}
		}
		return seen == n
	})
	return raw
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
		o.command(from, mails, "From: <"+from+">\nSubject: "+subject, body)
		return
	}
	o.t.Fatalf("no button %s in %d mails to %s", word, len(all), from)
}

// command sends a mail with a command that will be carried out, by #ja where it
// has to be.
func (o *office) command(from string, mails func() [][]byte, head, body string) {
	o.t.Helper()
	before := o.asked(mails)
	o.put(head, body)
	s := o.pass(1)
	if o.proven {
		if s.Commands != 1 || s.Refused != 0 {
			o.t.Fatalf("%s: %+v", head, s)
		}
		return
	}
	if s.Commands != 0 || s.Refused != 1 {
		o.t.Fatalf("%s: not proven, and %+v", head, s)
	}
	until(o.t, "the question", func() bool { return o.asked(mails) > before })
	o.confirm(from, mails)
}

func (o *office) asked(mails func() [][]byte) (n int) {
	for _, raw := range mails() {
		if bytes.Contains(raw, []byte("Subject: "+challenged)) {
			n++
		}
	}
	return n
}

// confirm answers the last challenge.
func (o *office) confirm(from string, mails func() [][]byte) {
	o.t.Helper()
	for _, raw := range slices.Backward(mails()) {
		if code := yes.FindSubmatch([]byte(words(raw))); code != nil && bytes.Contains(raw, []byte("Subject: "+challenged)) {
			o.put("From: <"+from+">\nSubject: #ja "+string(code[1]), "")
			s := o.pass(1)
			if s.Commands != 1 || s.Refused != 0 {
				o.t.Fatalf("confirmed: %+v", s)
			}
			return
		}
	}
	o.t.Fatalf("%s was not asked", from)
}

// TestCommandKilledAtEachStep: kill -9 at each step of a pass that carries out a
// command, of one that asks whose it is, of one that takes the answer, and of one
// in which a letter that was held back leaves. The command ran once, and the
// complainant got one letter at most. Where nobody knows whether he got it, a
// person is told (security.md 34, 36, 37).
func TestCommandKilledAtEachStep(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	for _, c := range []struct {
		name, profile, undo string
		least               int
	}{{"command", "rfc8601", "0", 15}, {"question", "none", "0", 15}, {"answer", "none", "0", 15}, {"held", "rfc8601", "5", 5}} {
		t.Run(c.name, func(t *testing.T) {
			eachOf(t, c.least, 200, func(t *testing.T, n int) bool {
				s := peers.StartSink(t, peers.SinkOptions{})
				defer s.Stop()
				o := staffOf(t, d, open(t, d, s, fmt.Sprintf("%s-%d", c.name, n)), c.profile)
				o.set["procedure.undo_minutes"] = c.undo
				return o.killedAtWork(s, c.name, n)
			})
		})
	}
}

// killedAtWork kills the pass of that name at step n.
func (o *office) killedAtWork(s *peers.Sink, name string, n int) (killed bool) {
	t, when := o.t, fmt.Sprintf("%s, killed at step %d", name, n)
	o.d.Put(o.user, grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	o.cycle()
	subject, body, offers := play.Opens(to(s, handler, noticed)[0].Raw, "#antwoord", "Beste Jan,\n\nIk zoek het uit.")
	if subject == "" {
		t.Fatalf("%s: no button in %q", when, offers)
	}
	pass := func(of string, args ...string) {
		if of == name {
			killed = o.killed(n, args...)
		}
		o.cycle(args...)
	}
	o.put("From: <"+handler+">\nSubject: "+subject, body)
	if o.proven {
		pass("command")
	} else {
		pass("question")
		questions := to(s, handler, challenged)
		o.sameBytes(questions, when+": questions")
		code := yes.FindSubmatch([]byte(words(questions[0].Raw)))
		o.put("From: <"+handler+">\nSubject: #ja "+string(code[1]), "")
		pass("answer")
	}
	if name == "held" {
		want(t, when+": letters before their moment", len(to(s, "jan@voorbeeld.example", answered)), 0)
		pass("held", "--now", time.Now().Add(10*time.Minute).Format(time.RFC3339))
	}
	o.ranOnce(s, when)
	return killed
}

// ranOnce looks at what one #antwoord has led to.
func (o *office) ranOnce(s *peers.Sink, when string) {
	t := o.t
	got, told := len(to(s, "jan@voorbeeld.example", answered)), len(to(s, handler, lost))
	one := o.show(o.cases()[0].Number)
	if got > 1 || told == 0 && got == 0 || one.kept("react") == (told > 0) {
		t.Errorf("%s: %d letters to jan, %d tasks, %+v", when, got, told, one.Promises)
	}
	if n := o.d.Count(o.user, "Sent"); n > 1 || told == 0 && n == 0 { // smtp.save_sent
		t.Errorf("%s: %d copies in Sent", when, n)
	}
	ran := 0
	for _, e := range one.Timeline {
		if e.Event == "reply" {
			ran++
		}
	}
	want(t, when+": commands on record", ran, 1)
	o.sameBytes(to(s, handler, receipt), when+": receipts")
	want(t, when+": refusals", len(to(s, handler, notDone)), 0)
	if f := filed(o.d, o.user); !strings.HasPrefix(f, "inbox 0,") {
		t.Errorf("%s: %s", when, f)
	}
}
