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

// A Recovery looks through the mailbox for what a database that is older than it once
// was has forgotten (security.md 42). Learn first sees every message, then Take, then
// Settle ends it. Cut off anywhere, it may be begun again.
type Recovery struct {
	desk     *Desk
	from, to time.Time // the gap: from the last commit that is here to the last one that was made
	acks     map[string]ack
	named    map[string]string // by whom, answering what: the number in the subject
	count    Recovered
}

// Recovered is what a recovery found.
type Recovered struct {
	Cases    int // made anew
	Kept     int // of them with the number that they had
	Joined   int // messages that belong to cases
	Commands int // mails with commands, which are not carried out again
	Sent     int // letters of ours that are known again
	Unsure   int // letters of which nobody knows whether they were sent: somebody's task
}

// An ack is an acknowledgement that lies in the Sent folder.
type ack struct {
	number, to, id string
	at             time.Time
}

// Recover begins a recovery.
func (d *Desk) Recover(ctx context.Context) (*Recovery, error) {
	r := &Recovery{desk: d, acks: map[string]ack{}, named: map[string]string{}}
	err := d.db.View(ctx, func(tx *store.Tx) error {
		from, to, err := tx.Gap()
		r.from, r.to = from.At, to.At
		return err
	})
	if r.to.Before(r.from) {
		r.to = r.from
	}
	return r, err
}

// Since is from when on messages are to be looked at: some days before the gap, since
// mail servers' clocks differ and a message may wait before it is handed over.
func (r *Recovery) Since() time.Time {
	if r.from.IsZero() {
		return r.from
	}
	return r.from.AddDate(0, 0, -3)
}

// Learn takes from a message what it says about numbers that were given out: from our
// own mails, and from answers to them. filed says that it lies where klachtd puts what
// it has handled: when it is not known here, the gap is at least that long. None of these numbers is given to
// another case from now on (procedure.md 4).
func (r *Recovery) Learn(ctx context.Context, filed bool, received time.Time, raw []byte) error {
	a := arrived{Delivery: Delivery{Received: received, Raw: raw}}
	a.read()
	if filed && received.After(r.to) {
		if known, err := r.receipt(ctx, &a); err != nil {
			return err
		} else if !known {
			r.to = received
		}
	}
	m := a.m
	number := complaint.FindNumber(m.Subject)
	if number == "" {
		return nil
	}
	r.learn(m, number, received)
	return r.desk.db.Update(ctx, func(tx *store.Tx) error {
		if _, found, err := tx.CaseByNumber(number); err != nil || found {
			return err
		}
		return tx.Reserve(number)
	})
}

// receipt reports whether a message is known here.
func (r *Recovery) receipt(ctx context.Context, a *arrived) (known bool, err error) {
	err = r.desk.db.View(ctx, func(tx *store.Tx) error {
		_, known, err = tx.ReceiptByContent(tx.Content(a.m.Fingerprint[:]))
		return err
	})
	return known, err
}

func (r *Recovery) learn(m message.Message, number string, received time.Time) {
	from := sender(m)
	if r.desk.own(from) {
		for _, id := range m.InReplyTo {
			if to := recipient(m); to != "" {
				r.acks[id] = ack{number, to, m.MessageID, received}
			}
		}
	} else if from != "" {
		for _, id := range slices.Concat(m.InReplyTo, m.References) {
			if k := from + " " + id; r.named[k] == "" {
				r.named[k] = number
			}
		}
	}
}

func (d *Desk) own(address string) bool {
	return slices.ContainsFunc(d.o.Own, func(own string) bool { return strings.EqualFold(own, address) })
}

func sender(m message.Message) string {
	if m.FromFields != 1 || len(m.From) != 1 {
		return ""
	}
	return strings.ToLower(m.From[0].Address)
}

func recipient(m message.Message) string {
	if len(m.To) != 1 {
		return ""
	}
	return strings.ToLower(m.To[0].Address)
}

// Take registers a message that the database has forgotten, quietly: no command runs,
// and nobody who was answered is answered again. One that came after the gap is left
// for the next pass, one of before imap.since alone, and any that is known too.
func (r *Recovery) Take(ctx context.Context, filed bool, received time.Time, raw []byte, partial bool) error {
	d := r.desk
	a := arrived{Delivery: Delivery{Received: received, Raw: raw, Partial: partial}, archived: true, quiet: true}
	a.read()
	from := sender(a.m)
	if d.own(from) {
		return r.known(ctx, &a)
	}
	if !filed && (received.After(r.to) || received.Before(d.o.Since)) {
		return nil
	}
	sent, found := r.acks[a.m.MessageID]
	switch number := r.named[from+" "+a.m.MessageID]; {
	case a.m.MessageID == "":
	case found && sent.to == from:
		a.number, a.acked = sent.number, sent.at
	case number != "":
		a.number, a.acked = number, received
	}
	return r.register(ctx, &a)
}

// read parses a message that is not on its way in. A panic is an error of it.
func (a *arrived) read() {
	defer func() {
		if p := recover(); p != nil {
			a.err = errPanic
		}
	}()
	a.m = message.Parse(a.Raw)
}

