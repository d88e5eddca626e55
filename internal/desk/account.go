package desk

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/report"
	"klachtd/internal/store"
)

// accounts mails the directeur the report of a quarter that has ended since the last
// digest, and of the year with its last one.
func (d *Desk) accounts(ctx context.Context, tx *store.Tx) error {
	run, _, err := tx.JobRun(Digest)
	if err != nil {
		return err
	}
	policy, last := d.o.Policy, run.RanAt
	today := report.DayOf(tx.Now().In(policy.Zone))
	quarter := report.LastQuarter(today - 1)
	if quarter.To < report.DayOf(last.In(policy.Zone)) {
		return nil // it was told, or is from before the first start
	}
	actions, err := Improvements(tx)
	if err != nil {
		return err
	}
	periods := []report.Period{quarter}
	if quarter.To.Time().Month() == time.December {
		periods = append(periods, report.Until(quarter.To))
	}
	g := NewRegister(ctx, tx, policy.Zone, nil)
	for i, p := range periods {
		r := report.Make(g.Rows, p, 0, d.o.Academy, d.o.Language, today)
		r.Improve(actions, today)
		past, err := Erased(tx, p)
		if err != nil {
			return err
		}
		r.Remember(past)
		l := complaint.Letter{Kind: complaint.LetterAccount, To: policy.Directeur().Party(), Account: d.accountOf(r, p, i > 0)}
		files, err := d.reportFiles(r, p, i > 0)
		if err := errors.Join(err, g.Err()); err != nil {
			return err
		}
		if err := d.tell(tx, l, letter.Original{Enclosed: files}); err != nil {
			return err
		}
	}
	return nil
}

// Erased is what stays known of the courses and locations of erased cases, of the
// years of a period.
func Erased(tx *store.Tx, p report.Period) (list []report.YearTotal, err error) {
	for year := p.From.Time().Year(); year <= p.To.Time().Year(); year++ {
		for _, what := range []string{store.Course, store.Location} {
			totals, err := tx.Totals(year, what)
			if err != nil {
				return nil, err
			}
			for _, t := range totals {
				list = append(list, report.YearTotal{Year: year, Place: what == store.Location, Name: t.Name, N: t.Count})
			}
		}
	}
	return list, nil
}

// Improvements is the register of actions as a report has it.
func Improvements(tx *store.Tx) ([]report.Action, error) {
	actions, err := tx.Actions()
	var list []report.Action
	for _, a := range actions {
		list = append(list, actionOf(a))
	}
	return list, err
}

// actionOf is an action as a report has it: without its words.
func actionOf(a complaint.Action) report.Action {
	day := func(d complaint.Day) report.Day { return report.ParseDay(string(d)) }
	return report.Action{Number: complaint.ActionNumber(a.Number), Cause: a.Cause, On: day(a.On), Due: day(a.Due), Done: day(a.Done), Said: day(a.Seen)}
}

func (d *Desk) accountOf(r report.Report, p report.Period, yearly bool) *complaint.Account {
	f := r.Figures
	a := &complaint.Account{From: complaint.Day(p.From.String()), Until: complaint.Day(p.To.String()), Yearly: yearly,
		Received: f.Received, Closed: f.Closed, InTime: f.InTime, Severe: f.Severe, Outside: f.Outside, Days: f.Days,
		Asked: f.Content.Asked, Answered: f.Content.Answered, Mean: f.Content.Mean()}
	for _, c := range f.Categories {
		a.Categories = append(a.Categories, complaint.Tally{Name: c.Name, N: c.N})
	}
	for _, m := range r.Improved {
		a.Improvements = append(a.Improvements, complaint.Improved{Number: m.Number, Due: complaint.Day(m.Due.String()), Done: complaint.Day(m.Done.String()),
			Effect: m.Sentence(d.o.Language)})
	}
	return a
}

// reportFiles are the report as a page and as a workbook.
func (d *Desk) reportFiles(r report.Report, p report.Period, yearly bool) (letter.Enclosure, error) {
	name := fmt.Sprintf("klachten-%d", p.To.Time().Year())
	if !yearly {
		name += fmt.Sprintf("-%d", (int(p.To.Time().Month())+2)/3)
	}
	var list []letter.Attachment
	for _, form := range []struct {
		ending, kind string
		write        func(io.Writer) error
	}{
		{".html", "text/html", r.HTML},
		{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", r.XLSX},
	} {
		var out bytes.Buffer
		if err := form.write(&out); err != nil {
			return letter.Enclosure{}, fmt.Errorf("write %s%s: %w", name, form.ending, err)
		}
		list = append(list, letter.Attachment{Name: name + form.ending, ContentType: form.kind, Size: int64(out.Len()), Data: out.Bytes()})
	}
	return letter.Enclose(list, rand.Reader)
}
