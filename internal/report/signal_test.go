package report

import (
	"math"
	"slices"
	"testing"
)

// quarter is the last one that was over on today.
var quarter = Period{ParseDay("2026-07-01"), ParseDay("2026-09-30")}

// times makes cases of one cause that came on these days before today.
func times(cause string, ago ...int) []Row {
	var rows []Row
	for i, d := range ago {
		rows = append(rows, Row{Number: "K" + cause + string(rune('a'+i)), Received: today - Day(d), Cause: cause})
	}
	return rows
}

// every makes n cases spread evenly over the fifteen months that a test looks at.
func every(cause string, n int) []Row {
	var ago []int
	for i := range n {
		ago = append(ago, 5+i*450/n)
	}
	return times(cause, ago...)
}

// Three with the same cause, category, course or location in twelve months (procedure.md 5).
func TestRecurs(t *testing.T) {
	rows := times("Planning", 3, 100, 364, 365)
	rows = append(rows, times("Mens", 1, 2, 400)...)
	for i := range rows {
		rows[i].Course, rows[i].Location, rows[i].Category = "Excel", "", "Trainer"
	}
	rows[0].Resolution, rows[1].Erased = "merged", true // four in the year
	got := Signals(see(list(rows)), today, 0)
	var names []string
	for _, s := range got {
		if s.Kind == Recurs {
			names = append(names, s.Name)
		}
	}
	if diff := diff([]string{"Trainer", "Excel"}, names); diff != "" {
		t.Error(diff)
	}
	if s := got[0]; s.N != 4 || diff([]string{"KPlanningc", "KMensb", "KMensa"}, s.Numbers) != "" || s.To != today {
		t.Errorf("%+v", s)
	}
}

// Three or more about one course within 14 days.
func TestGroups(t *testing.T) {
	for _, tt := range []struct {
		name string
		ago  []int
		want []int // how many in each group
	}{
		{"two", []int{1, 2}, nil},
		{"three on the first and the last day", []int{0, 5, 13}, []int{3}},
		{"three in fifteen days", []int{0, 5, 14}, nil},
		{"a wave longer than 14 days", []int{0, 6, 12, 18, 24}, []int{5}},
		{"two waves", []int{0, 1, 2, 40, 41, 42}, []int{3, 3}},
		{"two waves and one between", []int{0, 1, 2, 20, 40, 41, 42}, []int{3, 3}},
		{"all on one day", []int{4, 4, 4}, []int{3}},
	} {
		rows := times("", tt.ago...)
		for i := range rows {
			rows[i].Course = "Excel"
		}
		var got []int
		for _, s := range Groups(see(list(rows)), Until(today)) {
			got = append(got, s.N)
			if s.N != len(s.Numbers) || s.From > s.To {
				t.Errorf("%s: %+v", tt.name, s)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
		for i := range rows {
			rows[i].Erased = true
		}
		if got := Groups(see(list(rows)), Until(today)); got != nil {
			t.Errorf("%s, erased: %v", tt.name, got)
		}
	}
}

func TestLastQuarter(t *testing.T) {
	for _, tt := range []struct{ on, from, to string }{
		{"2026-11-23", "2026-07-01", "2026-09-30"}, {"2026-12-30", "2026-07-01", "2026-09-30"}, {"2026-12-31", "2026-10-01", "2026-12-31"},
		{"2027-01-01", "2026-10-01", "2026-12-31"}, {"2027-03-30", "2026-10-01", "2026-12-31"}, {"2028-03-31", "2028-01-01", "2028-03-31"},
	} {
		if p := LastQuarter(ParseDay(tt.on)); p.From.String() != tt.from || p.To.String() != tt.to {
			t.Errorf("%s: %v to %v", tt.on, p.From, p.To)
		}
	}
}

// before is the same rows, days earlier.
func before(rows []Row, days Day) []Row {
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i].Received -= days
	}
	return rows
}

// All through a quarter the test says the same: who looks each week is not told more
// that is false (docs/signals.md).
func TestRisesOnceAQuarter(t *testing.T) {
	want := Rising(see(list(trouble())), quarter.To, 0)
	if len(want) == 0 {
		t.Fatal("nothing rises")
	}
	for d := quarter.To; d < quarter.To+92; d++ {
		if diff := diff(want, Rising(see(list(trouble())), d, 0)); diff != "" {
			t.Errorf("%v: %s", d, diff)
		}
	}
	if diff(want, Rising(see(list(trouble())), quarter.To+92, 0)) == "" {
		t.Error("the next quarter is the same")
	}
}

