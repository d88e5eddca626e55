package desk

import (
	"context"
	"fmt"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// Attend makes each letter that failed somebody's task, one transaction a
// letter, and returns how many there were.
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
			return d.lost(tx, l, l.Failure)
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

// lost tells the case that a letter about it did not arrive.
func (d *Desk) lost(tx *store.Tx, l store.Letter, why complaint.Failure) error {
	c, found, err := tx.Case(l.CaseID)
	if err != nil || !found {
		return err
	}
	var promise complaint.PromiseKind
	for _, p := range c.Promises {
		if p.ID == l.PromiseID {
			promise = p.Kind
		}
	}
	dec := complaint.Decide([]complaint.Case{c}, complaint.Undelivered{
		Now: tx.Now(), Letter: l.Kind, To: l.To, Promise: promise, PromiseID: l.PromiseID, Why: why,
	}, d.o.Policy)
	_, err = d.carry(tx, dec, letter.Original{}, nil)
	return err
}

// stuckAfter is how long a letter may wait before somebody hears of it (security.md 39).
const stuckAfter = 4 * time.Hour

// Deadlines is the name of the job that reminds.
const Deadlines = "deadlines"

// Remind is the job `deadlines`, for the moment it was scheduled for: one mail a
// person about what is due, for everything that became due to be said since the
// last one (procedure.md 1). The run is noted in the same transaction, so that
// nobody is reminded twice.
func (d *Desk) Remind(ctx context.Context, scheduled time.Time) error {
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		letters, err := d.reminders(tx, scheduled)
		if err != nil {
			return err
		}
		for _, l := range letters {
			if err := d.say(tx, l); err != nil {
				return err
			}
		}
		return tx.SetJobRun(Deadlines, scheduled)
	})
	if err != nil {
		return fmt.Errorf("remind: %w", err)
	}
	return nil
}

func (d *Desk) reminders(tx *store.Tx, scheduled time.Time) ([]complaint.Letter, error) {
	zone := d.o.Policy.Zone
	day := complaint.DayOf(scheduled, zone)
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
	err = tx.Cases(true, func(c complaint.Case) error {
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
	letters := complaint.Bundle(open, complaint.DayOf(since, zone), day, filtered, d.o.Policy)
	stuck, err := tx.Stuck(stuckAfter)
	if err != nil {
		return nil, err
	}
	if stuck > 0 {
		letters = append(letters, complaint.Letter{Kind: complaint.LetterAlarm, To: d.o.Alerts,
			Alarm: complaint.Alarm{Kind: complaint.AlarmOutbox, Count: stuck}})
	}
	return letters, tx.SetReminded()
}
