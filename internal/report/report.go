package report

// A Report is what the files of `klachtd report` are made of, and the quarterly
// and yearly report. It is ready to be written as HTML, XLSX, CSV or JSON.
type Report struct {
	Academy  string
	Language Language
	Made     Day
	Figures  Figures
	Signals  []Signal // as of the period's last day
	seen     *Seen
	Improved []Action
	Totals   []YearTotal
	Cases    Rows // received or closed in the period, or open at its end: they are gone through once more
}

// A YearTotal is how many erased cases of a year were about a course or a location: all
// that stays known of that, from Least on (procedure.md 6).
type YearTotal struct {
	Year  int
	Place bool // a location, not a course
	Name  string
	N     int
}

// Remember takes into the report what is known of courses and locations of erased
// cases, of the years that the period touches.
func (r *Report) Remember(list []YearTotal) {
	for _, p := range list {
		if p.N >= Least && p.Year >= r.Figures.Period.From.Time().Year() && p.Year <= r.Figures.Period.To.Time().Year() {
			r.Totals = append(r.Totals, p)
		}
	}
}

// An Action is one of the register of improvements, without its words: those may name somebody.
type Action struct {
	Number  string // M-12
	Cause   string // of the case that it came from first; "" when none was named
	On      Day    // when it was written down
	Due     Day
	Done    Day
	Said    Day    // when somebody last put on record what it brought
	Effect  Effect // of one that is done and has a cause
	Weighed bool   // Effect is known
}

// Improve takes the register of improvements into the report, and weighs what was done
// by the rate of its cause, on a day.
func (r *Report) Improve(list []Action, today Day) {
	for _, m := range list {
		if m.On > r.Figures.Period.To {
			continue
		}
		r.Improved = append(r.Improved, m.Weigh(r.seen, today))
	}
}

// Weigh returns the action with its effect as of today, when it is done and has a cause.
func (m Action) Weigh(seen *Seen, today Day) Action {
	if m.Done != 0 && m.Cause != "" {
		m.Effect, m.Weighed = EffectOf(seen, ByCause, m.Cause, m.Done, today, 0), true
	}
	return m
}

// Sentence says what became of the action; "" while nothing is to be said.
func (m Action) Sentence(l Language) string {
	if !m.Weighed {
		return ""
	}
	return m.Effect.Sentence(l)
}

// Make makes the report of a period in one pass through all rows. Since is the first day of
// the register; 0: that of the oldest row. Made is today: a report says nothing of days to come, and ends there.
func Make(rows Rows, p Period, since Day, academy string, l Language, made Day) Report {
	p.To = min(p.To, made)
	figures, seen := Look(rows, p, made)
	return Report{Academy: academy, Language: l, Made: made, Figures: figures, Signals: Signals(seen, p.To, since), seen: seen,
		Cases: func(yield func(*Row) bool) {
			for r := range rows {
				if (p.Has(r.Received) || p.Has(r.Closed) || r.openOn(p.To)) && !yield(r) {
					return
				}
			}
		}}
}
