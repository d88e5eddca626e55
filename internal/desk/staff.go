package desk

import (
	"encoding/json"
	"fmt"
	"slices"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/message"
	"klachtd/internal/proof"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// done is what became of a mail with commands.
type done struct {
	caseID  int64
	refused bool // nothing of it was carried out
}

// command carries out what a member of staff has proven to have asked, or what
// his code confirms (procedure.md 3).
func (d *Desk) command(tx *store.Tx, a *arrived, v route.Verdict) (done, error) {
	k, h, c := v.Ask, d.heldOf(a, v.Ask), v.Ask.Case
	if err := d.hidden(tx, k); err != nil {
		return done{}, err
	}
	if k.Asked == proof.Confirm {
		list, err := tx.Challenges(k.By.Address)
		if err != nil || k.Pending >= len(list) {
			return done{}, err
		}
		pending := list[k.Pending]
		if err := tx.UseChallenge(pending); err != nil {
			return done{}, err
		}
		h = held{} // what is left out of JSON is empty, and not what the mail with the code says
		if err := json.Unmarshal(pending.Held, &h); err != nil {
			return done{}, fmt.Errorf("confirm: not as it was written")
		}
		ran, err := tx.Executed(h.Source)
		if err != nil {
			return done{}, err
		}
		if ran { // it came twice, and both were asked about
			return done{pending.CaseID, true}, d.nothing(tx, k.By, "#ja")
		}
		if c, _, err = tx.Case(pending.CaseID); err != nil {
			return done{}, err
		}
		if a, err = d.confirmed(tx, c, h); err != nil {
			return done{}, err
		}
	} else if c.ID != 0 {
		if err := tx.AddMessage(d.kept(a, v, c.ID, "note")); err != nil {
			return done{}, err
		}
	}
	if err := tx.SetExecuted(h.Source); err != nil {
		return done{}, err
	}
	if h.Choice != 0 {
		return d.chosen(tx, a, k.By, h)
	}
	return d.order(tx, a, k.By, c, h)
}

// hidden puts on the record of a case who named it and has nothing to do with it.
func (d *Desk) hidden(tx *store.Tx, k *route.Ask) error {
	if k.Hidden == 0 {
		return nil
	}
	return d.remark(tx, k.Hidden, complaint.Note{Actor: k.By.Address, Event: refused, Detail: k.Command + ": not his case"})
}

// ordered is what the rules are asked to carry out.
func (d *Desk) ordered(tx *store.Tx, by complaint.Person, h held) (complaint.Ordered, error) {
	e := complaint.Ordered{Now: tx.Now(), At: h.At, By: by.Address, Orders: h.Orders, Refused: h.Refused, Body: h.Body,
		Form: h.Form, Labels: h.Labels, Message: h.Message, Source: h.Source, Files: h.Files, Subject: h.Subject,
		NamesDirecteur: d.namesDirecteur(message.Message{Subject: h.Subject, NewText: h.Body})}
	if registers(h.Orders) && h.Choice == 0 {
		e.Subject = "" // it holds commands
	}
	var err error
	if lists(h.Orders) {
		if e.Open, err = openCases(tx); err != nil {
			return e, err
		}
	}
	if improves(h.Orders) {
		e.NextAction = tx.NextAction()
		if e.Actions, err = tx.Actions(); err != nil {
			return e, err
		}
	}
	if e.CopiesAsked, err = tx.CopiesAsked(by.Address); err != nil {
		return e, err
	}
	e.Others, err = othersOf(tx, h.Orders)
	return e, err
}

// caseOf is the case that a mail is about, as the rules take it.
func caseOf(c complaint.Case) []complaint.Case {
	if c.ID == 0 {
		return nil
	}
	return []complaint.Case{c}
}

// order puts orders to the rules and writes down what they decide.
func (d *Desk) order(tx *store.Tx, a *arrived, by complaint.Person, c complaint.Case, h held) (done, error) {
	e, err := d.ordered(tx, by, h)
	if err != nil {
		return done{}, err
	}
	if registers(h.Orders) || splitsOff(h.Orders) {
		if e.Number, err = tx.NewNumber(tx.Now().In(d.o.Policy.Zone).Year(), "", draw); err != nil {
			return done{}, err
		}
	}
	dec, err := d.decide(tx, caseOf(c), e)
	if err != nil {
		return done{}, err
	}
	for _, ref := range dec.TakenBack {
		n, err := tx.TakeBack(c.ID, ref)
		if err != nil {
			return done{}, err
		}
		if n == 0 { // it has left: nothing is done
			return done{c.ID, true}, d.refuseStop(tx, by, c, h)
		}
	}
	o := letter.Original{From: by.Party(), Subject: e.Subject, Text: h.Body, At: h.At, MessageID: h.Source}
	if o.Enclosed, err = goesAlong(a, h, dec); err != nil {
		return done{}, err
	}
	if registers(h.Orders) && len(dec.Cases) > 0 { // a registration: whose complaint it is, not who typed it
		o.From, o.At = dec.Cases[0].Complainant, dec.Cases[0].ReceivedAt
	}
	if err := d.advise(tx, dec); err != nil {
		return done{}, err
	}
	saved, err := d.carry(tx, dec, o, nil)
	if err != nil {
		return done{}, err
	}
	if c.ID == 0 && saved.ID != 0 && a != nil { // a registration: what came in belongs to it
		m := d.kept(a, route.Verdict{From: by.Party()}, saved.ID, "in")
		m.Text = h.Body
		err = tx.AddMessage(m)
	}
	return done{saved.ID, dec.Refused()}, err
}

// goesAlong are the files of the mail at hand that a decision sends on: all that came
// with a complaint, of others what was attached on purpose.
func goesAlong(a *arrived, h held, dec complaint.Decision) (letter.Enclosure, error) {
	switch {
	case a == nil:
	case registers(h.Orders):
		return a.enclosed()
	case slices.ContainsFunc(dec.Letters, func(l complaint.Letter) bool { return l.Files > 0 && l.Source == h.Source }):
		return encloseFiles(a.m)
	}
	return letter.Enclosure{}, nil
}

func (d *Desk) refuseStop(tx *store.Tx, by complaint.Person, c complaint.Case, h held) error {
	l := complaint.Letter{Kind: complaint.LetterRefused, To: by.Party()}
	for _, o := range h.Orders {
		if o.Kind == complaint.OrderStop || o.Kind == complaint.OrderUndo {
			l.Refusals = append(l.Refusals, complaint.Refusal{Order: o, Reason: complaint.RefusedSent})
		}
	}
	_, err := d.carry(tx, complaint.Decision{Cases: []complaint.Case{c}, Letters: []complaint.Letter{l}}, letter.Original{}, nil)
	return err
}

func registers(orders []complaint.Order) bool {
	return slices.ContainsFunc(orders, func(o complaint.Order) bool { return o.Kind == complaint.OrderRegister })
}

func lists(orders []complaint.Order) bool {
	return slices.ContainsFunc(orders, func(o complaint.Order) bool {
		return o.Kind == complaint.OrderList || o.Kind == complaint.OrderHelp || o.Kind == complaint.OrderStatus
	})
}

func openCases(tx *store.Tx) (open []complaint.Case, err error) {
	err = tx.Cases(true, func(c complaint.Case) error {
		open = append(open, c)
		return nil
	})
	return open, err
}

// files counts what would go along with a letter: pictures in a signature do not.
func files(m message.Message) int {
	n := 0
	for _, f := range m.Attachments {
		if !f.Inline {
			n++
		}
	}
	return n
}
