package route

import (
	"strconv"
	"strings"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
	"klachtd/internal/form"
	"klachtd/internal/message"
)

// findings are the words of the grammar in those of the procedure.
var findings = map[string]string{"upheld": complaint.Founded, "partly": complaint.Partly,
	"unfounded": complaint.Unfounded, "not_applicable": complaint.NoFinding}

// problems are the grammar's in those of the procedure.
var problems = map[command.Kind]complaint.Reason{
	command.Unknown: complaint.RefusedWord, command.TooMany: complaint.RefusedTooMany, command.TwoNumbers: complaint.RefusedAmbiguous,
	command.Middle: complaint.RefusedUnreadable, command.Twice: complaint.RefusedTwice, command.Contradiction: complaint.RefusedContrary,
	command.Alone: complaint.RefusedContrary, command.TwoBodies: complaint.RefusedTwoBodies, command.NoBody: complaint.RefusedNoBody,
	command.NoValue: complaint.RefusedNoValue, command.NeedlessValue: complaint.RefusedNeedless,
	command.NotAnOption: complaint.RefusedValue, command.NoNumber: complaint.RefusedNoCase,
}

// orders turns the commands of a line into orders, with persons found and dates
// read. What cannot be read refuses all.
func (k Known) orders(a *Ask, line command.Line) {
	hasBody := strings.TrimSpace(a.Body) != "" || a.Button.Choice != 0
	about := line
	if about.Number == "" && a.Case.ID != 0 {
		about.Number = a.Case.Number // the thread names it
	}
	if line.Number != "" && a.Case.ID == 0 {
		a.refuse(complaint.Order{Words: line.Number}, complaint.RefusedUnreachable, nil)
	}
	if p := about.Check(hasBody); p.Kind != "" && (a.Button.Choice == 0 || p.Kind != command.NoNumber) {
		k.problem(a, line, p)
		return
	}
	for _, c := range line.Commands {
		a.Orders = append(a.Orders, k.order(a, c))
	}
	k.readForm(a, line)
}

// readForm reads the labelled lines that go with a closing or a registration.
func (k Known) readForm(a *Ask, line command.Line) {
	switch {
	case line.Has(command.Close):
		c := form.ParseClosing(a.Body)
		a.Labels, a.Form, a.Message = c.Form, c.Fields, c.Letter
		if !c.Form {
			return
		}
		for _, one := range []struct {
			label string
			word  command.Word
		}{{form.Category, command.Category}, {form.Finding, command.Finding}} {
			if value := c.Fields[one.label]; value != "" && !line.Has(one.word) {
				a.Orders = append(a.Orders, k.order(a, command.New(one.word, value, false)))
			}
		}
		if c.Stray != "" { // a mistyped label, or a letter that began too high: it must not go nowhere
			first, _, _ := strings.Cut(c.Stray, "\n")
			a.refuse(complaint.Order{Kind: complaint.OrderClose, Words: first}, complaint.RefusedUnreadable, nil)
		}
	case line.Has(command.Register):
		for i := range a.Orders {
			if o := &a.Orders[i]; o.Kind == complaint.OrderRegister {
				k.registration(a, o)
			}
		}
	}
}

// registration reads the form in the body of #registreer: what the subject leaves
// open stands there, and the day on which somebody of ours first had it.
func (k Known) registration(a *Ask, o *complaint.Order) {
	r := form.ParseRegistration(o.Value, a.Body)
	a.Form = settled(r.Fields)
	if o.Person.Name == "" {
		o.Person.Name = r.Name
	}
	if o.Person.Address == "" && r.Email != "" {
		if !(message.Address{Address: r.Email}).Valid() {
			a.refuse(complaint.Order{Kind: o.Kind, Words: r.Email}, complaint.RefusedPerson, nil)
			return
		}
		o.Person.Address = r.Email
	}
	if day := r.Fields[form.ReceivedOn]; day != "" {
		on := complaint.Order{Kind: o.Kind, Words: day, Value: day}
		k.date(a, &on, command.Rule{Value: command.Date, Way: command.Back})
		o.Day = on.Day
	}
}

func (a *Ask) refuse(o complaint.Order, why complaint.Reason, allowed []string) {
	a.Refused = append(a.Refused, complaint.Refusal{Order: o, Reason: why, Allowed: allowed})
}

// problem is one of the whole line. The corrected command is offered as a
// button, when there is one.
func (k Known) problem(a *Ask, line command.Line, p command.Problem) {
	r := complaint.Refusal{Order: complaint.Order{Words: "#" + strings.Join(p.Words, " #")}, Reason: problems[p.Kind], Allowed: p.Near}
	if p.Value != "" {
		r.Order.Words += " " + p.Value
	}
	if len(p.Words) > 0 {
		if rule, known := command.Find(p.Words[0]); known {
			r.Order.Kind = complaint.OrderKind(rule.Word)
			if p.Kind == command.NotAnOption && len(p.Near) == 0 {
				r.Allowed = dutch(rule.Options)
			}
		}
	}
	if better, ok := line.Corrected(); ok {
		try := Ask{By: a.By, Case: a.Case}
		for _, c := range better.Commands {
			r.Fix = append(r.Fix, k.order(&try, c))
		}
		if len(try.Refused) > 0 {
			r.Fix = nil
		}
	}
	a.Refused = append(a.Refused, r)
}

// offered is a command on the first line of a body, for a button.
func (k Known) offered(a *Ask, c command.Command) []complaint.Order {
	try := Ask{By: a.By, Case: a.Case}
	o := k.order(&try, c)
	if len(try.Refused) > 0 {
		return nil
	}
	return []complaint.Order{o}
}

func (k Known) order(a *Ask, c command.Command) complaint.Order {
	o := complaint.Order{Kind: complaint.OrderKind(c.Word), Words: c.String(), Value: c.Value}
	rule := c.Word.Rule()
	switch rule.Value {
	case command.Person:
		k.person(a, &o)
	case command.Subject:
		if one, near, ok := command.PickPerson(c.Value, named(k.Policy.Staff)); ok {
			o.Person, o.Value = complaint.Party{Name: one.Name, Address: one.Email}, ""
		} else if len(near) > 1 {
			a.refuse(o, complaint.RefusedAmbiguous, names(near))
		}
	case command.Choice:
		if rule.Must || c.Value != "" {
			k.choice(a, &o, rule)
		}
	case command.ChoiceDate:
		k.choiceDate(a, &o, rule)
	case command.CaseNumber:
		if o.Value = complaint.FindNumber(c.Value); o.Value == "" && c.Value != "" {
			a.refuse(o, complaint.RefusedUnreachable, nil)
		} else if o.Kind == complaint.OrderSplit && o.Value == a.Case.Number { // its number stood behind the word
			o.Value = ""
		}
	case command.ActionNumber:
		k.action(a, &o, rule)
	case command.DatePerson:
		k.until(a, &o, rule)
	case command.Address:
		k.address(a, &o)
	case command.ListWord:
		k.listWord(a, &o)
	case command.Date:
		k.date(a, &o, rule)
	case command.Identity:
		k.identity(a, &o, rule)
	case command.Code:
		a.Code, o.Value = c.Value, ""
		o.Ref, _ = strconv.Atoi(c.Value) // of #stop; anything else is a code
	}
	return o
}
