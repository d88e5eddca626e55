package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/store"
)

// auditCmd is the audit trail (security.md 31).
type auditCmd struct {
	List   auditListCmd   `cmd:"" default:"withargs" help:"Show its rows."`
	Verify auditVerifyCmd `cmd:"" help:"Say whether each row is as it was written. A changed, removed or moved one is named by its number."`
}

type auditListCmd struct {
	configured
	Case string `placeholder:"NUMBER" help:"Only the rows of one case, also of one that was erased."`
	JSON bool   `name:"json" help:"Print a JSON array."`
}

// An auditJSON is one element of `audit --json` (interface.md).
type auditJSON struct {
	N      int64   `json:"n"`
	At     *string `json:"at"`
	Event  string  `json:"event"`
	What   *string `json:"what"`
	CaseID *int64  `json:"case_id"`
	Number *string `json:"number"`
	Actor  *string `json:"actor"`
	Count  *int    `json:"count"`
	Hash   string  `json:"hash"`
}

// Run prints the trail as it is read: a long one needs no memory.
func (c auditListCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	return view(cfg, e, func(tx *store.Tx) error {
		rows := tx.AuditRows
		if c.Case != "" {
			id, err := auditedCase(tx, c.Case)
			if err != nil {
				return err
			}
			rows = func(f func(store.AuditRow) error) error { return tx.AuditRowsOf(id, f) }
		}
		names := newNaming(tx, cfg)
		if c.JSON {
			return jsonArray(e.stdout, func(each func(any) error) error {
				return rows(func(r store.AuditRow) error {
					v, err := names.view(r)
					return errors.Join(err, each(v))
				})
			})
		}
		n := 0
		err := rows(func(r store.AuditRow) error {
			if n++; n == 1 {
				fmt.Fprintf(e.stdout, auditRow, "row", "at", "case", "by", "event")
			}
			v, err := names.view(r)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(e.stdout, auditRow, fmt.Sprint(v.N), r.At.In(cfg.Academy.Zone).Format(time.DateTime), named(v), clean(orDash(v.Actor)), v.words())
			return err
		})
		if err == nil && n == 0 {
			_, err = fmt.Fprintln(e.stdout, "no rows")
		}
		return err
	})
}

const auditRow = "%8s  %-19s  %-13s  %-30s  %s\n"

// named is how a row names its case for people: by the number that is for them, or
// when it is erased by the one that means nothing any more.
func named(v auditJSON) string {
	switch {
	case v.Number != nil:
		return *v.Number
	case v.CaseID != nil:
		return fmt.Sprintf("(erased %d)", *v.CaseID)
	}
	return "-"
}

func orDash(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

// words is what happened.
func (v auditJSON) words() string {
	s := v.Event
	if v.What != nil {
		s += ": " + *v.What
	}
	if v.Count != nil {
		s += fmt.Sprintf(" (%d)", *v.Count)
	}
	return s
}

// auditedCase is the number by which the trail knows a case.
func auditedCase(tx *store.Tx, typed string) (int64, error) {
	number := complaint.FindNumber(strings.TrimSpace(typed))
	if number == "" {
		_, err := known(tx, typed) // says what is wrong with it
		return 0, err
	}
	id, found, err := tx.AuditedCase(number)
	if err == nil && !found {
		err = fmt.Errorf("there is no case %s, and none was erased", number)
	}
	return id, err
}

// A naming puts names to what the trail keeps without: those of the staff of today,
// and the numbers of cases that are still there.
type naming struct {
	tx    *store.Tx
	zone  *time.Location
	staff map[string]string // addresses by their hash
	cases map[int64]string
}

func newNaming(tx *store.Tx, cfg config.Config) naming {
	n := naming{tx, cfg.Academy.Zone, map[string]string{}, map[int64]string{}}
	for _, s := range cfg.Staff {
		n.staff[string(tx.PersonHash(s.Email))] = s.Email
	}
	return n
}

func (n naming) view(r store.AuditRow) (auditJSON, error) {
	v := auditJSON{N: r.N, At: moment(r.At, n.zone), Event: r.Event, What: text(r.What), Hash: hex.EncodeToString(r.Hash)}
	if r.Count != 0 {
		v.Count = &r.Count
	}
	if r.Person != nil {
		v.Actor = text(n.staff[string(r.Person)])
		if v.Actor == nil {
			v.Actor = text("somebody who was staff then")
		}
	}
	if r.CaseID == 0 {
		return v, nil
	}
	v.CaseID = &r.CaseID
	number, known := n.cases[r.CaseID]
	if !known {
		var err error
		if number, err = n.tx.NumberOf(r.CaseID); err != nil {
			return v, err
		}
		n.cases[r.CaseID] = number
	}
	v.Number = text(number)
	return v, nil
}

type auditVerifyCmd struct {
	configured
	Head string `placeholder:"HEX" help:"The head of an earlier day, as the weekly digest says it: shows whether rows were cut off since."`
}

// faultWords say what is wrong with a row.
var faultWords = map[store.FaultKind]string{
	store.RowMissing: "is missing",
	store.RowForeign: "does not belong there",
	store.RowChanged: "is not as it was written",
}

// Run looks through the whole trail.
func (c auditVerifyCmd) Run(e env) error {
	head, err := hex.DecodeString(strings.ToLower(strings.TrimSpace(c.Head)))
	if err != nil || c.Head != "" && len(head) != store.HeadSize {
		return usage{fmt.Errorf("--head %s: want %d hexadecimal digits, as the weekly digest says them", clean(c.Head), 2*store.HeadSize)}
	}
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	var sum store.AuditSum
	err = view(cfg, e, func(tx *store.Tx) error {
		sum, err = tx.VerifyAudit(head, func(rows int64) {
			if terminal(e.stderr) {
				fmt.Fprintf(e.stderr, "\r%d rows", rows)
			}
		})
		return err
	})
	if terminal(e.stderr) {
		fmt.Fprint(e.stderr, "\r")
	}
	if err != nil {
		return err
	}
	if wrong := wrongWith(sum, head); len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	last := "none yet"
	if sum.Head != nil {
		last = hex.EncodeToString(sum.Head)
	}
	_, err = fmt.Fprintf(e.stdout, "%d rows, each as it was written; head %s\n", sum.Rows, last)
	if err == nil && sum.Found > 0 {
		_, err = fmt.Fprintf(e.stdout, "the head that was given is that of row %d\n", sum.Found)
	}
	return err
}

// wrongWith says everything that is wrong, a line a row.
func wrongWith(sum store.AuditSum, head []byte) []error {
	var wrong []error
	for _, f := range sum.Faults {
		wrong = append(wrong, fmt.Errorf("audit trail: row %d %s", f.N, faultWords[f.Why]))
	}
	if sum.More {
		wrong = append(wrong, errors.New("audit trail: and there is more"))
	}
	if len(head) > 0 && sum.Found == 0 {
		wrong = append(wrong, fmt.Errorf("audit trail: no row has the head that was given: rows were cut off or written anew after it was told (the last one is now row %d), or it is from another database or from before a restore", sum.Rows))
	}
	return wrong
}
