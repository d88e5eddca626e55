package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/play"
	"klachtd/internal/store"
)

// look takes in what was sent and what changed since the last time, hands the
// mails to who gets them, and checks what must hold after each step. p is the
// message that it came from; nil: the clock.
func (y *year) look(p *posted) error {
	sent := y.broken(y.accepted)
	y.accepted = nil
	before := slices.Clone(y.cases)
	if err := y.refresh(p, sent); err != nil {
		return err
	}
	var errs []error
	for _, l := range sent {
		mail, err := y.opened(l)
		if err != nil {
			return err
		}
		y.note("  mail to %s: %s", l.To, mail.Subject)
		errs = append(errs, y.mayGo(l), y.mayRead(l, mail))
		y.arrives(l, mail)
	}
	if p != nil {
		errs = append(errs, y.answered(*p, sent, before))
	}
	return errors.Join(errs...)
}

// refresh reads the cases again that something can have happened to: those that a
// mail is about, and new ones. After what may change none it reads them all.
func (y *year) refresh(p *posted, sent []store.Letter) error {
	if p != nil && p.forged {
		y.cases = y.register()
		return nil
	}
	today := complaint.DayOf(y.now, amsterdam)
	touched := map[int64]bool{}
	for _, l := range sent {
		touched[l.CaseID] = true
	}
	return y.db.View(y.t.Context(), func(tx *store.Tx) error {
		var list []complaint.Case
		for _, c := range y.cases {
			found, err := true, error(nil)
			if touched[c.ID] || p != nil && strings.Contains(p.head, c.Number) || c.EraseOn != "" && c.EraseOn < today {
				c, found, err = tx.Case(c.ID)
			}
			switch {
			case err != nil:
				return err
			case found:
				list = append(list, c)
			default:
				y.erased++
			}
		}
		y.cases = list
		for { // they are numbered without gaps
			c, found, err := tx.Case(int64(len(y.names) + 1))
			if err != nil || !found {
				return err
			}
			y.cases, y.names = append(y.cases, c), append(y.names, c.Number)
		}
	})
}

func (y *year) opened(l store.Letter) (play.Letter, error) {
	var raw []byte
	err := y.db.View(y.t.Context(), func(tx *store.Tx) (err error) {
		raw, err = tx.Body(l)
		return err
	})
	m := message.Parse(raw)
	return play.Letter{To: l.To, Subject: m.Subject, MessageID: m.MessageID, Text: m.Text, Raw: raw}, err
}

// arrives puts a mail in the box of who got it; complainants react.
func (y *year) arrives(l store.Letter, mail play.Letter) {
	y.boxes[l.To] = append(y.boxes[l.To], mail)
	if c := y.people[l.To]; c != nil {
		y.reads(c, mail)
	}
	switch l.Kind {
	case complaint.LetterReminders, complaint.LetterDigest, complaint.LetterOverdue, complaint.LetterDelayed, complaint.LetterUndelivered:
		for _, c := range y.cases {
			if strings.Contains(mail.Subject+mail.Text, c.Number) {
				y.told[c.Number] = complaint.DayOf(y.now, amsterdam)
			}
		}
	}
}

var receipts = []complaint.LetterKind{complaint.LetterReceipt, complaint.LetterRefused, complaint.LetterCard, complaint.LetterList, complaint.LetterHelp,
	complaint.LetterChallenge, complaint.LetterChoice}

// mayGo: a mail goes to nobody whom its kind is not for. Who a case is about gets
// the copy, how it ended, and answers to what he asks.
func (y *year) mayGo(l store.Letter) error {
	wrong := fmt.Errorf("%s may not go to %s", l.Kind, l.To)
	staff := strings.HasSuffix(l.To, "@academie.example")
	i := slices.IndexFunc(y.cases, func(c complaint.Case) bool { return c.ID == l.CaseID })
	switch {
	case l.Kind.ToComplainant():
		if i < 0 || y.cases[i].Complainant.Address != l.To {
			return wrong
		}
		return nil
	case !staff:
		return wrong
	case l.Kind == complaint.LetterConcerned && (i < 0 || y.cases[i].About(l.To) == nil):
		return wrong
	case l.Kind == complaint.LetterDigest && l.To != "directeur@academie.example" && l.To != "tess@academie.example" && !slices.ContainsFunc(y.cases, aboutBoth):
		return wrong
	}
	return nil
}

// aboutBoth reports whether there is nobody left who may act as the directeur.
func aboutBoth(c complaint.Case) bool {
	return c.About("directeur@academie.example") != nil && c.About("tess@academie.example") != nil
}

