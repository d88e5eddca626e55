package complaint

import (
	"slices"
	"strings"
)

// A Reminder is one promise that somebody is reminded of.
type Reminder struct {
	Number  string
	Promise PromiseKind
	Due     Day
	Late    bool // the term is over
	Severe  bool
}

// A rule says when people hear of a promise that is still open.
type rule struct {
	handler []int // days before the last day of the term; negative: working days after
	owner   []int // the same for the directeur
	deputy  []int // the same for who may stand in for him
	daily   bool  // from the last day on the directeur hears each working day
	weekly  bool  // or each week
	ahead   bool  // each week from the day it was made on, too
	shown   bool  // from the last day on it stands in each working day's mail to whom it waits for
}

// rules is the right-hand side of the table of procedure.md 1. What is not here
// is for the digest, or its work comes with later rules.
var rules = map[PromiseKind]rule{
	Acknowledge:      {handler: []int{0}},
	Take:             {owner: []int{-1}},
	React:            {handler: []int{4, 2, 0}, owner: []int{0}, daily: true},
	Answer:           {handler: []int{1, 0}},
	CopyConcerned:    {shown: true},
	Approve:          {owner: []int{0}, deputy: []int{-1}},
	Resolve:          {handler: []int{10, 7, 3, 1, 0}, owner: []int{0}, weekly: true},
	Feedback:         {handler: []int{-1}, owner: []int{-1}, weekly: true},
	InternalFeedback: {handler: []int{-1}, owner: []int{-1}, weekly: true},
	Cause:            {owner: []int{0}},
	Improvement:      {owner: []int{0}},
	Call:             {handler: []int{1, 0}},
	Ruling:           {owner: []int{0}, weekly: true, ahead: true},
	Request:          {owner: []int{0}, weekly: true, ahead: true},
	Consult:          {owner: []int{-1}},
	Delay:            {handler: []int{1, 0}, owner: []int{-1}, weekly: true}, // to who has no address; the others get a letter
}

// consultDays are the working days that D has for a question (procedure.md 2).
const consultDays = 2

// Bundle returns the mails with reminders for everything that became due to be
// said after since, up to and including day: at most one a person (procedure.md 1).
// Days missed by downtime thus become one reminder. list are the cases of which
// any promise is open, closed ones too. filtered is how many messages were put
// aside as spam meanwhile; the binnendienst is told. actions is the register of
// improvements.
func Bundle(list []Case, actions []Action, since, day Day, filtered int, p Policy) []Letter {
	if !p.Workday(day) {
		return nil
	}
	b := bundle{since: since, day: day, p: p, items: map[string][]Reminder{}, actions: map[string][]Due{}}
	for _, c := range list {
		b.add(c)
	}
	for _, a := range actions {
		b.addAction(a)
	}
	var letters []Letter
	for _, s := range p.Staff {
		list, n := b.items[s.Address], 0
		if s.Is(Binnendienst) {
			n = filtered
		}
		mine := b.actions[s.Address]
		if len(list)+len(mine) == 0 && n == 0 {
			continue
		}
		slices.SortStableFunc(list, byUrgency)
		l := Letter{Kind: LetterReminders, To: s.Party(), Reminders: list, Actions: mine, Filtered: n}
		for _, a := range mine {
			l.Next = append(l.Next, Order{Kind: OrderDone, Value: a.Number})
		}
		letters = append(letters, l)
	}
	return letters
}

// A bundle gathers what each person is to hear of.
type bundle struct {
	since, day Day
	p          Policy
	items      map[string][]Reminder // by address, as are the next
	actions    map[string][]Due
}

// actionDays is how long before its day who wrote down an action hears of it.
const actionDays = 7

// addAction reminds who wrote an action down: a week before its day, on it, and each
// week from then on. Where he is no longer of the staff that is the directeur's.
func (b *bundle) addAction(a Action) {
	pr := Promise{Due: a.Due, MadeOn: a.On}
	if a.Due == "" || a.Done != "" || !b.falls([]int{actionDays, 0}, pr) && (a.Due >= b.day || !b.eachWeek(a.Due)) {
		return
	}
	to, ok := b.p.Employee(a.By)
	if !ok {
		to = b.p.Directeur()
	}
	b.actions[to.Address] = append(b.actions[to.Address], Due{ActionNumber(a.Number), a.Due, a.Due < b.day})
}

