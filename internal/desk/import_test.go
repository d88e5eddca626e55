package desk_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/desk"
	"klachtd/internal/message"
	"klachtd/internal/store"
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, amsterdam)

// kept is a message of an archive, so many days old; days below 0: without any date.
func kept(head, body string, days int) desk.Archived {
	a := desk.Archived{Kept: monday.AddDate(0, 0, -1)}
	if days >= 0 {
		a.Received = monday.AddDate(0, 0, -days).Add(-time.Minute)
		head += "\nReceived: by mx.academie.example; " + a.Received.Format(time.RFC1123Z)
	}
	a.Raw = []byte(head + "\n\n" + body + "\n")
	return a
}

func grudge(who string, days int) desk.Archived {
	return kept("From: "+who+"@voorbeeld.example\nTo: "+own+"\nSubject: Klacht\nMessage-ID: <"+who+"@x.example>", "Koud.", days)
}

// sent is what left since the last time, as "kind to address".
func (w *world) sent() []string {
	w.t.Helper()
	if err := w.deliver(); err != nil {
		w.t.Fatal(err)
	}
	letters, err := w.Sent()
	if err != nil {
		w.t.Fatal(err)
	}
	var list []string
	for _, l := range letters {
		list = append(list, l.To)
	}
	slices.Sort(list)
	return list
}

func (w *world) take(i *desk.Import, batch ...desk.Archived) []desk.Fate {
	w.t.Helper()
	fates, err := i.Take(w.t.Context(), w.now, batch)
	if err != nil {
		w.t.Fatal(err)
	}
	return fates
}

func (w *world) cases() []complaint.Case {
	var list []complaint.Case
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		return tx.Cases(false, func(c complaint.Case) error {
			list = append(list, c)
			return nil
		})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func arriving(t *testing.T) *world {
	w := newWorld(t, nil)
	w.now = monday
	return w
}

// TestImportFates: what each message becomes, the same in the dry run as in fact,
// and who gets mail (interface.md, import; security.md 11).
func TestImportFates(t *testing.T) {
	const to = "\nTo: " + own + "\nSubject: x"
	everybody := []string{"bas@academie.example", "directeur@academie.example", "jan@voorbeeld.example"}
	for _, tt := range []struct {
		name string
		in   desk.Archived
		want string
		sent []string
	}{
		{"young", grudge("jan", 0), "registered 2026-03-02", everybody},
		{"two days", grudge("jan", 1), "registered 2026-03-01", everybody},
		{"old", grudge("jan", 2), "registered 2026-02-28", nil},
		{"very old", grudge("jan", 4000), "registered 2015-03-20", nil},
		{"no date at all", grudge("jan", -1), "registered 2026-03-01", nil},
		{"Date alone", kept("From: jan@voorbeeld.example"+to+"\nDate: Mon, 2 Mar 2026 08:00:00 +0100", "Koud.", -1), "registered 2026-03-02", everybody},
		{"a Date to come", kept("From: jan@voorbeeld.example"+to+"\nDate: Mon, 2 Mar 2036 08:00:00 +0100", "Koud.", -1), "registered 2026-03-01", nil},
		{"a clock ahead", kept("From: jan@voorbeeld.example"+to+"\nDate: Mon, 2 Mar 2026 10:00:00 +0100", "Koud.", -1), "registered 2026-03-02", everybody},
		{"old, of staff", kept("From: tess@academie.example"+to, "Koud.", 9), "registered 2026-02-21", nil},
		{"old order of staff", kept("From: bas@academie.example\nTo: "+own+"\nSubject: #registreer", "Gebeld door Jan.", 9), "registered 2026-02-21", nil},
		{"automatic", kept("From: jan@voorbeeld.example\nAuto-Submitted: auto-replied"+to, "Afwezig.", 0), "automatic 2026-03-02", nil},
		{"spam", kept("From: jan@voorbeeld.example\nX-Spam-Flag: YES"+to, "Koop.", 0), "spam 2026-03-02", nil},
		{"bounce", kept("From: mailer-daemon@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b"+to,
			"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\n\n--b--", 9), "bounce 2026-02-21", nil},
		{"sent by us", kept("From: Klachten <"+own+">\nTo: jan@voorbeeld.example\nSubject: Re: x", "Beste Jan,", -1), "left alone 2026-03-01", nil},
		{"our own form", kept("From: "+own+to, "Naam: Jan", 0), "registered 2026-03-02", []string{"bas@academie.example", "directeur@academie.example"}},
		{"too large, old", func() desk.Archived { a := grudge("jan", 9); a.Partial = true; return a }(), "quarantined 2026-02-21", nil},
		{"two senders, old", kept("From: a@voorbeeld.example, b@voorbeeld.example"+to, "Koud.", 9), "registered 2026-02-21", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := arriving(t)
			var got []string
			var fates []desk.Fate
			dry := w.desk.Import(true)
			empty := desk.New(desk.Options{Policy: complaint.Policy{Zone: amsterdam, Staff: []complaint.Person{
				{Name: "Tess Trainer", Address: "tess@academie.example"}, {Name: "Bas Bakker", Address: "bas@academie.example"}}},
				Own: []string{own}}, nil, nil, slog.New(slog.DiscardHandler)).Import(true)
			for _, i := range []*desk.Import{empty, dry, w.desk.Import(false)} {
				if len(w.cases()) > 0 {
					t.Fatal("the dry run registered something")
				}
				f := w.take(i, tt.in)[0]
				fates = append(fates, f)
				got = append(got, f.Became+" "+f.Received.In(amsterdam).Format(time.DateOnly))
				f.Number = ""
				if f.Mailed != (tt.sent != nil) || f.Why == "" {
					t.Errorf("%+v", f)
				}
			}
			if want := []string{tt.want, tt.want, tt.want}; !slices.Equal(got, want) {
				t.Errorf("without a database, dry, in fact: %q, want %q", got, want)
			}
			if fates[1].Why != fates[2].Why {
				t.Errorf("dry: %q, in fact: %q", fates[1].Why, fates[2].Why)
			}
			if got := w.sent(); !slices.Equal(got, tt.sent) {
				t.Errorf("mail to %q, want %q", got, tt.sent)
			}
			for _, c := range w.cases() {
				if fates[2].Number != c.Number || !strings.HasPrefix(c.Number, "K"+tt.want[len(tt.want)-10:][:4]) {
					t.Errorf("%s, the fate says %q", c.Number, fates[2].Number)
				}
			}
		})
	}
}

