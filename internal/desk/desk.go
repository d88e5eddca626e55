// Package desk handles one event in one transaction: load, decide, word, write.
// Messages come in batches, cron and failures by the same door. What is right is
// decided by package complaint, what is sent is sent by package deliver.
package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"math/big"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/proof"
	"klachtd/internal/report"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// Options are what the academy has settled and what the desk is given to work with.
type Options struct {
	Policy   complaint.Policy
	Limits   Limits
	Own      []string        // our own addresses; the first one is what we write from
	Alerts   complaint.Party // who gets technical alarms
	Since    time.Time       // imap.since: older messages are never acknowledged
	Academy  string          // its name, for reports
	Language report.Language // of what is told about figures
	// Authentication is how staff are known; the zero value proves nothing by transport.
	Authentication proof.Config
	KeepFiled      int // days until what belongs to no case is erased from its folder; 0: never
	// Clear removes messages from the mailbox; nil: there is none.
	Clear func(context.Context, Hunt, Hunter) (Hunted, error)
	// Unlink removes an export of a case that is erased, when it is the file that has
	// this hash; false when it could not. nil: there is nothing to remove.
	Unlink func(path string, sha256 []byte) bool
	Step   func(string) // called between every two steps; nil: nothing
	// Counted is told what became of each batch once that is on disk; nil: nobody is.
	Counted func(Tally)
}

// Limits are those of automatic answers (security.md 12).
type Limits struct {
	PerAddress, PerDomain int // a day
	PerHour, PerDay       int // in all
	Burst                 int // new messages in one pass
}

// A Desk handles events.
type Desk struct {
	o       Options
	db      *store.DB
	book    *letter.Book
	log     *slog.Logger
	tally   Tally
	counted counted

	clearNext time.Time // the mailbox could not be cleared: not before then
}

// New returns a Desk.
func New(o Options, db *store.DB, book *letter.Book, log *slog.Logger) *Desk {
	if o.Step == nil {
		o.Step = func(string) {}
	}
	if o.Counted == nil {
		o.Counted = func(Tally) {}
	}
	return &Desk{o: o, db: db, book: book, log: log.With("component", "desk")}
}

// A Tally counts what became of messages.
type Tally struct {
	Registered, Followups, Notes, Commands, Refused, Duplicates, Automatic, Bounces, Spam, Quarantined int
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
	case route.Followup, route.Answered:
		t.Followups++
	case route.Note, route.Asking:
		t.Notes++
	case route.Command:
		t.Commands++
	case route.Refusal:
		t.Refused++
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
// A draft that fits spares the wording.
func (d *Desk) carry(tx *store.Tx, dec complaint.Decision, o letter.Original, w *draft) (complaint.Case, error) {
	var c complaint.Case
	if err := d.aside(tx, dec, o); err != nil {
		return c, err
	}
	if len(dec.Cases) == 0 {
		d.audit(tx, c, dec)
		return c, d.sayAll(tx, dec.Letters)
	}
	c = dec.Cases[0]
	save := tx.SaveCase
	if c.ID == 0 {
		save = func(c *complaint.Case) error { return tx.AddCase(c, d.o.Policy.Zone) }
	}
	if err := save(&c); err != nil {
		return c, err
	}
	d.audit(tx, c, dec)
	if err := addEvents(tx, c.ID, dec.Notes); err != nil {
		return c, err
	}
	var enclosure int64 // once for all who get it
	for i, l := range dec.Letters {
		words, ok := w.fits(i, l, c.Number)
		if !ok {
			thread, err := d.thread(tx, c, l)
			if err != nil {
				return c, err
			}
			from, err := d.source(tx, l, c, o)
			if err != nil {
				return c, err
			}
			if words, err = d.word(l, c, from, tx.Now(), thread, d.asking(tx, l, c, o)); err != nil {
				return c, err
			}
			if words.mail.EnclosedAt > 0 && from.MessageID != o.MessageID {
				if words.enclosure, err = tx.AddEnclosure(c.ID, from.Enclosed.Bytes()); err != nil {
					return c, err
				}
			}
		}
		if words.mail.EnclosedAt > 0 && words.enclosure == 0 && enclosure == 0 {
			var err error
			if enclosure, err = tx.AddEnclosure(c.ID, o.Enclosed.Bytes()); err != nil {
				return c, err
			}
		}
		if err := d.post(tx, l, c, words, cmp.Or(words.enclosure, enclosure)); err != nil {
			return c, err
		}
	}
	return c, d.gather(tx, c)
}

// say words and posts a letter of no case.
func (d *Desk) say(tx *store.Tx, l complaint.Letter) error {
	return d.tell(tx, l, letter.Original{})
}

// tell is say with something to show.
func (d *Desk) tell(tx *store.Tx, l complaint.Letter, o letter.Original) error {
	_, err := d.said(tx, l, o)
	return err
}

// said is tell, with the letter's id.
func (d *Desk) said(tx *store.Tx, l complaint.Letter, o letter.Original) (int64, error) {
	words, err := d.word(l, complaint.Case{}, o, tx.Now(), nil, asking{})
	if err != nil {
		return 0, err
	}
	return d.posted(tx, l, complaint.Case{}, words, 0)
}

func (d *Desk) sayAll(tx *store.Tx, letters []complaint.Letter) error {
	for _, l := range letters {
		if err := d.say(tx, l); err != nil {
			return err
		}
	}
	return nil
}

// post puts a letter in the outbox: what is stored is what is sent.
func (d *Desk) post(tx *store.Tx, l complaint.Letter, c complaint.Case, w worded, enclosure int64) error {
	_, err := d.posted(tx, l, c, w, enclosure)
	return err
}

// posted is post, with the letter's id.
func (d *Desk) posted(tx *store.Tx, l complaint.Letter, c complaint.Case, w worded, enclosure int64) (int64, error) {
	out := store.Letter{CaseID: c.ID, Kind: l.Kind, State: store.Due,
		From: d.o.Own[0], To: l.To.Address, Subject: w.mail.Subject, MessageID: w.id, NotBefore: l.NotBefore, Ref: l.Ref}
	if s, staff := d.o.Policy.Employee(l.To.Address); staff {
		out.Roles = route.Roles(s)
	}
	if w.mail.EnclosedAt > 0 {
		out.Enclosure, out.EncloseAt = enclosure, w.mail.EnclosedAt
	}
	if l.Held {
		out.State = store.Held
	}
	if p := c.PromiseOf(l); p != nil {
		out.PromiseID = p.ID
	}
	if l.Kind == complaint.LetterAcknowledgement {
		if err := tx.AddAcknowledged(l.To.Address); err != nil {
			return 0, err
		}
	}
	if err := tx.AddLetter(&out, w.mail.Raw); err != nil {
		return 0, err
	}
	return out.ID, tx.AddCodes(out.ID, w.codes)
}

// thread returns the Message-IDs of what this person was sent about the case
// before, so that mail programs show it as one conversation.
func (d *Desk) thread(tx *store.Tx, c complaint.Case, l complaint.Letter) ([]string, error) {
	switch l.Kind {
	case complaint.LetterAcknowledgement, complaint.LetterNotice, complaint.LetterCopy:
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
			if err := d.happens(tx, id, always(complaint.Released{Now: tx.Now()})); err != nil {
				return err
			}
		}
		return errors.Join(tx.Unhold(), tx.TrustClock())
	})
	return n, err
}
