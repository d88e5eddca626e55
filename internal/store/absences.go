package store

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"klachtd/internal/complaint"
)

// metaAbsences holds who of the staff is away: sealed, since it names people.
const metaAbsences = "absences"

// Absences returns what the staff said of their absence, also what is over.
func (tx *Tx) Absences() ([]complaint.Absence, error) {
	var value string
	found, err := tx.one("read absences", "SELECT value FROM meta WHERE key = ?", []any{metaAbsences}, &value)
	if err != nil || !found {
		return nil, err
	}
	sealed, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return nil, fmt.Errorf("open absences: not as it was written")
	}
	var list []complaint.Absence
	return list, tx.open(0, "meta.absences", sealed, &list)
}

// SetAbsence takes the place of what the same person said before; without a day it
// is no more than forgotten, as is what ended a month ago.
func (tx *Tx) SetAbsence(a complaint.Absence) error {
	list, err := tx.Absences()
	if err != nil {
		return err
	}
	old := complaint.Day(tx.now.AddDate(0, -1, 0).Format("2006-01-02"))
	list = slices.DeleteFunc(list, func(b complaint.Absence) bool { return strings.EqualFold(b.Person, a.Person) || b.Until < old })
	if a.Until != "" {
		list = append(list, a)
	}
	sealed, err := tx.seal(0, "meta.absences", list)
	if err != nil {
		return err
	}
	return tx.exec("write absences", "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
		metaAbsences, base64.StdEncoding.EncodeToString(sealed))
}
