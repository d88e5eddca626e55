package desk

import (
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/proof"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// maxChoices is how many questions about his own mail an unproven sender can
// make us send to one person, an hour.
const maxChoices = 3

// choice asks a member of staff what a mail of his is, that belongs to no case;
// without an answer it is registered after a working day (procedure.md 2).
func (d *Desk) choice(tx *store.Tx, a *arrived, k *route.Ask) error {
	policy := d.o.Policy
	today := complaint.DayOf(tx.Now(), policy.Zone)
	c := store.Choice{At: a.Received, Due: policy.ChoiceBy(today), By: k.By.Address, Raw: a.Raw}
	if err := tx.AddChoice(&c); err != nil {
		return err
	}
	if a.evidence.Evidence == proof.Fail { // nothing of it is answered (security.md 11)
		return tx.AddUnproven(k.By.Address, string(proof.Refuse))
	}
	n, err := tx.CountUnproven(k.By.Address, "choice", tx.Now().Add(-time.Hour))
	if err != nil || n >= maxChoices {
		return err
	}
	if k.Outcome.Action != proof.Keep {
		if err := tx.AddUnproven(k.By.Address, "choice"); err != nil {
			return err
		}
	}
	dec, err := d.decide(tx, nil, complaint.Asked{Now: tx.Now(), By: k.By.Address, Offered: offered(a.m, k.By)})
	if err != nil {
		return err
	}
	for _, l := range dec.Letters {
		l.Ref = int(c.ID)
		if err := d.say(tx, l); err != nil {
			return err
		}
	}
	return nil
}

// offered is the sender of a forwarded mail: offered, never assumed.
func offered(m message.Message, by complaint.Person) complaint.Party {
	f := m.PassedOn
	if !f.Valid() || slices.ContainsFunc(append(by.Aliases, by.Address), func(own string) bool { return strings.EqualFold(own, f.Address) }) {
		return complaint.Party{}
	}
	return complaint.Party{Name: f.Name, Address: f.Address}
}

// chosen does what a member of staff said about a mail of his that waited.
func (d *Desk) chosen(tx *store.Tx, a *arrived, by complaint.Person, h held) (done, error) {
	c, waits, err := tx.Choice(h.Choice)
	if err != nil {
		return done{}, err
	}
	if !waits || c.By != by.Address {
		return done{refused: true}, d.nothing(tx, by, "#registreer")
	}
	if err := tx.DropChoice(c.ID); err != nil {
		return done{}, err
	}
	if !registers(h.Orders) {
		l := complaint.Letter{Kind: complaint.LetterReceipt, To: by.Party()}
		for _, o := range h.Orders {
			l.Receipt.Lines = append(l.Receipt.Lines, complaint.Line{Order: o})
		}
		return done{}, d.say(tx, l)
	}
	first := d.waiting(c)
	h.Subject, h.Source, h.Files, h.At = first.m.Subject, first.m.MessageID, files(first.m), c.At
	h.Body = proof.RemoveCodes(first.m.Text)
	if h.Orders[0].Value == complaint.RegisterInternal { // his own words; of a forwarded mail nobody knows whose they are
		h.Form = map[string]string{"omschrijving": first.m.NewText}
	}
	return d.order(tx, &first, by, complaint.Case{}, h)
}

// waiting reads a mail again that waited.
func (d *Desk) waiting(c store.Choice) arrived {
	return arrived{Delivery: Delivery{Received: c.At, Raw: c.Raw}, m: message.Parse(c.Raw)}
}

// unclaimed registers what staff sent in and said nothing about (procedure.md 2).
func (d *Desk) unclaimed(tx *store.Tx, c store.Choice) error {
	a := d.waiting(c)
	if err := tx.DropChoice(c.ID); err != nil {
		return err
	}
	number, err := tx.NewNumber(a.Received.In(d.o.Policy.Zone).Year(), "", draw)
	if err != nil {
		return err
	}
	v := route.Verdict{Kind: complaint.External, Withheld: complaint.WithheldUnclaimed}
	e := d.received(&a, v, tx.Now(), number, false)
	e.Unclaimed = c.By
	by, _ := d.o.Policy.Employee(c.By)
	v.From = by.Party() // who sent it in; whose complaint it is nobody has said
	dec, err := d.decide(tx, nil, e)
	if err != nil {
		return err
	}
	o, err := original(&a, v)
	if err != nil {
		return err
	}
	saved, err := d.carry(tx, dec, o, nil)
	if err != nil {
		return err
	}
	return tx.AddMessage(d.kept(&a, v, saved.ID, "in"))
}
