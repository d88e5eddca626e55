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

// hostile are messages that nobody's mail program writes, and where they end up.
var hostile = []struct {
	name, folder string
	raw          func() []byte
}{
	{"malformed MIME", handled, func() []byte {
		return letter("From: stuk@voorbeeld.example\nSubject: Stuk\nContent-Type: multipart/mixed; boundary=\"", "--\n--b\nContent-Type: text/plain; charset=\"\n\n=ZZ")
	}},
	{"10,000 levels", quarantine, func() []byte { return nested(10_000) }},
	{"1 MB of header", quarantine, func() []byte {
		return letter("From: breed@voorbeeld.example\nSubject: Breed\n"+strings.Repeat("X-Vol: "+strings.Repeat("x", 900)+"\n", 1150), "Tekst.")
	}},
	{"NUL bytes", handled, func() []byte {
		return bytes.ReplaceAll(grievance("nul@voorbeeld.example", "Het _ lokaal _ was koud."), []byte("_"), []byte{0})
	}},
	{"parentheses", quarantine, func() []byte {
		return letter("From: haak@voorbeeld.example\nSubject: Haken\nMessage-ID: "+strings.Repeat("(", 100_000), "Tekst.")
	}},
	{"bare bytes", handled, func() []byte { return bytes.Repeat([]byte{0xff, 0xfe, 0x80, '\n'}, 5000) }},
	{"no bytes", handled, func() []byte { return nil }},
	{"51 MiB", quarantine, func() []byte {
		return letter("From: groot@voorbeeld.example\nSubject: Groot", strings.Repeat(strings.Repeat("x", 1023)+"\n", 51<<10))
	}},
	{"two From", handled, func() []byte {
		return letter("From: twee@voorbeeld.example\nFrom: keer@voorbeeld.example\nSubject: Twee", "Tekst.")
	}},
	{"a command in an address", handled, func() []byte {
		return letter("From: \"x> ORCPT=rfc822;y\"@voorbeeld.example\nSubject: a\n b\n\tc", "Tekst.")
	}},
}

// TestHostile: between two good messages stands one that is not. Both good ones
// are registered and acknowledged in the same pass; what is over the limits waits
// for a person as a case of its own; nothing stays behind (security.md 1, 2, 4, 5, 6).
func TestHostile(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			user := strings.ReplaceAll(strings.ReplaceAll(h.name, " ", "-"), ",", "")
			a := open(t, d, s, user)
			first, last := "eerste-"+user+"@voorbeeld.example", "laatste-"+user+"@voorbeeld.example"
			before := s.Count()
			d.Put(user, grievance(first, "Het lokaal was koud."), time.Now())
			d.Put(user, h.raw(), time.Now())
			d.Put(user, grievance(last, "De koffie was op."), time.Now())
			got := a.cycle()
			want(t, "first", len(to(s, first, acknowledged)), 1)
			want(t, "last", len(to(s, last, acknowledged)), 1)
			where := "inbox 0, handled 3, automatic 0, spam 0, quarantine 0"
			if h.folder == quarantine {
				where = "inbox 0, handled 2, automatic 0, spam 0, quarantine 1"
				want(t, "quarantined", got.Quarantined, 1)
			}
			if f := filed(d, user); f != where {
				t.Error(f)
			}
			want(t, "cases", len(a.cases()), 3)
			for _, m := range s.Mails()[before:] {
				a.wellFormed(m)
			}
		})
	}
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

// TestPoison: a message under which the process dies each time does not keep the
// others from being registered within two passes, and the third time it is put
// aside (security.md 5, 6). The process is killed in its place.
func TestPoison(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	d.Put("klachten", grievance("gif@voorbeeld.example", "Gif."), time.Now())
	read := a.stepOf(d, "desk: read")
	for i := range 3 {
		if !a.killed(read) {
			t.Fatalf("not killed at attempt %d", i+1)
		}
	}
	d.Put("klachten", grievance("goed@voorbeeld.example", "Het lokaal was koud."), time.Now())
	got := a.cycle()
	if got.Registered != 1 || got.Quarantined != 1 {
		t.Errorf("%+v", got)
	}
	want(t, "good one", len(to(s, "goed@voorbeeld.example", acknowledged)), 1)
	if f := filed(d, "klachten"); f != "inbox 0, handled 1, automatic 0, spam 0, quarantine 1" {
		t.Error(f)
	}
}
