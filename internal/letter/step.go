package letter

import (
	"slices"
	"strings"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
)

// A step is a button as a template shows it: `+ label | {{.Link}} | {{.Typed}}`.
type step struct {
	Kind    word
	Number  number // of the case that it is about
	Value   value
	Link    target
	Typed   line    // the same in words, to be typed
	Choices setting // what a value that is left open is chosen from
	Labels  bool    // its mail has lines to fill in
}

// A value is what a command holds, or what was there before: one of its fields.
type value struct {
	Person line
	Day    date
	State  word // of a case
	Copy   word // of the copy to M
	Text   line
}

// Any reports whether there is anything to show.
func (v value) Any() bool { return v != value{} }

// steps gives the buttons of a letter their links.
func (b *edition) steps(l complaint.Letter, c complaint.Case, e Envelope) ([]step, error) {
	buttons := e.Buttons
	if buttons == nil {
		buttons = b.buttons(l, c, e.Date)
	}
	if len(buttons) != len(e.Codes) {
		return nil, errCodes
	}
	var list []step
	for i, button := range buttons {
		s, err := b.step(button, e.Codes[i])
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

func (b *edition) step(button Button, code string) (step, error) {
	if !isCode(code) || button.Confirm && len(code) > maxShown {
		return step{}, errCodes
	}
	s := step{Kind: word(button.Order.Kind), Number: number(button.Number), Value: b.valueOf(button.Order), Choices: b.choices(button), Labels: len(button.labels) > 0}
	if button.Order.Value == complaint.OutsideCarriedOut {
		s.Value = value{Text: line(button.Order.Value)} // a sentence of its own
	}
	subject, body := button.Subject, button.labels
	switch {
	case button.Confirm:
		subject += " " + code
	default:
		body = append(slices.Clone(body), "", "", "Code: "+code)
	}
	s.Typed = line(subject)
	if button.Open && button.Order.Kind != complaint.OrderExtend {
		subject += " " // where the value goes
		s.Typed += " …"
	}
	s.Link = b.mailTo(subject, body)
	return s, nil
}

// maxShown is the longest code that may stand in a subject: a challenge's has 8
// letters, and one that proves by itself who has it never does (security.md, K).
const maxShown = 12

// isCode holds a code to letters and digits: it stands in a link and on a line.
func isCode(s string) bool {
	return s != "" && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 || !isAlnum(byte(r)) })
}

// mailTo makes a link that opens a mail to us (RFC 6068); "" when none can be made.
// Subject comes before body: programs that cut a link off lose the code, and ask.
func (b *edition) mailTo(subject string, body []string) target {
	if !validAddress(b.academy.From.Address) {
		return ""
	}
	t := "mailto:" + escaped(b.academy.From.Address, "@.-_") + "?subject=" + escaped(subject, "-")
	if len(body) > 0 {
		t += "&body=" + escaped(strings.Join(body, "\r\n"), "-")
	}
	if len(t) > maxTarget {
		return ""
	}
	return target(t)
}

// escaped percent-encodes all but letters, digits and what is left alone: a space
// is %20, since programs take + as it stands (RFC 6068, 5).
func escaped(s, alone string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; isAlnum(c) || strings.IndexByte(alone, c) >= 0 {
			b.WriteByte(c)
		} else {
			const digits = "0123456789ABCDEF"
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}

// choices are what is to be chosen from where a button leaves that open.
func (b *edition) choices(button Button) setting {
	if !button.Open {
		return ""
	}
	switch button.Order.Kind {
	case complaint.OrderAction: // words; that there is none needs a reason, too
		return ""
	case complaint.OrderHold:
		return "" // a date
	case complaint.OrderCategory:
		return setting(strings.Join(b.academy.Categories, ", "))
	case complaint.OrderCause:
		return setting(strings.Join(b.academy.Causes, ", "))
	case complaint.OrderAssign:
		return setting(strings.Join(b.academy.Office, ", "))
	}
	var names []string
	for _, o := range command.Word(button.Order.Kind).Rule().Options {
		names = append(names, b.named(o))
	}
	return setting(strings.Join(names, ", "))
}

// valueOf is what an order holds, in words.
func (b *edition) valueOf(o complaint.Order) value {
	switch {
	case o.Kind == complaint.OrderRegister && o.Value == complaint.RegisterInternal:
		return value{Text: line(o.Value)}
	case o.Day != "":
		return value{Day: b.date(o.Day)}
	case o.Person.Name != "":
		return value{Person: oneLine(o.Person.Name)}
	case o.Person.Address != "":
		return value{Person: oneLine(b.nameOf(o.Person.Address))}
	}
	return value{Text: oneLine(b.inWords(o.Kind, o.Value))}
}

// changed is what a command changed, before or after, as the rules tell it: what
// it means depends on the command.
func (b *edition) changed(k complaint.OrderKind, s string) value {
	switch k {
	case complaint.OrderTake, complaint.OrderAssign, complaint.OrderAbout, complaint.OrderConsult:
		return value{Person: oneLine(b.nameOf(s))}
	case complaint.OrderComplainant:
		return value{Text: oneLine(s)}
	case complaint.OrderCategory, complaint.OrderCause, complaint.OrderSeverity, complaint.OrderFinding, complaint.OrderLanguage,
		complaint.OrderWaive:
		return value{Text: oneLine(b.inWords(k, s))}
	}
	switch {
	case isDay(s):
		return value{Day: b.date(complaint.Day(s))}
	case slices.Contains(states[:], complaint.State(s)):
		return value{State: word(s)}
	case slices.Contains(copies[:], complaint.CopyState(s)):
		return value{Copy: word(s)}
	}
	return value{Text: oneLine(s)}
}

var (
	states = [...]complaint.State{complaint.New, complaint.InProgress, complaint.WithDirector, complaint.AwaitingApproval,
		complaint.Closed, complaint.Escalated}
	copies = [...]complaint.CopyState{complaint.CopyNone, complaint.CopyWaiting, complaint.CopySent}
)

// isDay reports whether s is a day as the rules write it.
func isDay(s string) bool {
	return len(s) == 10 && s[4] == '-' && s[7] == '-' && strings.Trim(s, "-0123456789") == ""
}
