package command

import (
	"testing"
	"time"
)

// Monday.
const today Day = "2026-11-23"

func TestParseDate(t *testing.T) {
	for _, tt := range []struct {
		value   string
		way     Way
		day     Day
		problem DateProblem
	}{
		{"2026-12-01", Ahead, "2026-12-01", ""},
		{"2026/12/1", Ahead, "2026-12-01", ""},
		{"1-12-2026", Ahead, "2026-12-01", ""},
		{"01.12.2026", Ahead, "2026-12-01", ""},
		{"1/12/26", Ahead, "2026-12-01", ""},
		{"1-12", Ahead, "2026-12-01", ""},
		{"1-12", Back, "2025-12-01", ""},
		{"1-11", Ahead, "2027-11-01", ""},
		{"1-11", Back, "2026-11-01", ""},
		{"1-11", Either, "2027-11-01", ""},
		{"23-11", Ahead, today, ""},
		{"23-11", Back, today, ""},
		{"1 december", Ahead, "2026-12-01", ""},
		{"1 december 2026", Ahead, "2026-12-01", ""},
		{"1 dec. 2026", Ahead, "2026-12-01", ""},
		{"1dec", Ahead, "2026-12-01", ""},
		{"1e december", Ahead, "2026-12-01", ""},
		{"1st of December", Ahead, "2026-12-01", ""},
		{"December 1, 2026", Ahead, "2026-12-01", ""},
		{"Dec 1st", Ahead, "2026-12-01", ""},
		{"di 1 dec", Ahead, "2026-12-01", ""},
		{"dinsdag 1-12-2026", Ahead, "2026-12-01", ""},
		{"woensdag 1-12-2026", Ahead, "", NoSuchDay},
		{"tot en met 1-12", Ahead, "2026-12-01", ""},
		{"until 1 Dec", Ahead, "2026-12-01", ""},
		{"t/m 1-12.", Ahead, "2026-12-01", ""},
		{"+14d", Ahead, "2026-12-07", ""},
		{"+ 14d", Ahead, "", NotADate},
		{"+2w", Ahead, "2026-12-07", ""},
		{"14 dagen", Ahead, "2026-12-07", ""},
		{"over 2 weken", Ahead, "2026-12-07", ""},
		{"in 2 weeks", Ahead, "2026-12-07", ""},
		{"+3m", Ahead, "2027-02-23", ""},
		{"-2d", Back, "2026-11-21", ""},
		{"−2d", Back, "2026-11-21", ""}, // a real minus
		{"2 dagen geleden", Back, "2026-11-21", ""},
		{"2 days ago", Back, "2026-11-21", ""},
		{"2 dagen", Back, "", NotADate},
		{"vandaag", Ahead, today, ""},
		{"Morgen", Ahead, "2026-11-24", ""},
		{"tomorrow", Ahead, "2026-11-24", ""},
		{"gisteren", Back, "2026-11-22", ""},
		{"yesterday", Back, "2026-11-22", ""},
		{"vrijdag", Ahead, "2026-11-27", ""},
		{"vrijdag", Back, "2026-11-20", ""},
		{"friday", Ahead, "2026-11-27", ""},
		{"maandag", Ahead, "2026-11-30", ""}, // never today
		{"maandag", Back, "2026-11-16", ""},
		{"dinsdag", Back, "2026-11-17", ""},
		{"zondag", Back, "2026-11-22", ""},
		{"29-2", Ahead, "2028-02-29", ""},
		{"29-2", Back, "2024-02-29", ""},

		{"1-11-2026", Ahead, "2026-11-01", InPast},
		{"gisteren", Ahead, "2026-11-22", InPast},
		{"-2d", Ahead, "2026-11-21", InPast},
		{"morgen", Back, "2026-11-24", InFuture},
		{"1-12-2026", Back, "2026-12-01", InFuture},
		{"1-12-2062", Ahead, "2062-12-01", TooFar},
		{"31-2-2027", Ahead, "", NoSuchDay},
		{"31-2", Ahead, "", NoSuchDay},
		{"29-2-2027", Ahead, "", NoSuchDay},
		{"12-13", Ahead, "", NoSuchDay},
		{"0-0-0000", Ahead, "", NoSuchDay},
		{"", Ahead, "", NotADate},
		{"binnenkort", Ahead, "", NotADate},
		{"3 de boer", Ahead, "", NotADate},
		{"+9999d", Ahead, "", NotADate},
	} {
		day, problem := ParseDate(tt.value, today, tt.way)
		if day != tt.day || problem != tt.problem {
			t.Errorf("%q way %d: %s %q, want %s %q", tt.value, tt.way, day, problem, tt.day, tt.problem)
		}
	}
}

// Months are clamped, days count over the change of the clock (procedure.md 1).
func TestSteps(t *testing.T) {
	for _, tt := range []struct {
		today Day
		value string
		want  Day
	}{
		{"2026-08-31", "+6m", "2027-02-28"},
		{"2027-08-31", "+6m", "2028-02-29"},
		{"2026-03-28", "+1d", "2026-03-29"},
		{"2026-03-28", "+2d", "2026-03-30"},
		{"2026-12-31", "morgen", "2027-01-01"},
	} {
		if got, problem := ParseDate(tt.value, tt.today, Ahead); got != tt.want || problem != "" {
			t.Errorf("%s %s: %s %s", tt.today, tt.value, got, problem)
		}
	}
}

// security.md 10.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"1-12", "vrijdag 4 dec", "+14d", "2026-02-30", "over 2 weken", "29-2", "1e mei,2026"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, way := range []Way{Either, Ahead, Back} {
			day, problem := ParseDate(s, today, way)
			if _, err := time.Parse(dayLayout, string(day)); day != "" && err != nil {
				t.Fatalf("%q: %s is no day", s, day)
			}
			if problem == "" && (day == "" || way == Ahead && day < today || way == Back && day > today) {
				t.Fatalf("%q way %d: %s", s, way, day)
			}
		}
	})
}