func TestRises(t *testing.T) {
	calm := append(every("Mens", 20), every("Extern", 12)...)
	burst := times("Planning", 2, 9, 20, 30, 44, 61, 80, 200)
	for _, tt := range []struct {
		name  string
		rows  []Row
		since Day
		want  []string
	}{
		{"nothing", nil, 0, nil},
		{"calm", calm, 0, nil},
		{"a burst", slices.Concat(calm, burst), 0, []string{"Planning"}},
		{"a burst in an academy with few", burst, 0, nil},
		{"two are never enough", slices.Concat(calm, times("Planning", 1, 2)), 0, nil},
		{"a register too young to compare", slices.Concat(calm, burst), quarter.To - 150, nil},
	} {
		var names []string
		for _, s := range Rising(see(list(before(tt.rows, today-quarter.To))), today, tt.since) {
			names = append(names, s.Name)
			if s.N < Least || s.Adjusted > FalseRate || s.P > s.Adjusted || s.Low > s.Rates.Ratio() || s.High < s.Rates.Ratio() || len(s.Numbers) != s.N || s.Seeable < 1 {
				t.Errorf("%s: %+v", tt.name, s)
			}
		}
		if !slices.Equal(names, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, names, tt.want)
		}
	}
}

// With one before in a year, four now are the least that is seen at 5 %; that
// happens four times out of five when 5.5 are expected (R: ppois(3, 5.515)).
func TestSeeable(t *testing.T) {
	r := Rates{NowDays: 91, Before: 4, BeforeDays: 364}
	got := Seeable(r, 0.05)
	r.Now = 3
	for r.MidMore() > 0.05 {
		r.Now++
	}
	if r.Now != 4 || math.Abs(got-5.515) > 0.001 {
		t.Errorf("%d now, ratio %v", r.Now, got)
	}
	if none := Seeable(Rates{NowDays: 91, BeforeDays: 365}, 0.01); math.IsInf(none, 0) || none < 10 {
		t.Errorf("none before: %v", none)
	}
}

func TestEffect(t *testing.T) {
	earlier := func(n int) []Row { // in the year before day 180
		var ago []int
		for i := range n {
			ago = append(ago, 181+i*360/n)
		}
		return times("Planning", ago...)
	}
	for _, tt := range []struct {
		name string
		rows []Row
		want Verdict
	}{
		{"nothing known", nil, NotKnown},
		{"twenty a year, none since", earlier(20), Works},
		{"twenty a year, as many since", append(earlier(20), times("Planning", 1, 20, 40, 60, 80, 100, 120, 140, 160, 170)...), NotKnown},
		{"twenty a year, more since", append(earlier(20), times("Planning", 1, 5, 9, 13, 17, 20, 40, 60, 80, 100, 120, 140, 160, 170)...), WorksNot},
		{"three a year, none since", earlier(3), NotKnown},
		{"none since, as their causes are not known", append(earlier(20), times("", 1, 20, 40, 60, 80, 100, 120, 140, 160, 170)...), NotKnown},
	} {
		e := EffectOf(see(list(tt.rows)), ByCause, "Planning", today-180, today, 0)
		if e.Verdict != tt.want || (e.Weeks != 0) != (tt.want == NotKnown) {
			t.Errorf("%s: %+v", tt.name, e)
		}
	}
	// on the day itself there is all the wait to come
	if e, want := EffectOf(see(list(earlier(40))), ByCause, "Planning", today-180, today-180, 0), weeks(Rates{Before: 40, BeforeDays: 353}); e.Verdict != NotKnown || want < 1 || e.Weeks != want {
		t.Errorf("on the day itself: %+v, want %d weeks", e, want)
	}
	// ten a year: the same after four weeks and after forty-four; then there is an answer
	r := Rates{NowDays: 28, Before: 40, BeforeDays: 365}
	w := weeks(r)
	r.NowDays += 7 * w
	if w < 1 || weeks(Rates{NowDays: 28 + 7, Before: 40, BeforeDays: 365}) != w-1 {
		t.Errorf("weeks: %d", w)
	}
	if w := weeks(Rates{NowDays: 28, Before: 2, BeforeDays: 365}); w != -1 {
		t.Errorf("two a year: %d weeks", w)
	}
}
