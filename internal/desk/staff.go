package desk

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/message"
	"klachtd/internal/proof"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// held is what a challenge keeps until its code comes: exactly what was asked.
type held struct {
	Orders  []complaint.Order   `json:"orders"`
	Refused []complaint.Refusal `json:"refused,omitempty"`
	Body    string              `json:"body,omitempty"`
	Form    map[string]string   `json:"form,omitempty"`
	Labels  bool                `json:"labels,omitempty"`
	Message string              `json:"message,omitempty"`
	Subject string              `json:"subject,omitempty"`
	Source  string              `json:"source,omitempty"` // Message-ID
	Files   int                 `json:"files,omitempty"`
	At      time.Time           `json:"at"`
	Choice  int64               `json:"choice,omitempty"`
	Raw     []byte              `json:"raw,omitempty"` // of a mail about no case; of others it is with the case
}

// heldOf is what a mail asks for.
func (d *Desk) heldOf(a *arrived, k *route.Ask) held {
	return held{Orders: k.Orders, Refused: k.Refused, Body: k.Body, Form: k.Form, Labels: k.Labels, Message: k.Message,
		Subject: a.m.Subject, Source: a.m.MessageID, Files: files(a.m), At: a.Received, Choice: k.Button.Choice}
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

// command carries out what a member of staff has proven to have asked, or what
// his code confirms (procedure.md 3).
func (d *Desk) command(tx *store.Tx, a *arrived, v route.Verdict) (int64, error) {
	k, h, c := v.Ask, d.heldOf(a, v.Ask), v.Ask.Case
	if k.Asked == proof.Confirm {
		list, err := tx.Challenges(k.By.Address)
		if err != nil || k.Pending >= len(list) {
			return 0, err
		}
		pending := list[k.Pending]
		if err := tx.UseChallenge(pending.ID); err != nil {
			return 0, err
		}
		if err := json.Unmarshal(pending.Held, &h); err != nil {
			return 0, fmt.Errorf("confirm: not as it was written")
		}
		if c, _, err = tx.Case(pending.CaseID); err != nil {
			return 0, err
		}
	} else if c.ID != 0 {
		if err := tx.AddMessage(d.kept(a, v, c.ID, "note")); err != nil {
			return 0, err
		}
	}
	if err := tx.SetExecuted(h.Source); err != nil {
		return 0, err
	}
	if h.Choice != 0 {
		return d.chosen(tx, a, k.By, h)
	}
	return d.order(tx, a, k.By, c, h)
}

// order puts orders to the rules and writes down what they decide.
func (d *Desk) order(tx *store.Tx, a *arrived, by complaint.Person, c complaint.Case, h held) (int64, error) {
	e := complaint.Ordered{Now: tx.Now(), At: h.At, By: by.Address, Orders: h.Orders, Refused: h.Refused, Body: h.Body,
		Form: h.Form, Labels: h.Labels, Message: h.Message, Source: h.Source, Files: h.Files, Subject: h.Subject,
		NamesDirecteur: d.namesDirecteur(message.Message{Subject: h.Subject, NewText: h.Body})}
	var err error
	if registers(h.Orders) {
		if e.Number, err = tx.NewNumber(tx.Now().In(d.o.Policy.Zone).Year(), "", draw); err != nil {
			return 0, err
		}
	}
	if lists(h.Orders) {
		if e.Open, err = openCases(tx); err != nil {
			return 0, err
		}
	}
	var cases []complaint.Case
	if c.ID != 0 {
		cases = []complaint.Case{c}
	}
	dec := complaint.Decide(cases, e, d.o.Policy)
	for _, ref := range dec.TakenBack {
		n, err := tx.TakeBack(c.ID, ref)
		if err != nil {
			return 0, err
		}
		if n == 0 { // it has left: nothing is done
			return c.ID, d.refuseStop(tx, by, c, h)
		}
	}
	o := letter.Original{From: by.Party(), Subject: h.Subject, Text: h.Body, At: h.At, MessageID: h.Source}
	if a != nil && a.m.MessageID == h.Source {
		o.Enclosed = a.along
	}
	saved, err := d.carry(tx, dec, o, nil)
	if err != nil {
		return 0, err
	}
	if c.ID == 0 && saved.ID != 0 && a != nil { // a registration: what came in belongs to it
		m := d.kept(a, route.Verdict{From: by.Party()}, saved.ID, "in")
		m.Text = h.Body
		err = tx.AddMessage(m)
	}
	return saved.ID, err
}

func (d *Desk) refuseStop(tx *store.Tx, by complaint.Person, c complaint.Case, h held) error {
	l := complaint.Letter{Kind: complaint.LetterRefused, To: by.Party()}
	for _, o := range h.Orders {
		if o.Kind == complaint.OrderStop {
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

// unproven answers a command whose sender has not shown who he is. Nothing of it
// runs, and what goes out goes to registered addresses alone.
func (d *Desk) unproven(tx *store.Tx, a *arrived, k *route.Ask) error {
	if k.Case.ID != 0 {
		if err := tx.AddMessage(d.kept(a, route.Verdict{From: k.By.Party()}, k.Case.ID, "note")); err != nil {
			return err
		}
		if err := tx.AddEvent(k.Case.ID, complaint.Note{Actor: k.By.Address, Event: "not proven", Detail: string(k.Outcome.Reason)}); err != nil {
			return err
		}
	}
	if k.Outcome.Action == proof.Ask {
		return d.challenge(tx, a, k)
	}
	if err := tx.AddUnproven(k.By.Address, string(k.Outcome.Action)); err != nil || !k.Outcome.Notice {
		return err
	}
	if k.Outcome.Action == proof.WrongCode {
		l := complaint.Letter{Kind: complaint.LetterRefused, To: k.By.Party(),
			Refusals: []complaint.Refusal{{Order: complaint.Order{Words: "#ja"}, Reason: complaint.RefusedNothing}}}
		return d.say(tx, l)
	}
	to := []complaint.Party{k.By.Party()}
	if owner := d.o.Policy.Directeur(); owner.Address != k.By.Address {
		to = append(to, owner.Party())
	}
	for _, p := range to {
		if err := d.say(tx, complaint.Letter{Kind: complaint.LetterForged, To: p, By: k.By.Address}); err != nil {
			return err
		}
	}
	return nil
}

// challenge asks the registered address whether it gave the command.
func (d *Desk) challenge(tx *store.Tx, a *arrived, k *route.Ask) error {
	h := d.heldOf(a, k)
	if k.Case.ID == 0 {
		h.Raw = a.Raw
	}
	kept, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("challenge: %w", err)
	}
	code, err := d.ask(tx, k.By.Address, k.Case.ID, k.Command, kept)
	if err != nil {
		return err
	}
	l := complaint.Letter{Kind: complaint.LetterChallenge, To: k.By.Party(), Receipt: asRead(k)}
	words, err := d.word(l, k.Case, letter.Original{}, tx.Now(), nil, asking{code: code})
	if err != nil {
		return err
	}
	return d.post(tx, l, k.Case, words, 0)
}

// ask keeps what a code is to confirm, and returns the code.
func (d *Desk) ask(tx *store.Tx, person string, caseID int64, command string, kept []byte) (string, error) {
	bound := command + "\n" + fmt.Sprintf("%x", tx.Keyed("held", string(kept))) // exactly this command
	c, code, err := proof.NewChallenge(rand.Reader, tx.Keyed, person, caseID, bound, tx.Now())
	if err != nil {
		return "", err
	}
	return code, tx.AddChallenge(store.Challenge{CaseID: c.Case, Hash: c.Hash, Expires: c.Expires, Person: c.Person, Command: c.Command, Held: kept})
}

// asking lets a receipt offer what has to be confirmed with #ja: a mail of staff
// to the complainant, with us in Cc, counted as the reaction (procedure.md 2).
func (d *Desk) asking(tx *store.Tx, l complaint.Letter, c complaint.Case, o letter.Original) asking {
	return asking{confirm: func(order complaint.Order) (string, error) {
		kept, err := json.Marshal(held{Orders: []complaint.Order{order}, Body: o.Text, Subject: o.Subject, Source: "mailed " + o.MessageID, At: o.At})
		if err != nil {
			return "", fmt.Errorf("ask: %w", err)
		}
		return d.ask(tx, l.To.Address, c.ID, order.Words, kept)
	}}
}

// asRead is the command in words, as the challenge says it.
func asRead(k *route.Ask) complaint.Receipt {
	var r complaint.Receipt
	for _, o := range k.Orders {
		r.Lines = append(r.Lines, complaint.Line{Order: o})
	}
	return r
}

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
	n, err := tx.CountUnproven(k.By.Address, "choice", tx.Now().Add(-time.Hour))
	if err != nil || n >= maxChoices {
		return err
	}
	if k.Outcome.Action != proof.Keep {
		if err := tx.AddUnproven(k.By.Address, "choice"); err != nil {
			return err
		}
	}
	dec := complaint.Decide(nil, complaint.Asked{Now: tx.Now(), By: k.By.Address, Offered: offered(a.m, k.By)}, policy)
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
func (d *Desk) chosen(tx *store.Tx, a *arrived, by complaint.Person, h held) (int64, error) {
	c, waits, err := tx.Choice(h.Choice)
	if err != nil {
		return 0, err
	}
	if !waits || c.By != by.Address {
		return 0, d.say(tx, complaint.Letter{Kind: complaint.LetterRefused, To: by.Party(),
			Refusals: []complaint.Refusal{{Order: complaint.Order{Words: "#registreer"}, Reason: complaint.RefusedNothing}}})
	}
	if err := tx.DropChoice(c.ID); err != nil {
		return 0, err
	}
	if !registers(h.Orders) {
		l := complaint.Letter{Kind: complaint.LetterReceipt, To: by.Party()}
		for _, o := range h.Orders {
			l.Receipt.Lines = append(l.Receipt.Lines, complaint.Line{Order: o})
		}
		return 0, d.say(tx, l)
	}
	first := d.waiting(c)
	h.Subject, h.Source, h.Files, h.At = first.m.Subject, first.m.MessageID, files(first.m), c.At
	h.Body = first.m.Text
	return d.order(tx, &first, by, complaint.Case{}, h)
}

// waiting reads a mail again that waited.
func (d *Desk) waiting(c store.Choice) arrived {
	a := arrived{Delivery: Delivery{Received: c.At, Raw: c.Raw}, m: message.Parse(c.Raw)}
	a.along, a.err = enclose(a.m)
	return a
}

// unclaimed registers what staff sent in and said nothing about (procedure.md 2).
func (d *Desk) unclaimed(tx *store.Tx, c store.Choice) error {
	a := d.waiting(c)
	if err := tx.DropChoice(c.ID); err != nil {
		return errors.Join(a.err, err)
	}
	number, err := tx.NewNumber(a.Received.In(d.o.Policy.Zone).Year(), "", draw)
	if err != nil {
		return err
	}
	v := route.Verdict{Kind: complaint.External, Withheld: complaint.WithheldUnclaimed}
	e := d.received(&a, v, tx.Now(), number, false)
	e.Unclaimed = c.By
	saved, err := d.carry(tx, complaint.Decide(nil, e, d.o.Policy), original(&a, v), nil)
	if err != nil {
		return err
	}
	return tx.AddMessage(d.kept(&a, v, saved.ID, "in"))
}

// source is what a letter shows of mails: the one at hand, the one whose files go
// along, or the complaint itself.
func (d *Desk) source(tx *store.Tx, l complaint.Letter, c complaint.Case, o letter.Original) (letter.Original, error) {
	want := ""
	switch {
	case l.Kind == complaint.LetterConcerned || l.Kind == complaint.LetterCopyAsk:
	case l.Source == "" || l.Source == o.MessageID || l.Files == 0:
		return o, nil
	default:
		want = l.Source
	}
	found := false
	err := tx.RawMessages(c.ID, func(raw []byte) error {
		if found {
			return nil
		}
		m := message.Parse(raw)
		if want != "" && m.MessageID != want {
			return nil
		}
		found = true
		o = letter.Original{From: c.Complainant, Subject: m.Subject, Text: m.Text, At: c.ReceivedAt, MessageID: m.MessageID}
		var err error
		if want != "" {
			o.Enclosed, err = enclose(m)
		}
		return err
	})
	return o, err
}