// TestImportQuiet: whatever day comes, nobody is reminded of terms that were over
// when an old complaint was imported; those that still ran are watched.
func TestImportQuiet(t *testing.T) {
	w := arriving(t)
	w.take(w.desk.Import(false), grudge("jan", 60), grudge("piet", 10), kept("From: x@y.example\nX-Spam-Flag: YES", "Koop.", 60))
	c := w.cases()
	for _, p := range c[0].Promises {
		if p.Open() {
			t.Errorf("%s of %s is still owed", p.Kind, p.Due)
		}
	}
	if c[0].ReactBy != "2026-01-08" || c[1].Promise(complaint.Resolve).WaivedBy != "" || c[1].Promise(complaint.React).WaivedBy == "" {
		t.Errorf("%+v\n%+v", c[0], c[1])
	}
	var reminded []string
	for day := range 40 {
		if err := w.Clock(monday.AddDate(0, 0, day)); err != nil {
			t.Fatal(err)
		}
		letters, err := w.Sent()
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range letters {
			if m := message.Parse(l.Raw); strings.Contains(m.Text, c[0].Number) || !strings.Contains(m.Text, c[1].Number) || strings.Contains(strings.ToLower(m.Text), "spam") {
				t.Errorf("%s to %s:\n%s", w.now.Format(time.DateOnly), l.To, m.Text)
			}
			reminded = append(reminded, w.now.Format(time.DateOnly))
		}
	}
	if len(reminded) == 0 {
		t.Error("nobody was reminded of the term that still ran")
	}
}

// TestImportSince: what is older than imap.since is not mailed about, however young.
func TestImportSince(t *testing.T) {
	d := desk.New(desk.Options{Policy: complaint.Policy{Zone: amsterdam}, Own: []string{own}, Since: monday.Add(-time.Hour)},
		nil, nil, slog.New(slog.DiscardHandler))
	fates, err := d.Import(true).Take(context.Background(), monday, []desk.Archived{grudge("jan", 1), grudge("piet", 0)})
	if err != nil || fates[0].Mailed || !fates[1].Mailed {
		t.Errorf("%+v %v", fates, err)
	}
}