// add gathers what there is to say about a case.
func (b *bundle) add(c Case) {
	owed := slices.Clone(c.Promises)
	for _, q := range c.Consultations {
		if asked := DayOf(q.At, b.p.Zone); q.Open() {
			owed = append(owed, Promise{Kind: Consult, MadeOn: asked, Due: b.p.AddWorkdays(asked, consultDays)})
		}
	}
	for i, pr := range owed {
		rule, ok := rules[pr.Kind]
		if !ok || !pr.Open() || pr.Due >= b.day && i < len(c.Promises) && c.onItsWay(i+1) ||
			pr.Kind == Delay && !c.toldByPhone(i) {
			continue
		}
		var to []Person
		if b.falls(rule.handler, pr) {
			to = append(to, b.p.handlers(c, b.day)...)
		}
		if b.falls(rule.owner, pr) || b.repeats(rule, pr) {
			to = append(to, b.p.answerable(c, b.day)...)
		}
		if s, ok := b.p.Deputy(); ok && !b.p.tied(c, s) && b.falls(rule.deputy, pr) {
			to = append(to, s)
		}
		if rule.shown && b.since < b.day && b.day >= b.p.workdayBefore(pr.Due) {
			to = append(to, b.waitsFor(c, i+1)...)
		}
		b.say(to, Reminder{Number: c.Number, Promise: pr.Kind, Due: pr.Due, Late: pr.Due < b.day, Severe: c.Severity == Severe})
	}
}

// toldByPhone reports whether a delay was decided on, the promise at i, of which
// no letter can tell C.
func (c *Case) toldByPhone(i int) bool {
	return c.Complainant.Address == "" && c.lastOpen(Delay) != &c.Promises[i]
}

// waitsFor returns who can send the copy to M that this promise is about.
func (b *bundle) waitsFor(c Case, place int) []Person {
	for _, m := range c.Concerned {
		if m.Promise == place && m.Copy == CopyWaiting {
			return b.p.ownerOf(c, b.day)
		}
	}
	return b.p.handlers(c, b.day)
}

// say tells each of these people once.
func (b *bundle) say(to []Person, r Reminder) {
	for i, s := range to {
		if !slices.ContainsFunc(to[:i], func(o Person) bool { return o.Address == s.Address }) {
			b.items[s.Address] = append(b.items[s.Address], r)
		}
	}
}

// falls reports whether one of the points lies after since and not after day.
// What would fall on a free day goes the working day before; what lay behind
// when the promise was made is skipped.
func (b *bundle) falls(points []int, pr Promise) bool {
	return slices.ContainsFunc(points, func(n int) bool {
		at := b.p.workdayBefore(pr.Due.Add(-n))
		if n < 0 { // after the term: not before it is over
			at = b.p.AddWorkdays(pr.Due, -n)
		}
		return b.since < at && at <= b.day && at >= pr.MadeOn
	})
}

// repeats reports whether the directeur hears again of a term that is over, or of
// one that he hears of each week.
func (b *bundle) repeats(r rule, pr Promise) bool {
	switch {
	case pr.Due >= b.day:
		return r.ahead && b.eachWeek(pr.MadeOn)
	case r.daily:
		return b.since < b.day
	}
	return r.weekly && b.eachWeek(pr.Due)
}

// eachWeek reports whether a week, or weeks, from a day end after since.
func (b *bundle) eachWeek(from Day) bool {
	for n := 7; from.Add(n) <= b.day.Add(6); n += 7 {
		if at := b.p.workdayBefore(from.Add(n)); b.since < at && at <= b.day {
			return true
		}
	}
	return false
}

// byUrgency puts severe cases first, then what is due first.
func byUrgency(a, b Reminder) int {
	if a.Severe != b.Severe {
		if a.Severe {
			return -1
		}
		return 1
	}
	if a.Due != b.Due {
		return strings.Compare(string(a.Due), string(b.Due))
	}
	return strings.Compare(a.Number, b.Number)
}