// mayRead: the words of a complaint reach nobody but those who work on it, and
// whom it is about; no other complainant, and no mail to himself (security.md 20, 23).
func (y *year) mayRead(l store.Letter, mail play.Letter) error {
	for word, author := range y.secret {
		if !strings.Contains(mail.Subject+mail.Text, word) {
			continue
		}
		allowed := l.To == "bas@academie.example" || l.To == "bea@academie.example" || l.To == "directeur@academie.example"
		for _, c := range y.cases {
			about := c.About(l.To) != nil || c.About("directeur@academie.example") != nil
			allowed = allowed || c.Complainant.Address == author && about && strings.HasSuffix(l.To, "@academie.example")
		}
		if !allowed && l.To == "tess@academie.example" && complaint.DayOf(y.now, amsterdam) <= complaint.DayOf(y.away["directeur"], amsterdam) {
			allowed = true // she stands in
		}
		if !allowed {
			return fmt.Errorf("%s to %s holds the words of %s: %s", l.Kind, l.To, author, word)
		}
	}
	return nil
}

// answered: a command has one receipt, which goes to who gave it; what a machine
// or an impostor sent is not answered and changes nothing.
func (y *year) answered(p posted, sent []store.Letter, before []complaint.Case) error {
	n := 0
	for _, l := range sent {
		if slices.Contains(receipts, l.Kind) {
			n++
			if l.To != p.from {
				return fmt.Errorf("the receipt for a mail of %s went to %s", p.from, l.To)
			}
		}
		silent := slices.Equal(p.fates, []string{"automatic"}) || slices.Equal(p.fates, []string{"bounce"}) || slices.Equal(p.fates, []string{"duplicate"})
		if silent && l.To == p.from {
			return fmt.Errorf("a %s was answered with %s", p.fates[0], l.Kind)
		}
	}
	switch {
	case p.forged && slices.ContainsFunc(sent, func(l store.Letter) bool { return l.Kind == complaint.LetterReceipt }):
		return errors.New("a forged command was carried out")
	case p.forged && !slices.EqualFunc(before, y.cases, unchanged):
		return errors.New("a forged command changed a case")
	case slices.Contains(p.fates, "refused") && !slices.Contains(p.fates, "note") && !p.forged && n != 1:
		return fmt.Errorf("%d receipts for one mail with a command", n)
	}
	return nil
}

func unchanged(a, b complaint.Case) bool {
	return a.State == b.State && a.Handler == b.Handler && a.Severity == b.Severity && a.Category == b.Category && len(a.Outbound) == len(b.Outbound)
}

// promisesHold: of each promise of which the term is over somebody was told, of
// the two terms that complainants were given by the next working day.
func (y *year) promisesHold() error {
	today := complaint.DayOf(y.now, amsterdam)
	for _, c := range y.cases {
		if y.options.Policy.Keeps(c, today.Add(-3)) == "" {
			return fmt.Errorf("%s was to be forgotten after %s", y.short(c.Number), c.EraseOn)
		}
		for _, p := range c.Promises {
			limit := p.Due.Add(8)
			if p.Kind == complaint.React || p.Kind == complaint.Resolve {
				limit = p.Due.Add(4) // a long weekend
			}
			if p.Open() && p.Kind != complaint.Erase && today > limit && y.told[c.Number] < p.Due {
				return fmt.Errorf("nobody was told that the promise %s of %s ended on %s", p.Kind, y.short(c.Number), p.Due)
			}
		}
	}
	return nil
}

// atTheEnd counts: each message accounted for, a case a complaint, one
// acknowledgement a case or a reason why not, no number twice.
func (y *year) atTheEnd() error {
	total := 0
	err := y.db.View(y.t.Context(), func(tx *store.Tx) error {
		t, err := tx.Traffic(y.now.AddDate(-2, 0, 0), y.now)
		for _, n := range t.Became {
			total += n
		}
		total -= t.Pending * y.n // none may be left
		return err
	})
	if err != nil {
		return err
	}
	if total != y.n {
		return fmt.Errorf("%d messages came, %d are accounted for", y.n, total)
	}
	if len(y.names) != y.complains || len(y.cases)+y.erased != y.complains {
		return fmt.Errorf("%d complaints, %d cases, of which %d are erased", y.complains, len(y.names), y.erased)
	}
	numbers := map[string]bool{}
	for _, c := range y.cases {
		if numbers[c.Number] {
			return fmt.Errorf("%s was given twice", c.Number)
		}
		numbers[c.Number] = true
		n := 0
		for _, l := range y.boxes[c.Complainant.Address] {
			if strings.HasPrefix(l.Subject, "Je klacht is ontvangen") && strings.Contains(l.Subject, c.Number) {
				n++
			}
		}
		if n > 1 || n == 0 && c.Withheld == "" && !y.refused[c.Complainant.Address] {
			return fmt.Errorf("%s has %d acknowledgements", y.short(c.Number), n)
		}
	}
	return nil
}
