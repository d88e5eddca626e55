package report

import (
	"iter"
	"slices"
)

// A Cell is one of a table: a string, an int, a float64, a Day, a bool, or nil
// where there is nothing. A Day of 0 is nothing.
type Cell any

// A Column of a table. Key names it in files that are read by programs, Title is
// for people.
type Column struct {
	Key, Title string
	Share      bool // its numbers are parts of 1

	said func(code string) string // a sheet shows what this says in place of a text; nil: the text
}

// A Table is one sheet.
type Table struct {
	Key, Title string
	Columns    []Column
	Rows       [][]Cell
	lines      iter.Seq[[]Cell] // in place of Rows where they are many
}

// Lines goes through the rows of the table. A row holds till the next one.
func (t Table) Lines() iter.Seq[[]Cell] {
	if t.lines != nil {
		return t.lines
	}
	return slices.Values(t.Rows)
}

// Tables are those of the report: totals, terms, months, tallies, courses, locations, those of erased cases,
// satisfaction, improvements, signals, and the cases themselves. Cases stand without course and
// location: those are shown from Least on alone (procedure.md 6).
func (r Report) Tables() []Table {
	f, l := r.Figures, r.Language
	return []Table{
		r.totals(), termsTable(f, l), monthsTable(f, l),
		tallyTable("categories", l.say("Categorieën", "Categories"), f.Categories, l.named, l),
		tallyTable("causes", l.say("Oorzaken", "Causes"), f.Causes, l.named, l),
		tallyTable("channels", l.say("Kanalen", "Channels"), f.Channels, l.named, l),
		tallyTable("findings", l.say("Oordelen", "Findings"), f.Findings, l.finding, l),
		coursesTable(f, l),
		tallyTable("locations", l.say("Locaties", "Locations"), f.Locations, l.named, l),
		r.pastTable(), satisfactionTable(f, l), r.actionsTable(), r.signalsTable(), r.casesTable(),
	}
}

func (l Language) count() Column { return Column{Key: "n", Title: l.say("Aantal", "Number")} }

func (r Report) totals() Table {
	f, l := r.Figures, r.Language
	t := Table{Key: "totals", Title: l.say("Totalen", "Totals"), Columns: []Column{{Key: "what", Title: l.say("Wat", "What")}, l.count()}}
	for _, v := range []struct {
		nl, en string
		n      int
	}{
		{"Ontvangen", "Received", f.Received}, {"waarvan ernstig", "of these severe", f.Severe}, {"waarvan intern", "of these internal", f.Internal},
		{"waarvan heropend", "of these reopened", f.Reopened}, {"waarvan bij de Ooa geweest", "of these gone to the Ooa", f.Outside},
		{"Afgehandeld", "Closed", f.Closed}, {"waarvan op tijd", "of these in time", f.InTime}, {"waarvan ingetrokken", "of these withdrawn", f.Withdrawn},
		{"Uitstel gemeld", "Told of a delay", f.Announced}, {"Open aan het eind", "Open at the end", f.StillOpen()},
		{"waarvan te laat", "of these late", f.Overdue()}, {"Bij de Ooa aan het eind", "With the Ooa at the end", f.AtOoa},
		{"Geen klacht, met reden", "Not a complaint, with a reason", f.NotComplaints}, {"Dagen tot afhandeling (mediaan)", "Days till closing (median)", f.Days},
	} {
		t.Rows = append(t.Rows, []Cell{l.say(v.nl, v.en), v.n})
	}
	if cut := f.Cut.Sentence(l); cut != "" {
		t.Rows = append(t.Rows, []Cell{cut, nil})
	}
	return t
}

// StillOpen is how many cases were open at the end of the period.
func (f Figures) StillOpen() int { return len(f.Open) + f.OpenErased }

// Overdue is how many open cases are late.
func (f Figures) Overdue() int {
	n := f.LateErased
	for _, o := range f.Open {
		n += one(o.Late())
	}
	return n
}

func share(part, whole int) Cell {
	if whole == 0 {
		return nil
	}
	return float64(part) / float64(whole)
}

func termsTable(f Figures, l Language) Table {
	t := Table{Key: "terms", Title: l.say("Termijnen", "Terms"), Columns: []Column{{Key: "term", Title: l.say("Termijn", "Term")}, {Key: "due", Title: l.say("Verschuldigd", "Due")},
		{Key: "in_time", Title: l.say("Op tijd", "In time")}, {Key: "share", Title: l.say("Deel op tijd", "Share in time"), Share: true}}}
	for _, k := range f.Terms {
		t.Rows = append(t.Rows, []Cell{l.term(k), k.Due, k.InTime, share(k.InTime, k.Due)})
	}
	return t
}

