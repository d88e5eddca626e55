package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"klachtd/internal/peers"
)

// login is a mail program of the test's own.
func login(tb testing.TB, d *peers.Dovecot, user string) *imapclient.Client {
	tb.Helper()
	c, err := imapclient.DialInsecure(d.IMAPAddr, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { c.Close() })
	if err := c.Login(user, peers.Password).Wait(); err != nil {
		tb.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		tb.Fatal(err)
	}
	return c
}

func markSeen(tb testing.TB, d *peers.Dovecot, user string) {
	tb.Helper()
	flags := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}
	if err := login(tb, d, user).Store(imap.SeqSetNum(1), flags, nil).Close(); err != nil {
		tb.Fatal(err)
	}
}

// TestOldMessages: 10,000 old messages at a first start are not answered, not
// moved and not marked; the one of today is handled (security.md 43).
func TestOldMessages(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	delete(a.set, "imap.since")   // the day of the first start
	delete(a.set, "limits.burst") // old messages are no flood
	const many = 10_000
	long := time.Now().AddDate(0, 0, -400)
	for i := range many {
		at := long.Add(time.Duration(i) * time.Minute)
		if i >= many-50 {
			at = time.Now().AddDate(0, 0, -1) // a server that compares days by its own zone shows these
		}
		d.Put("klachten", grievance(fmt.Sprintf("c%d@voorbeeld.example", i), "Lang geleden."), at)
	}
	d.Put("klachten", grievance("vandaag@voorbeeld.example", "Vandaag."), time.Now())
	if got := a.cycle(); got.Fetched != 1 || got.Registered != 1 || got.Sent != 3 {
		t.Errorf("first start: %+v", got)
	}
	want(t, "letters", s.Count(), 3)
	want(t, "acknowledgements", len(to(s, "vandaag@voorbeeld.example", acknowledged)), 1)
	want(t, "inbox", d.Count("klachten", ""), many)
	want(t, "handled", d.Count("klachten", handled), 1)
	all := login(t, d, "klachten").Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{Flags: true})
	n, marked := 0, 0
	for m := all.Next(); m != nil; m = all.Next() {
		n++
		for item := m.Next(); item != nil; item = m.Next() {
			f, ok := item.(imapclient.FetchItemDataFlags)
			if ok && slices.ContainsFunc(f.Flags, func(f imap.Flag) bool { return f != `\Recent` }) {
				marked++
			}
		}
	}
	if err := all.Close(); err != nil {
		t.Fatal(err)
	}
	want(t, "messages looked at", n, many)
	want(t, "marked messages", marked, 0)
	// an old message that comes in by another way is as old
	d.Put("klachten", grievance("laat@voorbeeld.example", "Teruggezet."), long)
	if got := a.cycle(); got.Fetched != 0 || s.Count() != 3 {
		t.Errorf("second pass: %+v", got)
	}
}
