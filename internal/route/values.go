package route

import (
	"regexp"
	"strings"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
	"klachtd/internal/message"
)

// person reads a name of staff; none is the one who gave the command.
func (k Known) person(a *Ask, o *complaint.Order) {
	if o.Value == "" {
		o.Person = a.By.Party()
		return
	}
	one, near, ok := command.PickPerson(o.Value, named(k.Policy.Staff))
	switch {
	case ok:
		o.Person, o.Value = complaint.Party{Name: one.Name, Address: one.Email}, ""
	case len(near) > 1:
		a.refuse(*o, complaint.RefusedAmbiguous, names(near))
	default:
		if len(near) == 0 {
			near = named(k.Policy.Office())
		}
		a.refuse(*o, complaint.RefusedPerson, names(near))
	}
}

func (k Known) choice(a *Ask, o *complaint.Order, rule command.Rule) {
	one, near, ok := command.PickOption(o.Value, rule.Options)
	if !ok {
		if near == nil {
			near = dutch(rule.Options)
		}
		a.refuse(*o, complaint.RefusedValue, near)
		return
	}
	o.Value = one.Code
	if word, is := findings[one.Code]; is {
		o.Value = word
	}
}

func dutch(options []command.Option) []string {
	var list []string
	for _, o := range options {
		list = append(list, o.Dutch)
	}
	return list
}

func (k Known) listWord(a *Ask, o *complaint.Order) {
	list := k.Policy.Categories
	if o.Kind == complaint.OrderCause {
		list = k.Policy.Causes
	}
	exact, near, ok := command.Pick(o.Value, list)
	if !ok {
		if near == nil {
			near = list
		}
		a.refuse(*o, complaint.RefusedValue, near)
		return
	}
	o.Value = exact
}

func (k Known) date(a *Ask, o *complaint.Order, rule command.Rule) {
	if o.Value == "" {
		return
	}
	today := complaint.DayOf(k.Now, k.Policy.Zone)
	day, problem := command.ParseDate(o.Value, command.Day(today), rule.Way)
	switch problem {
	case "":
		o.Day, o.Value = complaint.Day(day), ""
	case command.InPast, command.InFuture, command.TooFar:
		a.Refused = append(a.Refused, complaint.Refusal{Order: *o, Reason: complaint.RefusedDate, Day: today})
	default:
		a.refuse(*o, complaint.RefusedUnreadable, nil)
	}
}

// identity reads whose complaint is registered: `intern`, an address, or a name.
func (k Known) identity(a *Ask, o *complaint.Order, rule command.Rule) {
	if _, _, ok := command.PickOption(o.Value, rule.Options); ok {
		o.Value = complaint.RegisterInternal
		return
	}
	if strings.Contains(o.Value, "@") {
		k.address(a, o)
		return
	}
	o.Person, o.Value = complaint.Party{Name: o.Value}, ""
}

// address reads a mail address of anybody, with or without a name before it.
func (k Known) address(a *Ask, o *complaint.Order) {
	name, address, found := strings.Cut(o.Value, "<")
	if !found {
		address = o.Value
		if i := strings.LastIndexByte(o.Value, ' '); i >= 0 {
			name, address = o.Value[:i], o.Value[i+1:]
		} else {
			name = ""
		}
	}
	address = strings.Trim(address, "<> ")
	if !(message.Address{Address: address}).Valid() || k.isOwn(address) {
		a.refuse(*o, complaint.RefusedPerson, nil)
		return
	}
	o.Person, o.Value = complaint.Party{Name: strings.TrimSpace(name), Address: address}, ""
}

// choiceDate reads a choice and, where one follows, a date.
func (k Known) choiceDate(a *Ask, o *complaint.Order, rule command.Rule) {
	one, rest, near, ok := command.CutOption(o.Value, rule.Options)
	if !ok {
		a.refuse(*o, complaint.RefusedValue, near)
		return
	}
	if rule.Word == command.External && rest != "" {
		on := complaint.Order{Kind: o.Kind, Words: o.Words, Value: rest}
		k.date(a, &on, rule)
		o.Day = on.Day
	}
	o.Value = one.Code
}

var actionNumber = regexp.MustCompile(`(?i)^M ?-? ?0*([1-9][0-9]{0,8})\b[ :,]*`)

// action reads the number of an improvement, or that there is none, or what is to
// be done and by when.
func (k Known) action(a *Ask, o *complaint.Order, rule command.Rule) {
	if one, _, ok := command.PickOption(o.Value, rule.Options); ok && len(rule.Options) > 0 {
		o.Value = one.Code
		return
	}
	rest := o.Value
	o.Value = ""
	if m := actionNumber.FindStringSubmatch(rest); m != nil {
		rest = rest[len(m[0]):]
		o.Value = "M-" + m[1]
	} else if rule.Must {
		a.refuse(*o, complaint.RefusedUnreadable, nil)
		return
	}
	if o.Kind == complaint.OrderDone && rest != "" {
		on := complaint.Order{Kind: o.Kind, Words: o.Words, Value: rest}
		k.date(a, &on, rule)
		o.Day = on.Day
		return
	}
	words := strings.Fields(rest)
	for i := range words { // a date at the end, which has a digit in it
		end := strings.Join(words[i:], " ")
		if _, problem := command.ParseDate(end, command.Day(complaint.DayOf(k.Now, k.Policy.Zone)), rule.Way); problem == command.NotADate ||
			!strings.ContainsAny(end, "0123456789") {
			continue
		}
		on := complaint.Order{Kind: o.Kind, Words: o.Words, Value: end}
		k.date(a, &on, rule)
		o.Day, words = on.Day, words[:i]
		break
	}
	o.Text = strings.Join(words, " ")
}

// until reads the last day of something, or that it ends.
func (k Known) until(a *Ask, o *complaint.Order, rule command.Rule) {
	if one, _, ok := command.PickOption(o.Value, rule.Options); ok {
		o.Value = one.Code
		return
	}
	if rule.Word != command.Away {
		k.date(a, o, rule)
		return
	}
	date, name := k.cutDate(o.Value, rule)
	if name != "" {
		who := complaint.Order{Kind: o.Kind, Words: o.Words, Value: name}
		k.person(a, &who)
		o.Person = who.Person
	}
	o.Value = date
	k.date(a, o, rule)
}

// cutDate reads the longest date at the start of a value and returns what follows;
// all of it is the date when none is found.
func (k Known) cutDate(value string, rule command.Rule) (date, rest string) {
	words := strings.Fields(value)
	today := command.Day(complaint.DayOf(k.Now, k.Policy.Zone))
	for n := len(words); n > 0; n-- {
		date = strings.Trim(strings.Join(words[:n], " "), ",;")
		if _, problem := command.ParseDate(date, today, rule.Way); problem == "" || problem == command.InPast || problem == command.TooFar {
			return date, strings.Join(words[n:], " ")
		}
	}
	return value, ""
}

func named(staff []complaint.Person) []command.Named {
	list := make([]command.Named, len(staff))
	for i, s := range staff {
		list[i] = command.Named{Name: s.Name, Email: s.Address, Also: s.Aliases}
	}
	return list
}

func names(list []command.Named) []string {
	var out []string
	for _, n := range list {
		out = append(out, n.Name)
	}
	return out
}
