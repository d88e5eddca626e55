package store

import (
	"database/sql"
	"fmt"
	"strings"

	"klachtd/internal/complaint"
)

// sealedPromise is what of a promise is content.
type sealedPromise struct {
	WaivedBy string `json:"waived_by,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// savePromises writes the promises of a case; new ones get their ID.
func (tx *Tx) savePromises(c *complaint.Case) error {
	var rows []any // of the new ones, which are many when a case is opened
	for i := range c.Promises {
		p := &c.Promises[i]
		isNew := p.ID == 0
		if isNew {
			p.ID = tx.nextID("promise")
		}
		var sealed []byte
		if p.WaivedBy != "" || p.Reason != "" {
			var err error
			if sealed, err = tx.seal(c.ID, place("promise.sealed", p.ID), sealedPromise{p.WaivedBy, p.Reason}); err != nil {
				return err
			}
		}
		if isNew {
			rows = append(rows, p.ID, c.ID, p.Kind, p.MadeOn, p.Due, ms(p.FulfilledAt), ms(p.BouncedAt), sealed)
			continue
		}
		err := tx.exec("save promise", `UPDATE promise SET due = ?, fulfilled_at = ?, bounced_at = ?, sealed = ?, made_on = ?,
			letter_id = CASE WHEN ?2 IS NULL THEN NULL ELSE letter_id END WHERE id = ?`,
			p.Due, ms(p.FulfilledAt), ms(p.BouncedAt), sealed, p.MadeOn, p.ID)
		if err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	const row = "(?, ?, ?, ?, ?, ?, ?, ?)"
	return tx.exec("add promises", "INSERT INTO promise(id, case_id, kind, made_on, due, fulfilled_at, bounced_at, sealed) VALUES "+
		row+strings.Repeat(", "+row, len(rows)/8-1), rows...)
}

// promises returns the promises of a case in the order they were made. The
// evidence is the Message-ID of the letter that kept it and the server's answer;
// reading it takes longer than all the rest.
func (tx *Tx) promises(caseID int64, evidence bool) ([]complaint.Promise, error) {
	var list []complaint.Promise
	err := tx.each("read promises", `SELECT p.id, p.kind, p.made_on, p.due, p.fulfilled_at, p.bounced_at, p.sealed,
		l.id, l.sealed, l.outcome FROM promise p LEFT JOIN letter l ON l.id = p.letter_id WHERE p.case_id = ? ORDER BY p.id`,
		[]any{caseID}, func(rows *sql.Rows) error {
			var p complaint.Promise
			var fulfilled, bounced, letter sql.NullInt64
			var sealed, sealedLetter, outcome []byte
			err := rows.Scan(&p.ID, &p.Kind, &p.MadeOn, &p.Due, &fulfilled, &bounced, &sealed, &letter, &sealedLetter, &outcome)
			if err != nil {
				return fatal("read promises", err)
			}
			p.FulfilledAt, p.BouncedAt = fromMS(fulfilled), fromMS(bounced)
			if sealed != nil {
				var s sealedPromise
				if err := tx.open(caseID, place("promise.sealed", p.ID), sealed, &s); err != nil {
					return err
				}
				p.WaivedBy, p.Reason = s.WaivedBy, s.Reason
			}
			if evidence && letter.Valid {
				if p.Evidence, err = tx.evidence(caseID, letter.Int64, sealedLetter, outcome); err != nil {
					return err
				}
			}
			list = append(list, p)
			return nil
		})
	return list, err
}

func (tx *Tx) evidence(caseID, letterID int64, sealed, outcome []byte) (string, error) {
	var l sealedLetter
	if err := tx.open(caseID, place("letter.sealed", letterID), sealed, &l); err != nil {
		return "", err
	}
	reply := ""
	if outcome != nil {
		plain, err := tx.openBytes(caseID, place("letter.outcome", letterID), outcome)
		if err != nil {
			return "", err
		}
		reply = " " + string(plain)
	}
	return fmt.Sprintf("<%s>%s", l.MessageID, reply), nil
}
