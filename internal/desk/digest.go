package desk

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/report"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// Digest is the name of the job that mails the directeur the week.
const Digest = "digest"

// Digest mails the directeur what happened since the last digest and what waits
// for him, also when nothing does (procedure.md 5). It is the job of that name,
// for the moment it was scheduled for.
func (d *Desk) Digest(ctx context.Context, scheduled time.Time) error {
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		letters, err := d.digest(ctx, tx)
		if err != nil {
			return err
		}
		for _, l := range letters {
			if err := d.tell(tx, l.Letter, letter.Original{Pictures: l.pictures}); err != nil {
				return err
			}
		}
		return errors.Join(d.accounts(ctx, tx), tx.SetJobRun(Digest, scheduled))
	})
	if err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	return nil
}

// A weekly is a digest with its charts.
type weekly struct {
	complaint.Letter
	pictures []letter.Picture
}

func (d *Desk) digest(ctx context.Context, tx *store.Tx) ([]weekly, error) {
	last, _, err := tx.JobRun(Digest)
	if err != nil {
		return nil, err
	}
	policy, err := d.policy(tx)
	if err != nil {
		return nil, err
	}
	r := complaint.NewReview(last.RanAt, tx.Now(), policy)
	today := report.DayOf(tx.Now().In(policy.Zone))
	seen, err := d.look(ctx, tx, r, policy)
	if err != nil {
		return nil, err
	}
	actions, err := tx.Actions()
	if err != nil {
		return nil, err
	}
	r.Improvements(actions)
	told, err := d.verdicts(tx, actions, seen.seen, today)
	if err != nil {
		return nil, err
	}
	t, err := tx.Traffic(last.RanAt, tx.Now())
	if err != nil {
		return nil, err
	}
	rowsKept, head, err := tx.AuditHead()
	if err != nil {
		return nil, err
	}
	letters := r.Letters(func(g *complaint.Digest) {
		count(g, t)
		g.Trail, g.Head = rowsKept, hex.EncodeToString(head)
		g.Verdicts, g.MoreVerdicts = told.lines, told.more
		if !g.Quiet() {
			g.Signals = d.signals(seen.seen, today)
		}
	})
	var list []weekly
	for _, l := range letters {
		w := weekly{Letter: l}
		if !l.Digest.Quiet() && !l.Digest.Partial {
			if w.pictures, err = d.pictures(seen.figures); err != nil {
				return nil, err
			}
		}
		list = append(list, w)
	}
	return list, nil
}

// looked is what one pass through the register brings for a digest.
type looked struct {
	figures report.Figures // of the last twelve months
	seen    *report.Seen
}

// look goes once through the small rows, for charts and signals, and then through the
// few cases that have something to say this week.
func (d *Desk) look(ctx context.Context, tx *store.Tx, r *complaint.Review, p complaint.Policy) (looked, error) {
	today := report.DayOf(tx.Now().In(p.Zone))
	var whole []int64
	g := NewRegister(ctx, tx, p.Zone, nil)
	g.leave = func(b *complaint.Brief) bool {
		if r.Wants(b) {
			whole = append(whole, b.ID)
		}
		return !p.ForDirecteur(b) // what is about him is drawn for others
	}
	var l looked
	l.figures, l.seen = report.Look(g.Rows, report.Months(today), today)
	if err := g.Err(); err != nil {
		return l, err
	}
	return l, tx.BriefCases(whole, func(c complaint.Case) error {
		r.Add(c)
		return nil
	})
}

// maxSignals is how many sentences about patterns a digest has; the report names them all.
const maxSignals = 6

func (d *Desk) signals(seen *report.Seen, today report.Day) []string {
	list := report.Sentences(report.Signals(seen, today, 0), d.o.Language)
	return list[:min(len(list), maxSignals)]
}

// chartWidth is how wide a chart is shown, in CSS pixels: it is drawn for a phone.
const chartWidth = 340

// pictures are the charts of the last twelve months, and the same in words.
func (d *Desk) pictures(f report.Figures) ([]letter.Picture, error) {
	var list []letter.Picture
	for _, c := range report.Charts(f, d.o.Language) {
		p := letter.Picture{Name: c.Name, Title: c.Title, Words: c.Words, Bars: c.Bars, Width: chartWidth}
		if !c.Empty() {
			var png bytes.Buffer
			if err := c.PNG(&png, chartWidth); err != nil {
				return nil, err
			}
			p.PNG = png.Bytes()
		}
		list = append(list, p)
	}
	return list, nil
}

// fates is the order in which a digest names what became of messages.
var fates = []route.What{route.Complaint, route.Followup, route.Answered, route.Command, route.Refusal, route.Note, route.Asking,
	route.Duplicate, route.Automatic, route.Bounce, route.Spam, route.Quarantined}

// count fills in what only the database knows.
func count(g *complaint.Digest, t store.Traffic) {
	for _, what := range fates {
		if n := t.Became[string(what)]; n > 0 {
			g.Became = append(g.Became, complaint.Tally{Name: string(what), N: n})
		}
	}
	for _, n := range t.Became {
		g.Accounted += n
	}
	g.Came = g.Accounted + t.Pending
	for who, n := range t.Answered {
		g.Commands = append(g.Commands, complaint.Tally{Name: who, N: n})
	}
	slices.SortFunc(g.Commands, func(a, b complaint.Tally) int { return strings.Compare(a.Name, b.Name) })
	g.Undelivered, g.Unproven, g.Erased = t.Undelivered, t.Unproven, t.Erased
}
