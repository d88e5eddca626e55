package letter

import (
	"slices"
	"strconv"
	"strings"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
)

// ready fills in what an order may leave open and the letter knows.
func (b *edition) ready(o complaint.Order, l complaint.Letter, c complaint.Case, today complaint.Day) complaint.Order {
	switch o.Kind {
	case complaint.OrderSeverity:
		if o.Value == "" {
			o.Value = string(complaint.Severe)
			if c.Severity == complaint.Severe {
				o.Value = string(complaint.Normal)
			}
		}
	case complaint.OrderExtend:
		if o.Day == "" && c.ExpectedOn != "" {
			o.Day = c.Indication(today, b.academy.extension())
		}
	case complaint.OrderNotComplaint:
		if o.Value == "" && l.Kind == complaint.LetterChoice {
			o.Value = complaint.JustQuestion // it never was a case: nobody asks why
		}
	case complaint.OrderExternal:
		if o.Value == "" && l.Kind == complaint.LetterOutside && l.Step == complaint.OutsideRuling {
			o.Value = complaint.OutsideCarriedOut // what is left to put on record
		}
	case complaint.OrderAssign, complaint.OrderAbout:
		if o.Person.Name == "" && o.Person.Address != "" {
			o.Person.Name = b.nameOf(o.Person.Address)
		}
	}
	return o
}

// mend returns commands that would do in place of one that was refused.
func (b *edition) mend(r complaint.Refusal) []complaint.Order {
	o := r.Order
	o.Words = ""
	switch r.Reason {
	case complaint.RefusedValue, complaint.RefusedNoValue, complaint.RefusedPerson, complaint.RefusedAmbiguous:
		return append(chosen(o, r.Allowed), blank(o))
	case complaint.RefusedDate:
		fixed := blank(o)
		if o.Kind == complaint.OrderExtend && r.Day != "" {
			if fixed.Day = r.Day; o.Day <= r.Day { // not late enough
				fixed.Day = r.Day.Add(b.academy.extension())
			}
		}
		return []complaint.Order{fixed}
	case complaint.RefusedUnreadable, complaint.RefusedNeedless:
		return []complaint.Order{blank(o)}
	case complaint.RefusedNoBody, complaint.RefusedMissing:
		return []complaint.Order{o}
	}
	return nil
}

// blank is an order without its value.
func blank(o complaint.Order) complaint.Order { return complaint.Order{Kind: o.Kind} }

// chosen makes an order of each value that is allowed, as far as buttons go.
func chosen(o complaint.Order, allowed []string) []complaint.Order {
	var list []complaint.Order
	for _, a := range allowed[:min(len(allowed), maxButtons-1)] {
		switch o.Kind {
		case complaint.OrderAssign, complaint.OrderAbout:
			list = append(list, complaint.Order{Kind: o.Kind, Person: complaint.Party{Name: a}})
		case complaint.OrderCategory, complaint.OrderCause:
			list = append(list, complaint.Order{Kind: o.Kind, Value: a})
		case complaint.OrderSeverity, complaint.OrderFinding, complaint.OrderNotComplaint, complaint.OrderLanguage, complaint.OrderWaive,
			complaint.OrderPrivacy, complaint.OrderExternal:
			if code, ok := codeOf(o.Kind, a); ok {
				list = append(list, complaint.Order{Kind: o.Kind, Value: code})
			}
		}
	}
	return list
}

// values are the ways to write what an order holds, the best first; "" stands
// for none.
func (b *edition) values(o complaint.Order) []string {
	switch o.Kind {
	case complaint.OrderAssign, complaint.OrderAbout:
		if o.Person != (complaint.Party{}) {
			return slices.DeleteFunc([]string{o.Person.Name, o.Person.Address}, isEmpty)
		}
		return []string{o.Value}
	case complaint.OrderCategory, complaint.OrderCause:
		return []string{o.Value}
	case complaint.OrderSeverity, complaint.OrderFinding, complaint.OrderNotComplaint, complaint.OrderLanguage, complaint.OrderWaive,
		complaint.OrderPrivacy:
		return []string{b.inWords(o.Kind, o.Value)}
	case complaint.OrderExternal:
		return []string{strings.TrimSpace(b.inWords(o.Kind, o.Value) + " " + tongues[b.language].typed(o.Day))}
	case complaint.OrderAction:
		return []string{b.inWords(o.Kind, o.Value)}
	case complaint.OrderAway:
		return []string{strings.TrimSpace(b.inWords(o.Kind, o.Value) + tongues[b.language].typed(o.Day) + " " + o.Person.Name)}
	case complaint.OrderMerge, complaint.OrderSplit, complaint.OrderDone, complaint.OrderEffect:
		return []string{o.Value}
	case complaint.OrderHold:
		return []string{b.inWords(o.Kind, o.Value) + tongues[b.language].typed(o.Day)}
	case complaint.OrderComplainant:
		return []string{o.Person.Address}
	case complaint.OrderExtend, complaint.OrderSpoke, complaint.OrderReceived:
		return []string{tongues[b.language].typed(o.Day)}
	case complaint.OrderStop, complaint.OrderUndo:
		return []string{strconv.Itoa(o.Ref)}
	case complaint.OrderRegister:
		switch p := o.Person; {
		case o.Value == complaint.RegisterInternal:
			return []string{b.named(command.Internal[0])}
		case p.Address != "" && p.Name != "":
			return []string{p.Name + " <" + p.Address + ">", p.Address}
		default:
			return []string{p.Address + p.Name}
		}
	}
	return []string{""}
}

func isEmpty(s string) bool { return s == "" }

// findingCodes leads from the rules' word for a finding to the grammar's.
var findingCodes = map[string]string{complaint.Founded: "upheld", complaint.NoFinding: "not_applicable"}

// option finds a word of a fixed list by what is stored of it, or in any language.
func option(k complaint.OrderKind, value string) (command.Option, bool) {
	list := command.Word(k).Rule().Options
	code := value
	if c, ok := findingCodes[value]; ok && k == complaint.OrderFinding {
		code = c
	}
	if i := slices.IndexFunc(list, func(o command.Option) bool { return o.Code == code }); i >= 0 {
		return list[i], true
	}
	one, _, ok := command.PickOption(value, list)
	return one, ok
}

// codeOf is what the rules store of a word of a fixed list.
func codeOf(k complaint.OrderKind, value string) (string, bool) {
	o, ok := option(k, value)
	for rules, grammar := range findingCodes {
		if k == complaint.OrderFinding && o.Code == grammar {
			return rules, ok
		}
	}
	return o.Code, ok
}

// inWords is a word of a fixed list as staff type it; others stay as they are.
func (b *edition) inWords(k complaint.OrderKind, value string) string {
	if o, ok := option(k, value); ok && value != "" {
		return b.named(o)
	}
	return value
}

// nameOf is what somebody of ours is called; the address when that is not known.
func (b *edition) nameOf(address string) string {
	if b.academy.Names != nil && address != "" {
		if name := strings.TrimSpace(b.academy.Names(address)); name != "" {
			return name
		}
	}
	return address
}

// extension is how many days a delay is said to take when nobody says how long
// (interface.md, default_extension_days).
func (a Academy) extension() int {
	if a.ExtensionDays > 0 {
		return a.ExtensionDays
	}
	return 14
}
