package store

import (
	"fmt"
	"strings"
	"testing"

	"klachtd/internal/complaint"
)

// procedure.md 3, afwezig: what the same person says takes the place of what he
// said; whose absence it is can be read nowhere (security.md 26).
func TestAbsences(t *testing.T) {
	h := newHouse(t)
	said := func() (list []complaint.Absence) {
		h.view(func(tx *Tx) (err error) {
			list, err = tx.Absences()
			return err
		})
		return list
	}
	set := func(person string, until complaint.Day, in string) {
		h.update(func(tx *Tx) error { return tx.SetAbsence(complaint.Absence{Person: person, Until: until, StandIn: in}) })
	}
	if got := said(); got != nil {
		t.Errorf("at first: %+v", got)
	}
	set("bas@academie.example", "2020-01-01", "") // long over when the next one comes
	set("bea@academie.example", "2999-12-24", "bas@academie.example")
	set("BEA@academie.example", "2999-12-31", "")
	if got := fmt.Sprint(said()); got != "[{BEA@academie.example 2999-12-31 }]" {
		t.Errorf("got %s", got)
	}
	h.view(func(tx *Tx) error {
		var value string
		_, err := tx.one("look", "SELECT value FROM meta WHERE key = ?", []any{metaAbsences}, &value)
		if strings.Contains(strings.ToLower(value), "bea") || strings.Contains(value, "2999") || value == "" {
			t.Errorf("in the file: %q", value)
		}
		return err
	})
	set("bea@academie.example", "", "")
	if got := said(); len(got) > 0 {
		t.Errorf("back again: %+v", got)
	}
}
