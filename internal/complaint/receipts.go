package complaint

import (
	"slices"
	"strings"
)

// read answers a question about the case or the register.
func (w *ordering) read(o Order) {
	switch o.Kind {
	case OrderHelp:
		w.receipt.Help = true
	case OrderStatus:
		w.receipt.Card = true
	case OrderList:
		w.receipt.List = true
	}
	w.note(string(o.Kind), "")
}

// done is the decision after all orders were carried out: the case, and one
// receipt (procedure.md 3).
func (w *ordering) done() Decision {
	w.letters = slices.DeleteFunc(w.letters, w.astray)
	d := Decision{Notes: w.notes, Letters: w.letters, TakenBack: w.back, Absence: w.absence, Also: w.also, Actions: w.changed, Deleted: w.copies}
	if !w.c.isNone() {
		d.Cases = []Case{w.c}
	}
	d.Letters = append(d.Letters, w.receiptLetter())
	return d
}

// astray reports whether a letter goes to a member of staff whom a later order of
// the same mail turned out to be about.
func (w *ordering) astray(l Letter) bool {
	s, ok := w.p.Employee(l.To.Address)
	return ok && concerned(w.c, s) && l.Kind != LetterStandIn && l.Kind != LetterConcerned && l.Kind != LetterOutcome
}

func (w *ordering) receiptLetter() Letter {
	l := Letter{Kind: LetterReceipt, To: w.by.Party(), Receipt: w.receipt, Next: w.stops()}
	if len(w.receipt.Lines) == 0 {
		switch {
		case w.receipt.Card:
			l.Kind = LetterCard
		case w.receipt.List:
			l.Kind = LetterList
		case w.receipt.Help:
			l.Kind = LetterHelp
		}
	}
	for _, out := range w.letters {
		ref := 0
		if strings.EqualFold(out.To.Address, w.c.Complainant.Address) && !out.NotBefore.IsZero() {
			ref = out.Ref
		}
		l.Receipt.Letters = append(l.Receipt.Letters, Outgoing{Kind: out.Kind, To: out.To, At: out.NotBefore, Ref: ref})
	}
	if p := w.c.nextDue(w.letters); p != nil && !w.p.tied(w.c, w.by) {
		l.Receipt.Kind, l.Receipt.Due = p.Kind, p.Due
	}
	if w.receipt.Help {
		l.May = Allowed(w.c, w.by, w.p, w.today)
	}
	if w.receipt.List {
		l.Items, l.Rest = Overview(w.e.Open, w.by, w.p, w.today)
	}
	return l
}

// stops are the buttons that take back what has not left yet, and what was done.
func (w *ordering) stops() []Order {
	var list []Order
	for _, out := range w.c.Outbound {
		if out.back(w.e.Now) && strings.EqualFold(out.By, w.by.Address) {
			list = append(list, Order{Kind: OrderStop, Ref: out.Ref})
		}
	}
	if l := w.c.Last; l != nil && l.Spoiled == "" && l.At.Equal(w.e.Now) && strings.EqualFold(l.By, w.by.Address) {
		list = append(list, Order{Kind: OrderUndo, Ref: l.Ref})
	}
	return list
}

// refuse changes nothing and says why, to the registered address alone.
func (w *ordering) refuse(cases []Case, refusals []Refusal) Decision {
	var why []string
	for _, r := range refusals {
		why = append(why, strings.TrimSpace(string(r.Order.Kind)+" "+string(r.Reason)))
	}
	d := Decision{Cases: cases, Refusals: refusals,
		Notes: []Note{{Actor: w.e.By, Event: "refused", Detail: strings.Join(why, ", ")}}}
	if w.by.Address == "" {
		return d
	}
	l := Letter{Kind: LetterRefused, To: w.by.Party(), Refusals: refusals}
	for _, r := range refusals {
		l.Next = append(l.Next, r.Fix...)
	}
	d.Letters = []Letter{l}
	return d
}

// ours are the promises whose day concerns those who work on a case.
var ours = []PromiseKind{Take, React, Answer, CopyConcerned, Approve, Resolve, Feedback, InternalFeedback, Cause, Call, Ruling, Request}

// NextDue returns what is due first, without what a letter on its way will keep;
// nil when nothing is.
func (c *Case) NextDue() *Promise { return c.nextDue(nil) }

// nextDue knows also the letters that leave with this decision.
func (c *Case) nextDue(leaving []Letter) *Promise {
	leaves := func(p *Promise) bool {
		return slices.ContainsFunc(leaving, func(l Letter) bool { return c.PromiseOf(l) == p })
	}
	var first *Promise
	for i := range c.Promises {
		p := &c.Promises[i]
		if !p.Open() || !slices.Contains(ours, p.Kind) || c.onItsWay(i+1) || leaves(p) {
			continue
		}
		if first == nil || p.Due < first.Due {
			first = p
		}
	}
	return first
}

// onItsWay reports whether a letter that is to keep a promise is about to.
func (c *Case) onItsWay(place int) bool {
	p := c.Promises[place-1]
	if !p.BouncedAt.IsZero() {
		return false
	}
	return p.Kind == Feedback || p.Kind == InternalFeedback || slices.ContainsFunc(c.Outbound, func(o Outbound) bool {
		return !o.TakenBack && !o.Uncertain && o.AcceptedAt.IsZero() && slices.Contains(o.Keeps, place)
	})
}

// maxItems is how many cases stand in a list.
const maxItems = 50

// Overview returns the open cases that a person may see, the most urgent first,
// and how many more there are.
func Overview(open []Case, s Person, p Policy, today Day) ([]Item, int) {
	var list []Item
	for _, c := range open {
		if !c.Open() || !p.right(c, s, today, OrderStatus) {
			continue
		}
		list = append(list, itemOf(c, today))
	}
	slices.SortStableFunc(list, func(a, b Item) int {
		return byUrgency(Reminder{Number: a.Number, Due: a.Due, Severe: a.Severe}, Reminder{Number: b.Number, Due: b.Due, Severe: b.Severe})
	})
	return list[:min(len(list), maxItems)], max(0, len(list)-maxItems)
}

func itemOf(c Case, today Day) Item {
	i := Item{Number: c.Number, State: c.State, Severe: c.Severity == Severe, Handler: c.Handler}
	if due := c.NextDue(); due != nil {
		i.Promise, i.Due, i.Late = due.Kind, due.Due, due.Due < today
	}
	return i
}

// buttons gives every mail to staff about a case its next steps, and what
// closing still needs (procedure.md 3).
func buttons(d Decision, p Policy, today Day) Decision {
	var c Case
	if len(d.Cases) > 0 {
		c = d.Cases[0]
	}
	for i := range d.Letters {
		l := &d.Letters[i]
		s, ok := p.Employee(l.To.Address)
		if !ok || l.Kind.ToComplainant() || l.Kind == LetterChoice {
			continue
		}
		for _, o := range Steps(c, s, p, today) {
			if len(l.Next) < maxButtons && !slices.Contains(l.Next, o) {
				l.Next = append(l.Next, o)
			}
		}
		if c.inState(OrderClose) && p.right(c, s, today, OrderClose) {
			l.Missing = c.Missing()
		}
	}
	return d
}

// maxButtons is how many buttons a mail to staff carries at most.
const maxButtons = 6
