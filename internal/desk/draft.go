package desk

import (
	"crypto/rand"
	"fmt"
	"reflect"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/proof"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// A draft is what a message would lead to if it is what most are: a complaint
// that has to do with nothing before it. It is worded before the transaction, so
// that nobody waits for the wording, and used in it when it proves right.
type draft struct {
	number  string
	letters []complaint.Letter
	mails   []worded
}

// worded is a letter in words.
type worded struct {
	id        string
	mail      letter.Mail
	codes     []store.Code // of its buttons
	enclosure int64        // of its own; 0: none
}

// draft words the letters of a message as if nothing were known that it refers
// to. An error is no matter: the transaction will meet it again, and knows what to do.
func (d *Desk) draft(a *arrived, at moment) *draft {
	v, err := route.Classify(a.m, d.known(a, at.now, unknown()))
	if err != nil || v.What != route.Complaint {
		return nil
	}
	year := a.Received.In(d.o.Policy.Zone).Year()
	n, err := draw(complaint.Numbers(at.used[year]))
	if err != nil {
		return nil
	}
	o, err := original(a, v)
	if err != nil {
		return nil
	}
	w := &draft{number: complaint.Number(year, at.used[year], n)}
	dec := complaint.Decide(nil, d.received(a, v, at.now, w.number, at.held), d.o.Policy)
	w.letters = dec.Letters
	for _, l := range dec.Letters {
		one, err := d.word(l, dec.Cases[0], o, at.now, nil, asking{})
		if err != nil {
			return nil
		}
		w.mails = append(w.mails, one)
	}
	return w
}

// fits returns the wording of the ith letter when that is the letter that was decided on.
func (w *draft) fits(i int, l complaint.Letter, number string) (worded, bool) {
	if w == nil || number != w.number || i >= len(w.letters) || !reflect.DeepEqual(l, w.letters[i]) {
		return worded{}, false
	}
	return w.mails[i], true
}

// word puts a letter into words and gives it its Message-ID.
func (d *Desk) word(l complaint.Letter, c complaint.Case, o letter.Original, now time.Time, references []string, ask asking) (worded, error) {
	if l.To.Address == "" {
		return worded{}, fmt.Errorf("post %s: nobody to write to", l.Kind)
	}
	_, host, _ := strings.Cut(d.o.Own[0], "@")
	id, err := letter.NewID(rand.Reader, host)
	if err != nil {
		return worded{}, fmt.Errorf("post %s: %w", l.Kind, err)
	}
	env := letter.Envelope{ID: id, Date: now, References: references, ChallengeCode: ask.code}
	w := worded{id: id}
	env.Buttons = d.book.Buttons(l, c, now)
	for _, b := range env.Buttons {
		code, hash, err := proof.NewCode(rand.Reader)
		if b.Confirm && err == nil {
			code, err = ask.confirm(b.Order)
		} else {
			w.codes = append(w.codes, store.Code{Hash: hash, Number: b.Number, Command: route.Bound(b.Command, b.Open)})
		}
		if err != nil {
			return worded{}, fmt.Errorf("post %s: %w", l.Kind, err)
		}
		env.Codes = append(env.Codes, code)
	}
	if l.Kind == complaint.LetterAcknowledgement && strings.EqualFold(o.From.Address, l.To.Address) {
		env.InReplyTo = o.MessageID
	}
	if w.mail, err = d.book.Write(l, c, o, env); err != nil {
		return worded{}, fmt.Errorf("word %s: %w", l.Kind, err)
	}
	return w, nil
}

// asking is what a letter needs that asks for #ja: the code of a challenge, or a
// way to get one for an order that it offers.
type asking struct {
	code    string
	confirm func(complaint.Order) (string, error)
}

// lookups are what the classification asks the house.
type lookups struct {
	byID     func(string) (route.Sent, bool, error)
	byNumber func(string) (complaint.Case, bool, error)
	byCase   func(int64) (complaint.Case, bool, error)
	proof    route.Proof
}

// unknown are those of a house that knows nothing.
func unknown() lookups {
	return lookups{
		func(string) (route.Sent, bool, error) { return route.Sent{}, false, nil },
		func(string) (complaint.Case, bool, error) { return complaint.Case{}, false, nil },
		func(int64) (complaint.Case, bool, error) { return complaint.Case{}, false, nil },
		noProofs,
	}
}

func (d *Desk) known(a *arrived, now time.Time, l lookups) route.Known {
	l.proof.Transport = a.evidence
	return route.Known{Proof: l.proof, Archived: a.archived, Now: now, Received: a.Received, Partial: a.Partial, Own: d.o.Own, Since: d.o.Since,
		Policy: d.o.Policy, ByID: l.byID, ByNumber: l.byNumber, ByCase: l.byCase}
}

// received is the event of a new complaint.
func (d *Desk) received(a *arrived, v route.Verdict, now time.Time, number string, held bool) complaint.Received {
	return complaint.Received{
		Now: now, At: a.Received, Number: number, Kind: v.Kind, From: v.From, Subject: a.m.Subject,
		Withheld: v.Withheld, Held: held && v.Withheld == "", Unreadable: v.Unreadable,
		NamesDirecteur: d.namesDirecteur(a.m), NamedNumber: v.NamedNumber, OwnDomain: v.OwnDomain, Form: v.Form, Quiet: a.quiet, AcknowledgedAt: a.acked,
	}
}
