package letter

import (
	"fmt"
	"slices"
	"strings"

	"klachtd/internal/complaint"
)

// The weekly digest holds numbers and words of ours: there is no field that could
// hold what C or M wrote, or their names (security.md 22, procedure.md 5).
type (
	digest struct {
		Steps          []step // what belongs to no task
		Until          date
		Quiet, Partial bool
		Tasks          []task
		More           []number // cases that have tasks beyond those alone

		Open, Severe, Waiting, Late int
		New, Closed, Reopened       int
		Filtered, Commands          []tally
		Kept                        []kept
		Answers                     int // to the question how content C is
		Average                     setting
		Low                         int // answers of 1 and 2
		Improvements                []improvement
		Verdicts                    []line // of improvements that are done
		MoreVerdicts                int
		Signals                     []line
		Charts                      []word // names of the pictures
		EraseSoon, Erased           int
		EraseFirst                  date

		Came, Accounted, Undelivered, Unproven int
		Became                                 []tally

		Trail int64
		Head  setting
	}

	task struct {
		reminder
		Step *step // nil: beyond the buttons of a mail
	}

	kept struct {
		Promise    word
		InTime, Of int
	}

	improvement struct {
		Number setting
		Due    date
		Late   bool
	}

	// A tally counts what has a name: a member of staff, or one of our words.
	tally struct {
		Name line
		What word
		N    int
	}
)

// maxTasks is how many tasks a digest names; maxTaskSteps how many have a button.
const (
	maxTasks     = 20
	maxTaskSteps = maxButtons - 1 // and one for the whole list
)

func (b *edition) digestOf(d *complaint.Digest, steps []step, pictures []Picture) digest {
	out := digest{Until: b.date(complaint.DayOf(d.Until, b.academy.Zone)), Quiet: d.Quiet(), Partial: d.Partial,
		Open: d.Open, Severe: d.Severe, Waiting: d.Waiting, Late: d.Late, New: d.New, Closed: d.Closed,
		Reopened: d.Reopened, EraseSoon: d.EraseSoon, Erased: d.Erased, EraseFirst: b.date(d.EraseFirst),
		Came: d.Came, Accounted: d.Accounted, Undelivered: d.Undelivered, Unproven: d.Unproven, Trail: d.Trail, Head: setting(d.Head)}
	named := min(len(d.Tasks), maxTasks)
	out.Tasks, out.Steps = b.tasks(d.Tasks[:named], steps)
	for _, t := range d.Tasks[named:] {
		if n := number(t.Number); !slices.Contains(out.More, n) && !slices.ContainsFunc(out.Tasks, func(o task) bool { return o.Number == n }) {
			out.More = append(out.More, n)
		}
	}
	for _, k := range d.Kept {
		out.Kept = append(out.Kept, kept{word(k.Kind), k.InTime, k.Of})
	}
	sum := 0
	for score, n := range d.Scores {
		out.Answers += n
		sum += score * n
	}
	if out.Answers > 0 {
		out.Average = b.decimal(float64(sum) / float64(out.Answers))
		out.Low = d.Scores[1] + d.Scores[2]
	}
	out.Improvements = b.improvements(d.Improvements)
	for _, s := range d.Signals {
		out.Signals = append(out.Signals, oneLine(s))
	}
	for _, v := range d.Verdicts {
		out.Verdicts = append(out.Verdicts, oneLine(v))
	}
	out.MoreVerdicts = d.MoreVerdicts
	for _, p := range pictures {
		out.Charts = append(out.Charts, word(p.Name))
	}
	for _, t := range d.Became {
		out.Became = append(out.Became, tally{What: word(t.Name), N: t.N})
	}
	out.Filtered, out.Commands = b.tallies(d.Filtered), b.tallies(d.Commands)
	return out
}

// improvements are actions with their days.
func (b *edition) improvements(list []complaint.Due) []improvement {
	var out []improvement
	for _, i := range list {
		out = append(out, improvement{setting(i.Number), b.date(i.Day), i.Late})
	}
	return out
}

// decimal writes a figure with one decimal.
func (b *edition) decimal(x float64) setting {
	s := fmt.Sprintf("%.1f", x)
	if b.language == Dutch {
		s = strings.Replace(s, ".", ",", 1)
	}
	return setting(s)
}

// tallies have names of staff.
func (b *edition) tallies(list []complaint.Tally) []tally {
	var out []tally
	for _, t := range list {
		out = append(out, tally{Name: oneLine(b.nameOf(t.Name)), N: t.N})
	}
	return out
}

// tasks gives each task the button that was made for it.
func (b *edition) tasks(list []complaint.Task, steps []step) (tasks []task, rest []step) {
	used := make([]bool, len(steps))
	for _, t := range list {
		one := task{reminder: reminder{number(t.Number), word(t.Promise), b.date(t.Due), t.Late, t.Severe}}
		for i := range steps {
			if !used[i] && steps[i].Number == number(t.Number) && steps[i].Kind == word(t.Order.Kind) {
				one.Step, used[i] = &steps[i], true
				break
			}
		}
		tasks = append(tasks, one)
	}
	for i, s := range steps {
		if !used[i] {
			rest = append(rest, s)
		}
	}
	return tasks, rest
}

// sampleHead is one of the audit trail.
const sampleHead = "0123456789abcdef0123456789abcdef"

// sampleDigests are full ones, one for each promise, and an empty one.
func sampleDigests() []*complaint.Digest {
	list := []*complaint.Digest{{Until: sampleTime}, {Until: sampleTime, Trail: 1, Head: sampleHead}}
	for n, p := range samplePromises {
		list = append(list, sampleDigest(n, p))
	}
	return list
}

// sampleDigest has something under each heading, and one or two of everything.
func sampleDigest(n int, p complaint.PromiseKind) *complaint.Digest {
	d := &complaint.Digest{From: sampleTime.AddDate(0, 0, -7), Until: sampleTime, Partial: n == 1, Open: 12, Severe: n % 3, Waiting: n % 3, Late: n % 3,
		New: 10, Closed: 10, Reopened: n % 3, EraseSoon: n % 3, EraseFirst: "2026-09-30", Erased: n % 3, Came: 30 + n%3, Accounted: 30, Undelivered: n % 3, Unproven: n % 3, Trail: 12000, Head: sampleHead,
		Kept: []complaint.KeptTerms{{Kind: p, InTime: n % 3, Of: 2}}, Improvements: []complaint.Due{{Number: "M-12", Day: "2026-09-30", Late: n%2 == 0}},
		Filtered: []complaint.Tally{{Name: hostile, N: 1}, {Name: hostile, N: 2}}, Commands: []complaint.Tally{{Name: hostile, N: 3}}}
	for range n % 3 {
		d.Verdicts, d.MoreVerdicts = append(d.Verdicts, hostile), n%3-1
	}
	for i := range 20 + n%3 {
		d.Tasks = append(d.Tasks, complaint.Task{Number: complaint.Number(2026, 0, i), Promise: p, Due: "2026-09-30", Late: i%2 == 0, Severe: i%3 == 0,
			Order: complaint.Order{Kind: complaint.OrderCause}})
	}
	d.Scores[1+n%5], d.Scores[1] = 2, n%3
	for _, what := range [...]string{"registered", "followup", "answered", "note", "command", "refused", "choice", "duplicate", "automatic", "bounce", "spam", "quarantined"} {
		d.Became = append(d.Became, complaint.Tally{Name: what, N: n})
	}
	return d
}
