package e2e

import (
	"bytes"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// TestUIDValidityChanges: the server forgets which mail had which UID between
// registration and filing; what is known by its content is not registered or
// acknowledged again, and is filed (security.md 35).
func TestUIDValidityChanges(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	a.putFour(d)
	if !a.killed(a.stepOf(d, "mailbox: before move")) {
		t.Fatal("not killed")
	}
	want(t, "registered before the change", len(a.cases()), 3)
	d.ResetUIDValidity("klachten")
	if got := a.cycle(); got.Duplicates != 4 || got.Registered != 0 {
		t.Errorf("after the change: %+v", got)
	}
	a.allOnce(d, s, false, "after the change")
}

// TestUIDValidityChangesUnderTheDaemon: the same while the daemon idles.
func TestUIDValidityChangesUnderTheDaemon(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	k := a.run()
	k.idles(1)
	first := grievance("een@voorbeeld.example", "Het lokaal was koud.")
	d.Put("klachten", first, time.Now())
	s.Wait(3, patience)
	k.filed(1)
	d.ResetUIDValidity("klachten")
	d.Put("klachten", first, time.Now()) // put back from a backup
	d.Put("klachten", grievance("twee@voorbeeld.example", "De koffie was op."), time.Now())
	d.WaitCount("klachten", handled, 3, patience)
	s.Wait(6, patience)
	k.stop()
	want(t, "cases", len(a.cases()), 2)
	want(t, "letters", s.Count(), 6)
}

// TestDeliveredTwice: the same bytes again, in one pass and in a later one, with
// other trace fields, and a whole mailbox put back (security.md 32, 35).
func TestDeliveredTwice(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	mail := grievance("jan@voorbeeld.example", "Het lokaal was koud.")
	traced := append([]byte("Received: from elders.example by mx.academie.example; Mon, 23 Nov 2026 09:00:00 +0100\r\nDelivered-To: x@academie.example\r\n"), mail...)
	d.Put("klachten", mail, time.Now())
	d.Put("klachten", mail, time.Now())
	if got := a.cycle(); got.Registered != 1 || got.Duplicates != 1 || got.Sent != 3 {
		t.Errorf("twice at once: %+v", got)
	}
	d.Put("klachten", mail, time.Now())
	d.Put("klachten", traced, time.Now())
	for _, raw := range d.Mails("klachten", handled) {
		d.Put("klachten", raw, time.Now())
	}
	if got := a.cycle(); got.Registered != 0 || got.Duplicates != 4 || got.Sent != 0 {
		t.Errorf("again: %+v", got)
	}
	if f := filed(d, "klachten"); f != "inbox 0, handled 6, automatic 0, spam 0, quarantine 0" {
		t.Error(f)
	}
	want(t, "cases", len(a.cases()), 1)
	want(t, "letters", s.Count(), 3)
}

// TestSameMessageID: other content under a Message-ID that is known is another
// complaint; no Message-ID at all is fine (security.md 32).
func TestSameMessageID(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	head := "From: jan@voorbeeld.example\nSubject: Klacht\nMessage-ID: <een@voorbeeld.example>"
	d.Put("klachten", letter(head, "Het lokaal was koud."), time.Now())
	d.Put("klachten", letter(head, "De koffie was op."), time.Now())
	bare := bytes.Replace(letter(head, "En de deur klemde."), []byte("Message-ID: <een@voorbeeld.example>\r\n"), nil, 1)
	d.Put("klachten", bare, time.Now())
	if got := a.cycle(); got.Registered != 3 || got.Sent != 9 {
		t.Errorf("%+v", got)
	}
	want(t, "acknowledgements", len(to(s, "jan@voorbeeld.example", acknowledged)), 3)
}

// TestSeenMeansNothing: a message that somebody has read already is a complaint
// all the same (security.md 32).
func TestSeenMeansNothing(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	markSeen(t, d, "klachten")
	if got := a.cycle(); got.Registered != 1 || got.Sent != 3 {
		t.Errorf("%+v", got)
	}
}
