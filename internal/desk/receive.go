package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/message"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// A Delivery is a message as the mailbox hands it over.
type Delivery struct {
	UID      uint32
	Received time.Time // INTERNALDATE
	Raw      []byte
	Partial  bool // only the beginning: the message is over the limits (security.md 4)
}

// maxAttempts is how often a message is tried before a person has to look at it
// (security.md 5).
const maxAttempts = 3

// Unseen says which messages were never handed over, and counts a first attempt
// for those before anything of them is read (security.md 5). A flood of new ones
// holds the acknowledgements until a person lets them go (security.md 12).
func (d *Desk) Unseen(ctx context.Context, b store.Box, uids []uint32) (fresh, suspects []uint32, err error) {
	fresh, suspects, err = d.db.Unseen(ctx, b, uids)
	if err != nil {
		return nil, nil, err
	}
	var count []uint32
	fresh, suspects, count = d.counted.split(b, fresh, suspects)
	if len(count) == 0 {
		return fresh, suspects, nil
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if len(fresh) > d.o.Limits.Burst {
			if err := d.hold(tx, len(fresh)); err != nil {
				return err
			}
		}
		_, err := tx.CountAttempts(b, count)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("unseen: %w", err)
	}
	d.counted.add(b, count)
	d.o.Step("desk: attempts counted")
	return fresh, suspects, nil
}

func (d *Desk) hold(tx *store.Tx, fresh int) error {
	held, err := tx.HeldSince()
	if err != nil || !held.IsZero() {
		return err
	}
	d.log.Warn("acknowledgements held", "new", fresh, "burst", d.o.Limits.Burst)
	if err := d.alarm(tx, complaint.Alarm{Kind: complaint.AlarmHeld, Count: fresh}); err != nil {
		return err
	}
	return tx.Hold()
}

// Leave takes back the attempts of messages that were counted and not handed
// over: the process ends as it should, and they are no suspects.
func (d *Desk) Leave(ctx context.Context) error {
	for b, uids := range d.counted.all() {
		if err := d.db.Update(ctx, func(tx *store.Tx) error { return tx.TakeBackAttempts(b, uids) }); err != nil {
			return fmt.Errorf("leave: %w", err)
		}
	}
	return nil
}

// arrived is a delivery that has been read.
type arrived struct {
	Delivery
	m     message.Message
	spent bool // tried too often: not read any more
	draft *draft
	err   error
}

// Receive reads a batch and returns what registers it: what could be handled is
// on disk when that returns nil. A message that fails is left for a later pass
// and stops no other one; the third time it becomes a stub that somebody has to
// look at (security.md 5, 6).
func (d *Desk) Receive(ctx context.Context, b store.Box, batch []Delivery) (register func() error, err error) {
	uids := make([]uint32, len(batch))
	for i, m := range batch {
		uids[i] = m.UID
	}
	attempts, err := d.countAttempts(ctx, b, uids)
	if err != nil {
		return nil, fmt.Errorf("receive: %w", err)
	}
	now, held, err := d.moment(ctx)
	if err != nil {
		return nil, fmt.Errorf("receive: %w", err)
	}
	mails := make([]arrived, len(batch))
	for i, m := range batch {
		mails[i] = d.read(m, attempts[m.UID], now, held)
	}
	d.o.Step("desk: read")
	return func() error {
		err := d.register(ctx, b, mails, uids)
		d.counted.remove(b, uids)
		if err != nil {
			// The database's fault, not theirs.
			back := d.db.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.TakeBackAttempts(b, uids) })
			return fmt.Errorf("receive: %w", errors.Join(err, back))
		}
		d.o.Step("desk: committed")
		for _, a := range mails {
			if a.err != nil {
				d.log.Error("message not handled", "uid", a.UID, "attempt", attempts[a.UID], "class", class(a.err))
			}
		}
		return nil
	}, nil
}

