package store

import (
	"database/sql"
	"time"
)

// An Export is a file that was written of a case.
type Export struct {
	At     time.Time `json:"-"`
	Path   string    `json:"path"`   // absolute
	SHA256 []byte    `json:"sha256"` // of the file: another one in its place is not touched
}

// AddExport notes that a file of a case is about to be put in its place, and leaves
// a row in the audit trail without the path.
func (tx *Tx) AddExport(caseID int64, e Export) error {
	id := tx.nextID("export")
	sealed, err := tx.seal(caseID, place("export.sealed", id), e)
	if err != nil {
		return err
	}
	tx.Audit(Entry{Event: "export", CaseID: caseID})
	return tx.exec("add export", "INSERT INTO export(id, case_id, at, sealed) VALUES (?, ?, ?, ?)", id, caseID, ms(tx.now), sealed)
}

// Exports returns the files of a case.
func (tx *Tx) Exports(caseID int64) ([]Export, error) {
	var list []Export
	err := tx.each("read exports", "SELECT id, at, sealed FROM export WHERE case_id = ? ORDER BY id", []any{caseID}, func(rows *sql.Rows) error {
		var e Export
		var id int64
		var at sql.NullInt64
		var sealed []byte
		if err := rows.Scan(&id, &at, &sealed); err != nil {
			return fatal("read exports", err)
		}
		err := tx.open(caseID, place("export.sealed", id), sealed, &e)
		e.At = fromMS(at)
		list = append(list, e)
		return err
	})
	return list, err
}
