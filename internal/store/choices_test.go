package store

import (
	"testing"

	"klachtd/internal/complaint"
)

// procedure.md 2, Intake: a mail of staff waits until somebody says what it is,
// or its last day is over.
func TestChoices(t *testing.T) {
	h := newHouse(t)
	add := func(due complaint.Day) int64 {
		c := Choice{At: start, Due: due, By: "tess@academie.example", Raw: []byte("Subject: De printer\r\n\r\n" + string(due))}
		h.update(func(tx *Tx) error { return tx.AddChoice(&c) })
		return c.ID
	}
	first, second := add("2026-11-24"), add("2026-11-23")
	if first == second {
		t.Fatal("two with one id")
	}
	h.view(func(tx *Tx) error {
		c, found, err := tx.Choice(first)
		if err != nil || !found || c.ID != first || !c.At.Equal(start) || c.Due != "2026-11-24" || c.By != "tess@academie.example" ||
			string(c.Raw) != "Subject: De printer\r\n\r\n2026-11-24" {
			t.Errorf("got %+v, %v, %v", c, found, err)
		}
		return nil
	})
	due := func(day complaint.Day) (id int64) {
		h.view(func(tx *Tx) error {
			list, err := tx.ChoicesBefore(day)
			for _, c := range list {
				id = c.ID
			}
			return err
		})
		return id
	}
	for day, want := range map[complaint.Day]int64{"2026-11-23": 0, "2026-11-24": second, "2026-11-25": first} {
		if got := due(day); got != want {
			t.Errorf("on %s: %d, want %d", day, got, want)
		}
	}
	h.update(func(tx *Tx) error { return tx.DropChoice(first) })
	h.view(func(tx *Tx) error {
		if _, found, err := tx.Choice(first); found || err != nil {
			t.Errorf("it is still there: %v", err)
		}
		return nil
	})
	if got := due("2026-11-25"); got != second {
		t.Errorf("what is left: %d", got)
	}
}
