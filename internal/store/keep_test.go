package store

import (
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// A letter is owed to the Sent folder from its outcome until it is there. While it is
// being put there its case is not searched for, and once an erasure has begun nothing
// is put there any more (security.md 28).
func TestKeep(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	h.update(func(tx *Tx) error {
		for _, id := range []string{"een", "twee", "drie"} {
			l := &Letter{CaseID: c.ID, Kind: complaint.LetterReply, State: Due, From: "klachten@academie.example", To: "jan@voorbeeld.example", MessageID: id + "@academie.example"}
			if err := tx.AddLetter(l, []byte("Beste Jan\r\n")); err != nil {
				return err
			}
		}
		return nil
	})
	list := h.claim(10, time.Minute)
	h.turn(nil, list)
	h.turn([]Outcome{{Letter: list[0], State: Sent, Keep: true}, {Letter: list[1], State: Sent}, {Letter: list[2], State: FailedFor, Failure: complaint.Refused, Keep: true}}, nil)
	owed := func(when string, want int) (owed []Letter) {
		t.Helper()
		h.view(func(tx *Tx) (err error) {
			owed, err = tx.ToKeep(0, 10)
			return err
		})
		if len(owed) != want {
			t.Fatalf("%s: %d copies are owed, want %d", when, len(owed), want)
		}
		return owed
	}
	keeping := func(when string, want bool) {
		t.Helper()
		h.view(func(tx *Tx) error {
			if got, err := tx.Keeping(c.ID); got != want {
				t.Errorf("%s: keeping is %v", when, got)
				return err
			}
			return nil
		})
	}
	keep := func(when string, want bool) {
		t.Helper()
		h.update(func(tx *Tx) error {
			got, err := tx.Keep(list[0], time.Minute)
			if got != want {
				t.Errorf("%s: it may be put there: %v", when, got)
			}
			return err
		})
	}
	if l := owed("sent", 1)[0]; l.MessageID != "een@academie.example" || l.SentAt.IsZero() {
		t.Errorf("owed is %s of %v", l.MessageID, l.SentAt)
	}
	keeping("owed", false)
	keep("owed", true)
	keeping("taken", true)
	h.clock = h.clock.Add(2 * time.Minute)
	keeping("the lease is over", false)
	keep("again", true)
	h.update(func(tx *Tx) error { return tx.NotKept(list[0]) })
	keeping("given back", false)
	owed("given back", 1)
	h.update(func(tx *Tx) error { return tx.AddErasure(&Erasure{CaseID: c.ID}) })
	keep("its erasure has begun", false)
	h.update(func(tx *Tx) error { return tx.Kept(list[0]) })
	owed("it is there", 0)
}
