package letter

import (
	"slices"
	"strings"
	"time"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
)

// A Button is a command that a mail to staff offers: a link that opens a fresh
// mail with subject and body filled in (procedure.md 3).
type Button struct {
	Order   complaint.Order // what it asks for; values that the letter could fill in are filled in
	Number  string          // the case that it is about, in a list each time another one; "" when about none
	Command string          // what its code is bound to: the command as command.Command.String writes it; when Open the word alone
	Open    bool            // a value is typed, or may be changed, by who presses it: the code holds for any
	Confirm bool            // `#ja CODE`: the code stands in the subject and is a short one (at most 12), as that of a challenge
	Subject string          // of the mail that it opens, without the code
	labels  []string        // lines to fill in, in its body
}

// maxButtons is how many there are in a mail at most (procedure.md 3).
const maxButtons = 6

// maxTarget is the longest link in bytes; mail programs cut off what is much longer.
const maxTarget = 1900

// A wish is an order before it is known whether a subject can say it.
type wish struct {
	order   complaint.Order
	number  string
	missing []complaint.OrderKind // what closing needs
}

// Buttons returns what a letter offers, the likeliest first, at most six; nothing
// in letters to C, alarms, challenges and notices of a failed proof. Each needs a
// code, in the same order, in Envelope.Codes. A day that one offers lies after the
// day of at, the moment of the letter. The same arguments give the same buttons.
func (b *Book) Buttons(l complaint.Letter, c complaint.Case, at time.Time) []Button {
	return b.in(l, c).buttons(l, c, at)
}

func (b *edition) buttons(l complaint.Letter, c complaint.Case, at time.Time) []Button {
	var list []Button
	for _, w := range b.wishes(l, c, complaint.DayOf(at, b.academy.Zone)) {
		button, ok := b.button(w, l.Kind)
		same := func(o Button) bool { return o.Subject == button.Subject }
		if ok && len(list) < maxButtons && !slices.ContainsFunc(list, same) {
			list = append(list, button)
		}
	}
	return list
}

// wishes gathers what could be offered, first what mends or takes back.
func (b *edition) wishes(l complaint.Letter, c complaint.Case, today complaint.Day) []wish {
	if toComplainant(l.Kind) || slices.Contains(bare, l.Kind) {
		return nil
	}
	var list []wish
	add := func(number string, missing []complaint.OrderKind, orders ...complaint.Order) {
		for _, o := range orders {
			list = append(list, wish{b.ready(o, l, c, today), number, missing})
		}
	}
	for _, r := range l.Refusals {
		missing := r.Missing
		if missing == nil {
			missing = l.Missing
		}
		add(c.Number, missing, append(slices.Clone(r.Fix), b.mend(r)...)...)
	}
	for _, out := range l.Receipt.Letters {
		add(c.Number, nil, complaint.Order{Kind: complaint.OrderStop, Ref: out.Ref})
	}
	if c.Number != "" { // its steps come before the cards of other cases
		add(c.Number, l.Missing, l.Next...)
	}
	if l.Digest != nil {
		for _, t := range l.Digest.Tasks[:min(len(l.Digest.Tasks), maxTaskSteps)] {
			add(t.Number, nil, t.Order)
		}
	}
	each := complaint.Order{Kind: complaint.OrderStatus}
	if l.Kind == complaint.LetterRetentionAhead {
		each.Kind = complaint.OrderHold
	}
	for _, number := range numbers(l) {
		add(number, nil, each)
	}
	add(c.Number, l.Missing, l.Next...)
	return list
}

// bare are the letters to others than C that offer nothing: their reader may be
// anybody, or it is about what nobody of ours wrote.
var bare = []complaint.LetterKind{complaint.LetterAlarm, complaint.LetterAccount, complaint.LetterCertificate, complaint.LetterChallenge, complaint.LetterForged}

func toComplainant(k complaint.LetterKind) bool { return k.ToComplainant() }

