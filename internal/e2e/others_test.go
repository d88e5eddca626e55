package e2e

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// TestCyrus: the same on an IMAP server of another make, whose folders lie under
// INBOX: intake, answers, filing, a follow-up, erasing in the mailbox.
func TestCyrus(t *testing.T) {
	t.Parallel()
	c, s := peers.StartCyrus(t), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, nil, s, "klachten")
	a.set["imap.port"], a.set["imap.poll"] = strconv.Itoa(c.Port()), "1s"
	c.Put("klachten", "jan@voorbeeld.example", grievance("jan@voorbeeld.example", "Het lokaal was koud."))
	o := a.verb("check")
	for _, says := range []string{"folder: INBOX.Klachten.Verwerkt will be made", "folder: INBOX.Sent is where the server keeps what was sent", "INBOX holds 1 messages"} {
		if !strings.Contains(o.stdout, says) {
			t.Errorf("check does not say %q", says)
		}
	}
	if o.code != 0 || t.Failed() {
		t.Fatalf("check: status %d\n%s", o.code, o.stdout+o.stderr)
	}
	k := a.run()
	ack := s.Wait(3, patience)
	k.idles(1)
	c.Put("klachten", "piet@voorbeeld.example", absence("piet@voorbeeld.example"))
	subject, id := "", ""
	for _, m := range ack {
		if m.To[0] == "jan@voorbeeld.example" {
			subject, id = field(t, m.Raw, "Subject"), field(t, m.Raw, "Message-ID")
		}
	}
	c.Put("klachten", "jan@voorbeeld.example", letter("From: jan@voorbeeld.example\nSubject: Re: "+subject+"\nIn-Reply-To: "+id, "Het was lokaal 3."))
	s.Wait(4, patience) // the office hears of the reply
	c.WaitCount("klachten", "INBOX", 0, patience)
	for folder, n := range map[string]int{"INBOX.Klachten.Verwerkt": 2, "INBOX.Klachten.Automatisch": 1} {
		want(t, folder, c.Count("klachten", folder), n)
	}
	k.stop()
	if got := a.cycle(); got.Registered != 0 || got.Sent != 0 {
		t.Errorf("again: %+v", got)
	}
	list := a.cases()
	want(t, "cases", len(list), 1)
	if o := a.verb("erase", list[0].Number, "--reason", "verzoek van de cursist"); o.code != 0 {
		t.Errorf("erase: status %d\n%s", o.code, o.stdout+o.stderr)
	}
	want(t, "messages of an erased case", c.Count("klachten", "INBOX.Klachten.Verwerkt"), 0)
	want(t, "other messages", c.Count("klachten", "INBOX.Klachten.Automatisch"), 1)
	want(t, "cases", len(a.cases()), 0)
}

// TestExim: letters by a relay of another make, with STARTTLS and a login; its
// greeting shows that our clock is right, its refusal makes a task, and a refusal for
// now makes the letter wait (security.md 39).
func TestExim(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	x := peers.StartExim(t, s.Addr)
	a := open(t, d, nil, "klachten")
	a.set["smtp.port"], a.set["smtp.tls"], a.set["smtp.ca_file"] = strconv.Itoa(x.Port()), "starttls", x.CAFile()
	o := a.verb("check", "--probe", "iemand@elders.example", "--wait", "0s")
	for _, says := range []string{"smtp: logged in", "clock: the SMTP server's and ours agree", "probe: accepted"} {
		if !strings.Contains(o.stdout, says) {
			t.Errorf("check does not say %q", says)
		}
	}
	if o.code != 0 || t.Failed() {
		t.Fatalf("check: status %d\n%s", o.code, o.stdout+o.stderr)
	}
	s.Wait(1, patience) // the probe
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	d.Put("klachten", grievance("weg@voorbeeld.example", "De koffie was op."), time.Now())
	d.Put("klachten", grievance("vol@voorbeeld.example", "De lift was stuk."), time.Now())
	if got := a.cycle(); got.Registered != 3 || got.Waiting != 1 {
		t.Errorf("%+v", got)
	}
	until(t, "the letters", func() bool {
		return len(to(s, "jan@voorbeeld.example", acknowledged)) == 1 && len(to(s, handler, noticed)) == 3 && len(to(s, directeur, copied)) == 3
	})
	failed, queued := 0, 0
	for _, c := range a.cases() {
		for _, m := range a.show(c.Number).Messages {
			switch m.Delivery {
			case "failed":
				failed++
			case "queued":
				queued++
			}
		}
	}
	want(t, "letters refused for good", failed, 1)
	want(t, "letters refused for now, which wait", queued, 1)
	a.set["smtp.password"] = "onjuist"
	if o := a.verb("check"); o.code != 1 || !strings.Contains(o.stdout, "login refused (535); check smtp.username and smtp.password") {
		t.Errorf("a wrong password: status %d\n%s", o.code, o.stdout+o.stderr)
	}
}
