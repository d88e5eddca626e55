package store

import (
	"bytes"
	"encoding/hex"

	"klachtd/internal/vault"
)

// keepIDs sees to it that no case gets the number of a key that another one had.
func (tx *Tx) keepIDs() error {
	last, err := tx.db.vault.Last()
	if err != nil {
		return err
	}
	tx.db.ids["cases"] = max(tx.db.ids["cases"], last)
	if err := tx.exec("keep ids", "DELETE FROM sqlite_sequence WHERE name = 'cases'"); err != nil {
		return err
	}
	return tx.exec("keep ids", "INSERT INTO sqlite_sequence(name, seq) VALUES ('cases', ?)", tx.db.ids["cases"])
}

// forget erases anew what was erased since the database was copied: its rows, what
// its messages are known by, and its number (security.md 28, 29).
func (tx *Tx) forget() error {
	list, err := tx.db.vault.Erased()
	if err != nil {
		return err
	}
	gone, err := tx.Orphans()
	if err != nil {
		return err
	}
	for _, e := range list {
		var number string
		there, err := tx.one("look for erased cases", "SELECT number FROM cases WHERE id = ?", []any{e.ID}, &number)
		if err != nil {
			return err
		}
		if there && bytes.Equal(tx.numberHash(number), e.Number) {
			gone = append(gone, e.ID) // its key came back with a copy of the keys
		}
	}
	for _, id := range gone {
		if err := tx.DestroyCase(id, nil); err != nil {
			return err
		}
	}
	if err := tx.db.vault.Destroy(gone...); err != nil {
		return err
	}
	for _, e := range list {
		if err := tx.forgetAgain(e); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) forgetAgain(e vault.Erased) error {
	if e.Number != nil {
		if err := tx.writeMeta(reservedKey(e.Number), "erased"); err != nil {
			return err
		}
	}
	for _, content := range e.Contents {
		r, found, err := tx.ReceiptByContent(content)
		if err != nil || found && r.CaseID != 0 && r.CaseID != e.ID {
			return err // of a case that is there
		}
		if found {
			err = tx.exec("erase case", "UPDATE receipt SET case_id = NULL, message_id = NULL, reason = '', erased = 1 WHERE content = ?", content)
		} else {
			err = tx.addForgotten(content)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addForgotten makes the content of a message known that no receipt has.
func (tx *Tx) addForgotten(content []byte) error {
	uid, err := tx.NextImported()
	if err != nil {
		return err
	}
	return tx.AddReceipt(Imported(), Receipt{UID: uid, ReceivedAt: tx.now, Content: content, Became: "duplicate", Erased: true})
}

// Reserve keeps numbers from being given to a new case: they were given by a
// database that is no more, or are an erased case's (procedure.md 4).
func (tx *Tx) Reserve(number string) error {
	return tx.exec("reserve number", "INSERT INTO meta(key, value) VALUES (?, '') ON CONFLICT DO NOTHING", tx.reserved(number))
}

func (tx *Tx) reserved(number string) string { return reservedKey(tx.numberHash(number)) }

func reservedKey(hash []byte) string { return "number " + hex.EncodeToString(hash) }
