package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/desk"
	"klachtd/internal/letter"
	"klachtd/internal/report"
	"klachtd/internal/store"
)

// The digest tells of an improvement what it brought, in the words of the report: once
// when it is done and again when the verdict is another one than was told, five at a
// time, those that are decided first (procedure.md 5).
func TestDigestTellsVerdicts(t *testing.T) {
	w := newWorld(t, nil)
	w.now = time.Date(2026, 11, 23, 8, 0, 0, 0, amsterdam)
	list := pretended{cases: 120, days: 700, seed: 5, late: 0.05}.made(w.now)
	for i := range list { // what M-7 was to end ends, and each cause is known
		if c := &list[i]; c.Cause.Value == "" || c.Cause.Value == "Methode" && c.ReceivedAt.After(time.Date(2026, 5, 1, 0, 0, 0, 0, amsterdam)) {
			c.Cause.Value = "Mens"
		}
	}
	w.register(list)
	w.improve([]complaint.Action{{Number: 1, Cause: "Planning", Done: "2026-11-20"}, {Number: 2, Cause: "Planning", Done: "2026-11-20"},
		{Number: 3, Cause: "Planning", Done: "2026-11-20"}, {Number: 4, Cause: "Middelen", Done: "2026-11-20"}, {Number: 5, Cause: "Middelen", Done: "2026-11-19"},
		{Number: 6, Cause: "Middelen", Done: "2026-11-19"}, {Number: 7, Cause: "Methode", Done: "2026-05-01", Told: "not_known"}, {Number: 8, Done: "2026-11-20"},
		{Number: 9, Cause: "Middelen"}, {Number: 10, Cause: "Middelen", Done: "2026-11-23"}, {Number: 11, Cause: "Vuur", Done: "2026-01-20", Told: "not_known"}})
	for _, told := range [][]int{{7, 1, 2, 3, 4}, {5, 6, 10}, {}} {
		text, _ := w.weekly()
		var want []string
		for _, n := range told {
			want = append(want, w.inReport(n))
		}
		if got := verdictsIn(text); !slices.Equal(got, want) {
			t.Errorf("on %s\n%s\nwant\n%s", w.now, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if more := strings.Contains(text, "En 2 andere: die staan in het volgende overzicht."); more != (len(told) == 5) {
			t.Errorf("on %s two others: %v", w.now, more)
		}
		if len(told) == 5 && !strings.HasPrefix(want[0], "M-7 (Methode), uitgevoerd op 1 mei 2026. Werkt: ") {
			t.Errorf("the report says %q", want[0])
		}
		w.now = w.now.AddDate(0, 0, 7)
	}
}

// What the gallery shows of an effect is as a report words it, in both languages.
func TestGallerySpeaksAsReport(t *testing.T) {
	day := report.ParseDay("2026-11-23")
	for in, l := range map[letter.Language]report.Language{letter.Dutch: report.NL, letter.English: report.EN} {
		book, err := letter.New(nil, letter.Academy{Name: "Academie Voorbeeld", Zone: amsterdam, Language: in, From: complaint.Party{Address: "klachten@academie.example"}})
		if err != nil {
			t.Fatal(err)
		}
		list, err := book.Gallery(in)
		if err != nil {
			t.Fatal(err)
		}
		year := effect(9, 1, 225, 0.008154, 1.0972, report.Works, 0).Sentence(l)
		worked := report.Action{Number: "M-1", Cause: "Planning", Done: report.ParseDay("2026-05-20"), Weighed: true, Effect: effect(11, 1, 187, 0.009, 1.02, report.Works, 0)}
		waits := report.Action{Number: "M-2", Cause: map[report.Language]string{report.NL: "Mens", report.EN: "Person"}[l], Done: report.ParseDay("2026-11-02"), Weighed: true,
			Effect: effect(24, 1, 21, 0.03, 3.9, report.NotKnown, 63)}
		want := map[string][]string{"account": {year}, "digest": {worked.Line(l, day), waits.Line(l, day)}}
		for _, s := range list {
			for _, words := range want[s.Name] {
				if !strings.Contains(s.Text, words) {
					t.Errorf("%s of %s lacks %q", s.Name, in, words)
				}
			}
			delete(want, s.Name)
		}
		if len(want) > 0 {
			t.Errorf("%s: no mail %v", in, want)
		}
	}
}

// effect is one with a year before it.
func effect(before, now, days int, low, high float64, v report.Verdict, weeks int) report.Effect {
	return report.Effect{Rates: report.Rates{Now: now, NowDays: days, Before: before, BeforeDays: 365}, Low: low, High: high, Verdict: v, Weeks: weeks}
}

// improve writes down a register of improvements.
func (w *world) improve(list []complaint.Action) {
	w.t.Helper()
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		for _, a := range list {
			if err := tx.SaveAction(a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// inReport is what the report of today says of an improvement.
func (w *world) inReport(n int) (line string) {
	w.t.Helper()
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		today := report.DayOf(w.now)
		r := report.Make(desk.NewRegister(w.t.Context(), tx, amsterdam, nil).Rows, report.Until(today), 0, "", report.NL, today)
		list, err := desk.Improvements(tx)
		r.Improve(list, today)
		for _, m := range r.Improved {
			if m.Number == complaint.ActionNumber(n) {
				line = m.Line(report.NL, today)
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return line
}

// verdictsIn are the lines of a digest that tell what an improvement brought.
func verdictsIn(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if rest, is := strings.CutPrefix(line, "- M-"); is {
			lines = append(lines, "M-"+strings.TrimSpace(rest))
		}
	}
	return lines
}
