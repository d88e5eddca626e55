package store

import (
	"fmt"
	"testing"

	"klachtd/internal/complaint"
)

// The register of improvements: numbers count up and are never issued twice, also
// after a restart.
func TestActions(t *testing.T) {
	h := newHouse(t)
	add := func(text string) (n int) {
		h.update(func(tx *Tx) error {
			n = tx.NextAction()
			return tx.SaveAction(complaint.Action{Number: n, Text: text, Cases: []string{"K2026-482931"}})
		})
		return n
	}
	if a, b := add("Sleutels"), add("Rooster"); a != 1 || b != 2 {
		t.Errorf("numbers %d, %d", a, b)
	}
	h.update(func(tx *Tx) error {
		return tx.SaveAction(complaint.Action{Number: 1, Text: "Sleutels", Done: "2026-11-23"})
	})
	h.close()
	h.reopen()
	if n := add("Zalen"); n != 3 {
		t.Errorf("after a restart: %d", n)
	}
	h.view(func(tx *Tx) error {
		list, err := tx.Actions()
		var got string
		for _, a := range list {
			got += fmt.Sprintf("%d %s %s; ", a.Number, a.Text, a.Done)
		}
		if got != "1 Sleutels 2026-11-23; 2 Rooster ; 3 Zalen ; " {
			t.Errorf("got %s", got)
		}
		return err
	})
}
