package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/vault"
)

// sealedCase is what of a case is content.
type sealedCase struct {
	Name      string              `json:"name,omitempty"`
	Address   string              `json:"address,omitempty"`
	Subject   string              `json:"subject,omitempty"`
	Owner     string              `json:"owner,omitempty"`
	Handler   string              `json:"handler,omitempty"`
	Concerned []complaint.Concern `json:"concerned,omitempty"`
	complaint.Dossier
}

// briefCase reads a case without what could be undone.
type briefCase struct {
	*sealedCase
	Last struct{} `json:"last"`
}

// NewNumber draws a case number for a year that was never issued (procedure.md 4):
// wish when that is such a number. draw returns a random number below its argument.
func (tx *Tx) NewNumber(year int, wish string, draw func(n int) (int, error)) (string, error) {
	var used int
	for range 1000 {
		taken := true
		if wish != "" {
			_, err := tx.one("look up number", "SELECT ("+lastSeq+"), EXISTS (SELECT 1 FROM cases WHERE number = +?2) OR EXISTS (SELECT 1 FROM erasure WHERE number = +?3) OR EXISTS (SELECT 1 FROM meta WHERE key = +?4)",
				[]any{year, wish, tx.numberHash(wish), tx.reserved(wish)}, &used, &taken)
			if err != nil {
				return "", err
			}
		} else {
			var err error
			if used, err = tx.UsedNumbers(year); err != nil {
				return "", err
			}
		}
		n, err := draw(complaint.Numbers(used))
		if err != nil {
			return "", fmt.Errorf("draw number: %w", err)
		}
		number := complaint.Number(year, used, n)
		if !taken && len(wish) == len(number) {
			return wish, nil
		}
		wish = number
	}
	return "", Fatal{fmt.Errorf("draw number: 1000 in a row were taken")}
}

// lastSeq is the highest sequence number of the year ?1, erased cases included.
// The sign before a parameter here and in other statements that run for each
// message keeps SQLite from planning them anew each time: it wants to know
// whether a bare one is 0 or 1, and the driver clears it before each run.
const lastSeq = `SELECT max(coalesce((SELECT max(seq) FROM cases WHERE year = +?1), 0),
	coalesce((SELECT seq FROM issued WHERE year = +?1), 0))`

// UsedNumbers is how many numbers of a year were issued.
func (tx *Tx) UsedNumbers(year int) (used int, err error) {
	_, err = tx.one("count numbers", lastSeq, []any{year}, &used)
	return used, err
}