// countAttempts counts suspects, in a transaction of its own before anything is
// parsed. The others were counted when they were announced.
func (d *Desk) countAttempts(ctx context.Context, b store.Box, uids []uint32) (map[uint32]int, error) {
	n := map[uint32]int{}
	suspects := d.counted.without(b, uids)
	if len(suspects) > 0 {
		err := d.db.Update(ctx, func(tx *store.Tx) (err error) {
			n, err = tx.CountAttempts(b, suspects)
			return err
		})
		if err != nil {
			return nil, err
		}
		d.o.Step("desk: attempt counted")
	}
	for _, uid := range uids {
		n[uid] = max(n[uid], 1)
	}
	return n, nil
}

// moment returns the time, and whether acknowledgements are held, for the drafts.
func (d *Desk) moment(ctx context.Context) (now time.Time, held bool, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		since, err := tx.HeldSince()
		now, held = tx.Now(), !since.IsZero()
		return err
	})
	return now, held, err
}

// read parses a message and drafts the answer. A panic is an error of that message.
func (d *Desk) read(in Delivery, attempt int, now time.Time, held bool) (a arrived) {
	a = arrived{Delivery: in, spent: attempt > maxAttempts}
	if a.spent {
		return a
	}
	defer func() {
		if p := recover(); p != nil {
			a.err = errPanic
		}
	}()
	a.m = message.Parse(in.Raw)
	a.draft = d.draft(&a, now, held)
	return a
}

// errPanic stands for what a panic said: it may quote the message, so it is not kept.
var errPanic = errors.New("panic")

// class names an error for the log without its text, which may quote the message.
func class(err error) string {
	if errors.Is(err, errPanic) {
		return "panic"
	}
	return fmt.Sprintf("%T", err)
}

// register writes down what the messages of a batch became, each in a savepoint.
func (d *Desk) register(ctx context.Context, b store.Box, mails []arrived, uids []uint32) error {
	var tally Tally
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		held, err := tx.HeldSince()
		if err != nil {
			return err
		}
		done := slices.Clone(uids)
		for i := range mails {
			a := &mails[i]
			if a.err == nil {
				a.err = tx.Savepoint(func() error { return d.handle(tx, b, a, !held.IsZero(), &tally) })
			}
			var fatal store.Fatal
			if errors.As(a.err, &fatal) {
				return a.err
			}
			if a.err != nil {
				done = slices.DeleteFunc(done, func(uid uint32) bool { return uid == a.UID })
			}
		}
		d.o.Step("desk: before commit")
		return tx.ForgetAttempts(b, done)
	})
	if err == nil {
		d.tally.add(tally)
	}
	return err
}

func (t *Tally) add(o Tally) {
	t.Registered += o.Registered
	t.Followups += o.Followups
	t.Notes += o.Notes
	t.Duplicates += o.Duplicates
	t.Automatic += o.Automatic
	t.Bounces += o.Bounces
	t.Spam += o.Spam
	t.Quarantined += o.Quarantined
}

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
	r := store.Receipt{UID: a.UID, ReceivedAt: a.Received, Content: d.content(tx, b, a)}
	first, again, err := tx.ReceiptByContent(r.Content)
	if err != nil {
		return err
	}
	what := route.Duplicate
	if again {
		r.Reason, r.CaseID, r.Folder = "the same as an earlier one", first.CaseID, first.Folder
	} else {
		v, err := d.classify(tx, a)
		if err != nil {
			return err
		}
		if r.CaseID, err = d.act(tx, a, v, held); err != nil {
			return err
		}
		what, r.Reason, r.Folder = v.What, v.Reason, v.Folder
	}
	r.Became = string(what)
	tally.count(what)
	return tx.AddReceipt(b, r)
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
	return route.Classify(a.m, d.known(a, tx.Now(), lookups{
		func(id string) (route.Sent, bool, error) {
			l, found, err := tx.LetterByID(id)
			return route.Sent{LetterID: l.ID, CaseID: l.CaseID, To: l.To}, found, err
		}, tx.CaseByNumber, tx.Case}))
}