func monthsTable(f Figures, l Language) Table {
	t := Table{Key: "months", Title: l.say("Maanden", "Months"), Columns: []Column{{Key: "month", Title: l.say("Maand", "Month")}, {Key: "received", Title: l.say("Ontvangen", "Received")},
		{Key: "closed", Title: l.say("Afgehandeld", "Closed")}, {Key: "in_time", Title: l.say("Op tijd", "In time")}}}
	for _, m := range f.Months {
		t.Rows = append(t.Rows, []Cell{m.From, m.Received, m.Closed, m.InTime})
	}
	return t
}

func tallyTable(key, title string, counts Tally, name func(string) string, l Language) Table {
	t := Table{Key: key, Title: title, Columns: []Column{{Key: "name", Title: l.say("Naam", "Name")}, l.count(), {Key: "share", Title: l.say("Deel", "Share"), Share: true}}}
	sum := counts.Sum()
	for _, c := range counts {
		t.Rows = append(t.Rows, []Cell{name(c.Name), c.N, share(c.N, sum)})
	}
	return t
}

// coursesTable has a line a course and one for each category and month with Least
// cases or more of it.
func coursesTable(f Figures, l Language) Table {
	t := Table{Key: "courses", Title: l.say("Cursussen", "Courses"), Columns: []Column{{Key: "course", Title: l.say("Cursus", "Course")},
		{Key: "category", Title: l.say("Categorie", "Category")}, {Key: "month", Title: l.say("Maand", "Month")}, l.count()}}
	for _, c := range f.Courses.Shown {
		name := plain(c.Name)
		t.Rows = append(t.Rows, []Cell{name, nil, nil, c.N})
		for _, k := range c.Categories {
			t.Rows = append(t.Rows, []Cell{name, plain(k.Name), nil, k.N})
		}
		for _, k := range c.Months {
			t.Rows = append(t.Rows, []Cell{name, nil, ParseDay(k.Name), k.N})
		}
	}
	if f.Courses.Number > 0 {
		t.Rows = append(t.Rows, []Cell{l.other(f.Courses.Number), nil, nil, f.Courses.Others.N})
	}
	return t
}

func (l Language) other(n int) string {
	return l.many(n, "andere cursus", "andere cursussen", "other course", "other courses")
}

func satisfactionTable(f Figures, l Language) Table {
	t := Table{Key: "satisfaction", Title: l.say("Tevredenheid", "Satisfaction"), Columns: []Column{{Key: "score", Title: "Score"}, l.count()}}
	for i, n := range f.Content.Scores {
		t.Rows = append(t.Rows, []Cell{i + 1, n})
	}
	return t
}

func (p YearTotal) about(l Language) string {
	if p.Place {
		return l.say("Locatie", "Location")
	}
	return l.say("Cursus", "Course")
}

func (r Report) pastTable() Table {
	l := r.Language
	t := Table{Key: "erased", Title: l.say("Gewist, per jaar", "Erased, by year"), Columns: []Column{{Key: "year", Title: l.say("Jaar", "Year")},
		{Key: "about", Title: l.say("Wat", "What")}, {Key: "name", Title: l.say("Naam", "Name")}, l.count()}}
	for _, p := range r.Totals {
		t.Rows = append(t.Rows, []Cell{p.Year, p.about(l), plain(p.Name), p.N})
	}
	return t
}

func (r Report) actionsTable() Table {
	l := r.Language
	t := Table{Key: "actions", Title: l.say("Maatregelen", "Improvements"), Columns: []Column{{Key: "number", Title: l.say("Nummer", "Number")}, {Key: "recorded_on", Title: l.say("Vastgelegd op", "Recorded on")},
		{Key: "cause", Title: l.say("Oorzaak", "Cause")}, {Key: "due", Title: l.say("Uiterlijk", "Due")}, {Key: "done_on", Title: l.say("Uitgevoerd op", "Done on")},
		{Key: "looked_on", Title: l.say("Teruggekeken op", "Looked back on")}, {Key: "verdict", Title: l.say("Werkt het", "Does it work")}, {Key: "weeks", Title: l.say("Weken tot het te zien is", "Weeks till it shows")}, {Key: "sentence", Title: l.say("In woorden", "In words")}}}
	for _, m := range r.Improved {
		var verdict, weeks Cell
		if m.Weighed {
			verdict = m.Effect.Verdict.name(l)
			if m.Effect.Verdict == NotKnown && m.Effect.Weeks >= 0 {
				weeks = m.Effect.Weeks
			}
		}
		t.Rows = append(t.Rows, []Cell{plain(m.Number), m.On, plain(m.Cause), m.Due, m.Done, m.Said, verdict, weeks, m.Sentence(l)})
	}
	return t
}

