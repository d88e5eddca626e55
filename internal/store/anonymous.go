package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"klachtd/internal/complaint"
)

// AddAnonymous keeps what stays of a case (procedure.md 6).
func (tx *Tx) AddAnonymous(a complaint.Anonymous) error {
	scores, err := json.Marshal(a.Scores)
	if err != nil {
		return fmt.Errorf("keep anonymous row: %w", err)
	}
	var promises []byte
	for _, o := range a.Promises {
		promises = fmt.Appendf(promises, "%s:%s:%s ", o.Kind, o.How, o.Due)
	}
	return tx.exec("keep anonymous row", `INSERT INTO anonymous(received, closed, channel, kind, severity, category, cause, finding,
		resolution, react_days, close_days, delays, reopened, outside, actions, scores, promises,
		in_time, solved, announced, asked, resolve_by, expected, told) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.Received, a.Closed, a.Channel, a.Kind, a.Severity, a.Category, a.Cause, a.Finding, a.Resolution,
		a.ReactDays, a.CloseDays, a.Delays, a.Reopened, a.Outside, a.Actions, string(scores), string(promises),
		a.InTime, a.Solved, a.Announced, a.Asked, a.ResolveBy, a.Expected, a.Told)
}

// Anonymous calls f with each row of the months of receipt from first up to and
// including last (2026-11), in no order that tells when a case was erased. Its lists
// hold till f returns.
func (tx *Tx) Anonymous(first, last string, f func(complaint.Anonymous) error) error {
	var a complaint.Anonymous
	return tx.each("read anonymous rows", `SELECT received, closed, channel, kind, severity, category, cause, finding, resolution,
		react_days, close_days, delays, reopened, outside, actions, scores, promises, in_time IS NOT NULL, coalesce(in_time, 0),
		coalesce(solved, 0), coalesce(announced, 0), coalesce(asked, 0), resolve_by, expected, told FROM anonymous
		WHERE received BETWEEN ? AND ? ORDER BY received, category, cause, severity, close_days, id`, []any{first, last},
		func(rows *sql.Rows) error {
			var scores, promises string
			err := rows.Scan(&a.Received, &a.Closed, &a.Channel, &a.Kind, &a.Severity, &a.Category, &a.Cause, &a.Finding, &a.Resolution,
				&a.ReactDays, &a.CloseDays, &a.Delays, &a.Reopened, &a.Outside, &a.Actions, &scores, &promises, &a.Dated, &a.InTime,
				&a.Solved, &a.Announced, &a.Asked, &a.ResolveBy, &a.Expected, &a.Told)
			if err != nil {
				return fatal("read anonymous rows", err)
			}
			a.Scores = a.Scores[:0]
			if scores != "null" && scores != "[]" && json.Unmarshal([]byte(scores), &a.Scores) != nil {
				return errors.New("read anonymous rows: not as they were written")
			}
			a.Promises = a.Promises[:0]
			for word := range strings.FieldsSeq(promises) {
				kind, rest, _ := strings.Cut(word, ":")
				how, due, _ := strings.Cut(rest, ":")
				a.Promises = append(a.Promises, complaint.Outcome{Kind: complaint.PromiseKind(kind), How: complaint.Kept(how), Due: due})
			}
			return f(a)
		})
}

// fewest is from how many cases on a course or a location is named.
const fewest = 3

// The words for what is counted.
const (
	Course   = "course"
	Location = "location"
)

// AddTotal counts an erased case for its course or location; name "" is none. The
// name is kept from the third one on: before that a hash alone.
func (tx *Tx) AddTotal(year int, what, name string) error {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" {
		return nil
	}
	hash := tx.db.vault.Hash("total", what, strings.ToLower(name))[:16]
	var n int
	_, err := tx.one("count total", `INSERT INTO total(year, what, hash, n) VALUES (?, ?, ?, 1)
		ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n`, []any{year, what, hash}, &n)
	if err != nil || n < fewest {
		return err
	}
	sealed, err := tx.sealBytes(0, totalPlace(year, what, hash), []byte(name))
	if err != nil {
		return err
	}
	return tx.exec("name total", "UPDATE total SET sealed = ? WHERE year = ? AND what = ? AND hash = ?", sealed, year, what, hash)
}

func totalPlace(year int, what string, hash []byte) string {
	return fmt.Sprintf("total.sealed %d %s %x", year, what, hash)
}

// A Total is how many erased cases of a year were about a course or a location.
type Total struct {
	Name  string
	Count int
}

// Totals returns those of a year that may be named, the largest first.
func (tx *Tx) Totals(year int, what string) ([]Total, error) {
	var list []Total
	err := tx.each("read totals", "SELECT hash, n, sealed FROM total WHERE year = ? AND what = ? AND n >= ? ORDER BY n DESC, hash", []any{year, what, fewest},
		func(rows *sql.Rows) error {
			var hash, sealed []byte
			var t Total
			if err := rows.Scan(&hash, &t.Count, &sealed); err != nil {
				return fatal("read totals", err)
			}
			name, err := tx.openBytes(0, totalPlace(year, what, hash), sealed)
			t.Name = string(name)
			list = append(list, t)
			return err
		})
	return list, err
}
