package store

import (
	"testing"

	"klachtd/internal/complaint"
)

// security.md 36: what goes along with two letters is kept once, and is in each
// of them where it belongs.
func TestEnclosure(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	h.update(func(tx *Tx) error {
		id, err := tx.AddEnclosure(c.ID, []byte("bijlage\r\n"))
		if err != nil {
			return err
		}
		for _, l := range []*Letter{
			{CaseID: c.ID, Kind: complaint.LetterNotice, State: Due, MessageID: "een@a.example", Enclosure: id, EncloseAt: 5},
			{CaseID: c.ID, Kind: complaint.LetterCopy, State: Due, MessageID: "twee@a.example", Enclosure: id, EncloseAt: 6},
			{CaseID: c.ID, Kind: complaint.LetterFollowup, State: Due, MessageID: "drie@a.example"},
		} {
			if err := tx.AddLetter(l, []byte("voor\nna\r\n")); err != nil {
				return err
			}
		}
		return nil
	})
	for id, want := range map[string]string{
		"een@a.example": "voor\nbijlage\r\nna\r\n", "twee@a.example": "voor\nnbijlage\r\na\r\n", "drie@a.example": "voor\nna\r\n",
	} {
		h.view(func(tx *Tx) error {
			l, _, err := tx.LetterByID(id)
			if err != nil {
				return err
			}
			raw, err := tx.Body(l)
			if string(raw) != want {
				t.Errorf("%s: %q, want %q", id, raw, want)
			}
			return err
		})
	}
	if n := h.number("SELECT count(*) FROM enclosure"); n != 1 {
		t.Errorf("kept %d times", n)
	}
}
