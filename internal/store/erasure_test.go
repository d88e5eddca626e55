package store

import (
	"errors"
	"fmt"
	"testing"

	"klachtd/internal/complaint"
	"klachtd/internal/vault"
)

// A case that is erased leaves no row of its own; what is of others stays. Its
// number and its sequence number are not given again (procedure.md 4, 6).
func TestDestroyCase(t *testing.T) {
	h := newHouse(t)
	defer h.close()
	c := fill(h)
	other := h.addCase("K2026-000002")
	h.update(func(tx *Tx) error {
		e := Erasure{CaseID: c.ID, Wanted: []Wanted{{MessageID: "m1@mail.example"}}, Record: Record{Number: c.Number}}
		if err := tx.AddErasure(&e); err != nil {
			return err
		}
		e.State = Destroyed
		first, err := tx.SaveErasure(e, Planned)
		again, twice := tx.SaveErasure(e, Planned)
		if !first || again {
			t.Errorf("saved %v, and once more %v", first, again)
		}
		return errors.Join(err, twice, tx.DestroyCase(c.ID, [][]byte{tx.Content([]byte("b"))}))
	})
	for _, table := range []string{"promise", "event", "message", "chunk", "letter", "body", "code"} {
		column := "case_id"
		query := fmt.Sprintf("SELECT count(*) FROM %s WHERE %s = %d", table, column, c.ID)
		switch table {
		case "chunk", "body":
			query = "SELECT count(*) FROM " + table
		}
		var n int
		if err := h.conn.QueryRowContext(t.Context(), query).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d rows (%v)", table, n, err)
		}
	}
	if done, err := h.Shred(t.Context(), c.ID); !done || err != nil {
		t.Errorf("shred: %v, %v", done, err)
	}
	if _, err := h.vault.Key(c.ID); !errors.Is(err, vault.ErrErased) {
		t.Errorf("its key: %v", err)
	}
	h.update(func(tx *Tx) error {
		r, found, err := tx.ReceiptByContent(tx.Content([]byte("a")))
		if !found || !r.Erased || r.CaseID != 0 || err != nil {
			t.Errorf("its message is not known any more: %+v, %v", r, err)
		}
		if _, found, err := tx.Case(other.ID); !found || err != nil {
			t.Errorf("the other case: %v, %v", found, err)
		}
		n := 0
		number, err := tx.NewNumber(2026, c.Number, func(int) (int, error) { n++; return n, nil })
		if number == c.Number || err != nil {
			t.Errorf("its number is given again: %v", err)
		}
		if used, err := tx.UsedNumbers(2026); used < 2 || err != nil {
			t.Errorf("%d numbers are used (%v)", used, err)
		}
		return nil
	})
}

// Courses and locations are named from three on (procedure.md 6).
func TestTotals(t *testing.T) {
	h := newHouse(t)
	defer h.close()
	for n := 1; n <= 4; n++ {
		h.update(func(tx *Tx) error {
			return errors.Join(tx.AddTotal(2026, Course, " Excel  basis"), tx.AddTotal(2026, Location, ""), tx.AddAnonymous(
				complaint.Anonymous{Received: "2026-11", Scores: []int{n}, Promises: []complaint.Outcome{{Kind: complaint.React, How: complaint.InTime}}}))
		})
		h.view(func(tx *Tx) error {
			list, err := tx.Totals(2026, Course)
			if named := len(list) == 1 && list[0] == (Total{"Excel basis", n}); named != (n >= 3) || err != nil {
				t.Errorf("after %d: %v, %v", n, list, err)
			}
			var sealed int
			if _, err := tx.one("count", "SELECT count(sealed) FROM total", nil, &sealed); err != nil || (sealed > 0) != (n >= 3) {
				t.Errorf("after %d the name is kept: %d (%v)", n, sealed, err)
			}
			rows := 0
			err = tx.Anonymous("2026-11", "2026-11", func(a complaint.Anonymous) error { rows += len(a.Promises); return nil })
			if rows != n || err != nil {
				t.Errorf("%d rows (%v)", rows, err)
			}
			return nil
		})
	}
}
