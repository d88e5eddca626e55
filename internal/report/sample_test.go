package report

import (
	"fmt"
	"math/rand/v2"
)

// today is the day of the sample academies.
var today = ParseDay("2026-11-23")

// An academy is one to look at: its register and the year that is reported.
type academy struct {
	name string
	rows []Row
}

func academies() []academy {
	return []academy{{"empty", nil}, {"small", small()}, {"busy", busy()}, {"trouble", trouble()}}
}

// at makes a row with the terms of procedure.md 1 (working days taken as two
// more days), as it stands on today.
func at(number string, received Day) Row {
	return Row{Number: number, Received: received, ResolveBy: received + 28, Expected: received + 28, Kind: "external",
		Channel: "mail", State: "in_progress", Severity: "normal", Promises: []Promise{
			{Term: Acknowledge, Due: received, Kept: received}, {Term: CopyOwner, Due: received, Kept: received},
			{Term: Take, Due: received + 4}, {Term: React, Due: received + 7}, {Term: Resolve, Due: received + 28}}}
}

func (r Row) keep(t Term, on Day) Row {
	if on > today {
		return r
	}
	r.Promises = append([]Promise(nil), r.Promises...)
	for i := range r.Promises {
		if r.Promises[i].Term == t {
			r.Promises[i].Kept = on
		}
	}
	if t == React {
		r.Reacted = on
	}
	return r
}

func (r Row) delay(on, until Day) Row {
	r.Delays, r.Expected = append(r.Delays, Delay{on, until}), until
	for i := range r.Promises {
		if r.Promises[i].Term == Resolve {
			r.Promises[i].Due = until
		}
	}
	return r
}

func (r Row) end(on Day, category, cause, finding string, score uint8) Row {
	r.Category = category
	if on > today {
		return r
	}
	r = r.keep(Resolve, on)
	r.Closed, r.State, r.Cause, r.Finding, r.Score, r.Asked = on, "closed", cause, finding, score, on+7 <= today
	r.Resolution = map[string]string{"founded": "resolved"}[finding]
	if r.Resolution == "" {
		r.Resolution = "unresolved"
	}
	if on+7 > today {
		r.Score = 0
	}
	r.Promises = append(r.Promises, Promise{Term: Feedback, Due: on, Kept: on}, Promise{Term: Cause, Due: on + 14, Kept: on + 9},
		Promise{Term: Satisfaction, Due: on + 7, Kept: on + 7})
	return r
}

// small is an academy with five complaints, as most are.
func small() []Row {
	day := ParseDay
	list := []Row{
		at("K2026-105822", day("2026-02-10")).keep(Take, day("2026-02-11")).keep(React, day("2026-02-13")).end(day("2026-02-27"), "Locatie", "Middelen", "founded", 5),
		at("K2026-220913", day("2026-05-06")).keep(Take, day("2026-05-07")).keep(React, day("2026-05-12")).end(day("2026-05-26"), "Trainer", "Mens", "partly", 3),
		at("K2026-384651", day("2026-08-31")).keep(Take, day("2026-09-01")).keep(React, day("2026-09-04")).delay(day("2026-09-22"), day("2026-10-12")).end(day("2026-10-09"), "Organisatie", "Planning", "founded", 4),
		at("K2026-482931", day("2026-10-26")).keep(Take, day("2026-10-27")).keep(React, day("2026-11-02")),
		at("K2026-771203", day("2026-11-18")).keep(Take, day("2026-11-19")),
	}
	for i := range list {
		list[i].Course, list[i].Location = []string{"Coachen", "Timemanagement", "Coachen", "Excel", "Coachen"}[i], "Utrecht"
	}
	return list
}

var (
	categories = []string{"Inhoud", "Trainer", "Organisatie", "Communicatie", "Locatie", "Facturatie", "Certificering", "Overig"}
	causes     = []string{"Mens", "Methode", "Lesmateriaal", "Middelen", "Communicatie", "Planning", "Extern", "Onbekend"}
	courses    = []string{"Coachen", "Excel", "Timemanagement", "Presenteren", "Projectleider", "Engels B2", "Veilig werken"}
	locations  = []string{"Utrecht", "Zwolle", "Online"}
)

// busy is an academy with sixty complaints in its last year, which mostly works.
func busy() []Row { return made(60, 11, 16, 0.05) }

// trouble is one in which the last quarter goes wrong: many complaints, one
// cause, no time to react.
func trouble() []Row {
	list := made(36, 5, 24, 0.3)
	for i := range 24 {
		r := at(fmt.Sprintf("K2026-9%05d", 10007+i*3121), today-80+Day(i*10/3))
		r.Course, r.Location, r.Category = "Veilig werken", "Zwolle", "Organisatie"
		r.Cause = "Planning"
		if i%5 == 0 {
			r.Severity = "severe"
			r.ResolveBy, r.Expected = r.Received+14, r.Received+14
		}
		r = r.keep(Take, r.Received+Day(2+i%7))
		if i%3 == 0 {
			r = r.keep(React, r.Received+Day(5+i%9))
		}
		if i < 6 {
			r = r.delay(r.Received+27, r.Received+42).end(r.Received+Day(38+i*2), "Organisatie", "Planning", "founded", uint8(1+i%3))
		}
		list = append(list, r)
	}
	return list
}

// made is a year of n cases, each closed after about so many days.
func made(n int, seed uint64, days int, late float64) []Row {
	rnd := rand.New(rand.NewPCG(seed, 2026))
	list := make([]Row, n)
	for i := range list {
		r := at(fmt.Sprintf("K%d-%06d", 2025+i*12/n/11, 100019+i*13931), today-Day((n-1-i)*360/n)-Day(rnd.IntN(5)))
		r = r.keep(Take, r.Received+1).keep(React, r.Received+Day(2+rnd.IntN(5)))
		if rnd.Float64() < late {
			r = r.keep(React, r.Received+9)
		}
		if i%12 == 5 {
			r = r.delay(r.Received+25, r.Received+42)
		}
		r.Course, r.Location = courses[rnd.IntN(1+rnd.IntN(len(courses)))], locations[rnd.IntN(len(locations))]
		finding := []string{"founded", "founded", "partly", "unfounded"}[rnd.IntN(4)]
		list[i] = r.end(r.Received+Day(days-8+rnd.IntN(18)), categories[rnd.IntN(1+rnd.IntN(8))], causes[rnd.IntN(1+rnd.IntN(8))], finding,
			uint8([]int{5, 4, 4, 4, 5, 3, 2, 0, 0, 0}[rnd.IntN(10)]))
	}
	return list
}

// sampleActions are improvements of the academy in trouble.
var sampleActions = []Action{
	{Number: "M-1", Cause: "Mens", On: today - 200, Due: today - 150, Done: today - 160, Said: today - 30},
	{Number: "M-2", Cause: "Planning", On: today - 60, Due: today - 10},
	{Number: "M-3", On: today - 20, Due: today + 30},
}
