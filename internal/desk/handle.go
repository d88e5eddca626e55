package desk

import (
	"errors"
	"fmt"

	"klachtd/internal/complaint"
	"klachtd/internal/proof"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// handle takes one message from what it is to what is written down about it.
func (d *Desk) handle(tx *store.Tx, b store.Box, a *arrived, held bool, tally *Tally) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errPanic
		}
	}()
	seen, err := tx.HasReceipt(b, a.UID)
	if err != nil || seen {
		return err
	}
	r := store.Receipt{UID: a.UID, ReceivedAt: a.Received, Content: d.content(tx, b, a), MessageID: a.m.MessageID}
	first, again, err := tx.ReceiptByContent(r.Content)
	if err != nil {
		return err
	}
	what := route.Duplicate
	if again && a.archived { // known already: an archive may be read as often as one likes
		a.verdict, a.first = route.Verdict{What: what}, first
		tally.count(what)
		return nil
	} else if again {
		r.Reason, r.CaseID, r.Folder, r.Erased = "the same as an earlier one", first.CaseID, first.Folder, first.Erased
		if err := d.again(tx, a, r); err != nil {
			return err
		}
	} else {
		v, err := d.classify(tx, a)
		if err != nil {
			return err
		}
		if r.CaseID, err = d.act(tx, a, v, held); err != nil {
			return err
		}
		if a.refused {
			v.What, v.Reason = route.Refusal, "not carried out"
		}
		a.verdict = v
		a.verdict.CaseID = r.CaseID
		what, r.Reason, r.Folder = v.What, v.Reason, v.Folder
	}
	r.Became = string(what)
	tally.count(what)
	return tx.AddReceipt(b, r)
}

// again sees to it that a message of an erased case that turns up once more is
// removed once more (procedure.md 6).
func (d *Desk) again(tx *store.Tx, a *arrived, r store.Receipt) error {
	if !r.Erased {
		return nil
	}
	return tx.AddErasure(&store.Erasure{Wanted: []store.Wanted{{MessageID: a.m.MessageID, Received: a.Received, Content: r.Content}}})
}

// content is the keyed hash of what a message says; of one that cannot be read,
// that of where it stands.
func (d *Desk) content(tx *store.Tx, b store.Box, a *arrived) []byte {
	if a.spent {
		return tx.Content(fmt.Appendf(nil, "unread %s %d %d", b.Name, b.UIDValidity, a.UID))
	}
	return tx.Content(a.m.Fingerprint[:])
}

func (d *Desk) classify(tx *store.Tx, a *arrived) (route.Verdict, error) {
	if a.spent {
		return route.Verdict{What: route.Quarantined, Reason: "could not be read", Folder: route.Quarantine,
			Kind: complaint.External, Withheld: complaint.WithheldUnreadable, Unreadable: complaint.UnreadableBroken}, nil
	}
	v, err := route.Classify(a.m, d.known(a, tx.Now(), lookups{
		func(id string) (route.Sent, bool, error) {
			l, found, err := tx.LetterByID(id)
			return sentOf(l), found, err
		}, tx.CaseByNumber, tx.Case, d.proofs(tx)}))
	if a.quiet && v.Withheld == "" {
		v.Withheld = complaint.WithheldOld
	}
	if a.asked && v.Withheld == "" {
		v.Withheld = complaint.WithheldRecovered
	}
	return v, err
}

