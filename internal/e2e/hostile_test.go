package e2e

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// nested are parts within parts.
func nested(depth int) []byte {
	var b strings.Builder
	for i := range depth {
		fmt.Fprintf(&b, "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
	}
	return letter("From: diep@voorbeeld.example\nSubject: Diep\nContent-Type: multipart/mixed; boundary=b0\nContent-Transfer-Encoding: 7bit", b.String())
}

// wellFormed holds a letter of ours to what may go over the wire (security.md 3).
func (a *academy) wellFormed(m peers.Mail) {
	a.tb.Helper()
	if len(m.To) != 1 || strings.ContainsAny(m.To[0], "\"<> ") {
		a.tb.Errorf("recipients %q", m.To)
	}
	for line := range bytes.Lines(m.Raw) {
		if len(line) > 1000 || !bytes.HasSuffix(line, []byte("\r\n")) || bytes.ContainsAny(line[:len(line)-2], "\r\x00") {
			a.tb.Errorf("line of %d bytes to %v: %.80q", len(line), m.To, line)
		}
	}
}

// TestPoison: a message under which the process dies each time. The good one
// behind it, which the first death made a suspect too, is registered in the second
// pass; after the third death the poison is put aside unread, with a case before a
// person and a technical alarm. The process is killed in the poison's place.
//
// security.md 5, 6.
func TestPoison(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	a.set["alerts.email"] = "beheer@academie.example"
	d.Put("klachten", grievance("gif@voorbeeld.example", "Gif."), time.Now())
	d.Put("klachten", grievance("goed@voorbeeld.example", "Het lokaal was koud."), time.Now())
	for pass, reading := range []string{"1", "2", "1"} { // the how many-eth message of the pass is the poison
		o := a.verbWith([]string{"KLACHTD_FAIL_STEP=desk: reading", "KLACHTD_FAIL_AT=" + reading}, "cycle")
		if o.code != -1 {
			t.Fatalf("pass %d was not killed: %+v", pass+1, o)
		}
		cases := a.cases()
		if pass == 0 && len(cases) != 0 || pass > 0 && (len(cases) != 1 || cases[0].Complainant.Email != "goed@voorbeeld.example") {
			t.Errorf("pass %d: %+v", pass+1, cases)
		}
	}
	got := a.cycle()
	if got.Registered != 0 || got.Quarantined != 1 || got.Waiting != 0 {
		t.Errorf("%+v", got)
	}
	want(t, "cases", len(a.cases()), 2)
	want(t, "acknowledgements", len(to(s, "goed@voorbeeld.example", acknowledged)), 1)
	want(t, "notices of the two", len(to(s, handler, noticed)), 2)
	want(t, "alarms", len(s.To("beheer@academie.example")), 1)
	want(t, "mails to the poisoner", len(s.To("gif@voorbeeld.example")), 0)
	if f := filed(d, "klachten"); f != "inbox 0, handled 1, automatic 0, spam 0, quarantine 1" {
		t.Error(f)
	}
	if again := a.cycle(); again.Fetched != 0 || again.Sent != 0 {
		t.Errorf("again: %+v", again)
	}
}
