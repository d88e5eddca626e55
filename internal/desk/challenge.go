package desk

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
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
	Raw     []byte              `json:"raw,omitempty"`   // of a mail about no case; of others it is with the case
	Print   []byte              `json:"print,omitempty"` // message.Message.Fingerprint, by which it is found there
}

// heldOf is what a mail asks for.
func (d *Desk) heldOf(a *arrived, k *route.Ask) held {
	return held{Orders: k.Orders, Refused: k.Refused, Body: k.Body, Form: k.Form, Labels: k.Labels, Message: k.Message,
		Subject: a.m.Subject, Source: a.m.MessageID, Files: files(a.m), At: a.Received, Choice: k.Button.Choice,
		Print: a.m.Fingerprint[:]}
}

// noticed stands beside what was refused, where a notice of it went out.
const noticed = "notice"

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
	if err := d.hidden(tx, k); err != nil {
		return err
	}
	if k.Outcome.Action == proof.Ask {
		if refused, err := d.refusedAnyway(tx, a, k); refused || err != nil {
			return err
		}
		return d.challenge(tx, a, k)
	}
	if k.Outcome.Action == proof.WrongCode {
		return d.wrongCode(tx, k)
	}
	if err := tx.AddUnproven(k.By.Address, string(k.Outcome.Action)); err != nil || !k.Outcome.Notice {
		return err
	}
	if err := tx.AddUnproven(k.By.Address, noticed); err != nil {
		return err
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

// maxRefused is how many refusals a sender who has proven nothing can make us
// send to one person, an hour.
const maxRefused = 3

// refusedAnyway says at once what is wrong with a command that could not be
// carried out whoever gave it, rather than ask for a code first. Of what stood in
// the mail, which anybody may have written, it repeats the command's word alone.
func (d *Desk) refusedAnyway(tx *store.Tx, a *arrived, k *route.Ask) (bool, error) {
	h := d.heldOf(a, k)
	if h.Choice != 0 {
		return false, nil
	}
	e, err := d.ordered(tx, k.By, h)
	if err != nil {
		return false, err
	}
	e.Number = "none yet" // nothing is registered here
	dec, err := d.decide(tx, caseOf(k.Case), e)
	if err != nil {
		return false, err
	}
	if !dec.Refused() {
		return false, nil
	}
	n, err := tx.CountUnproven(k.By.Address, unprovenRefused, tx.Now().Add(-time.Hour))
	if err != nil {
		return true, err
	}
	if err := tx.AddUnproven(k.By.Address, unprovenRefused); err != nil {
		return true, err
	}
	if n >= maxRefused {
		dec.Letters = nil
	}
	for _, l := range dec.Letters {
		for i := range l.Refusals {
			l.Refusals[i].Order.Words = firstWord(l.Refusals[i].Order.Words)
		}
	}
	_, err = d.carry(tx, dec, letter.Original{}, nil)
	return true, err
}

// unprovenRefused is under which these are counted.
const unprovenRefused = "refused"

// firstWord is as much of a command as nobody can write a message in.
func firstWord(words string) string {
	word, _, _ := strings.Cut(words, " ")
	if r := []rune(word); len(r) > 30 {
		return ""
	}
	return word
}

// maxWrongCodes is how many answers to a code that does not hold go to one
// person an hour: he hears what was wrong, and nobody's guesses fill his mailbox.
const maxWrongCodes = 3

func (d *Desk) wrongCode(tx *store.Tx, k *route.Ask) error {
	action := string(proof.WrongCode)
	n, err := tx.CountUnproven(k.By.Address, action, tx.Now().Add(-time.Hour))
	if err != nil {
		return err
	}
	if err := tx.AddUnproven(k.By.Address, action); err != nil || n >= maxWrongCodes {
		return err
	}
	return d.nothing(tx, k.By, "#ja")
}

// nothing says that nothing waits for a command.
func (d *Desk) nothing(tx *store.Tx, by complaint.Person, words string) error {
	return d.say(tx, complaint.Letter{Kind: complaint.LetterRefused, To: by.Party(),
		Refusals: []complaint.Refusal{{Order: complaint.Order{Words: words}, Reason: complaint.RefusedNothing}}})
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

// confirmed reads the mail again that a code confirms: its files go along, never
// those of the mail with the code. Nil when there is nothing more to it.
func (d *Desk) confirmed(tx *store.Tx, c complaint.Case, h held) (*arrived, error) {
	raw := h.Raw
	if raw == nil && h.Files > 0 && c.ID != 0 {
		err := tx.RawMessages(c.ID, func(r []byte) (bool, error) {
			if m := message.Parse(r); bytes.Equal(m.Fingerprint[:], h.Print) {
				raw = r
			}
			return raw != nil, nil
		})
		if err != nil {
			return nil, err
		}
	}
	if raw == nil {
		return nil, nil
	}
	a := d.waiting(store.Choice{At: h.At, Raw: raw})
	return &a, nil
}
