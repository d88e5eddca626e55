package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

const (
	// quiet is how long nobody hears of a kind of alarm again, whatever happens.
	quiet = time.Hour
	// again is how long nobody hears again of what goes on: a day, but not later
	// each day.
	again = 23 * time.Hour
)

// lasting are the alarms about what goes on outside the database; that a kind is not
// among what is seen ends it.
var lasting = []complaint.AlarmKind{complaint.AlarmFetch, complaint.AlarmToken, complaint.AlarmLogin, complaint.AlarmDisk}

// alarm tells whoever gets technical alarms of something that happened. What
// happens within an hour after the last one of its kind is counted, and told then.
func (d *Desk) alarm(tx *store.Tx, a complaint.Alarm) error {
	s, err := tx.Alarm(a.Kind)
	if err != nil {
		return err
	}
	s.Count += a.Count
	if lately(quiet, s.Told, tx.Now()) {
		return tx.SetAlarm(a.Kind, s)
	}
	return d.sound(tx, a.Kind, s)
}

// lasts tells of what goes on: when it begins, and once a day until it ends. n is
// the number to say with it, there whether it is so now.
func (d *Desk) lasts(tx *store.Tx, kind complaint.AlarmKind, n int, there bool) error {
	s, err := tx.Alarm(kind)
	switch {
	case err != nil:
		return err
	case !there && s.Since.IsZero():
		return nil
	case !there:
		s.Since = time.Time{}
		return tx.SetAlarm(kind, s)
	case lately(quiet, s.Told, tx.Now()), !s.Since.IsZero() && lately(again, s.Told, tx.Now()):
		return nil
	}
	if s.Since.IsZero() {
		s.Since = tx.Now()
	}
	s.Count = n
	return d.sound(tx, kind, s)
}

// lately reports whether at is less than d away; a clock that was set back must
// not silence alarms for longer.
func lately(d time.Duration, at, now time.Time) bool { return now.Sub(at).Abs() < d }

// sound puts an alarm in the outbox: numbers alone, no content (security.md 23).
func (d *Desk) sound(tx *store.Tx, kind complaint.AlarmKind, s store.AlarmState) error {
	d.log.Error("alarm", "kind", kind, "count", s.Count)
	err := d.say(tx, complaint.Letter{Kind: complaint.LetterAlarm, To: d.o.Alerts, Alarm: complaint.Alarm{Kind: kind, Count: s.Count}})
	s.Told, s.Count = tx.Now(), 0
	return errors.Join(err, tx.SetAlarm(kind, s))
}

// tellCounted tells what happened in an hour in which nobody was to hear of it.
func (d *Desk) tellCounted(tx *store.Tx) error {
	kinds, err := tx.CountedAlarms()
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		s, err := tx.Alarm(kind)
		if err == nil && !lately(quiet, s.Told, tx.Now()) {
			err = d.sound(tx, kind, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// stuckOutbox looks for letters that the mail server does not take (security.md 39).
func (d *Desk) stuckOutbox(tx *store.Tx) error {
	stuck, err := tx.Stuck(StuckAfter)
	if err != nil {
		return err
	}
	return d.lasts(tx, complaint.AlarmOutbox, stuck, stuck > 0)
}

// Alarms tells whoever gets technical alarms what goes on: of what the loops see
// (fetching, logins that end, the disk) and of what stands in the database. Of a
// kind one mail an hour goes out at most, over restarts too, and one a day while
// nothing changes. It is called each minute.
func (d *Desk) Alarms(ctx context.Context, seen []complaint.Alarm) error {
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		for _, kind := range lasting {
			n, there := 0, false
			for _, a := range seen {
				if a.Kind == kind {
					n, there = a.Count, true
				}
			}
			if err := d.lasts(tx, kind, n, there); err != nil {
				return err
			}
		}
		return errors.Join(d.stuckOutbox(tx), d.tellCounted(tx))
	})
	if err != nil {
		return fmt.Errorf("alarms: %w", err)
	}
	return nil
}
