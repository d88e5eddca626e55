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
	handler []int // days before the last day of the term
	owner   []int // the same for the directeur; negative: days after
	daily   bool  // from the last day on the directeur hears each working day
	weekly  bool  // or each week
}

// rules is the right-hand side of the table of procedure.md 1.
var rules = map[PromiseKind]rule{
	Acknowledge: {handler: []int{0}},
	Take:        {owner: []int{-1}},
	React:       {handler: []int{4, 2, 0}, owner: []int{0}, daily: true},
	Answer:      {handler: []int{1, 0}},
	Resolve:     {handler: []int{10, 7, 3, 1, 0}, owner: []int{0}, weekly: true},
}

// Bundle returns the mails with reminders for everything that became due to be
// said after since, up to and including day: at most one a person (procedure.md 1).
// Days missed by downtime thus become one reminder. filtered is how many messages
// were put aside as spam meanwhile; the binnendienst is told.
func Bundle(open []Case, since, day Day, filtered int, p Policy) []Letter {
	if !p.Workday(day) {
		return nil
	}
	items := map[string][]Reminder{}
	add := func(to []Person, r Reminder) {
		for _, s := range to {
			items[s.Address] = append(items[s.Address], r)
		}
	}
	for _, c := range open {
		for _, pr := range c.Promises {
			rule, ok := rules[pr.Kind]
			if !ok || !pr.Open() {
				continue
			}
			r := Reminder{Number: c.Number, Promise: pr.Kind, Due: pr.Due, Late: pr.Due < day, Severe: c.Severity == Severe}
			if p.falls(rule.handler, pr, since, day) {
				add(p.handlers(c), r)
			}
			if p.falls(rule.owner, pr, since, day) || p.repeats(rule, pr, since, day) {
				add(p.ownerOf(c, day), r)
			}
		}
	}
	var letters []Letter
	for _, s := range p.Staff {
		list, n := items[s.Address], 0
		if s.Is(Binnendienst) {
			n = filtered
		}
		if len(list) == 0 && n == 0 {
			continue
		}
		slices.SortStableFunc(list, byUrgency)
		letters = append(letters, Letter{Kind: LetterReminders, To: s.Party(), Reminders: list, Filtered: n})
	}
	return letters
}

// falls reports whether one of the points lies after since and not after day.
// What would fall on a free day goes the working day before; what lay behind
// when the promise was made is skipped.
func (p Policy) falls(points []int, pr Promise, since, day Day) bool {
	return slices.ContainsFunc(points, func(n int) bool {
		at := p.workdayBefore(pr.Due.Add(-n))
		if n < 0 { // after the term: not before it is over
			at = p.AddWorkdays(pr.Due, -n)
		}
		return since < at && at <= day && at >= pr.MadeOn
	})
}

// repeats reports whether the directeur hears of a term that is over again.
func (p Policy) repeats(r rule, pr Promise, since, day Day) bool {
	switch {
	case pr.Due >= day:
		return false
	case r.daily:
		return since < day
	case r.weekly:
		for n := 7; pr.Due.Add(n) <= day.Add(6); n += 7 {
			if at := p.workdayBefore(pr.Due.Add(n)); since < at && at <= day {
				return true
			}
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
