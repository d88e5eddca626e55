package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// Until is the last moment of which it is known that the lost database worked.
func (r *Recovery) Until() time.Time { return r.to }

// Catch lets the clock decide, as of Until, what it had decided before that: delay
// letters, and questions how content somebody is. They may have been sent; Settle
// makes them somebody's task. d has that moment as its clock.
func (r *Recovery) Catch(ctx context.Context) error {
	d := r.desk
	if !r.to.After(r.from) || r.from.IsZero() {
		return nil
	}
	if err := errors.Join(d.Tick(ctx, r.to), d.Survey(ctx, r.to)); err != nil {
		return fmt.Errorf("recover: %w", err)
	}
	return nil
}

// Settle ends a recovery. What was to leave before the end of the gap may have left:
// to the complainant it is not sent again, but is somebody's task; to staff it is
// dropped, since reminders tell them what is due. An acknowledgement that lies in the
// Sent folder was sent. It tells whoever gets technical alarms.
func (r *Recovery) Settle(ctx context.Context) (Recovered, error) {
	d := r.desk
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		tx.Audit(store.Entry{Event: "recover", Count: r.count.Cases})
		list, err := tx.Unsent()
		if err != nil {
			return err
		}
		for _, l := range list {
			if err := r.settle(tx, l); err != nil {
				return err
			}
		}
		if r.count.Cases+r.count.Joined+r.count.Commands+r.count.Unsure == 0 {
			return nil
		}
		return d.alarm(tx, complaint.Alarm{Kind: complaint.AlarmRecovered, Count: r.count.Cases})
	})
	if err != nil {
		return r.count, fmt.Errorf("recover: %w", err)
	}
	d.o.Step("desk: settled")
	return r.count, nil
}

func (r *Recovery) settle(tx *store.Tx, l store.Letter) error {
	old := !l.CreatedAt.After(r.to)
	if l.Kind == complaint.LetterAcknowledgement {
		messages, err := tx.Messages(l.CaseID)
		if err != nil {
			return err
		}
		for _, m := range messages {
			sent, found := r.acks[m.MessageID]
			if found && m.MessageID != "" && sent.to == strings.ToLower(m.From) {
				r.count.Sent++
				return tx.Settled(l, store.Sent, "", "found in the mailbox: "+sent.id)
			}
			old = old || !m.At.After(r.to)
		}
	}
	if !old {
		return nil // the lost database cannot have sent it
	}
	if l.CaseID == 0 || !l.Kind.ToComplainant() {
		return tx.Settled(l, store.FailedFor, store.Superseded, "of before a restore")
	}
	r.count.Unsure++
	return tx.Settled(l, store.FailedFor, "uncertain", "it may have been sent before the restore")
}
