package store

import (
	"fmt"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// What a week's mail came to: each message of the mailbox once, what is still in
// hand, the mails with commands a person, and what of ours did not arrive.
func TestTraffic(t *testing.T) {
	h := newHouse(t)
	h.handled(inbox, 1, 2, 3)
	h.attempt(inbox, 4)
	c := h.addCase("K2026-482931").ID
	h.update(func(tx *Tx) error {
		for i, l := range []Letter{
			{Kind: complaint.LetterReceipt, To: "bas@academie.example", State: Due}, {Kind: complaint.LetterRefused, To: "bas@academie.example", State: Due},
			{Kind: complaint.LetterList, To: "dewi@academie.example", State: Due}, {Kind: complaint.LetterNotice, To: "bas@academie.example", State: Due},
			{Kind: complaint.LetterReply, To: "jan@voorbeeld.example", State: Due}, {Kind: complaint.LetterReply, To: "jan@voorbeeld.example", State: Due},
		} {
			l.CaseID, l.MessageID = c, fmt.Sprintf("%d@academie.example", i)
			if err := tx.AddLetter(&l, []byte("brief\r\n")); err != nil {
				return err
			}
			if i == 4 { // one that did not arrive; the last one was taken back
				if err := tx.finishLetter(Outcome{Letter: l, State: FailedFor, Failure: complaint.Refused}); err != nil {
					return err
				}
			}
		}
		return tx.AddUnproven("bas@academie.example", "refuse")
	})
	look := func(from, until time.Time) (got Traffic) {
		h.view(func(tx *Tx) (err error) {
			got, err = tx.Traffic(from, until)
			return err
		})
		return got
	}
	got := look(start.Add(-time.Hour), start)
	want := "map[registered:3] 1 1 map[bas@academie.example:2 dewi@academie.example:1] 1"
	if s := fmt.Sprint(got.Became, got.Pending, got.Undelivered, got.Answered, got.Unproven); s != want {
		t.Errorf("%s, want %s", s, want)
	}
	if got := look(start, start.Add(time.Hour)); len(got.Became)+len(got.Answered)+got.Undelivered+got.Unproven != 0 {
		t.Errorf("counted again in the week after: %+v", got)
	}
}

// A mail that came back counts in the week in which that turned out, whenever it was
// made; one that its writer took back does not count.
func TestTrafficUndelivered(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-482931").ID
	list := []Letter{{Ref: 1, State: Sent}, {Ref: 2, State: Due}, {Ref: 3, State: Sent}}
	h.update(func(tx *Tx) error {
		for i := range list {
			l := &list[i]
			l.CaseID, l.Kind, l.To, l.MessageID = c, complaint.LetterReply, "jan@voorbeeld.example", fmt.Sprintf("%d@academie.example", i)
			if err := tx.AddLetter(l, []byte("brief\r\n")); err != nil {
				return err
			}
		}
		return nil
	})
	made := h.clock
	h.clock = made.AddDate(0, 0, 8)
	h.update(func(tx *Tx) error {
		if n, err := tx.TakeBack(c, 2); n != 1 || err != nil {
			t.Errorf("%d taken back: %v", n, err)
		}
		_, err := tx.FailLetter(list[0], complaint.Bounced)
		return err
	})
	for week, want := range []int{0, 1, 0} {
		h.view(func(tx *Tx) error {
			from := made.AddDate(0, 0, 7*week).Add(-1)
			got, err := tx.Traffic(from, from.AddDate(0, 0, 7))
			if got.Undelivered != want {
				t.Errorf("week %d: %d undelivered, want %d", week, got.Undelivered, want)
			}
			return err
		})
	}
}