func (r *Recovery) register(ctx context.Context, a *arrived) error {
	d := r.desk
	return d.db.Update(ctx, func(tx *store.Tx) error {
		if a.err != nil || d.commands(a.m) {
			return r.leave(tx, a)
		}
		v, again, err := r.verdict(tx, a)
		if err != nil || again {
			return err
		}
		fresh := v.What == route.Complaint || v.What == route.Quarantined
		if fresh && a.acked.IsZero() {
			a.quiet, a.asked = false, true // somebody has to look whether he was answered
		}
		if fresh && a.number != "" {
			if err := tx.Unreserve(a.number); err != nil {
				return err
			}
		}
		if a.UID, err = tx.NextImported(); err != nil {
			return err
		}
		if err := tx.Savepoint(func() error { return d.handle(tx, store.Imported(), a, false, &Tally{}) }); err != nil {
			return fmt.Errorf("recover message: %s", class(err)) // its text may quote the message
		}
		if !fresh {
			if a.verdict.CaseID != 0 {
				r.count.Joined++
			}
			return nil
		}
		return r.made(tx, a)
	})
}

// made notes a case that was made anew, and under which number it was known.
func (r *Recovery) made(tx *store.Tx, a *arrived) error {
	r.count.Cases++
	c, found, err := tx.Case(a.verdict.CaseID)
	if err != nil || !found {
		return err
	}
	if a.number != "" && c.Number == a.number {
		r.count.Kept++
	} else if a.number != "" {
		return errors.Join(tx.Reserve(a.number), tx.AddEvent(c.ID, complaint.Note{Event: "recovered", Detail: "was known as " + a.number}))
	}
	return nil
}

// verdict is what the message is; again: it is known.
func (r *Recovery) verdict(tx *store.Tx, a *arrived) (v route.Verdict, again bool, err error) {
	if _, again, err = tx.ReceiptByContent(tx.Content(a.m.Fingerprint[:])); err != nil || again {
		return v, again, err
	}
	v, err = r.desk.classify(tx, a)
	return v, false, err
}

// commands reports whether a mail of staff holds commands that ran, or were refused,
// before. What registered a complaint is taken as one: nothing else is left of it.
func (d *Desk) commands(m message.Message) bool {
	_, staff := d.o.Policy.Employee(sender(m))
	subject := strings.ToLower(m.Subject)
	return staff && strings.Contains(subject, "#") && !strings.Contains(subject, "#registreer") && complaint.FindNumber(subject) == ""
}

// leave notes a message of which nothing is to be made.
func (r *Recovery) leave(tx *store.Tx, a *arrived) error {
	if a.err == nil {
		if _, again, err := tx.ReceiptByContent(tx.Content(a.m.Fingerprint[:])); err != nil || again {
			return err
		}
		r.count.Commands++
	}
	uid, err := tx.NextImported()
	if err != nil {
		return err
	}
	a.UID = uid
	return tx.AddReceipt(store.Imported(), store.Receipt{UID: uid, ReceivedAt: a.Received, Content: r.desk.content(tx, store.Imported(), a),
		Became: string(route.Automatic), Reason: "before a restore", Folder: route.Handled})
}

// known takes a mail of ours that lies in the mailbox: a letter that still waits here
// has been sent, and one that nobody knows of belongs to the case it is about.
func (r *Recovery) known(ctx context.Context, a *arrived) error {
	if a.m.MessageID == "" {
		return nil
	}
	return r.desk.db.Update(ctx, func(tx *store.Tx) error {
		l, ours, err := tx.LetterByID(a.m.MessageID)
		if err != nil {
			return err
		}
		if ours {
			if l.State == store.Sent || l.State == store.FailedFor {
				return nil
			}
			r.count.Sent++
			return tx.Settled(l, store.Sent, "", "found in the mailbox")
		}
		c, found, err := tx.CaseByNumber(complaint.FindNumber(a.m.Subject))
		if err != nil || !found || !strings.EqualFold(c.Complainant.Address, recipient(a.m)) {
			return err
		}
		kind, err := r.kind(tx, c, a.m)
		if err != nil {
			return err
		}
		r.count.Sent++
		return tx.AddSent(&store.Letter{CaseID: c.ID, Kind: kind, From: r.desk.o.Own[0], To: c.Complainant.Address,
			Subject: a.m.Subject, MessageID: a.m.MessageID}, a.Raw, a.Received)
	})
}

// kind is what a letter to the complainant was: his acknowledgement, which answers the
// message that opened the case, or anything else.
func (r *Recovery) kind(tx *store.Tx, c complaint.Case, m message.Message) (complaint.LetterKind, error) {
	letters, err := tx.Letters(c.ID)
	if err != nil {
		return "", err
	}
	has := slices.ContainsFunc(letters, func(l store.Letter) bool { return l.Kind == complaint.LetterAcknowledgement })
	messages, err := tx.Messages(c.ID)
	if err != nil || has || len(messages) == 0 || !slices.Contains(m.InReplyTo, messages[0].MessageID) {
		return complaint.LetterReply, err
	}
	return complaint.LetterAcknowledgement, nil
}
