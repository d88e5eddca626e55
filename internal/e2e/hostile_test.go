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
