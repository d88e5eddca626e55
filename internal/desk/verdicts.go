package desk

import (
	"slices"

	"klachtd/internal/complaint"
	"klachtd/internal/report"
	"klachtd/internal/store"
)

// maxVerdicts is how many improvements a digest tells the effect of: it is read in a
// minute. The others wait for the next one.
const maxVerdicts = 5

// verdicts are what improvements brought, as a digest tells it.
type verdicts struct {
	lines []string
	more  int
}

// verdicts looks for improvements of which no digest told yet what is known today:
// those that were just done, and those whose verdict is another one than was told. It
// writes down what it tells.
func (d *Desk) verdicts(tx *store.Tx, actions []complaint.Action, seen *report.Seen, today report.Day) (verdicts, error) {
	var v verdicts
	for _, m := range untold(actions, seen, today) {
		if len(v.lines) == maxVerdicts {
			v.more++
			continue
		}
		m.kept.Told = m.Effect.Verdict.String()
		if err := tx.SaveAction(m.kept); err != nil {
			return v, err
		}
		v.lines = append(v.lines, m.Line(d.o.Language, today))
	}
	return v, nil
}

// An outcome is an action as it is kept, weighed.
type outcome struct {
	report.Action
	kept complaint.Action
}

// untold are the actions whose verdict nobody was told, those that are decided first.
// On the day itself there is nothing to tell.
func untold(actions []complaint.Action, seen *report.Seen, today report.Day) []outcome {
	var list []outcome
	for _, a := range actions {
		m := outcome{actionOf(a), a}
		if m.Done >= today {
			continue
		}
		m.Action = m.Weigh(seen, today)
		if m.Weighed && m.Effect.Verdict.String() != a.Told {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b outcome) int { return open(a) - open(b) })
	return list
}

// open is 1 for an outcome that is not known yet.
func open(m outcome) int {
	if m.Effect.Verdict == report.NotKnown {
		return 1
	}
	return 0
}