var signalKinds = [...][3]string{Rises: {"rises", "vaker dan eerst", "more than before"}, Group: {"group", "groep", "group"}, Recurs: {"recurs", "opnieuw", "again"}}

func (r Report) signalsTable() Table {
	l := r.Language
	t := Table{Key: "signals", Title: l.say("Signalen", "Signals"), Columns: []Column{{Key: "signal", Title: l.say("Signaal", "Signal")}, {Key: "by", Title: l.say("Naar", "By")},
		{Key: "name", Title: l.say("Naam", "Name")}, l.count(), {Key: "from", Title: l.say("Van", "From")}, {Key: "to", Title: l.say("Tot en met", "To")}, {Key: "sentence", Title: l.say("In woorden", "In words")}}}
	for _, s := range r.Signals {
		kind := signalKinds[s.Kind]
		t.Rows = append(t.Rows, []Cell{l.say(kind[1], kind[2]), l.by(s.By), plain(s.Name), s.N, s.From, s.To, s.Sentence(l)})
	}
	return t
}

// caseColumns are keys and titles of the register, in the order of caseCells.
var caseColumns = [][3]string{{"number", "Nummer", "Number"}, {"received_on", "Ontvangen op", "Received on"}, {"closed_on", "Afgehandeld op", "Closed on"}, {"days", "Dagen", "Days"},
	{"state", "Status", "State"}, {"kind", "Soort", "Kind"}, {"channel", "Kanaal", "Channel"}, {"severity", "Ernst", "Severity"}, {"category", "Categorie", "Category"}, {"cause", "Oorzaak", "Cause"},
	{"finding", "Oordeel", "Finding"}, {"resolution", "Afloop", "Resolution"}, {"reacted_on", "Gereageerd op", "Reacted on"}, {"resolve_by", "Termijn", "Term"}, {"expected_on", "Verwacht op", "Expected on"},
	{"announced", "Uitstel gemeld", "Told of a delay"}, {"in_time", "Op tijd", "In time"}, {"satisfaction", "Tevredenheid", "Satisfaction"}, {"ooa", "Ooa", "Ooa"}, {"reopened", "Heropend", "Reopened"}, {"erased", "Gewist", "Erased"}}

func (r Report) casesTable() Table {
	t := Table{Key: "cases", Title: r.Language.say("Klachten", "Complaints")}
	for _, c := range caseColumns {
		column := Column{Key: c[0], Title: r.Language.say(c[1], c[2])}
		if codes, known := caseWords[c[0]]; known {
			column.said = func(code string) string { return r.Language.code(codes, code) }
		}
		t.Columns = append(t.Columns, column)
	}
	t.lines = func(yield func([]Cell) bool) {
		for c := range r.Cases {
			if !yield(caseCells(c)) {
				return
			}
		}
	}
	return t
}

// caseCells are a case's. Of an erased one there is a month, and no other day.
func caseCells(r *Row) []Cell {
	var days, inTime, score Cell
	if r.Closed != 0 {
		days, inTime = r.Took(), r.InTime()
	}
	if r.Score > 0 {
		score = int(r.Score)
	}
	closed, reacted, by, expected := r.Closed, r.Reacted, r.ResolveBy, r.Expected
	if r.Erased {
		closed, reacted, by, expected = 0, 0, 0, 0
	}
	return []Cell{plain(r.Number), r.Received, closed, days, plain(r.State), plain(r.Kind), plain(r.Channel), plain(r.Severity), plain(r.Category), plain(r.Cause),
		plain(r.Finding), plain(r.Resolution), reacted, by, expected, r.Announced(), inTime, score, r.Outside, r.Reopened, r.Erased}
}

// known turns what is nothing into nil.
func known(c Cell) Cell {
	switch v := c.(type) {
	case Day:
		if v == 0 {
			return nil
		}
	case string:
		if v == "" {
			return nil
		}
	}
	return c
}

// harmless is a text that no program takes for a formula, also after it was
// saved as another kind of file (security.md 30).
func harmless(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n', '|', '%':
		return "'" + s
	}
	return s
}