// AddCase makes the key of a new case and saves it; c gets its ID and its
// promises get theirs.
func (tx *Tx) AddCase(c *complaint.Case, zone *time.Location) error {
	c.ID = tx.nextID("cases")
	key, err := tx.db.vault.Make(c.ID)
	if err != nil {
		return fatal("make key", err)
	}
	tx.keys[c.ID] = key
	sealed, err := tx.sealCase(*c)
	if err != nil {
		return err
	}
	year := c.ReceivedAt.In(zone).Year()
	err = tx.exec("add case", `INSERT INTO cases(year, id, number, seq, kind, state, severity, received_at, registered_at,
		reacted_at, closed_at, react_by, resolve_by, expected_on, sealed)
		VALUES (?, ?, ?, (`+lastSeq+`) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		year, c.ID, c.Number, c.Kind, c.State, c.Severity, ms(c.ReceivedAt), ms(tx.now),
		ms(c.ReactedAt), ms(c.ClosedAt), c.ReactBy, c.ResolveBy, c.ExpectedOn, sealed)
	if err != nil {
		return err
	}
	return errors.Join(tx.saveCourse(*c), tx.savePromises(c), tx.saveBrief(*c))
}

// SaveCase writes a case that was there already, with its promises.
func (tx *Tx) SaveCase(c *complaint.Case) error {
	sealed, err := tx.sealCase(*c)
	if err != nil {
		return err
	}
	err = tx.exec("save case", `UPDATE cases SET kind = ?, state = ?, severity = ?, received_at = ?, reacted_at = ?, closed_at = ?,
		react_by = ?, resolve_by = ?, expected_on = ?, sealed = ? WHERE id = ?`,
		c.Kind, c.State, c.Severity, ms(c.ReceivedAt), ms(c.ReactedAt), ms(c.ClosedAt), c.ReactBy, c.ResolveBy, c.ExpectedOn, sealed, c.ID)
	if err != nil {
		return err
	}
	return errors.Join(tx.saveCourse(*c), tx.savePromises(c), tx.saveBrief(*c))
}

func (tx *Tx) sealCase(c complaint.Case) ([]byte, error) {
	return tx.seal(c.ID, place("cases.sealed", c.ID), sealedCase{c.Complainant.Name, c.Complainant.Address,
		c.Subject, c.Owner, c.Handler, c.Concerned, c.Dossier})
}

const caseColumns = `id, number, kind, state, severity, received_at, reacted_at, closed_at, react_by, resolve_by, expected_on, sealed`

// Case returns the case with this id; false when there is none.
func (tx *Tx) Case(id int64) (complaint.Case, bool, error) {
	return tx.oneCase("SELECT "+caseColumns+" FROM cases WHERE id = ?", id)
}

// CaseByNumber returns the case with this number in any case; false when there is none.
func (tx *Tx) CaseByNumber(number string) (complaint.Case, bool, error) {
	return tx.oneCase("SELECT "+caseColumns+" FROM cases WHERE number = ?", strings.ToUpper(number))
}

func (tx *Tx) oneCase(query string, arg any) (complaint.Case, bool, error) {
	var found []complaint.Case
	err := tx.eachCase(query, []any{arg}, false, func(c complaint.Case) error {
		found = append(found, c)
		return nil
	})
	if err != nil || len(found) == 0 {
		return complaint.Case{}, false, err
	}
	return found[0], true, nil
}

// Cases calls f with each case in the order of registration, one at a time, so
// that a large register needs no memory.
func (tx *Tx) Cases(open bool, f func(complaint.Case) error) error {
	where := ""
	if open {
		where = " WHERE state <> 'closed'"
	}
	return tx.eachCase("SELECT "+caseColumns+" FROM cases"+where+" ORDER BY id", nil, false, f)
}

// Owed calls f with each case of which something may still be owed: the open
// ones, and those closed within half a year with a promise that is open or was
// kept in the last month (the question how content C is has a reminder); a request
// or a ruling may come later. They are to look at, not to save: the promises lack
// their evidence, and what could be undone is left out, which takes most of the time.
func (tx *Tx) Owed(f func(complaint.Case) error) error {
	return tx.eachCase("SELECT "+caseColumns+` FROM cases WHERE state <> 'closed' OR EXISTS (SELECT 1 FROM promise p WHERE p.case_id = cases.id
		AND (p.fulfilled_at IS NULL OR p.fulfilled_at > ?2) AND p.kind <> 'erase' AND (closed_at > ?1 OR p.kind IN ('request', 'ruling'))) ORDER BY id`,
		[]any{ms(tx.now.AddDate(0, -6, -2)), ms(tx.now.AddDate(0, -1, 0))}, true, f)
}

// Brief is Cases as Owed gives them: to look at.
func (tx *Tx) Brief(f func(complaint.Case) error) error {
	return tx.eachCase("SELECT "+caseColumns+" FROM cases ORDER BY id", nil, true, f)
}

// BriefCases calls f with the cases of these ids as Owed gives them: to look at.
func (tx *Tx) BriefCases(ids []int64, f func(complaint.Case) error) error {
	return tx.eachCase("SELECT "+caseColumns+" FROM cases WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", []any{list(ids)}, true, f)
}

func (tx *Tx) eachCase(query string, args []any, brief bool, f func(complaint.Case) error) error {
	return tx.each("read case", query, args, func(rows *sql.Rows) error {
		var c complaint.Case
		var received, reacted, closed sql.NullInt64
		var sealed []byte
		err := rows.Scan(&c.ID, &c.Number, &c.Kind, &c.State, &c.Severity, &received, &reacted, &closed,
			&c.ReactBy, &c.ResolveBy, &c.ExpectedOn, &sealed)
		if err != nil {
			return fatal("read case", err)
		}
		c.ReceivedAt, c.ReactedAt, c.ClosedAt = fromMS(received), fromMS(reacted), fromMS(closed)
		var s sealedCase
		var into any = &s
		if brief {
			into = &briefCase{sealedCase: &s}
		}
		err = tx.open(c.ID, place("cases.sealed", c.ID), sealed, into)
		if errors.Is(err, vault.ErrErased) {
			return nil // out of a backup: nobody sees it again (security.md 28)
		} else if err != nil {
			return err
		}
		c.Complainant = complaint.Party{Name: s.Name, Address: s.Address}
		c.Subject, c.Owner, c.Handler, c.Concerned = s.Subject, s.Owner, s.Handler, s.Concerned
		c.Dossier = s.Dossier
		if c.Promises, err = tx.promises(c.ID, !brief); err != nil {
			return err
		}
		return f(c)
	})
}
