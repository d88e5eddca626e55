package desk

import (
	"context"
	"errors"
	"fmt"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// Errors of Erase that a caller may want to tell apart.
var (
	ErrNoCase = errors.New("there is no such case")
	ErrBarred = errors.New("it may not be erased")
)

// Erase erases one case now, at the request of the person (AVG art. 17), and all
// else that waits to be erased. A hold and the Ooa stand in its way as in that of
// retention. What it could not finish is written down, and finished by Forget.
// Finished is false when something is left for that.
func (d *Desk) Erase(ctx context.Context, number, reason string) (finished bool, err error) {
	var c complaint.Case
	if d.db.Behind() {
		return false, fmt.Errorf("%w: %w", ErrBarred, store.ErrBehind)
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		found, erasing := false, false
		if c, found, err = tx.CaseByNumber(number); err != nil {
			return err
		} else if !found {
			return ErrNoCase
		}
		if stopped, err := tx.ClockStopped(); err != nil {
			return err
		} else if !stopped.IsZero() {
			return fmt.Errorf("%w: the clock has jumped; see `klachtd release`", ErrBarred)
		}
		if erasing, err = tx.IsErasing(c.ID); err != nil || erasing {
			return err
		}
		if why := c.Barred(d.today(tx)); why != "" {
			return fmt.Errorf("%w: %s", ErrBarred, barred[why])
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	if err := d.begin(ctx, []complaint.Case{c}, store.Record{Asked: true, Reason: reason}); err != nil {
		return false, err
	}
	if err := d.Forget(ctx); err != nil {
		return false, err
	}
	open, err := d.erasures(ctx)
	for _, e := range open {
		if e.CaseID == c.ID {
			return false, err
		}
	}
	return err == nil, err
}

// barred are the reasons in words for the command line.
var barred = map[complaint.Keeping]string{
	complaint.KeptHold:    "somebody holds it (#bewaren); end that first with #bewaren uit",
	complaint.KeptOutside: "it is with an external body, or a ruling is still to be carried out",
}
