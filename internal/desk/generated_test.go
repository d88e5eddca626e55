package desk_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// A pretended is an academy of which the cases are made up, by seed, as of now.
type pretended struct {
	cases   int
	days    int     // how far back the first one was received
	seed    uint64  // 0: none
	late    float64 // how many promises are kept too late, or not at all
	planned float64 // how many have the same cause
	sifted  bool    // most cases turn out to be no complaint, or are withdrawn
}

// made are its cases, in the order of receipt.
func (a pretended) made(now time.Time) []complaint.Case {
	rnd := rand.New(rand.NewPCG(a.seed, 2026))
	list := make([]complaint.Case, a.cases)
	for i := range list {
		at := now.AddDate(0, 0, -a.days+i*a.days/a.cases).Add(-time.Duration(rnd.IntN(9*60)) * time.Minute)
		list[i] = inventedCase{a, rnd, now, fmt.Sprintf("K%d-%06d", at.Year(), 100000+i*37)}.at(at)
	}
	return list
}

type inventedCase struct {
	pretended
	rnd    *rand.Rand
	now    time.Time
	number string
}

func (a inventedCase) one(of ...string) string { return of[a.rnd.IntN(len(of))] }
func (a inventedCase) in(n int) bool           { return a.rnd.IntN(n) == 0 }

// kept is when something was done that was due on a day: mostly in time.
func (a inventedCase) kept(from time.Time, due complaint.Day) time.Time {
	days := due.Sub(complaint.DayOf(from, amsterdam))
	n := a.rnd.IntN(days + 1)
	if a.rnd.Float64() < a.late {
		n = days + 1 + a.rnd.IntN(9)
	}
	if t := from.AddDate(0, 0, n); t.Before(a.now) && a.rnd.Float64() >= a.late/4 {
		return t
	}
	return time.Time{}
}

func (a inventedCase) at(at time.Time) complaint.Case {
	day := complaint.DayOf(at, amsterdam)
	c := complaint.Case{Number: a.number, Kind: complaint.External, State: complaint.InProgress, Severity: complaint.Normal, ReceivedAt: at,
		Complainant: complaint.Party{Name: "Jan Jansen", Address: "jan@voorbeeld.example"}, Subject: "Klacht", Owner: "directeur@academie.example",
		Handler: "bas@academie.example", ReactBy: day.Add(7), ResolveBy: day.Add(28), ExpectedOn: day.Add(28)}
	if a.in(8) {
		c.Kind = complaint.Internal
	}
	if a.in(9) {
		c.Severity, c.ReactBy, c.ResolveBy, c.ExpectedOn = complaint.Severe, day.Add(2), day.Add(14), day.Add(14)
	}
	if a.in(4) {
		c.RegisteredBy = "bas@academie.example"
	}
	if a.in(20) {
		c.State, c.Outside = complaint.Escalated, []complaint.Outside{{Step: "filed", On: day.Add(30)}}
	}
	if a.in(15) {
		c.ReopenedOn = day.Add(40)
	}
	if !a.in(5) {
		c.Course, c.Form = a.one("Coachen", "Excel", "Presenteren", "Veilig werken"), map[string]complaint.FormValue{complaint.FormLocation: {Value: a.one("Utrecht", "Zwolle"), Staff: !a.in(3)}}
	}
	c.Category.Value = a.one("Inhoud", "Trainer", "Organisatie", "Locatie", "")
	a.promised(&c, complaint.Acknowledge, day, at)
	a.promised(&c, complaint.CopyOwner, day, at)
	a.promised(&c, complaint.Take, day.Add(2), at)
	c.ReactedAt = a.promised(&c, complaint.React, c.ReactBy, at)
	if a.in(6) {
		c.Extensions = []complaint.Extension{{On: c.ResolveBy.Add(4 - a.rnd.IntN(7)), Until: c.ResolveBy.Add(14)}}
		c.ExpectedOn = c.ResolveBy.Add(14)
		if c.Extensions[0].On > complaint.DayOf(a.now, amsterdam) {
			c.Extensions, c.ExpectedOn = nil, c.ResolveBy
		}
	}
	a.end(&c)
	return c
}

// promised makes a promise and says when it was kept.
func (a inventedCase) promised(c *complaint.Case, k complaint.PromiseKind, due complaint.Day, from time.Time) time.Time {
	p := complaint.Promise{Kind: k, MadeOn: complaint.DayOf(from, amsterdam), Due: due}
	if a.in(25) {
		p.WaivedBy = "directeur@academie.example"
	} else {
		p.FulfilledAt = a.kept(from, due)
	}
	c.Promises = append(c.Promises, p)
	return p.FulfilledAt
}

// end closes a case, if its time has come.
func (a inventedCase) end(c *complaint.Case) {
	closed := a.promised(c, complaint.Resolve, c.ExpectedOn, c.ReceivedAt)
	if closed.IsZero() || c.State == complaint.Escalated {
		return
	}
	c.State, c.ClosedAt = complaint.Closed, closed
	day := complaint.DayOf(closed, amsterdam)
	c.Finding.Value = a.one(complaint.Founded, complaint.Partly, complaint.Unfounded, complaint.NoFinding)
	c.Resolution, c.EraseOn = complaint.Resolved, day.AddMonths(6)
	for n, r := range map[int]complaint.Resolution{14: complaint.NotComplaint, 15: complaint.Merged, 16: complaint.Withdrawn} {
		if len(c.Number) > 0 && int(c.Number[len(c.Number)-1]-'0')*2 == n {
			c.Resolution = r
		}
	}
	if n := len(c.Promises) + int(c.Number[len(c.Number)-1]); a.sifted && n%4 > 0 {
		c.Resolution = []complaint.Resolution{complaint.NotComplaint, complaint.Withdrawn, complaint.NotComplaint}[n%4-1]
	}
	c.EndedBy = []string{"bas@academie.example", "directeur@academie.example"}[int(c.Number[len(c.Number)-2])%2]
	a.promised(c, complaint.Feedback, day, closed)
	if !a.promised(c, complaint.Cause, day.Add(14), closed).IsZero() {
		c.Cause.Value = a.one("Mens", "Methode", "Planning", "Middelen")
		if a.rnd.Float64() < a.planned {
			c.Cause.Value = "Planning"
		}
	}
	c.Survey.AskedAt = a.promised(c, complaint.Satisfaction, day.Add(7), closed)
	if !c.Survey.AskedAt.IsZero() && a.in(2) {
		c.Survey.Scores = []complaint.Score{{Score: 1 + a.rnd.IntN(5), At: c.Survey.AskedAt}, {Score: 1, At: c.Survey.AskedAt, From: "buur@voorbeeld.example"}}
	}
	c.Promises = append(c.Promises, complaint.Promise{Kind: complaint.Erase, MadeOn: day, Due: c.EraseOn})
}

// register saves the cases of an invented academy.
func (w *world) register(list []complaint.Case) {
	w.t.Helper()
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		for i := range list {
			if err := tx.AddCase(&list[i], amsterdam); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
