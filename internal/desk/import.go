package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// An Archived is a message that is kept somewhere else than in the mailbox.
type Archived struct {
	Received time.Time // of its newest Received field; zero when it has none
	Kept     time.Time // when it was put there; believed when the message has no date at all
	Raw      []byte
	Partial  bool // only the beginning: the message is over the limits (security.md 4)
}

// A Fate is what becomes of a message out of an archive, or would.
type Fate struct {
	Received time.Time
	From     string // as written; "" when there is none
	Subject  string
	Became   string // registered, followup, ... ; LeftAlone, Failed
	Why      string
	Number   string // of the case it is or joined; "" when none, or not drawn yet
	Mailed   bool   // somebody gets mail about it
}

// What else than a route.What can become of a message out of an archive.
const (
	LeftAlone = "left alone" // it never came in
	Failed    = "failed"     // could not be handled; nothing of it is kept
)

// An Import takes messages out of archives as if they had arrived when they did
// (interface.md, import). Nobody is mailed about what is old, and no command runs.
type Import struct {
	desk  *Desk
	dry   bool
	seen  map[[32]byte]bool // dry: what would have been registered
	young int               // acknowledged in this import
}

// Import begins to take messages out of archives. A dry one changes nothing, and
// needs no database: without one nothing is known.
func (d *Desk) Import(dry bool) *Import {
	return &Import{desk: d, dry: dry, seen: map[[32]byte]bool{}}
}

// Take handles a batch in one transaction, with a savepoint a message, and says
// what became of each. After an error none of them has been taken; it may be tried again.
func (i *Import) Take(ctx context.Context, now time.Time, batch []Archived) ([]Fate, error) {
	mails := make([]arrived, len(batch))
	for n, in := range batch {
		mails[n] = i.desk.unpack(in, now)
	}
	take := i.register
	if i.dry {
		take = i.foresee
	}
	fates, err := take(ctx, now, mails)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	return fates, nil
}

// unpack parses a message and finds out when it arrived.
func (d *Desk) unpack(in Archived, now time.Time) (a arrived) {
	a = arrived{Delivery: Delivery{Received: in.Kept, Raw: in.Raw, Partial: in.Partial}, archived: true}
	defer func() {
		if p := recover(); p != nil {
			a.err = errPanic
		}
	}()
	a.m = message.Parse(in.Raw)
	at, dated := arrival(in.Received, a.m.Date, in.Kept, now)
	a.Received, a.quiet = at, !dated || route.Old(now, at, d.o.Since)
	return a
}

// arrival is when a message arrived: its newest Received, else its Date. A moment
// that has yet to come is none. Without either the message counts as old.
func arrival(received, date, kept, now time.Time) (at time.Time, dated bool) {
	for _, t := range []time.Time{received, date} {
		if !t.IsZero() && t.Before(now.Add(24*time.Hour)) {
			return earlier(t, now), true // clocks may differ
		}
	}
	if kept.IsZero() {
		return now, false
	}
	return earlier(kept, now), false
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// register writes down what the messages become.
func (i *Import) register(ctx context.Context, _ time.Time, mails []arrived) ([]Fate, error) {
	d, box := i.desk, store.Imported()
	var fates []Fate
	var tally Tally
	young := i.young
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		held, err := tx.HeldSince()
		if err != nil {
			return err
		}
		for n := range mails {
			a := &mails[n]
			if a.err == nil && !d.sentByUs(a) {
				a.err = tx.Savepoint(func() (err error) {
					if a.UID, err = tx.NextImported(); err != nil {
						return err
					}
					return d.handle(tx, box, a, !held.IsZero(), &tally)
				})
			}
			var fatal store.Fatal
			if errors.As(a.err, &fatal) {
				return a.err
			}
			if a.verdict.What == route.Complaint && a.verdict.Withheld == "" {
				young++
			}
			if young > d.o.Limits.Burst && held.IsZero() { // a flood, whichever way it comes (security.md 12)
				if err := d.hold(tx, young); err != nil {
					return err
				}
				held = tx.Now()
			}
			f, err := d.fate(tx, a)
			if err != nil {
				return err
			}
			fates = append(fates, f)
		}
		d.o.Step("desk: before commit")
		return nil
	})
	if err != nil {
		return nil, err
	}
	d.tally.add(tally)
	i.young = young
	d.o.Step("desk: imported")
	return fates, nil
}

