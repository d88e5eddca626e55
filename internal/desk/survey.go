package desk

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// Survey is the name of the job that asks complainants how content they are.
const Survey = "survey"

// Survey asks each complainant of whom the closing is long enough ago, one
// transaction a case (procedure.md 1, satisfaction). It is the job of that name,
// for the moment it was scheduled for.
func (d *Desk) Survey(ctx context.Context, scheduled time.Time) error {
	code, err := surveyCode()
	if err != nil {
		return fmt.Errorf("survey: %w", err)
	}
	var ids []int64
	err = d.db.View(ctx, func(tx *store.Tx) error {
		return tx.Owed(func(c complaint.Case) error {
			dec, err := d.decide(tx, []complaint.Case{c}, complaint.Surveyed{Now: tx.Now(), Code: code})
			if len(dec.Cases) > 0 {
				ids = append(ids, c.ID)
			}
			return err
		})
	})
	for _, id := range ids {
		if err != nil {
			break
		}
		err = d.db.Update(ctx, func(tx *store.Tx) error { return d.survey(tx, id) })
		d.o.Step("desk: asked")
	}
	if err != nil {
		return fmt.Errorf("survey: %w", err)
	}
	return d.db.Update(ctx, func(tx *store.Tx) error { return tx.SetJobRun(Survey, scheduled) })
}

func (d *Desk) survey(tx *store.Tx, id int64) error {
	code, err := surveyCode()
	if err != nil {
		return err
	}
	return d.happens(tx, id, always(complaint.Surveyed{Now: tx.Now(), Code: code}))
}

// surveyCode draws the code of a case: 50 bits, enough for what it opens, which is
// an answer that people read, and short enough to stand in a subject.
func surveyCode() (string, error) {
	var bits [8]byte
	if _, err := rand.Read(bits[:]); err != nil {
		return "", fmt.Errorf("draw code: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(bits[:])[:10]), nil
}

// answered puts an answer to that question to the case, when there still is one.
func (d *Desk) answered(tx *store.Tx, a *arrived, v route.Verdict) error {
	if v.CaseID == 0 {
		return nil
	}
	e := complaint.Scored{Now: tx.Now(), At: a.Received, Score: v.Score, Text: v.Text, Quiet: a.quiet}
	if v.Other {
		e.From = v.From.Address
	}
	return d.join(tx, a, v, "in", e)
}
