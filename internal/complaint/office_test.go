package complaint

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// academy is the policy with all that is settled, two trainers and a deputy.
func academy() Policy {
	p := policy()
	p.SevereReactDays, p.SevereResolveDays, p.ExtensionDays, p.RetentionMonths, p.SurveyDays = 2, 14, 14, 6, 7
	p.UndoMinutes, p.Approval, p.EmployeeCopy = 5, ApproveSevere, CopyFull
	p.Categories = []string{"Inhoud", "Trainer", "Communicatie", "Overig"}
	p.Causes = []string{"Mens", "Methode", "Communicatie", "Onbekend"}
	p.Staff = append(p.Staff, Person{Name: "Mark Meijer", Address: "mark@academie.example", Roles: []Role{Trainer}},
		Person{Name: "Nina Noor", Address: "nina@academie.example", Roles: []Role{Trainer}})
	return p
}

// A file is a case on its way through a test.
type file struct {
	t    *testing.T
	p    Policy
	c    Case
	now  time.Time
	last Decision

	others []Case
}

func open(t *testing.T, moment string) *file {
	f := &file{t: t, p: academy(), now: at(moment)}
	f.last = Decide(nil, received(moment), f.p)
	f.c = f.last.Cases[0]
	return f
}

func (f *file) at(moment string) *file { f.now = at(moment); return f }

func (f *file) do(e Event) Decision {
	f.t.Helper()
	f.last = Decide([]Case{f.c}, e, f.p)
	if len(f.last.Cases) > 0 {
		f.c = f.last.Cases[0]
	}
	return f.last
}

// says gives orders that have to be carried out.
func (f *file) says(who, body string, orders ...Order) *file {
	f.t.Helper()
	if d := f.do(f.mail(who, body, orders...)); d.Refused() {
		f.t.Fatalf("%s %v: refused: %+v", who, kinds(orders), d.Refusals)
	}
	return f
}

// refuses gives orders that have to be refused, and returns why.
func (f *file) refuses(who, body string, orders ...Order) Refusal {
	f.t.Helper()
	before := fmt.Sprintf("%+v", f.c)
	d := f.do(f.mail(who, body, orders...))
	if !d.Refused() {
		f.t.Fatalf("%s %v: carried out", who, kinds(orders))
	}
	if after := fmt.Sprintf("%+v", f.c); after != before {
		f.t.Errorf("a refusal changed the case:\n%s\n%s", before, after)
	}
	return d.Refusals[0]
}

func (f *file) mail(who, body string, orders ...Order) Ordered {
	return Ordered{Now: f.now, At: f.now, By: who + "@academie.example", Orders: orders, Body: body, Number: "K2026-222222", Others: f.others,
		Actions: []Action{{Number: 1, Text: "Rooster ruimer"}}, NextAction: 2}
}

// second is another complaint of Jan's, of an hour before.
func second() Case {
	e := received("2026-11-23 08:00:00")
	e.Number = "K2026-111118"
	return Decide(nil, e, academy()).Cases[0]
}

// sent lets the mail server take all letters to C of the last decision, and those
// with a promise of their own.
func (f *file) sent() *file {
	f.t.Helper()
	f.now = f.now.Add(6 * time.Minute)
	for _, l := range f.last.Letters {
		if p := f.c.PromiseOf(l); p != nil && p.Open() {
			p.FulfilledAt, p.Evidence = f.now, "<id> 250"
		}
	}
	for _, l := range f.last.Letters {
		if l.Ref > 0 {
			if d := Decide([]Case{f.c}, Delivered{Now: f.now, Letter: l.Kind, Ref: l.Ref, Evidence: "<id> 250"}, f.p); len(d.Cases) > 0 {
				f.c = d.Cases[0]
			}
		}
	}
	return f
}

// posted is who got what from the last decision, receipts left out.
func (f *file) posted() string {
	d := f.last
	d.Letters = slices.DeleteFunc(slices.Clone(d.Letters), func(l Letter) bool { return l.Kind == LetterReceipt })
	return letters(d)
}

func (f *file) want(promise PromiseKind, due Day, open bool) {
	f.t.Helper()
	p := f.c.Promise(promise)
	switch {
	case p == nil:
		f.t.Errorf("%s is not owed", promise)
	case p.Due != due || p.Open() != open:
		f.t.Errorf("%s: due %s, open %v; want %s, %v", promise, p.Due, p.Open(), due, open)
	}
}

func kinds(orders []Order) []OrderKind {
	var list []OrderKind
	for _, o := range orders {
		list = append(list, o.Kind)
	}
	return list
}

func person(name string) Party { return Party{Address: name + "@academie.example"} }

var (
	take     = Order{Kind: OrderTake}
	reply    = Order{Kind: OrderReply}
	closing  = Order{Kind: OrderClose}
	approve  = Order{Kind: OrderApprove}
	category = Order{Kind: OrderCategory, Value: "Inhoud"}
	finding  = Order{Kind: OrderFinding, Value: Founded}
	severe   = Order{Kind: OrderSeverity, Value: string(Severe)}
	mark     = Order{Kind: OrderAbout, Person: person("mark")}
)

// sample is an order with all that it needs.
func sample(k OrderKind) Order {
	o := Order{Kind: k}
	switch k {
	case OrderAssign:
		o.Person = person("bea")
	case OrderCategory:
		o.Value = "Trainer"
	case OrderCause:
		o.Value = "Mens"
	case OrderSeverity:
		o.Value = string(Low)
	case OrderFinding:
		o.Value = Unfounded
	case OrderAbout:
		o.Person = person("nina")
	case OrderNotComplaint:
		o.Value = JustQuestion
	case OrderRegister:
		o.Person = Party{Name: "Jo", Address: "jo@voorbeeld.example"}
	case OrderMerge:
		o.Value = second().Number
	case OrderAction:
		o.Text = "Sleutels bij de receptie"
	case OrderDone, OrderEffect:
		o.Value = "M-1"
	case OrderAway:
		o.Day = "2026-12-31"
	case OrderComplainant:
		o.Person = Party{Name: "Jo", Address: "jo@voorbeeld.example"}
	case OrderReceived:
		o.Day = "2026-11-20"
	case OrderLanguage:
		o.Value = "en"
	case OrderWaive:
		o.Value = string(React)
	case OrderHold:
		o.Day = "2028-01-01"
	case OrderExternal:
		o.Value = OutsideFiled
	case OrderPrivacy:
		o.Value = PrivacyAccess
	case OrderStop:
		o.Ref = 1
	}
	return o
}

// receipts counts the mails that say what became of a command.
func receipts(d Decision, who string) int {
	n := 0
	for _, l := range d.Letters {
		switch l.Kind {
		case LetterReceipt, LetterRefused, LetterHelp, LetterCard, LetterList:
			if l.To.Address == who+"@academie.example" {
				n++
			} else {
				n += 100
			}
		}
	}
	return n
}
