package report

// of makes the figures of a period as they are known on a day.
func of(rows Rows, p Period, today Day) Figures {
	b := newBuilding(p, today)
	for r := range rows {
		b.add(r)
	}
	return b.figures()
}

// list goes through rows that are at hand.
func list(rows []Row) Rows {
	return func(yield func(*Row) bool) {
		for i := range rows {
			if !yield(&rows[i]) {
				return
			}
		}
	}
}

// see is Look for who needs no figures.
func see(rows Rows) *Seen {
	_, seen := Look(rows, Period{}, 0)
	return seen
}