// TestImportTwice: the same content is one, within an import, in the next one, and
// when it came or comes by IMAP (security.md 32); nothing is left to be filed.
func TestImportTwice(t *testing.T) {
	w := arriving(t)
	if err := w.Receive(grudge("imap", 0).Raw); err != nil {
		t.Fatal(err)
	}
	before := len(w.sent())
	i := w.desk.Import(false)
	batch := []desk.Archived{grudge("imap", 0), grudge("jan", 9), grudge("jan", 9)}
	for range 2 {
		w.take(i, batch...)
	}
	f := w.take(w.desk.Import(false), batch...)
	dry := w.take(w.desk.Import(true), batch...)
	for n := range f {
		if f[n].Became != "duplicate" || f[n].Number == "" || f[n] != dry[n] {
			t.Errorf("%+v, dry %+v", f[n], dry[n])
		}
	}
	if err := w.Receive(grudge("jan", 9).Raw); err != nil {
		t.Fatal(err)
	}
	if became, err := w.Became(); err != nil || len(w.cases()) != 2 || before != 3 || len(w.sent()) != 0 {
		t.Errorf("%d cases, %s, %v", len(w.cases()), became, err)
	}
	err := w.db.ToFile(t.Context(), store.Imported(), func(uid uint32, folder string) { t.Errorf("%d is to be filed in %s", uid, folder) })
	if err != nil {
		t.Fatal(err)
	}
}

// TestImportFlood: more young complaints than a burst hold the acknowledgements;
// old ones are no flood (security.md 12).
func TestImportFlood(t *testing.T) {
	w := newWorld(t, map[string]string{"burst": "3"})
	w.now = monday
	i := w.desk.Import(false)
	for n := range 10 {
		w.take(i, grudge(fmt.Sprint("old", n), 9))
	}
	if got := w.sent(); len(got) > 0 {
		t.Errorf("mail to %q", got)
	}
	acks := 0
	for n := range 8 {
		w.take(i, grudge(fmt.Sprint("new", n), 0))
	}
	for _, to := range w.sent() {
		if strings.HasSuffix(to, "@voorbeeld.example") {
			acks++
		}
	}
	if acks != 4 { // the burst, and the one that showed that it is one
		t.Errorf("%d acknowledgements", acks)
	}
}

// TestImportFollowup: an old mail about a case of ours joins it and tells nobody;
// an old report of a mail that did not arrive opens its promise again.
func TestImportFollowup(t *testing.T) {
	w := arriving(t)
	if err := w.Receive(grudge("jan", 0).Raw); err != nil {
		t.Fatal(err)
	}
	letters, err := w.Sent()
	if err != nil {
		t.Fatal(err)
	}
	var ack string
	for _, l := range letters {
		if l.To == "jan@voorbeeld.example" {
			ack = l.MessageID
		}
	}
	w.now = monday.AddDate(0, 0, 20)
	reply := kept("From: jan@voorbeeld.example\nTo: "+own+"\nSubject: Re\nIn-Reply-To: <"+ack+">", "Nog iets.", 0)
	bounce := kept("From: mailer-daemon@mx.example\nTo: "+own+"\nSubject: Failed\nContent-Type: multipart/report; report-type=delivery-status; boundary=b",
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; jan@voorbeeld.example\nAction: failed\nStatus: 5.1.1\n\n"+
			"--b\nContent-Type: message/rfc822\n\nMessage-ID: <"+ack+">\nSubject: x\n\nx\n--b--", 0)
	f := w.take(w.desk.Import(false), reply, bounce)
	c := w.cases()[0]
	if f[0].Became != "followup" || f[0].Number != c.Number || f[0].Mailed || f[1].Became != "bounce" || f[1].Mailed {
		t.Errorf("%+v", f)
	}
	if got := w.sent(); len(got) > 0 {
		t.Errorf("mail to %q", got)
	}
	if c.Promise(complaint.Answer) != nil || c.Promise(complaint.Acknowledge).Open() == false {
		t.Errorf("%+v", c.Promises)
	}
}