// act does what follows from the verdict and returns the case it is about.
func (d *Desk) act(tx *store.Tx, a *arrived, v route.Verdict, held bool) (int64, error) {
	switch v.What {
	case route.Complaint, route.Quarantined:
		return d.open(tx, a, v, held)
	case route.Followup:
		return v.CaseID, d.join(tx, a, v, "in", complaint.Followed{Now: tx.Now(), At: a.Received, Proven: v.Proven})
	case route.Note:
		return v.CaseID, d.join(tx, a, v, "note", complaint.Noted{Now: tx.Now(), By: v.By, Proven: v.Proven})
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
	wish := ""
	if a.draft != nil {
		wish = a.draft.number
	}
	number, err := tx.NewNumber(a.Received.In(d.o.Policy.Zone).Year(), wish, draw)
	if err != nil {
		return 0, err
	}
	dec := complaint.Decide(nil, d.received(a, v, tx.Now(), number, held), d.o.Policy)
	c, err := d.carry(tx, dec, original(a, v), a.draft)
	if err != nil {
		return 0, err
	}
	if v.What == route.Quarantined {
		if err := d.alarm(tx, complaint.Alarm{Kind: complaint.AlarmQuarantine, Count: 1}); err != nil {
			return 0, err
		}
	}
	return c.ID, tx.AddMessage(d.kept(a, v, c.ID, "in"))
}

// join adds a message to the case that it is about.
func (d *Desk) join(tx *store.Tx, a *arrived, v route.Verdict, direction string, e complaint.Event) error {
	c, found, err := tx.Case(v.CaseID)
	if err != nil || !found {
		return errors.Join(err, errGone)
	}
	if _, err := d.carry(tx, complaint.Decide([]complaint.Case{c}, e, d.o.Policy), original(a, v), nil); err != nil {
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
	return d.lost(tx, l, complaint.Bounced)
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

// namesDirecteur looks for the directeur's surname or full name in what the
// sender wrote, outside the salutation (procedure.md 2).
func (d *Desk) namesDirecteur(m message.Message) bool {
	words := strings.Fields(strings.ToLower(d.o.Policy.Directeur().Name))
	if len(words) == 0 {
		return false
	}
	surname, text := words[len(words)-1], strings.ToLower(m.Subject+"\n"+m.NewText)
	if !strings.Contains(text, surname) {
		return false
	}
	for line := range strings.Lines(text) {
		if !salutation(line) && mentions(line, surname) {
			return true
		}
	}
	return false
}

func salutation(line string) bool {
	line = strings.TrimSpace(line)
	for _, start := range []string{"beste ", "geachte ", "hallo ", "hoi ", "dag ", "goedemorgen", "goedemiddag", "goedenavond", "dear ", "hi ", "t.a.v.", "aan "} {
		if strings.HasPrefix(line, start) {
			return len(line) < 80
		}
	}
	return false
}

// mentions reports whether word stands in line as a word of its own.
func mentions(line, word string) bool {
	return slices.Contains(strings.FieldsFunc(line, func(r rune) bool {
		return strings.ContainsRune(" \t\r\n.,;:!?()[]\"'’-/", r)
	}), word)
}

// original is what the letters may show of the message.
func original(a *arrived, v route.Verdict) letter.Original {
	o := letter.Original{From: v.From, Subject: a.m.Subject, Text: a.m.Text, At: a.Received,
		MessageID: a.m.MessageID, OthersInCc: v.OthersInCc}
	for _, f := range a.m.Attachments {
		o.Attachments = append(o.Attachments, letter.Attachment{Name: f.Name, ContentType: f.ContentType, Size: f.Size, Data: f.Data})
	}
	return o
}

// kept is what is remembered of the message.
func (d *Desk) kept(a *arrived, v route.Verdict, caseID int64, direction string) store.Message {
	m := store.Message{CaseID: caseID, Direction: direction, At: a.Received, From: v.From.Address,
		To: []string{}, Subject: a.m.Subject, MessageID: a.m.MessageID, Text: a.m.Text,
		Attachments: []store.Attachment{}, Raw: a.Raw}
	for _, t := range slices.Concat(a.m.To, a.m.Cc) {
		m.To = append(m.To, t.Address)
	}
	for _, f := range a.m.Attachments {
		m.Attachments = append(m.Attachments, store.Attachment{Name: f.Name, ContentType: f.ContentType, Size: f.Size, SHA256: f.SHA256})
	}
	return m
}
