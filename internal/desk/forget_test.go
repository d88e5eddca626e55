package desk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/desk"
	"klachtd/internal/play"
	"klachtd/internal/store"
)

// closed plays a case up to the day on which it is to be erased, and returns its
// number. The clock stands at 09:00 of that day, and nothing of that day has run.
func (w *world) closed() string {
	w.t.Helper()
	p, err := play.Parse("closed", `# a case that is closed

-- at 2026-08-31 09:00 --
-- mail --
From: Jan Jansen <jan@voorbeeld.example>
Subject: Klacht
Message-ID: <koud@voorbeeld.example>

Het lokaal was koud.

-- expect --
jan@voorbeeld.example  Je klacht is ontvangen [K1]
bas@academie.example  Nieuwe klacht [K1]
directeur@academie.example  Kopie van een klacht [K1]
-- command bas@academie.example #betreft Excel #ingetrokken --
-- expect --
bas@academie.example  Verslag van je opdracht [K1]
-- at 2027-01-29 03:00 --
-- expect --
directeur@academie.example  Deze dossiers worden gewist
`, amsterdam)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := play.Run(p, w); err != nil {
		w.t.Fatal(err)
	}
	cases, err := w.Cases()
	if err != nil || len(cases) != 1 {
		w.t.Fatal(cases, err)
	}
	w.now = time.Date(2027, 3, 1, 9, 0, 0, 0, amsterdam)
	return cases[0].Number
}

func (w *world) dir() string { return filepath.Dir(w.path) }

// files reports which files of the state folder hold a word.
func (w *world) files(word string) (in []string) {
	w.t.Helper()
	err := filepath.WalkDir(w.dir(), func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if bytes.Contains(text, []byte(word)) {
			in = append(in, filepath.Base(name))
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return in
}

func (w *world) retain() {
	w.t.Helper()
	if err := errors.Join(w.desk.Retain(w.t.Context(), w.now), w.desk.Forget(w.t.Context()), w.deliver()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) subjects() (list []string) {
	w.t.Helper()
	sent, err := w.Sent()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, l := range sent {
		list = append(list, l.Subject)
	}
	slices.Sort(list)
	return list
}

var afterErasure = []string{"Bewijs van wissen", "Mails om zelf te wissen", "Mails om zelf te wissen"}

// erased wants nothing left of a case but what is meant to stay.
func (w *world) erased(number string) {
	w.t.Helper()
	if cases, err := w.Cases(); err != nil || len(cases) != 0 {
		w.t.Errorf("%d cases are left (%v)", len(cases), err)
	}
	if in := w.mailbox.holds("lokaal"); len(in) > 0 {
		w.t.Errorf("the message is still in %v", in)
	}
	if in := w.files(number); len(in) > 0 {
		w.t.Errorf("the number stands in %v", in)
	}
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		open, err := tx.Erasures()
		if len(open) > 0 {
			w.t.Errorf("%d erasures are not finished: %+v", len(open), open)
		}
		n := 0
		rows := tx.Anonymous("2026-01", "2026-12", func(a complaint.Anonymous) error { n++; return nil })
		if n != 1 {
			w.t.Errorf("%d anonymous rows", n)
		}
		was, seen := tx.WasErased(number)
		if !was {
			w.t.Error("nothing tells that it was erased")
		}
		if sum, err := tx.VerifyAudit(nil, func(int64) {}); err != nil || len(sum.Faults) > 0 { // security.md 31
			w.t.Errorf("the audit trail is broken: %v, %v", sum.Faults, err)
		}
		return errors.Join(err, rows, seen)
	})
	if err != nil {
		w.t.Error(err)
	}
}

// After an erasure the case stands in no byte of the state folder: not in the
// database, its log, its index, nor in the keys (security.md 27, 28).
func TestErasedFromTheStateFolder(t *testing.T) {
	w := newWorld(t, map[string]string{"proven": "yes"})
	number := w.closed()
	if in := w.files(number); len(in) == 0 {
		t.Fatal("the number stood nowhere: the test proves nothing")
	}
	w.subjects()
	w.retain()
	if got := w.subjects(); !slices.Equal(got, afterErasure) {
		t.Errorf("%q", got)
	}
	w.erased(number)
}

// With somebody reading in the log all the while it cannot be emptied: no
// certificate goes out before it is (security.md 27).
func TestErasedBesideAReader(t *testing.T) {
	w := newWorld(t, map[string]string{"proven": "yes"})
	number := w.closed()
	w.subjects()
	reading, done, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		ended <- w.db.View(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Waiting()
			close(reading)
			<-done
			return err
		})
	}()
	<-reading
	for range 2 {
		w.retain()
		if got := w.subjects(); len(got) != 0 {
			t.Errorf("certified beside a reader: %q", got)
		}
	}
	if in := w.files(number); len(in) == 0 {
		t.Error("nobody was reading: the test proves nothing")
	}
	// the daemon goes on meanwhile
	if err := w.Receive([]byte("From: piet@voorbeeld.example\r\nTo: " + own + "\r\nSubject: Klacht\r\nMessage-ID: <p@voorbeeld.example>\r\n\r\nDe lift was stuk.\r\n")); err != nil {
		t.Error(err)
	}
	if got := w.subjects(); len(got) != 3 {
		t.Errorf("registered meanwhile: %q", got)
	}
	close(done)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	w.retain()
	if got := w.subjects(); !slices.Equal(got, afterErasure) {
		t.Errorf("%q", got)
	}
	if in := w.files(number); len(in) > 0 {
		t.Errorf("the number stands in %v", in)
	}
}