// act does what follows from the verdict and returns the case it is about.
func (d *Desk) act(tx *store.Tx, a *arrived, v route.Verdict, held bool) (int64, error) {
	for _, id := range v.Shown {
		if err := tx.SetShown(id); err != nil {
			return 0, err
		}
	}
	if v.TokenOf != 0 {
		if err := d.remark(tx, v.TokenOf, complaint.Note{Event: "not proven", Detail: string(proof.OtherPerson)}); err != nil {
			return 0, err
		}
	}
	if k := v.Ask; k != nil && k.Outcome.Audit != "" && v.CaseID != 0 {
		if err := d.remark(tx, v.CaseID, complaint.Note{Actor: k.By.Address, Event: "not proven", Detail: string(k.Outcome.Audit)}); err != nil {
			return 0, err
		}
	}
	switch v.What {
	case route.Complaint, route.Quarantined:
		return d.open(tx, a, v, held)
	case route.Followup:
		return v.CaseID, d.join(tx, a, v, "in", complaint.Followed{Now: tx.Now(), At: a.Received, Proven: v.Proven, Form: v.Form, Quiet: a.quiet})
	case route.Answered:
		return v.CaseID, d.answered(tx, a, v)
	case route.Note:
		return v.CaseID, d.join(tx, a, v, "note", complaint.Noted{Now: tx.Now(), By: v.By, Proven: v.Proven,
			Text: v.Ask.Body, ForC: v.Ask.ForC, ToC: v.Ask.ToC, InBody: v.Ask.InBody})
	case route.Command:
		got, err := d.command(tx, a, v)
		a.refused = got.refused
		return got.caseID, err
	case route.Refusal:
		return v.CaseID, d.unproven(tx, a, v.Ask)
	case route.Asking:
		return 0, d.choice(tx, a, v.Ask)
	case route.Bounce:
		return v.CaseID, d.bounce(tx, a, v)
	}
	return 0, nil
}

// open registers a complaint.
func (d *Desk) open(tx *store.Tx, a *arrived, v route.Verdict, held bool) (int64, error) {
	if v.Withheld == "" {
		over, err := d.overLimit(tx, v.From.Address)
		if err != nil {
			return 0, err
		}
		if over {
			v.Withheld = complaint.WithheldLimit
		}
	}
	wish := a.number
	if a.draft != nil {
		wish = a.draft.number
	}
	number, err := tx.NewNumber(a.Received.In(d.o.Policy.Zone).Year(), wish, draw)
	if err != nil {
		return 0, err
	}
	dec, err := d.decide(tx, nil, d.received(a, v, tx.Now(), number, held))
	if err != nil {
		return 0, err
	}
	o, err := original(a, v)
	if err != nil {
		return 0, err
	}
	c, err := d.carry(tx, dec, o, a.draft)
	if err != nil {
		return 0, err
	}
	if v.What == route.Quarantined && !a.quiet {
		if err := d.alarm(tx, complaint.Alarm{Kind: complaint.AlarmQuarantine, Count: 1}); err != nil {
			return 0, err
		}
	}
	return c.ID, tx.AddMessage(d.kept(a, v, c.ID, "in"))
}

// join adds a message to the case that it is about.
func (d *Desk) join(tx *store.Tx, a *arrived, v route.Verdict, direction string, e complaint.Event) error {
	c, found, err := tx.Case(v.CaseID)
	if found && c.MergedInto != "" && direction == "in" { // what C writes is about the case that it was taken into
		c, found, err = tx.CaseByNumber(c.MergedInto)
	}
	if err != nil || !found {
		return errors.Join(err, errGone)
	}
	dec, err := d.decide(tx, []complaint.Case{c}, e)
	if err != nil {
		return err
	}
	o, err := original(a, v)
	if err != nil {
		return err
	}
	if _, err := d.carry(tx, dec, o, nil); err != nil {
		return err
	}
	return tx.AddMessage(d.kept(a, v, c.ID, direction))
}

var errGone = errors.New("case is gone")

// bounce makes a mail of ours that did not arrive somebody's task. A report
// about anything else changes nothing (security.md 17).
func (d *Desk) bounce(tx *store.Tx, a *arrived, v route.Verdict) error {
	if !v.Failed || v.CaseID == 0 {
		return nil
	}
	l, found, err := tx.LetterByID(a.m.BounceFor)
	if err != nil || !found {
		return err
	}
	news, err := tx.FailLetter(l, complaint.Bounced)
	if err != nil || !news {
		return err
	}
	return d.lost(tx, l, complaint.Bounced, a.quiet)
}

// overLimit says whether one more acknowledgement would be too many (security.md 12).
func (d *Desk) overLimit(tx *store.Tx, address string) (bool, error) {
	n, err := tx.Acknowledged(address)
	if err != nil {
		return false, err
	}
	l := d.o.Limits
	return n.Address >= l.PerAddress || n.Hour >= l.PerHour || n.Day >= l.PerDay ||
		n.Domain >= l.PerDomain && !route.Shared(address), nil
}
