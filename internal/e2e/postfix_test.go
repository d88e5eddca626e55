package e2e

import (
	"bytes"
	"net/mail"
	"strconv"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"klachtd/internal/peers"
)

// TestPostfix: the whole way on real servers, with TLS, a login and a daemon that
// idles. A complaint comes in by SMTP and LMTP, the acknowledgement reaches the
// complainant's own mailbox, the reply joins the case; an acknowledgement that
// bounces later opens its promise again (security.md 17, 18, 24).
func TestPostfix(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{TLS: true}), peers.StartSink(t, peers.SinkOptions{})
	p := peers.StartPostfix(t, d, peers.PostfixOptions{Sink: s.Addr, Domains: []string{"academie.example", "voorbeeld.example"}})
	a := open(t, d, nil, "klachten")
	a.set["imap.tls"], a.set["smtp.tls"] = "implicit", "starttls"
	a.set["imap.port"], a.set["smtp.port"] = strconv.Itoa(d.TLSPort()), strconv.Itoa(p.Port())
	a.set["imap.ca_file"], a.set["smtp.ca_file"] = d.CAFile(), d.CAFile()
	k := a.run()
	k.idles(1)

	post(t, p, "jan@voorbeeld.example", grievance("Jan Jansen <jan@voorbeeld.example>", "Het lokaal was koud."))
	ack := d.Wait("jan", "", 1, patience)[0]
	number := aNumber.FindString(field(t, ack, "Subject"))
	d.WaitCount("bas", "", 1, patience)
	d.WaitCount("dewi", "", 1, patience)
	// what Postfix and Dovecot have made of it is still ours
	if got := field(t, ack, "From"); !strings.Contains(got, "<"+address+">") {
		t.Errorf("From: %s", got)
	}

	reply := "From: jan@voorbeeld.example\nSubject: Re: " + field(t, ack, "Subject") + "\nIn-Reply-To: " + field(t, ack, "Message-ID")
	post(t, p, "jan@voorbeeld.example", letter(reply, "Het was lokaal 3."))
	d.WaitCount("bas", "", 2, patience)

	post(t, p, "later-weg@elders.example", grievance("later-weg@elders.example", "De koffie was op."))
	d.WaitCount("bas", "", 4, patience) // the notice, and later that the acknowledgement did not arrive
	d.WaitCount("klachten", automatic, 1, patience)
	k.stop()

	a.afterPostfix(d, number)
}

// afterPostfix looks at what the daemon has left behind.
func (a *academy) afterPostfix(d *peers.Dovecot, number string) {
	a.tb.Helper()
	if f := filed(d, "klachten"); f != "inbox 0, handled 3, automatic 1, spam 0, quarantine 0" {
		a.tb.Error(f)
	}
	list := a.cases()
	want(a.tb, "cases", len(list), 2)
	for _, c := range list {
		one := a.show(c.Number)
		in, failed := 0, 0
		for _, m := range one.Messages {
			if m.Direction == "in" {
				in++
			}
			if m.Delivery == "failed" {
				failed++
			}
		}
		if c.Number == number {
			want(a.tb, "messages of jan", in, 2)
			want(a.tb, "failed letters to jan", failed, 0)
			if !one.kept("acknowledge") {
				a.tb.Error("the acknowledgement that arrived does not count")
			}
			continue
		}
		want(a.tb, "failed letters", failed, 1)
		if one.kept("acknowledge") {
			a.tb.Error("the promise is kept by a letter that came back")
		}
	}
	mails := d.Mails("bas", "")
	var subjects []string
	for _, raw := range mails {
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		noError(a.tb, err)
		subjects = append(subjects, m.Header.Get("Subject"))
	}
	all := strings.Join(subjects, "\n")
	for subject, n := range map[string]int{noticed: 2, followed + " [" + number: 1, lost: 1} {
		want(a.tb, subject, strings.Count(all, subject), n)
	}
	want(a.tb, "letters to jan", d.Count("jan", ""), 1)
}

// post hands a mail in by SMTP, as somebody's mail server would.
func post(tb testing.TB, p *peers.Postfix, from string, raw []byte) {
	tb.Helper()
	postTo(tb, p, from, address, raw)
}

func postTo(tb testing.TB, p *peers.Postfix, from, to string, raw []byte) {
	tb.Helper()
	c, err := smtp.Dial(p.SMTPAddr)
	noError(tb, err)
	defer c.Close()
	c.CommandTimeout = patience
	noError(tb, c.SendMail(from, []string{to}, bytes.NewReader(raw)))
}

// TestCheckProbe: a probe goes out, comes in, and Sent is looked at (interface.md
// The command); nothing is registered.
func TestCheckProbe(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	p := peers.StartPostfix(t, d, peers.PostfixOptions{Domains: []string{"academie.example"}})
	a := open(t, d, nil, "klachten")
	a.set["smtp.port"] = strconv.Itoa(p.Port())
	o := a.verb("check", "--probe", address)
	for _, says := range []string{"probe: accepted", "with the Message-ID it was given", "it fits no profile", "no copy in Sent"} {
		if !strings.Contains(o.stdout, says) {
			t.Errorf("check does not say %q", says)
		}
	}
	if o.code != 0 {
		t.Errorf("status %d\n%s", o.code, o.stdout+o.stderr)
	}
	want(t, "inbox", d.Count("klachten", ""), 1)
	if folders := d.Folders("klachten"); strings.Contains(strings.Join(folders, " "), "Klachten") {
		t.Errorf("check made folders: %v", folders)
	}
	for _, weg := range []string{"weg@academie.example"} {
		o := a.verb("check", "--probe", weg)
		if o.code != 1 || !strings.Contains(o.stdout, "error    probe:") {
			t.Errorf("a probe that is refused: status %d\n%s", o.code, o.stdout+o.stderr)
		}
	}
}
