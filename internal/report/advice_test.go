package report

import "testing"

// closed makes cases of the past that took so many days.
func closed(days ...int) []Row {
	var rows []Row
	for _, d := range days {
		rows = append(rows, Row{Received: today - 400, Closed: today - 400 + Day(d), Resolution: "resolved"})
	}
	return rows
}

func TestAdvise(t *testing.T) {
	delayed := func(r Row, until int) Row {
		r.Delays = append(r.Delays, Delay{r.Received + 20, r.Received + Day(until)})
		return r
	}
	five := closed(10, 20, 30, 40, 50)
	told := []Row{delayed(closed(40)[0], 40), delayed(closed(41)[0], 40), delayed(closed(49)[0], 40), delayed(delayed(closed(60)[0], 40), 60)}
	for _, tt := range []struct {
		name string
		rows []Row
		age  Day
		want Advice
	}{
		{"nothing", nil, 0, Advice{}},
		{"four are too few", five[:4], 0, Advice{Closed: 4}},
		{"the fourth of five", five, 0, Advice{Closed: 5, Until: today + 40}},
		{"only those that were as old", append(closed(60, 70, 80, 90, 100), five...), 50, Advice{Closed: 5, Until: today - 50 + 90}},
		{"as old today, done today: not later", five, 10, Advice{Closed: 4}},
		{"ten: the eighth", closed(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 0, Advice{Closed: 10, Until: today + 8}},
		{"six: the fifth", closed(1, 2, 3, 4, 5, 6), 0, Advice{Closed: 6, Until: today + 5}},
		{"delays", told, 0, Advice{Closed: 4, Told: 5, Met: 2, Overshot: 9}},
	} {
		if got := Advise(list(tt.rows), today-tt.age, today); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
	out := closed(10, 20, 30, 40, 50)
	out[4].Resolution, out[3].Resolution, out[2].Closed = "withdrawn", "merged", 0
	if got := Advise(list(out), today, today); got != (Advice{Closed: 2}) {
		t.Errorf("withdrawn, merged, open: %+v", got)
	}
}

// The date is what it says: at least four out of five met it, and no earlier day
// would do.
func TestAdviseIsTheLeast(t *testing.T) {
	for n := LeastClosed; n < 40; n++ {
		var days []int
		for i := range n {
			days = append(days, 1+(i*37)%101)
		}
		until := int(Advise(list(closed(days...)), today, today).Until - today)
		met, before := 0, 0
		for _, d := range days {
			met += one(d <= until)
			before += one(d <= until-1)
		}
		if 5*met < 4*n || 5*before >= 4*n {
			t.Errorf("%d cases: %d met day %d, %d the day before", n, met, until, before)
		}
	}
}

func TestAdviceInWords(t *testing.T) {
	for _, tt := range []struct {
		a      Advice
		nl, en string
	}{
		{Advice{}, "", ""},
		{Advice{Closed: 12, Until: today}, "Vier van de vijf vergelijkbare klachten (12) waren klaar op 23 november 2026.", "Four out of five comparable complaints (12) were done by 23 November 2026."},
		{Advice{Told: 3, Met: 3}, "Eerder gemeld uitstel: 3 van 3 keer gehaald.", "Delays told before: 3 of 3 met."},
		{Advice{Closed: 5, Until: today, Told: 4, Met: 1, Overshot: 1}, "Eerder gemeld uitstel: 1 van 4 keer gehaald, anders meestal 1 dag later. Vier van de vijf vergelijkbare klachten (5) waren klaar op 23 november 2026.",
			"Delays told before: 1 of 4 met, else mostly 1 day later. Four out of five comparable complaints (5) were done by 23 November 2026."},
	} {
		if nl, en := tt.a.Sentence(NL), tt.a.Sentence(EN); nl != tt.nl || en != tt.en {
			t.Errorf("%+v:\n%s\n%s", tt.a, nl, en)
		}
	}
}
