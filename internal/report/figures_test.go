package report

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"
)

// diff says how two values differ; "" when they do not.
func diff(want, got any) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return fmt.Sprintf("got  %+v\nwant %+v", got, want)
}

func TestDays(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	late := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	for _, tt := range []struct{ got, want string }{
		{ParseDay("2026-11-22").String(), "2026-11-22"},
		{ParseDay("no day").String(), ""},
		{DayOf(late).String(), "2026-11-22"},
		{DayOf(late.In(zone)).String(), "2026-11-23"},
		{DayOf(time.Time{}).String(), ""},
		{ParseDay("2026-11-22").month(-11).String(), "2025-12-01"},
		{ParseDay("2024-03-31").back(1).String(), "2024-02-29"},
		{ParseDay("2026-05-31").back(3).String(), "2026-02-28"},
		{Until(ParseDay("2024-02-29")).From.String(), "2023-03-01"},
		{Until(ParseDay("2025-02-28")).From.String(), "2024-02-29"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

// A promise counts when its day is over, or when it was kept in time before that
// (procedure.md 1: a term ends at 24:00 of its last day).
func TestKept(t *testing.T) {
	day := ParseDay("2026-11-20")
	for _, tt := range []struct {
		name        string
		p           Promise
		due, inTime int
	}{
		{"kept the day itself", Promise{Due: day, Kept: day}, 1, 1},
		{"kept a day late", Promise{Due: day, Kept: day + 1}, 1, 0},
		{"open, day over", Promise{Due: day}, 1, 0},
		{"open, last day", Promise{Due: today}, 0, 0},
		{"kept on the last day", Promise{Due: today, Kept: today}, 1, 1},
		{"waived", Promise{Due: day, Waived: true}, 0, 0},
		{"due later", Promise{Due: today + 1, Kept: day}, 0, 0},
		{"due before the period", Promise{Due: today - 400}, 0, 0},
	} {
		r := Row{Received: day - 3, ResolveBy: today + 9, Promises: []Promise{tt.p}}
		got := Kept{}
		for _, k := range of(list([]Row{r}), Until(today), today).Terms {
			got = k
		}
		if want := (Kept{Term: Acknowledge, Due: tt.due, InTime: tt.inTime}); got != want && tt.due > 0 || tt.due == 0 && got != (Kept{}) {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

// "Solved within four weeks, else the complainant is told when" (procedure.md 2).
func TestSolvedOrAnnounced(t *testing.T) {
	by := today - 10
	for _, tt := range []struct {
		name         string
		r            Row
		solved       int
		closedOnTime bool
	}{
		{"closed in time", Row{ResolveBy: by, Expected: by, Closed: by}, 1, true},
		{"closed a day late", Row{ResolveBy: by, Expected: by, Closed: by + 1}, 0, false},
		{"still open", Row{ResolveBy: by, Expected: by}, 0, false},
		{"told on the last day", Row{ResolveBy: by, Expected: by + 30, Delays: []Delay{{by, by + 30}}}, 1, false},
		{"told too late", Row{ResolveBy: by, Expected: by + 30, Delays: []Delay{{by + 1, by + 30}}, Closed: by + 5}, 0, false},
		{"told, closed by then", Row{ResolveBy: by, Expected: by + 7, Delays: []Delay{{by - 2, by + 7}}, Closed: by + 7}, 1, true},
		{"told, closed later", Row{ResolveBy: by, Expected: by + 7, Delays: []Delay{{by - 2, by + 7}}, Closed: by + 8}, 1, false},
	} {
		tt.r.Received = by - 28
		terms := of(list([]Row{tt.r}), Until(today), today).Terms
		if len(terms) != 1 || !terms[0].Solved || terms[0].Due != 1 || terms[0].InTime != tt.solved {
			t.Errorf("%s: %+v", tt.name, terms)
		}
		if tt.r.InTime() != tt.closedOnTime {
			t.Errorf("%s: in time %v", tt.name, tt.r.InTime())
		}
	}
}

// What is no complaint of its own stands in no figure but its own (procedure.md 3).
func TestOutOfTheRegister(t *testing.T) {
	rows := []Row{at("a", today-5), at("b", today-5), at("c", today-5)}
	rows[0].Resolution, rows[1].Resolution = "not_a_complaint", "merged"
	f := of(list(rows), Until(today), today)
	if f.Received != 1 || f.NotComplaints != 1 || len(f.Open) != 1 || f.Months[11].Received != 1 {
		t.Errorf("%+v", f)
	}
}

// A report of an earlier period shows what was open then.
func TestOpenThen(t *testing.T) {
	r := at("K2026-105822", today-100).end(today-50, "", "", "", 0)
	for _, tt := range []struct {
		on   Day
		open int
	}{{today - 101, 0}, {today - 100, 1}, {today - 51, 1}, {today - 50, 0}, {today, 0}} {
		if f := of(list([]Row{r}), Until(tt.on), today); len(f.Open) != tt.open {
			t.Errorf("%v: %+v", tt.on, f.Open)
		}
	}
	out := at("K2026-105822", today-100)
	out.State = "escalated"
	if f := of(list([]Row{out}), Until(today), today); len(f.Open) != 0 || f.AtOoa != 1 {
		t.Errorf("with the Ooa: %+v", f.Open)
	}
}

// Fewer than three of a course stand nowhere apart (procedure.md 6).
func TestFewOfACourse(t *testing.T) {
	var rows []Row
	add := func(course, category string, received string) {
		r := at("", ParseDay(received))
		r.Course, r.Category, r.Location = course, category, course
		rows = append(rows, r)
	}
	add("Excel", "Trainer", "2026-11-02")
	add("Excel", "Trainer", "2026-11-12")
	add("Engels", "Trainer", "2026-10-02")
	for range 3 {
		add("Coachen", "Inhoud", "2026-09-02")
	}
	add("Coachen", "Trainer", "2026-10-02")
	add("Coachen", "Trainer", "2026-10-09")
	f := of(list(rows), Until(today), today)
	want := Courses{Shown: []Course{{"Coachen", 5, Tally{{"Inhoud", 3}}, Tally{{"2026-09-01", 3}}}}, Others: Count{"", 3}, Number: 2}
	if diff := diff(want, f.Courses); diff != "" {
		t.Error(diff)
	}
	if diff := diff(Tally{{"Coachen", 5}}, f.Locations); diff != "" {
		t.Error(diff)
	}
}

func TestTally(t *testing.T) {
	c := counts{"": 4, "b": 2, "a": 2, "c": 9}
	got := c.tally()
	if diff := diff(Tally{{"c", 9}, {"a", 2}, {"b", 2}, {"", 4}}, got); diff != "" {
		t.Error(diff)
	}
	if got.Sum() != 17 || got.Share("a") != 2.0/17 || got.Share("x") != 0 || Tally(nil).Share("x") != 0 {
		t.Error(got.Sum(), got.Share("a"))
	}
}

// Rows in another order give the same figures, and months add up to the year.
func TestOrderMattersNot(t *testing.T) {
	for _, a := range academies() {
		f := of(list(a.rows), Until(today), today)
		back := slices.Clone(a.rows)
		slices.Reverse(back)
		if diff := diff(f, of(list(back), Until(today), today)); diff != "" {
			t.Errorf("%s: %s", a.name, diff)
		}
		received, scores := 0, 0
		for _, m := range of(list(a.rows), Period{today.month(-11), today}, today).Months {
			received += m.Received
			if m.InTime > m.Closed {
				t.Errorf("%s: %+v", a.name, m)
			}
		}
		for _, n := range f.Content.Scores {
			scores += n
		}
		if want := of(list(a.rows), Period{today.month(-11), today}, today).Received; received != want || scores != f.Content.Answered {
			t.Errorf("%s: %d of %d, %d scores of %d", a.name, received, want, scores, f.Content.Answered)
		}
	}
}
