package complaint

import (
	"slices"
	"strings"
	"time"
)

// noonHour is the hour from which the automatic delay letter goes (procedure.md 1).
const noonHour = 12

// tick does what time alone brings: breaches on record, the automatic delay
// letter, word of a second date. Each happens once, however often time passes.
func tick(c Case, now time.Time, p Policy) Decision {
	today := DayOf(now, p.Zone)
	d := Decision{}
	for _, pr := range c.Promises {
		b := Breach{pr.Kind, pr.Due}
		if !pr.Open() || pr.Due >= today || slices.Contains(ofLater, pr.Kind) || slices.Contains(c.Breaches, b) {
			continue
		}
		c.Breaches = append(c.Breaches, b)
		d.Notes = append(d.Notes, Note{Event: "breach", Detail: string(b.Promise) + " " + string(b.Due)})
	}
	if s, ok := p.Director(c, today); ok && c.Open() && !strings.EqualFold(s.Address, c.Owner) {
		c.Owner = s.Address // D went away or is back
		d.Notes = append(d.Notes, Note{Event: "owner", Detail: c.Owner})
	}
	lastDay(&c, &d, now, p)
	if len(d.Notes) > 0 {
		d.Cases = []Case{c}
	}
	return d
}

// lastDay does what the last day of the term asks for.
func lastDay(c *Case, d *Decision, now time.Time, p Policy) {
	today, r := DayOf(now, p.Zone), c.Promise(Resolve)
	if !c.Open() || c.State == Escalated || r == nil || !r.Open() || c.RegisteredOn >= today {
		return
	}
	due := r.Due
	if len(c.Extensions) > 0 {
		due = p.workdayBefore(due) // word to staff, which goes on working days
	}
	switch {
	case today < due || today == due && now.In(p.Zone).Hour() < noonHour:
	case len(c.Extensions) == 0 && c.mayHear():
		delayItself(c, d, today, p)
	case c.OverdueTold != r.Due:
		c.OverdueTold = r.Due
		d.Notes = append(d.Notes, Note{Event: "overdue", Detail: string(r.Due)})
		d.Letters = append(d.Letters, toAll(append(p.handlers(*c, today), p.ownerOf(*c, today)...), Person{},
			Letter{Kind: LetterOverdue, Day: r.Due})...)
	}
}

// ofLater are promises that end with the case: of their breach the certificate tells.
var ofLater = []PromiseKind{Erase}

// mayHear reports whether a machine may write to C: there is an address, and
// nothing was held against answering it, or a person has answered since
// (security.md 11).
func (c *Case) mayHear() bool {
	if c.Complainant.Address == "" {
		return false
	}
	a := c.Promise(Acknowledge)
	return c.Withheld == "" || !c.ReactedAt.IsZero() || a != nil && !a.FulfilledAt.IsZero()
}

// delayItself writes the neutral delay letter with the default indication, once
// a case, since nobody has acted.
func delayItself(c *Case, d *Decision, today Day, p Policy) {
	c.openDelay(today)
	x := Extension{On: today, Until: max(today, c.ExpectedOn).Add(p.ExtensionDays)}
	x.Until = max(x.Until, p.AddWorkdays(today, 1))
	d.Letters = append(d.Letters, Letter{Kind: LetterDelayAutomatic, To: c.Complainant, Day: x.Until, Promise: Delay, Nth: c.place(Delay)})
	c.prolong(x, today)
	d.Notes = append(d.Notes, Note{Event: "delay told", Detail: string(x.Until)})
	d.Letters = append(d.Letters, toAll(append(p.handlers(*c, today), p.ownerOf(*c, today)...), Person{},
		Letter{Kind: LetterDelayed, Day: x.Until})...)
}