// maxCards is how many cases of a list have a button for their card; the rest of
// the six is for what else may be done.
const maxCards = 4

// numbers returns the first cases of a list or of reminders, each once.
func numbers(l complaint.Letter) []string {
	var list []string
	most := maxCards
	if l.Kind == complaint.LetterRetentionAhead { // there is nothing else to do
		most = maxButtons
	}
	add := func(number string) {
		if number != "" && len(list) < most && !slices.Contains(list, number) {
			list = append(list, number)
		}
	}
	for _, i := range l.Items {
		add(i.Number)
	}
	for _, r := range l.Reminders {
		add(r.Number)
	}
	return list
}

// button gives a wish the subject that asks for it. False when no subject does:
// what the grammar would read as something else is not offered.
func (b *edition) button(w wish, k complaint.LetterKind) (Button, bool) {
	o := w.order
	if o.Kind == complaint.OrderMailed {
		return Button{Order: o, Number: w.number, Command: b.command(command.Yes, "").String(), Confirm: true,
			Subject: b.command(command.Yes, "").String()}, w.number != ""
	}
	word := command.Word(o.Kind)
	rule := word.Rule()
	number := w.number
	switch {
	case rule.Word == "", (o.Kind == complaint.OrderStop || o.Kind == complaint.OrderUndo) && o.Ref < 1,
		number == "" && (rule.Case && k != complaint.LetterChoice && k != complaint.LetterDeleteCopies || word == command.Stop || word == command.Undo): // a Ref counts within a case
		return Button{}, false
	case !rule.Case && word != command.Help && word != command.Stop && word != command.Undo && word != command.Action:
		number = ""
	}
	for _, value := range b.values(o) {
		c := b.command(word, value)
		asked := value == "" && (rule.Must || word == command.Action)
		open := asked || o.Kind == complaint.OrderExtend
		subject := joined(c.String(), bracketed(number))
		if asked || value == "" && rule.Value == command.CaseNumber { // what is typed goes at the end, where the cursor is
			subject = joined(bracketed(number), c.String())
		}
		if value != "" && !asks(subject, c, number) { // fixed words ask for what they say
			continue
		}
		bound := c.String()
		if open {
			bound = b.command(word, "").String()
		}
		return Button{Order: o, Number: number, Command: bound, Open: open, Subject: subject, labels: tongues[b.language].lines(o, k, w.missing)}, true
	}
	return Button{}, false
}

// asks reports whether a subject is read as exactly this command about this case.
func asks(subject string, want command.Command, number string) bool {
	l := command.Parse(command.Typed(subject, "", false))
	if len(l.Commands) != 1 || l.Commands[0] != want || l.Number != number || l.Loose != "" {
		return false
	}
	p := l.Check(true)
	return p.Kind == "" || p.Kind == command.NoValue && want.Value == ""
}

func bracketed(number string) string {
	if number == "" {
		return ""
	}
	return "[" + number + "]"
}

func joined(a, b string) string { return strings.TrimSpace(a + " " + b) }

// lines are the labelled lines that a button's mail has to be filled in.
func (t tongue) lines(o complaint.Order, k complaint.LetterKind, missing []complaint.OrderKind) []string {
	switch {
	case o.Kind == complaint.OrderClose:
		var list []string
		for _, m := range missing {
			switch m {
			case complaint.OrderCategory:
				list = append(list, t.labels.category)
			case complaint.OrderFinding:
				list = append(list, t.labels.finding)
			}
		}
		return append(list, t.labels.closing...)
	case o.Kind != complaint.OrderRegister, k == complaint.LetterChoice && (o.Value != "" || o.Person.Address != ""):
		return nil
	case o.Value == complaint.RegisterInternal:
		return []string{t.labels.description}
	}
	list := append(slices.Clone(t.labels.registration), t.labels.description)
	if o.Person.Address == "" {
		list = slices.Concat(t.labels.person, list)
	}
	return list
}
