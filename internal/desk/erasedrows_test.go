package desk

import (
	"fmt"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/report"
)

// What a report counts does not change when cases are erased (procedure.md 6).
func TestErasedCountTheSame(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	p := complaint.Policy{Zone: zone, Categories: []string{"Trainer", "Locatie"}, Causes: []string{"Mens", "Planning"}}
	day := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 10, 0, 0, 0, zone) }
	var before, after []report.Row
	for i, c := range []complaint.Case{
		{ReceivedAt: day(1, 28), ClosedAt: day(2, 3), ReactedAt: day(1, 30), ResolveBy: "2026-02-25", ExpectedOn: "2026-02-25"},
		{ReceivedAt: day(1, 5), ClosedAt: day(3, 1), ResolveBy: "2026-02-02", ExpectedOn: "2026-02-02"},
		{ReceivedAt: day(4, 30), ClosedAt: day(5, 1), ResolveBy: "2026-05-28", ExpectedOn: "2026-05-28"},
	} {
		c.State, c.Kind, c.Severity, c.Resolution = complaint.Closed, complaint.External, complaint.Normal, complaint.Resolved
		c.Category.Value, c.Cause.Value, c.Finding.Value = p.Categories[i%2], p.Causes[i%2], complaint.Founded
		c.Promises = []complaint.Promise{{Kind: complaint.Resolve, Due: c.ResolveBy, FulfilledAt: c.ClosedAt}, {Kind: complaint.Satisfaction, Due: "2026-06-01", FulfilledAt: day(6, 1)}}
		c.Survey.AskedAt, c.Survey.Scores = day(6, 1), []complaint.Score{{Score: 3 + i%2}}
		before, after = append(before, rowOfBrief(complaint.BriefOf(c), zone)), append(after, rowOf(complaint.Anonymize(c, day(12, 1), p)))
	}
	made := report.ParseDay("2027-01-04")
	period := report.Period{From: report.ParseDay("2026-01-01"), To: report.ParseDay("2026-12-31")}
	a, b := figuresOf(before, period, made), figuresOf(after, period, made)
	for _, f := range []func(report.Figures) any{
		func(f report.Figures) any {
			return []int{f.Received, f.Closed, f.InTime, f.Severe, f.Internal, f.Withdrawn}
		},
		func(f report.Figures) any { return []report.Tally{f.Categories, f.Causes, f.Channels, f.Findings} },
		func(f report.Figures) any { return f.Months }, func(f report.Figures) any { return f.Content },
	} {
		if was, is := fmt.Sprint(f(a)), fmt.Sprint(f(b)); was != is {
			t.Errorf("%s\nbecame\n%s", was, is)
		}
	}
}

func rowOfBrief(b complaint.Brief, zone *time.Location) report.Row {
	var r report.Row
	fillRow(&r, &b, zone)
	return r
}

func figuresOf(rows []report.Row, p report.Period, on report.Day) report.Figures {
	f, _ := report.Look(func(yield func(*report.Row) bool) {
		for i := range rows {
			if !yield(&rows[i]) {
				return
			}
		}
	}, p, on)
	return f
}
