// Package desk handles one event in one transaction: load, decide, word, write.
// Messages come in batches, cron and failures by the same door. What is right is
// decided by package complaint, what is sent is sent by package deliver.
package desk

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// Options are what the academy has settled and what the desk is given to work with.
type Options struct {
	Policy complaint.Policy
	Limits Limits
	Own    []string        // our own addresses; the first one is what we write from
	Alerts complaint.Party // who gets technical alarms
	Since  time.Time       // imap.since: older messages are never acknowledged
	Step   func(string)    // called between every two steps; nil: nothing
}

// Limits are those of automatic answers (security.md 12).
type Limits struct {
	PerAddress, PerDomain int // a day
	PerHour, PerDay       int // in all
	Burst                 int // new messages in one pass
}

// A Desk handles events.
type Desk struct {
	o     Options
	db    *store.DB
	book  *letter.Book
	log   *slog.Logger
	tally Tally
}

// New returns a Desk.
func New(o Options, db *store.DB, book *letter.Book, log *slog.Logger) *Desk {
	if o.Step == nil {
		o.Step = func(string) {}
	}
	return &Desk{o: o, db: db, book: book, log: log.With("component", "desk")}
}

// A Tally counts what became of messages.
type Tally struct {
	Registered, Followups, Notes, Duplicates, Automatic, Bounces, Spam, Quarantined int
}

// Tally returns the counts since the last call. It is not for use beside Receive.
func (d *Desk) Tally() Tally {
	t := d.tally
	d.tally = Tally{}
	return t
}

func (t *Tally) count(w route.What) {
	switch w {
	case route.Complaint:
		t.Registered++
	case route.Followup:
		t.Followups++
	case route.Note:
		t.Notes++
	case route.Duplicate:
		t.Duplicates++
	case route.Automatic:
		t.Automatic++
	case route.Bounce:
		t.Bounces++
	case route.Spam:
		t.Spam++
	case route.Quarantined:
		t.Quarantined++
	}
}

// carry writes down a decision about a case: the case, the timeline, the letters.
func (d *Desk) carry(tx *store.Tx, dec complaint.Decision, o letter.Original) (complaint.Case, error) {
	c := dec.Cases[0]
	save := tx.SaveCase
	if c.ID == 0 {
		save = func(c *complaint.Case) error { return tx.AddCase(c, d.o.Policy.Zone) }
	}
	if err := save(&c); err != nil {
		return c, err
	}
	for _, n := range dec.Notes {
		if err := tx.AddEvent(c.ID, n); err != nil {
			return c, err
		}
	}
	for _, l := range dec.Letters {
		if err := d.post(tx, l, c, o); err != nil {
			return c, err
		}
	}
	return c, nil
}

// post words a letter and puts it in the outbox. It is given its Message-ID and
// Date here: what is stored is what is sent.
func (d *Desk) post(tx *store.Tx, l complaint.Letter, c complaint.Case, o letter.Original) error {
	if l.To.Address == "" {
		return fmt.Errorf("post %s: nobody to write to", l.Kind)
	}
	_, host, _ := strings.Cut(d.o.Own[0], "@")
	id, err := letter.NewID(rand.Reader, host)
	if err != nil {
		return fmt.Errorf("post %s: %w", l.Kind, err)
	}
	env := letter.Envelope{ID: id, Date: tx.Now()}
	if l.Kind == complaint.LetterAcknowledgement {
		env.InReplyTo = o.MessageID
	} else if c.ID != 0 {
		if env.References, err = d.thread(tx, c, l); err != nil {
			return err
		}
	}
	mail, err := d.book.Write(l, c, o, env)
	if err != nil {
		return fmt.Errorf("word %s: %w", l.Kind, err)
	}
	out := store.Letter{CaseID: c.ID, Kind: l.Kind, State: store.Due,
		From: d.o.Own[0], To: l.To.Address, Subject: mail.Subject, MessageID: id}
	if l.Held {
		out.State = store.Held
	}
	if p := c.Promise(l.Promise); l.Promise != "" && p != nil {
		out.PromiseID = p.ID
	}
	if l.Kind == complaint.LetterAcknowledgement {
		if err := tx.AddAcknowledged(l.To.Address); err != nil {
			return err
		}
	}
	return tx.AddLetter(&out, mail.Raw)
}

// thread returns the Message-IDs of what this person was sent about the case
// before, so that mail programs show it as one conversation.
func (d *Desk) thread(tx *store.Tx, c complaint.Case, l complaint.Letter) ([]string, error) {
	if l.Kind == complaint.LetterNotice || l.Kind == complaint.LetterCopy {
		return nil, nil // the first ones
	}
	sent, err := tx.Letters(c.ID)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, s := range sent {
		if strings.EqualFold(s.To, l.To.Address) {
			ids = append(ids, s.MessageID)
		}
	}
	return ids[max(0, len(ids)-5):], nil
}

// draw returns a random number below n.
func draw(n int) (int, error) {
	x, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		return 0, err
	}
	return int(x.Int64()), nil
}

// alarm writes to whoever gets technical alarms.
func (d *Desk) alarm(tx *store.Tx, a complaint.Alarm) error {
	l := complaint.Letter{Kind: complaint.LetterAlarm, To: d.o.Alerts, Alarm: a}
	return d.post(tx, l, complaint.Case{}, letter.Original{})
}

// Release lets held acknowledgements go and returns how many (security.md 12).
func (d *Desk) Release(ctx context.Context) (int, error) {
	n := 0
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		ids, err := tx.Release()
		if err != nil {
			return err
		}
		n = len(ids)
		for _, id := range ids {
			c, found, err := tx.Case(id)
			if err != nil || !found {
				return err
			}
			dec := complaint.Decide([]complaint.Case{c}, complaint.Released{Now: tx.Now()}, d.o.Policy)
			if _, err := d.carry(tx, dec, letter.Original{}); err != nil {
				return err
			}
		}
		return tx.Unhold()
	})
	return n, err
}