// foresee says what register would do. What is registered on the way changes
// nothing for a later message but for its double: no old mail can answer one of
// ours that is not written yet.
func (i *Import) foresee(ctx context.Context, now time.Time, mails []arrived) (fates []Fate, err error) {
	d := i.desk
	one := func(tx *store.Tx) error {
		for n := range mails {
			a := &mails[n]
			if a.err == nil && !d.sentByUs(a) {
				if err := i.judge(tx, a, now); err != nil {
					return err
				}
			}
			f, err := d.fate(tx, a)
			if err != nil {
				return err
			}
			fates = append(fates, f)
		}
		return nil
	}
	if d.db == nil {
		err = one(nil)
	} else {
		err = d.db.View(ctx, one)
	}
	return fates, err
}

// judge finds out what a message is; tx is nil where nothing is known.
func (i *Import) judge(tx *store.Tx, a *arrived, now time.Time) (err error) {
	defer func() {
		if p := recover(); p != nil {
			a.err = errPanic
		}
	}()
	d := i.desk
	again := i.seen[a.m.Fingerprint]
	if tx != nil && !again {
		if a.first, again, err = tx.ReceiptByContent(tx.Content(a.m.Fingerprint[:])); err != nil {
			return err
		}
	}
	switch {
	case again:
		a.verdict.What = route.Duplicate
		return nil
	case tx != nil:
		a.verdict, err = d.classify(tx, a)
	default:
		a.verdict, err = route.Classify(a.m, d.known(a, now, unknown()))
	}
	i.seen[a.m.Fingerprint] = true
	return err
}

// sentByUs finds copies of mail that we sent, which stand in archives too: from an
// address of ours, and never taken in by a mail server.
func (d *Desk) sentByUs(a *arrived) bool {
	return a.m.Received == 0 && !a.m.NullReturn && len(a.m.From) > 0 &&
		slices.ContainsFunc(d.o.Own, func(own string) bool { return strings.EqualFold(own, a.m.From[0].Address) })
}

// fate puts what became of a message into words.
func (d *Desk) fate(tx *store.Tx, a *arrived) (Fate, error) {
	f := Fate{Received: a.Received, Subject: a.m.Subject, Became: string(a.verdict.What), Why: a.verdict.Reason}
	if len(a.m.From) > 0 {
		f.From = a.m.From[0].Address
	}
	id := a.verdict.CaseID
	switch a.verdict.What {
	case route.Duplicate:
		f.Why, id = "the same as an earlier one", a.first.CaseID
	case route.Complaint, route.Quarantined:
		f.Why, f.Mailed = a.told(), !a.quiet
	case route.Followup:
		f.Mailed = !a.quiet
		f.Why = "more about a case" + unproven(a.verdict)
	case route.Note:
		f.Why = "of staff, about a case" + unproven(a.verdict)
	case route.Bounce:
		f.Mailed = !a.quiet && a.verdict.Failed && a.verdict.CaseID != 0
	case "":
		f.Became, f.Why = LeftAlone, "a copy of a mail of ours, not one that came in"
		if a.err != nil {
			f.Became, f.Why = Failed, "cannot be handled: "+class(a.err)
		}
	}
	if tx == nil || id == 0 {
		return f, nil
	}
	c, _, err := tx.Case(id)
	f.Number = c.Number
	return f, err
}

func unproven(v route.Verdict) string {
	if v.Proven {
		return ""
	}
	return ", sender unproven"
}

// told says who hears of a complaint.
func (a *arrived) told() string {
	what := "a complaint"
	if a.verdict.What == route.Quarantined {
		what = "a stub: " + a.verdict.Reason
	}
	switch {
	case a.quiet:
		return what + ", too old: nobody is mailed"
	case a.verdict.Withheld == "":
		return what + ", acknowledged within the limits"
	}
	return what + ", not acknowledged: " + withheldWords[a.verdict.Withheld]
}

var withheldWords = map[complaint.Withheld]string{
	complaint.WithheldAutomatic:    "it is automatic, or wants no answer",
	complaint.WithheldSender:       "not exactly one usable sender",
	complaint.WithheldOwn:          "it comes from an address of ours",
	complaint.WithheldNotAddressed: "it is not addressed to us",
	complaint.WithheldSpam:         "marked as spam",
	complaint.WithheldOld:          "it is old",
	complaint.WithheldRecovered:    "it may have been acknowledged before the restore",
	complaint.WithheldForged:       "the mail server says that its sender is forged",
	complaint.WithheldHops:         "it went through too many servers",
	complaint.WithheldLimit:        "over the limits",
	complaint.WithheldUnreadable:   "it cannot be read",
}
