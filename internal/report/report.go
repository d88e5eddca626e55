package report

// A Report is what the files of `klachtd report` are made of, and the quarterly
// and yearly report. It is ready to be written as HTML, XLSX, CSV or JSON.
type Report struct {
	Academy  string
	Language Language
	Made     Day
	Figures  Figures
	Signals  []Signal // as of the period's last day
	Cases    []Row    // received or closed in the period, or open at its end
}

// Make makes the report of a period out of all rows. Since is the first day of
// the register; 0: that of the oldest row. Made is today: a report says nothing of days to come, and ends there.
func Make(rows []Row, p Period, since Day, academy string, l Language, made Day) Report {
	p.To = min(p.To, made)
	r := Report{Academy: academy, Language: l, Made: made, Figures: Of(rows, p), Signals: Signals(rows, p.To, since)}
	for _, c := range rows {
		if p.Has(c.Received) || p.Has(c.Closed) || c.openOn(p.To) {
			r.Cases = append(r.Cases, c)
		}
	}
	return r
}
