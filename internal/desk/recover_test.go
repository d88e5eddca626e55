package desk_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/desk"
	"klachtd/internal/store"
)

// A lying is a message in a folder of the mailbox.
type lying struct {
	filed bool
	at    time.Time
	raw   []byte
}

// handIn registers a message and sends nothing yet.
func (w *world) handIn(raw []byte) lying {
	w.t.Helper()
	w.uid++
	box := store.Box{Name: "INBOX", UIDValidity: 1}
	if _, _, err := w.desk.Unseen(w.t.Context(), box, []uint32{w.uid}); err != nil {
		w.t.Fatal(err)
	}
	register, err := w.desk.Receive(w.t.Context(), box, []desk.Delivery{{UID: w.uid, Received: w.now, Raw: raw}})
	if err == nil {
		err = register()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return lying{true, w.now, raw}
}

func (w *world) copied() string {
	w.t.Helper()
	to := filepath.Join(w.t.TempDir(), "backup")
	if _, err := store.Backup(w.t.Context(), store.Options{Path: w.path}, to, w.now, w.now.AddDate(0, 0, -30)); err != nil {
		w.t.Fatal(err)
	}
	return to
}

// lose puts a backup in the place of the database.
func (w *world) lose(backup string) {
	w.t.Helper()
	err := w.db.Close()
	if err == nil {
		_, err = store.Restore{Options: store.Options{Path: w.path}, From: backup, Older: true, Now: func() time.Time { return w.now }}.Run(w.t.Context())
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.open()
	w.seen = map[int64]bool{}
	if list, err := w.Sent(); err != nil || !w.db.Behind() { // what it knows was sent
		w.t.Fatal(len(list), err, w.db.Behind())
	}
}

// recover looks through the mailbox; what lies in Sent comes last.
func (w *world) recover(mails ...lying) desk.Recovered {
	w.t.Helper()
	ctx := w.t.Context()
	r, err := w.desk.Recover(ctx)
	for _, m := range mails {
		err = errors.Join(err, r.Learn(ctx, m.filed, m.at, m.raw))
	}
	for _, m := range mails {
		err = errors.Join(err, r.Take(ctx, m.filed, m.at, m.raw, false))
	}
	now := w.now
	w.now = r.Until()
	err = errors.Join(err, r.Catch(ctx))
	w.now = now
	got, settled := r.Settle(ctx)
	if _, attended := w.desk.Attend(ctx); errors.Join(err, settled, attended) != nil {
		w.t.Fatal(err, settled, attended)
	}
	if err := w.db.Recovered(ctx, store.Options{Path: w.path}); err != nil {
		w.t.Fatal(err)
	}
	return got
}

func complains(who string) []byte { return grudge(who, -1).Raw }

// security.md 42: what a restored outbox holds is not sent again: what lies in Sent
// was sent, the rest of the mails to complainants is somebody's task. What staff
// ordered is not done again, and what nobody can know is asked.
func TestRecoverOutbox(t *testing.T) {
	w := arriving(t)
	mails := []lying{w.handIn(complains("jan")), w.handIn(complains("piet"))}
	backup := w.copied() // with six letters that have not left
	w.now = w.now.Add(time.Hour)
	if err := w.deliver(); err != nil {
		t.Fatal(err)
	}
	sent, err := w.Sent()
	if err != nil || len(sent) != 6 {
		t.Fatal(len(sent), err)
	}
	number := w.cases()[0].Number
	mails = append(mails, w.handIn(complains("kees")),
		w.handIn(kept("From: bas@academie.example\nTo: "+own+"\nSubject: #neem ["+number+"]\nMessage-ID: <neem@x.example>", "", -1).Raw),
		w.handIn(kept("From: bas@academie.example\nTo: "+own+"\nSubject: #overzicht\nMessage-ID: <lijst@x.example>", "", -1).Raw))
	if err := w.deliver(); err != nil {
		t.Fatal(err)
	}
	w.lose(backup)
	for _, l := range sent {
		if l.To == "jan@voorbeeld.example" {
			mails = append(mails, lying{false, w.now, l.Raw})
		}
	}
	w.now = w.now.Add(time.Hour)
	got := w.recover(mails...)
	if want := (desk.Recovered{Cases: 1, Joined: 1, Commands: 1, Sent: 1, Unsure: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	told := w.sent()
	for _, who := range told {
		if strings.HasSuffix(who, "@voorbeeld.example") {
			if who != "jan@voorbeeld.example" { // which is the one that is known again
				t.Errorf("%s is written to once more", who)
			}
		}
	}
	if !slices.Contains(told, "beheer@academie.example") || !slices.Contains(told, "bas@academie.example") {
		t.Errorf("told: %v", told)
	}
	for _, c := range w.cases() {
		kept := !c.Promise(complaint.Acknowledge).FulfilledAt.IsZero()
		if jans := c.Complainant.Address == "jan@voorbeeld.example"; kept != jans {
			t.Errorf("%s: acknowledged %v", c.Complainant.Address, kept)
		}
		if c.Handler != "bas@academie.example" { // the only one at the office, not by the command
			t.Errorf("handler %q", c.Handler)
		}
	}
}

// security.md 42: what the clock had decided before the database was lost is not said again.
func TestRecoverDelay(t *testing.T) {
	w := arriving(t)
	mail := w.handIn(complains("jan"))
	if err := w.deliver(); err != nil {
		t.Fatal(err)
	}
	if err := w.Clock(monday.AddDate(0, 0, 20)); err != nil {
		t.Fatal(err)
	}
	backup := w.copied()
	before := len(w.accepted)
	for day := 21; day <= 29; day++ {
		if err := w.Clock(monday.AddDate(0, 0, day).Add(4 * time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	delayed := func(list []store.Letter) (n int) {
		for _, l := range list {
			if l.Kind == complaint.LetterDelayAutomatic {
				n++
			}
		}
		return n
	}
	if n := delayed(w.accepted[before:]); n != 1 {
		t.Fatalf("%d delay letters: the test proves nothing", n)
	}
	w.lose(backup)
	w.now = w.now.AddDate(0, 0, 1)
	before = len(w.accepted)
	if got := w.recover(mail); got.Cases != 0 || got.Unsure != 1 {
		t.Errorf("%+v", got)
	}
	if err := errors.Join(w.desk.Tick(t.Context(), w.now), w.deliver()); err != nil {
		t.Fatal(err)
	}
	if n := delayed(w.accepted[before:]); n != 0 {
		t.Error("the complainant is told of the delay twice")
	}
}

// Cut off and begun again, a recovery makes nothing twice, and finds the same numbers.
func TestRecoverAgain(t *testing.T) {
	w := arriving(t)
	w.handIn(complains("jan"))
	if err := w.deliver(); err != nil {
		t.Fatal(err)
	}
	backup := w.copied()
	mail := w.handIn(complains("piet"))
	if err := w.deliver(); err != nil {
		t.Fatal(err)
	}
	number := w.cases()[1].Number
	w.now = w.now.Add(time.Minute)
	answer := w.handIn(kept("From: piet@voorbeeld.example\nTo: "+own+"\nSubject: Re: ["+number+"]\nMessage-ID: <later@x.example>\nReferences: <piet@x.example>", "Nog iets.", -1).Raw)
	w.lose(backup)
	r, err := w.desk.Recover(t.Context())
	for _, m := range []lying{mail, answer} {
		err = errors.Join(err, r.Learn(t.Context(), m.filed, m.at, m.raw))
	}
	if err := errors.Join(err, r.Take(t.Context(), mail.filed, mail.at, mail.raw, false)); err != nil {
		t.Fatal(err)
	}
	if got := w.recover(mail, answer); got.Cases != 0 || got.Joined != 1 {
		t.Errorf("%+v", got)
	}
	if list := w.cases(); len(list) != 2 || list[1].Number != number {
		t.Errorf("%d cases, the number is not the same", len(list))
	}
}

// procedure.md 4: a number that was given out by a database that is no more is given to
// no other case, whoever named it.
func TestRecoverNumbers(t *testing.T) {
	w := arriving(t)
	backup := w.copied()
	w.handIn(complains("jan"))
	number := w.cases()[0].Number
	w.lose(backup)
	w.recover(lying{true, w.now, kept("From: tess@academie.example\nTo: "+own+"\nSubject: Over ["+number+"]\nMessage-ID: <over@x.example>", "Iets.", -1).Raw})
	err := w.db.Update(t.Context(), func(tx *store.Tx) error {
		got, err := tx.NewNumber(2026, number, func(int) (int, error) { return 4711, nil })
		if got == number {
			t.Error("it is given again")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