// power is a failure of it.
type power struct{}

// Cut off at each step, an erasure is resumed and comes to the same end: one
// certificate, and nothing left (security.md 29).
func TestErasureIsResumed(t *testing.T) {
	for n := 1; ; n++ {
		w := newWorld(t, map[string]string{"proven": "yes"})
		number := w.closed()
		w.subjects()
		hits, name := 0, ""
		w.step = func(step string) {
			if hits++; hits == n {
				name = step
				panic(power{})
			}
		}
		cut := func() (cut bool) {
			defer func() {
				if p := recover(); p != nil {
					if _, cut = p.(power); !cut {
						panic(p)
					}
				}
			}()
			w.retain()
			return false
		}()
		w.step = nil
		if !cut {
			if n < 6 {
				t.Errorf("the erasure ended at step %d: where are the failpoints?", n)
			}
			return
		}
		w.retain()
		if got := w.subjects(); !slices.Equal(got, afterErasure) {
			t.Errorf("cut off at %q: %q", name, got)
		}
		w.erased(number)
	}
}

// What comes between stops an erasure up to the moment at which the rows go
// (security.md 29).
func TestErasureIsStopped(t *testing.T) {
	for _, step := range []string{"desk: planned an erasure", "desk: cleared the mailbox"} {
		w := newWorld(t, map[string]string{"proven": "yes"})
		number := w.closed()
		w.subjects()
		w.step = func(s string) {
			if s != step {
				return
			}
			w.step = nil
			err := w.db.Update(t.Context(), func(tx *store.Tx) error {
				c, _, err := tx.CaseByNumber(number)
				c.Hold = complaint.Hold{Until: "2027-12-31"}
				return errors.Join(err, tx.SaveCase(&c))
			})
			if err != nil {
				t.Error(err)
			}
		}
		w.retain()
		w.retain()
		if cases, err := w.Cases(); err != nil || len(cases) != 1 {
			t.Errorf("held at %q: %d cases (%v)", step, len(cases), err)
		}
		if got := w.subjects(); len(got) != 0 {
			t.Errorf("held at %q: %q", step, got)
		}
	}
}

