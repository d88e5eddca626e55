package desk

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/store"
)

// Forget brings erasures that were begun further: first the mailbox is cleared,
// then the rows are deleted, the keys destroyed and the log emptied, and then
// the certificate goes out. Each step is written down, and may be done again
// (security.md 27 to 29). What cannot be done now is left for the next call.
func (d *Desk) Forget(ctx context.Context) error {
	if d.db.Behind() {
		return nil // what keeps a case may be among what was forgotten (security.md 42)
	}
	open, err := d.erasures(ctx)
	if err != nil || len(open) == 0 {
		return err
	}
	if stopped, err := d.clockStopped(ctx); err != nil || stopped {
		return err
	}
	for _, step := range []struct {
		state store.ErasureState
		do    func(context.Context, []store.Erasure) error
	}{
		{store.Planned, d.clear}, {store.Cleared, d.destroy}, {store.Destroyed, d.shred}, {store.Shredded, d.certify},
	} {
		list := slices.DeleteFunc(slices.Clone(open), func(e store.Erasure) bool { return e.State != step.state })
		if len(list) == 0 {
			continue
		}
		if err := step.do(ctx, list); err != nil {
			return fmt.Errorf("forget: %w", err)
		}
		if open, err = d.erasures(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) erasures(ctx context.Context) (list []store.Erasure, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Erasures()
		return err
	})
	return list, err
}

// begin plans the erasure of cases, one transaction a case: from now on it is a row,
// and what has to be found in the mailbox stands in it.
func (d *Desk) begin(ctx context.Context, cases []complaint.Case, r store.Record) error {
	named, err := d.naming(ctx, cases)
	if err != nil {
		return err
	}
	for _, c := range cases {
		err := d.db.Update(ctx, func(tx *store.Tx) error {
			if erasing, err := tx.IsErasing(c.ID); err != nil || erasing {
				return err
			}
			if now, found, err := tx.Case(c.ID); err != nil || !found {
				return err
			} else if why, err := d.keeps(tx, now, r.Asked); err != nil || why != "" {
				return err
			}
			letters, err := tx.Letters(c.ID)
			if err != nil {
				return err
			}
			e := store.Erasure{CaseID: c.ID, Record: r}
			e.Number, e.Copies = c.Number, store.LettersTo(letters, d.o.Policy.Zone)
			if e.Wanted, err = d.wanted(tx, c.ID, letters); err != nil {
				return err
			}
			for _, n := range named[c.ID] {
				e.Letters, e.Wanted = append(e.Letters, n.id), append(e.Wanted, n.wanted)
			}
			return tx.AddErasure(&e)
		})
		if err != nil {
			return err
		}
		d.o.Step("desk: planned an erasure")
	}
	return nil
}

// wanted are the messages about a case: what came in, and what we sent, of which a
// copy may lie in the Sent folder.
func (d *Desk) wanted(tx *store.Tx, caseID int64, letters []store.Letter) ([]store.Wanted, error) {
	var list []store.Wanted
	add := func(id string, at time.Time, content []byte) {
		same := func(w store.Wanted) bool { return w.MessageID == id && bytes.Equal(w.Content, content) }
		if !slices.ContainsFunc(list, same) {
			list = append(list, store.Wanted{MessageID: id, Received: at, Content: content})
		}
	}
	err := tx.RawMessages(caseID, func(raw []byte) (bool, error) {
		m := message.Parse(raw)
		add(m.MessageID, time.Time{}, tx.Content(m.Fingerprint[:]))
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	receipts, err := tx.ReceiptsOf(caseID)
	if err != nil {
		return nil, err
	}
	for _, r := range receipts {
		if i := slices.IndexFunc(list, func(w store.Wanted) bool { return bytes.Equal(w.Content, r.Content) }); i >= 0 {
			list[i].Received = r.ReceivedAt
			continue
		}
		add(r.MessageID, r.ReceivedAt, r.Content)
	}
	for _, l := range letters {
		raw, err := tx.Body(l)
		if err != nil {
			return nil, err
		}
		m := message.Parse(raw)
		add(l.MessageID, l.SentAt, tx.Content(m.Fingerprint[:]))
	}
	return list, nil
}

// A naming is a letter of no case that names one all the same: reminders, lists, a
// question about the mail that opened it.
type naming struct {
	id     int64
	wanted store.Wanted
}

// naming looks for letters of the house that name one of the cases.
func (d *Desk) naming(ctx context.Context, cases []complaint.Case) (map[int64][]naming, error) {
	found := map[int64][]naming{}
	err := d.db.View(ctx, func(tx *store.Tx) error {
		ids := map[int64][]string{} // of the messages that opened them
		for _, c := range cases {
			messages, err := tx.Messages(c.ID)
			if err != nil {
				return err
			}
			for _, m := range messages {
				if m.MessageID != "" {
					ids[c.ID] = append(ids[c.ID], "<"+m.MessageID+">")
				}
			}
		}
		return tx.HouseLetters(func(l store.Letter, raw []byte) error {
			m := message.Parse(raw)
			for _, c := range cases {
				answers := slices.ContainsFunc(ids[c.ID], func(id string) bool { return slices.Contains(m.InReplyTo, strings.Trim(id, "<>")) })
				if answers || strings.Contains(m.Text, c.Number) || strings.Contains(m.Subject, c.Number) {
					found[c.ID] = append(found[c.ID], naming{l.ID, store.Wanted{MessageID: l.MessageID, Received: l.SentAt, Content: tx.Content(m.Fingerprint[:])}})
				}
			}
			return nil
		})
	})
	return found, err
}
