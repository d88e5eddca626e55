package desk_test

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// A day's erasure of 200 cases in a register of 50,000, with a mail that comes in
// while it is under way. KLACHTD_MANY=50000 asks for all of them.
func TestManyAreErased(t *testing.T) {
	total := 2000
	if s := os.Getenv("KLACHTD_MANY"); s != "" {
		if _, err := fmt.Sscan(s, &total); err != nil {
			t.Fatal(err)
		}
	}
	const due = 200
	w := newWorld(t, nil)
	w.now = time.Date(2027, 3, 1, 9, 0, 0, 0, amsterdam)
	for from := 0; from < total; from += 1000 {
		err := w.db.Update(t.Context(), func(tx *store.Tx) error {
			for n := from; n < from+1000; n++ {
				if err := addClosed(tx, n, n < due); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	meanwhile := 0
	w.step = func(name string) {
		if name != "desk: destroyed a case" || meanwhile > 0 {
			return
		}
		meanwhile++
		if err := w.Receive([]byte("From: piet@voorbeeld.example\r\nTo: " + own + "\r\nMessage-ID: <p@voorbeeld.example>\r\nSubject: Klacht\r\n\r\nDe lift was stuk.\r\n")); err != nil {
			t.Error(err)
		}
	}
	start := time.Now()
	w.retain()
	t.Logf("%d of %d cases erased in %v", due, total, time.Since(start).Round(time.Millisecond))
	cases, err := w.Cases()
	if err != nil || len(cases) != total-due+1 || meanwhile != 1 {
		t.Errorf("%d cases are left, want %d (%v)", len(cases), total-due+1, err)
	}
}

// addClosed adds a closed case with a message and letters.
func addClosed(tx *store.Tx, n int, ripe bool) error {
	c := complaint.Case{Number: complaint.Number(2026, 99999, n), Kind: complaint.External, State: complaint.Closed, Severity: complaint.Normal,
		Complainant: complaint.Party{Name: "Jan", Address: fmt.Sprintf("jan%d@voorbeeld.example", n)}, ReceivedAt: time.Date(2026, 8, 31, 9, 0, 0, 0, amsterdam)}
	c.ClosedAt = c.ReceivedAt.AddDate(0, 0, 1)
	c.EraseOn = "2028-02-28"
	if ripe {
		c.EraseOn, c.Foretold = "2027-02-28", complaint.Foretelling{For: "2027-02-28", On: "2027-01-29"}
	}
	c.Promises = []complaint.Promise{{Kind: complaint.Erase, MadeOn: "2026-09-01", Due: c.EraseOn}}
	if err := tx.AddCase(&c, amsterdam); err != nil {
		return err
	}
	id := fmt.Sprintf("m%d@voorbeeld.example", n)
	raw := fmt.Appendf(nil, "From: %s\r\nMessage-ID: <%s>\r\nSubject: Klacht\r\n\r\nHet lokaal was koud.\r\n", c.Complainant.Address, id)
	l := store.Letter{CaseID: c.ID, Kind: complaint.LetterNotice, State: store.FailedFor, From: own, To: "bas@academie.example", MessageID: "l" + id}
	return errors.Join(tx.AddMessage(store.Message{CaseID: c.ID, Direction: "in", At: c.ReceivedAt, MessageID: id, Raw: raw}),
		tx.AddLetter(&l, raw), tx.AddEvent(c.ID, complaint.Note{Event: "received"}), tx.Attended(l.ID))
}
