package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/store"
)

// Retention is the name of the job that foretells erasures and plans them.
const Retention = "retention"

// announceAhead is how far ahead cases are looked at: 30 days, and the free days
// before which a telling may be moved.
const announceAhead = 45

// Retain is the job `retention`, for the moment it was scheduled for: it tells the
// directeur what will be erased in 30 days, plans what is to be erased now, forgets
// what has had its time and belongs to no case, and clears what was filed long ago
// out of the mailbox. What it planned is done by Forget. While the clock is not to
// be trusted it does nothing (security.md 29, 44).
func (d *Desk) Retain(ctx context.Context, scheduled time.Time) error {
	stopped, err := d.clockStopped(ctx)
	if err == nil && !stopped {
		err = errors.Join(d.foretell(ctx), d.plan(ctx), d.orphans(ctx), d.prune(ctx))
	}
	if err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	if err := d.db.Update(ctx, func(tx *store.Tx) error { return tx.SetJobRun(Retention, scheduled) }); err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	if stopped {
		return nil
	}
	if err := d.clearFiled(ctx); err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	return nil
}

func (d *Desk) clockStopped(ctx context.Context) (stopped bool, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		at, err := tx.ClockStopped()
		stopped = !at.IsZero()
		return err
	})
	return stopped, err
}

// ClockJumped stops erasures and acknowledgements until `klachtd release`, and
// says so to whoever gets technical alarms (security.md 44).
func (d *Desk) ClockJumped(ctx context.Context) error {
	return d.db.Update(ctx, func(tx *store.Tx) error {
		at, err := tx.ClockStopped()
		if err != nil || !at.IsZero() {
			return err
		}
		return errors.Join(tx.StopClock(), tx.Hold(), d.alarm(tx, complaint.Alarm{Kind: complaint.AlarmClock, Count: 1}))
	})
}

// foretell tells the directeur, in one mail, what is about to be erased.
func (d *Desk) foretell(ctx context.Context) error {
	var ids []int64
	err := d.db.View(ctx, func(tx *store.Tx) error {
		return tx.ToErase(d.today(tx).Add(announceAhead), func(c complaint.Case) error {
			dec, err := d.decide(tx, []complaint.Case{c}, complaint.Foretold{Now: tx.Now()})
			if len(dec.Cases) > 0 {
				ids = append(ids, c.ID)
			}
			return err
		})
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		policy, err := d.policy(tx)
		if err != nil {
			return err
		}
		var told []complaint.Case
		for _, id := range ids {
			c, found, err := tx.Case(id)
			if err != nil || !found {
				return err
			}
			dec := complaint.Decide([]complaint.Case{c}, complaint.Foretold{Now: tx.Now()}, policy)
			for _, c := range dec.Cases {
				told = append(told, c)
				d.audit(tx, c, dec)
				if err := errors.Join(tx.SaveCase(&c), addEvents(tx, c.ID, dec.Notes)); err != nil {
					return err
				}
			}
		}
		return d.sayAll(tx, policy.Ahead(told, d.today(tx)))
	})
	d.o.Step("desk: foretold")
	return err
}

func addEvents(tx *store.Tx, caseID int64, notes []complaint.Note) error {
	for _, n := range notes {
		if err := tx.AddEvent(caseID, n); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) today(tx *store.Tx) complaint.Day { return complaint.DayOf(tx.Now(), d.o.Policy.Zone) }

// plan begins the erasure of each case that nothing keeps any more.
func (d *Desk) plan(ctx context.Context) error {
	var due []complaint.Case
	err := d.db.View(ctx, func(tx *store.Tx) error {
		return tx.ToErase(d.today(tx), func(c complaint.Case) error {
			why, err := d.keeps(tx, c, false)
			if err != nil || why != "" {
				return err
			}
			erasing, err := tx.IsErasing(c.ID)
			if err == nil && !erasing {
				due = append(due, c)
			}
			return err
		})
	})
	if err != nil || len(due) == 0 {
		return err
	}
	return d.begin(ctx, due, store.Record{})
}

// keeps says why a case may not be erased now. What was taken into another case
// goes with that one.
func (d *Desk) keeps(tx *store.Tx, c complaint.Case, asked bool) (complaint.Keeping, error) {
	if asked {
		return c.Barred(d.today(tx)), nil
	}
	why := d.o.Policy.Keeps(c, d.today(tx))
	if why != "" || c.MergedInto == "" {
		return why, nil
	}
	main, found, err := tx.CaseByNumber(c.MergedInto)
	if err != nil || !found {
		return "", err
	}
	return d.o.Policy.Keeps(main, d.today(tx)), nil
}

// orphans destroys anew what a backup of the database brought back.
func (d *Desk) orphans(ctx context.Context) error {
	var ids []int64
	err := d.db.View(ctx, func(tx *store.Tx) (err error) {
		ids, err = tx.Orphans()
		return err
	})
	for _, id := range ids {
		if err == nil {
			err = d.db.Update(ctx, func(tx *store.Tx) error { return tx.DestroyCase(id, nil) })
		}
	}
	return err
}

// prune forgets what belongs to no case: the term is that of what was filed, and
// at least that of the codes in our mails (security.md, K).
func (d *Desk) prune(ctx context.Context) error {
	return d.db.Update(ctx, func(tx *store.Tx) error {
		return tx.Prune(tx.Now().AddDate(0, 0, -max(d.o.KeepFiled, tokenDays)))
	})
}

// tokenDays is how long what proves a sender holds.
const tokenDays = 45

// mostFiled bounds what is cleared out of one folder in one run; the rest follows
// the next day.
const mostFiled = 500

// clearFiled removes from the folders of spam, automatic mail and quarantine what
// was filed there long ago and belongs to no case.
func (d *Desk) clearFiled(ctx context.Context) error {
	if d.o.Clear == nil || d.o.KeepFiled <= 0 {
		return nil
	}
	for _, folder := range []string{"spam", "automatic", "quarantine"} {
		var filed []store.Filed
		err := d.db.View(ctx, func(tx *store.Tx) (err error) {
			filed, err = tx.FiledBefore(folder, tx.Now().AddDate(0, 0, -d.o.KeepFiled), mostFiled)
			return err
		})
		if err != nil || len(filed) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		known := make(map[string]bool, len(filed))
		last := filed[0].Received
		for _, f := range filed {
			known[string(f.Content)] = true
			if f.Received.After(last) {
				last = f.Received
			}
		}
		_, err = d.o.Clear(ctx, Hunt{Folder: folder, Before: last.AddDate(0, 0, 2)}, Hunter{
			Judge: func(raw []byte, _ bool) (int64, bool) {
				if !known[string(d.contentOf(raw))] {
					return 0, false
				}
				return 1, true
			},
			Removed: func(context.Context, string, []int64) error { return nil },
		})
		if err != nil {
			return err
		}
		if err := d.db.Update(ctx, func(tx *store.Tx) error { return tx.ForgetFiled(folder, filed) }); err != nil {
			return err
		}
		d.o.Step("desk: cleared a folder")
	}
	return nil
}

// contentOf is the keyed hash of what a message says.
func (d *Desk) contentOf(raw []byte) []byte {
	m := message.Parse(raw)
	return d.db.Content(m.Fingerprint[:])
}
