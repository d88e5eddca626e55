package report

// A Report is what the files of `klachtd report` are made of, and the quarterly
// and yearly report. It is ready to be written as HTML, XLSX, CSV or JSON.
type Report struct {
	Academy  string
	Language Language
	Made     Day
	Figures  Figures
	Signals  []Signal // as of the period's last day
	Cases    Rows     // received or closed in the period, or open at its end: they are gone through once more
}

// Make makes the report of a period in one pass through all rows. Since is the first day of
// the register; 0: that of the oldest row. Made is today: a report says nothing of days to come, and ends there.
func Make(rows Rows, p Period, since Day, academy string, l Language, made Day) Report {
	p.To = min(p.To, made)
	figures, seen := Look(rows, p, made)
	return Report{Academy: academy, Language: l, Made: made, Figures: figures, Signals: Signals(seen, p.To, since),
		Cases: func(yield func(*Row) bool) {
			for r := range rows {
				if (p.Has(r.Received) || p.Has(r.Closed) || r.openOn(p.To)) && !yield(r) {
					return
				}
			}
		}}
}
