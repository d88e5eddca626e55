package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// Digest is the name of the job that mails the directeur the week.
const Digest = "digest"

// Digest mails the directeur what happened since the last digest and what waits
// for him, also when nothing does (procedure.md 5). It is the job of that name,
// for the moment it was scheduled for.
func (d *Desk) Digest(ctx context.Context, scheduled time.Time) error {
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		letters, err := d.digest(tx)
		if err != nil {
			return err
		}
		for _, l := range letters {
			if err := d.say(tx, l); err != nil {
				return err
			}
		}
		return tx.SetJobRun(Digest, scheduled)
	})
	if err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	return nil
}

func (d *Desk) digest(tx *store.Tx) ([]complaint.Letter, error) {
	last, _, err := tx.JobRun(Digest)
	if err != nil {
		return nil, err
	}
	policy, err := d.policy(tx)
	if err != nil {
		return nil, err
	}
	r := complaint.NewReview(last.RanAt, tx.Now(), policy)
	err = tx.Brief(func(c complaint.Case) error {
		r.Add(c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	actions, err := tx.Actions()
	if err != nil {
		return nil, err
	}
	r.Improvements(actions)
	t, err := tx.Traffic(last.RanAt, tx.Now())
	return r.Letters(func(g *complaint.Digest) { count(g, t) }), err
}

// fates is the order in which a digest names what became of messages.
var fates = []route.What{route.Complaint, route.Followup, route.Answered, route.Command, route.Refusal, route.Note, route.Asking,
	route.Duplicate, route.Automatic, route.Bounce, route.Spam, route.Quarantined}

// count fills in what only the database knows.
func count(g *complaint.Digest, t store.Traffic) {
	for _, what := range fates {
		if n := t.Became[string(what)]; n > 0 {
			g.Became = append(g.Became, complaint.Tally{Name: string(what), N: n})
		}
	}
	for _, n := range t.Became {
		g.Accounted += n
	}
	g.Came = g.Accounted + t.Pending
	for who, n := range t.Answered {
		g.Commands = append(g.Commands, complaint.Tally{Name: who, N: n})
	}
	slices.SortFunc(g.Commands, func(a, b complaint.Tally) int { return strings.Compare(a.Name, b.Name) })
	g.Undelivered, g.Unproven = t.Undelivered, t.Unproven
}
