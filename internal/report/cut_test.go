package report

import (
	"encoding/json"
	"html"
	"strings"
	"testing"
)

// gone is an erased case: each day is the first of its month.
func gone(received, closed string, more func(*Row)) Row {
	r := Row{Received: ParseDay(received + "-01"), Closed: ParseDay(closed + "-01"), ResolveBy: ParseDay(closed + "-01"), State: "closed", Erased: true}
	if more != nil {
		more(&r)
	}
	return r
}

// A report of a period that cuts a month says how many erased cases of that month it
// counts not at all, or in full; one of whole months has nothing to say, nor has one
// whose last month is cut by today alone (procedure.md 6).
func TestCutMonths(t *testing.T) {
	rows := []Row{gone("2026-02", "2026-03", nil), gone("2026-03", "2026-03", nil), gone("2026-05", "2026-06", nil), gone("2026-06", "2026-07", nil),
		gone("2026-01", "2026-01", func(r *Row) { r.Promises = []Promise{{Term: Cause, Due: ParseDay("2026-03-01")}} }),
		gone("2026-01", "2026-01", func(r *Row) { r.Promises = []Promise{{Term: Cause, Due: ParseDay("2026-03-01"), Waived: true}} }),
		gone("2026-01", "2026-04", func(r *Row) { r.Delays = []Delay{{On: ParseDay("2026-03-01"), Until: ParseDay("2026-04-01")}} }),
		gone("2026-03", "2026-03", func(r *Row) { r.Resolution = merged }),
		gone("2026-02", "2026-03", func(r *Row) { r.Resolution = notComplaint }),
		gone("2026-11", "2026-11", nil), at("K2026-100001", ParseDay("2026-03-10")), at("K2026-100002", ParseDay("2026-06-10"))}
	for _, tt := range []struct{ from, to, nl, en string }{
		{"2026-03-01", "2026-06-30", "", ""},
		{"2026-01-01", "2026-11-23", "", ""},
		{"2026-08-10", "2026-09-10", "", ""},
		{"2026-03-10", "2026-05-31", "wat in maart 2026 met 4 klachten gebeurde telt daarom niet mee.", "what happened in March 2026 to 4 complaints is therefore not counted."},
		{"2026-03-10", "2026-03-20", "wat in maart 2026 met 4 klachten gebeurde telt daarom niet mee.", "what happened in March 2026 to 4 complaints is therefore not counted."},
		{"2026-04-01", "2026-06-10", "wat in juni 2026 met 2 klachten gebeurde telt daarom helemaal mee, ook van na deze periode.",
			"what happened in June 2026 to 2 complaints is therefore counted in full, also after this period."},
		{"2026-05-02", "2026-07-30", "wat in mei 2026 met 1 klacht gebeurde telt daarom niet mee, en wat in juli 2026 met 1 klacht gebeurde telt daarom helemaal mee, ook van na deze periode.",
			"what happened in May 2026 to 1 complaint is therefore not counted, and what happened in July 2026 to 1 complaint is therefore counted in full, also after this period."},
	} {
		for l, want := range map[Language]string{NL: tt.nl, EN: tt.en} {
			r := Make(list(rows), Period{ParseDay(tt.from), ParseDay(tt.to)}, 0, "", l, today)
			if want != "" {
				want = l.say("Van een gewiste klacht is alleen de maand bekend: ", "Of an erased complaint only the month is known: ") + want
			}
			if got := r.Figures.Cut.Sentence(l); got != want {
				t.Errorf("%s to %s:\n%q\nwant\n%q", tt.from, tt.to, got, want)
			}
			var object struct{ Cut *string }
			if err := json.Unmarshal(written(t, r.JSON), &object); err != nil || (object.Cut == nil) != (want == "") || want != "" && *object.Cut != want {
				t.Errorf("%s to %s: json %v, %v", tt.from, tt.to, object.Cut, err)
			}
			page, totals := html.UnescapeString(string(written(t, r.HTML))), r.Tables()[0]
			last, says := totals.Rows[len(totals.Rows)-1][0], l.say("alleen de maand bekend", "only the month is known")
			if strings.Contains(page, says) != (want != "") || want != "" && (!strings.Contains(page, want) || last != want) {
				t.Errorf("%s to %s: the page or the sheet %q does not say so", tt.from, tt.to, last)
			}
		}
	}
}

// The months of a digest leave nothing of an erased case out, whatever its day.
func TestMonthsAreWhole(t *testing.T) {
	for d := ParseDay("2027-12-01"); d <= ParseDay("2028-03-31"); d++ {
		p := Months(d)
		if c := cutOf(p, d); c != (Cut{}) || p.To != d || p.From.month(11) != d.month(0) {
			t.Fatalf("%s: %+v, %+v", d, p, c)
		}
	}
}
