package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// Attend tells the cases what became of letters, one transaction a letter: one
// that failed is made somebody's task, one that a person wrote to the complainant
// has arrived. It returns how many there were.
func (d *Desk) Attend(ctx context.Context) (int, error) {
	n := 0
	for {
		more := false
		err := d.db.Update(ctx, func(tx *store.Tx) error {
			list, err := tx.Unattended()
			if err != nil || len(list) == 0 {
				return err
			}
			more = true
			l := list[0]
			if err := tx.Attended(l.ID); err != nil || l.CaseID == 0 {
				return err
			}
			if l.State == store.Sent {
				return d.accepted(tx, l)
			}
			return d.lost(tx, l, l.Failure, false)
		})
		if err != nil {
			return n, fmt.Errorf("attend: %w", err)
		} else if !more {
			return n, nil
		}
		d.o.Step("desk: attended")
		n++
	}
}

// lost tells the case that a letter about it did not arrive; quiet: nobody else.
func (d *Desk) lost(tx *store.Tx, l store.Letter, why complaint.Failure, quiet bool) error {
	return d.happens(tx, l.CaseID, func(c complaint.Case) complaint.Event {
		var promise complaint.PromiseKind
		for _, p := range c.Promises {
			if p.ID == l.PromiseID {
				promise = p.Kind
			}
		}
		return complaint.Undelivered{Now: tx.Now(), Letter: l.Kind, To: l.To, Promise: promise, PromiseID: l.PromiseID,
			Ref: l.Ref, Why: why, Quiet: quiet}
	})
}

// accepted tells the case that a letter of a person to the complainant was accepted.
func (d *Desk) accepted(tx *store.Tx, l store.Letter) error {
	return d.happens(tx, l.CaseID, always(complaint.Delivered{Now: l.SentAt, Letter: l.Kind, Ref: l.Ref,
		Evidence: "<" + l.MessageID + "> " + l.Outcome}))
}

// StuckAfter is how long a letter may wait before somebody hears of it (security.md 39).
const StuckAfter = 4 * time.Hour

// The names of the jobs.
const (
	Deadlines = "deadlines" // reminders, breaches, mails of staff that nobody claimed
	Delays    = "delays"    // the automatic delay letter, and word of a second date
)

// Tick lets time pass for each open case, one transaction a case: breaches go on
// record, and what the clock alone decides is done (procedure.md 1). It is the
// job `delays`, for the moment it was scheduled for.
func (d *Desk) Tick(ctx context.Context, scheduled time.Time) error {
	if err := d.tick(ctx); err != nil {
		return fmt.Errorf("delays: %w", err)
	}
	return d.db.Update(ctx, func(tx *store.Tx) error { return tx.SetJobRun(Delays, scheduled) })
}

func (d *Desk) tick(ctx context.Context) error {
	var ids []int64
	err := d.db.View(ctx, func(tx *store.Tx) error {
		return tx.Owed(func(c complaint.Case) error {
			dec, err := d.decide(tx, []complaint.Case{c}, complaint.Ticked{Now: tx.Now()})
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
		err = d.db.Update(ctx, func(tx *store.Tx) error { return d.happens(tx, id, always(complaint.Ticked{Now: tx.Now()})) })
		d.o.Step("desk: ticked")
	}
	return err
}

// claim registers the mails of staff of which nobody said in time what they are,
// one transaction a mail.
func (d *Desk) claim(ctx context.Context) error {
	for {
		more := false
		err := d.db.Update(ctx, func(tx *store.Tx) error {
			list, err := tx.ChoicesBefore(complaint.DayOf(tx.Now(), d.o.Policy.Zone))
			if err != nil || len(list) == 0 {
				return err
			}
			more = true
			return d.unclaimed(tx, list[0])
		})
		if err != nil || !more {
			return err
		}
		d.o.Step("desk: claimed")
	}
}

// Remind is the job `deadlines`, for the moment it was scheduled for: one mail a
// person about what is due, for everything that became due to be said since the
// last one (procedure.md 1). The run is noted in the same transaction, so that
// nobody is reminded twice.
func (d *Desk) Remind(ctx context.Context, scheduled time.Time) error {
	if err := errors.Join(d.claim(ctx), d.tick(ctx)); err != nil {
		return fmt.Errorf("remind: %w", err)
	}
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		letters, err := d.reminders(tx)
		if err != nil {
			return err
		}
		return errors.Join(d.sayAll(tx, letters), tx.SetJobRun(Deadlines, scheduled))
	})
	if err != nil {
		return fmt.Errorf("remind: %w", err)
	}
	return nil
}

// reminders are those of today, also when yesterday's pass is made up for this
// morning: the one of today then has nothing left to say.
func (d *Desk) reminders(tx *store.Tx) ([]complaint.Letter, error) {
	zone := d.o.Policy.Zone
	day := complaint.DayOf(tx.Now(), zone)
	if !d.o.Policy.Workday(day) {
		return nil, nil // what falls on a free day was said the working day before
	}
	since, err := tx.Reminded()
	if err != nil {
		return nil, err
	}
	if since.IsZero() {
		if since, err = tx.FirstStart(); err != nil {
			return nil, err
		}
		since = since.AddDate(0, 0, -1) // the day of the first start itself was not spoken of yet
	}
	var open []complaint.Case
	err = tx.Owed(func(c complaint.Case) error {
		open = append(open, c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	filtered, err := tx.CountSince(string(route.Spam), since)
	if err != nil {
		return nil, err
	}
	policy, err := d.policy(tx)
	if err != nil {
		return nil, err
	}
	letters := complaint.Bundle(open, complaint.DayOf(since, zone), day, filtered, policy)
	if err := errors.Join(d.stuckOutbox(tx), d.tellCounted(tx)); err != nil {
		return nil, err
	}
	return letters, tx.SetReminded()
}