// While the clock is not to be trusted nothing is erased, until somebody says that
// it is right (security.md 29, 44).
func TestErasureWaitsForTheClock(t *testing.T) {
	w := newWorld(t, map[string]string{"proven": "yes"})
	number := w.closed()
	w.subjects()
	for range 2 {
		if err := w.desk.ClockJumped(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.retain()
	if got := w.subjects(); !slices.Equal(got, []string{"klachtd: hier moet iemand naar kijken"}) {
		t.Errorf("%q", got)
	}
	if _, err := w.desk.Erase(t.Context(), number, "verzoek"); !errors.Is(err, desk.ErrBarred) {
		t.Errorf("on the command line: %v", err)
	}
	if err := w.Release(); err != nil {
		t.Fatal(err)
	}
	w.retain()
	if got := w.subjects(); !slices.Equal(got, afterErasure) {
		t.Errorf("%q", got)
	}
	w.erased(number)
}

// A mailbox that cannot be reached keeps the case: it is tried again, not at once,
// and certified when it is done. What the server did not remove, and what only has
// the Message-ID of a message, is told (security.md 28).
func TestErasureInTheMailbox(t *testing.T) {
	w := newWorld(t, map[string]string{"proven": "yes"})
	number := w.closed()
	w.subjects()
	other := []byte("From: boef@elders.example\r\nMessage-ID: <koud@voorbeeld.example>\r\nSubject: Iets anders\r\n\r\nIk leen een kenmerk.\r\n")
	w.mailbox.put("INBOX", other)
	w.mailbox.fails = errors.New("out of reach")
	if err := errors.Join(w.desk.Retain(t.Context(), w.now), w.desk.Forget(t.Context())); err == nil {
		t.Error("nobody hears that the mailbox is out of reach")
	}
	looks := w.mailbox.looks
	w.retain()
	if w.mailbox.looks != looks {
		t.Error("hammered")
	}
	w.now = w.now.Add(16 * time.Minute)
	w.retain()
	sent, err := w.Sent()
	if err != nil || len(sent) != 3 {
		t.Fatalf("%d mails (%v)", len(sent), err)
	}
	if text := sent[0].Text; !strings.Contains(text, "INBOX: 1, met een bekend kenmerk maar een andere inhoud") {
		t.Errorf("the certificate says:\n%s", text)
	}
	if in := w.mailbox.holds("Ik leen"); !slices.Equal(in, []string{"INBOX"}) {
		t.Error("a message with the Message-ID of another was removed")
	}
	w.erased(number)
}

// A backup of the database cannot bring the case back: its key is destroyed
// (security.md 26, 28).
func TestBackupDoesNotBringItBack(t *testing.T) {
	w := newWorld(t, map[string]string{"proven": "yes"})
	number := w.closed()
	w.subjects()
	kept := map[string][]byte{}
	for _, end := range []string{"", "-wal"} {
		text, err := os.ReadFile(w.path + end)
		if err != nil {
			t.Fatal(err)
		}
		kept[w.path+end] = text
	}
	w.retain()
	w.erased(number)
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	for name, text := range kept {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.open()
	if in := w.files(number); len(in) == 0 {
		t.Fatal("the backup does not hold it either: the test proves nothing")
	}
	cases, err := w.Cases()
	if err != nil || len(cases) != 0 {
		t.Errorf("%d cases are back (%v)", len(cases), err)
	}
	w.retain()
	if cases, err = w.Cases(); err != nil || len(cases) != 0 {
		t.Errorf("%d cases are back (%v)", len(cases), err)
	}
}

// `klachtd erase` does at once what retention does later; a hold and the Ooa stop
// it, its term does not (AVG art. 17).
func TestEraseOnRequest(t *testing.T) {
	w := newWorld(t, map[string]string{"proven": "yes"})
	number := w.closed()
	w.subjects()
	w.now = time.Date(2027, 2, 1, 9, 0, 0, 0, amsterdam)
	if _, err := w.desk.Erase(t.Context(), "K2026-000000", "verzoek"); !errors.Is(err, desk.ErrNoCase) {
		t.Errorf("no such case: %v", err)
	}
	hold := func(until complaint.Day) {
		err := w.db.Update(t.Context(), func(tx *store.Tx) error {
			c, _, err := tx.CaseByNumber(number)
			c.Hold.Until = until
			return errors.Join(err, tx.SaveCase(&c))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	hold("2027-02-01")
	if _, err := w.desk.Erase(t.Context(), number, "verzoek"); !errors.Is(err, desk.ErrBarred) {
		t.Errorf("held: %v", err)
	}
	hold("")
	if finished, err := w.desk.Erase(t.Context(), number, "verzoek"); !finished || err != nil {
		t.Errorf("%v, %v", finished, err)
	}
	if err := w.deliver(); err != nil {
		t.Fatal(err)
	}
	if got := w.subjects(); !slices.Equal(got, afterErasure) {
		t.Errorf("%q", got)
	}
	w.erased(number)
}

// With a case the files go that were exported of it; of those that are gone already
// the certificate says how many (security.md 30).
func TestExportsGoWithTheCase(t *testing.T) {
	w := newWorld(t, map[string]string{"proven": "yes"})
	number := w.closed()
	w.subjects()
	there, gone := filepath.Join(t.TempDir(), "jan.zip"), filepath.Join(t.TempDir(), "weg.zip")
	if err := os.WriteFile(there, []byte("zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := w.db.Update(t.Context(), func(tx *store.Tx) error {
		c, _, err := tx.CaseByNumber(number)
		return errors.Join(err, tx.AddExport(c.ID, store.Export{Path: there}), tx.AddExport(c.ID, store.Export{Path: gone}))
	})
	if err != nil {
		t.Fatal(err)
	}
	if finished, err := w.desk.Erase(t.Context(), number, "verzoek"); !finished || err != nil {
		t.Fatal(finished, err)
	}
	if err := w.deliver(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(there); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
	sent, err := w.Sent()
	if err != nil || len(sent) == 0 {
		t.Fatal(sent, err)
	}
	for _, l := range sent {
		if l.Subject == afterErasure[0] && (!strings.Contains(l.Text, "Inzagebestanden gewist: 1") || !strings.Contains(l.Text, "Eén inzagebestand is niet gewist.")) {
			t.Errorf("the certificate says\n%s", l.Text)
		}
	}
	w.erased(number)
}

// Spam, automatic mail and what nobody could read go out of their folders after
// procedure.keep_filed_days, and nothing else of those folders does.
func TestFiledMailIsForgotten(t *testing.T) {
	w := newWorld(t, nil)
	notice := "From: <>\r\nTo: " + own + "\r\nSubject: Afwezig\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <%d@voorbeeld.example>\r\n\r\nIk ben er niet.\r\n"
	put := func(n int) []byte {
		raw := fmt.Appendf(nil, notice, n)
		if err := w.Receive(raw); err != nil {
			t.Fatal(err)
		}
		w.mailbox.put("Klachten/automatic", raw)
		return raw
	}
	put(1)
	w.mailbox.put("Klachten/automatic", []byte("Subject: door iemand hier gezet\r\n\r\nEigen werk.\r\n"))
	w.now = w.now.AddDate(0, 0, 60)
	put(2)
	w.now = time.Date(2026, 3, 31, 12, 0, 0, 0, amsterdam) // the 89th day
	w.retain()
	if in := w.mailbox.holds("<1@"); !slices.Contains(in, "Klachten/automatic") {
		t.Error("too early")
	}
	w.now = time.Date(2026, 4, 2, 12, 0, 0, 0, amsterdam)
	w.retain()
	for word, there := range map[string]bool{"<1@": false, "<2@": true, "Eigen werk": true} {
		if got := slices.Contains(w.mailbox.holds(word), "Klachten/automatic"); got != there {
			t.Errorf("%s: %v", word, got)
		}
	}
}
