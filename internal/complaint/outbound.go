package complaint

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// held returns the letter of a kind that can still be taken back; nil when there
// is none.
func (w *ordering) held(k LetterKind) *Outbound {
	for i := range w.c.Outbound {
		if out := &w.c.Outbound[i]; out.Kind == k && out.back(w.e.Now) {
			return out
		}
	}
	return nil
}

// back reports whether the letter has not left.
func (o Outbound) back(now time.Time) bool {
	return !o.TakenBack && o.AcceptedAt.IsZero() && now.Before(o.Until)
}

// stop takes back a letter to C that has not left, and what it stood for.
func (w *ordering) stop(o Order) Refusal {
	if o.Ref < 1 || o.Ref > len(w.c.Outbound) {
		return Refusal{Reason: RefusedNothing}
	}
	out := &w.c.Outbound[o.Ref-1]
	switch {
	case out.TakenBack:
		return Refusal{Reason: RefusedNothing}
	case !out.back(w.e.Now):
		return Refusal{Reason: RefusedSent}
	}
	out.TakenBack = true
	w.back = append(w.back, o.Ref)
	old := w.c.State
	switch out.Kind {
	case LetterClosing:
		w.unclose()
	case LetterDelay:
		w.untell(*out)
	}
	w.did(o, string(old), string(w.c.stateOf()))
	if !strings.EqualFold(out.By, w.by.Address) {
		if s, ok := w.p.Employee(out.By); ok {
			w.tell(s, Letter{Kind: LetterReturned, By: w.by.Address})
		}
	}
	return Refusal{}
}

// unclose takes a closing back of which C has not heard: as if it had not been.
func (w *ordering) unclose() {
	c := &w.c
	if c.State != Closed {
		return
	}
	at := c.ClosedAt
	then := func(t time.Time) bool { return t.Truncate(time.Millisecond).Equal(at.Truncate(time.Millisecond)) }
	w.open(takenBack)
	n := len(c.Closings) - 1
	if n >= 0 {
		if last := c.Closings[n]; last.ApprovedBy != "" {
			last.ApprovedBy = ""
			c.Put = &last
		}
		c.Closings = c.Closings[:n]
	}
	for i := range c.Promises {
		p := &c.Promises[i]
		switch p.Kind {
		case Approve:
			if c.Put != nil && then(p.FulfilledAt) {
				p.FulfilledAt = time.Time{}
			}
		case Resolve, Delay:
			if then(p.FulfilledAt) {
				p.FulfilledAt = time.Time{}
			}
		case Take, Acknowledge:
			if p.Reason == closed {
				p.WaivedBy, p.Reason = "", ""
			}
		}
	}
	for i := range c.Consultations {
		if q := &c.Consultations[i]; q.AnsweredBy == "" && then(q.AnsweredAt) {
			q.AnsweredAt = time.Time{}
		}
	}
}

// delivered keeps the promises of a letter to C that the mail server took.
func delivered(c Case, e Delivered) Decision {
	d := Decision{}
	if e.Ref < 1 || e.Ref > len(c.Outbound) || c.Outbound[e.Ref-1].Kind != e.Letter {
		return d // what goes out with it keeps its own promise
	}
	out := &c.Outbound[e.Ref-1]
	if out.AcceptedAt.IsZero() {
		out.AcceptedAt, out.Uncertain = e.Now, false
		d.Notes = []Note{{Event: "delivered", Detail: fmt.Sprintf("%s %d", e.Letter, e.Ref)}}
	}
	if c.ReactedAt.IsZero() {
		c.ReactedAt = e.Now
	}
	for _, n := range out.Keeps {
		if n < 1 || n > len(c.Promises) {
			continue
		}
		if p := &c.Promises[n-1]; p.Open() {
			p.FulfilledAt, p.Evidence = e.Now, e.Evidence
		}
	}
	d.Cases = []Case{c}
	return d
}

// undelivered opens the promises again that the letter was to keep, and makes it
// somebody's task; never that of the one who could not be reached (security.md 16, 17).
func undelivered(c Case, e Undelivered, p Policy) Decision {
	d := Decision{Notes: []Note{{Event: "undelivered", Detail: string(e.Letter) + ": " + string(e.Why)}}}
	if e.Why == Uncertain {
		if e.Ref > 0 && e.Ref <= len(c.Outbound) && c.Outbound[e.Ref-1].Kind == e.Letter {
			c.Outbound[e.Ref-1].Uncertain = true
		}
	} else {
		for _, pr := range c.keptBy(e) {
			pr.FulfilledAt, pr.Evidence, pr.BouncedAt = time.Time{}, "", e.Now
		}
		if e.Ref > 0 && e.Ref <= len(c.Outbound) {
			c.Outbound[e.Ref-1].AcceptedAt = time.Time{}
		}
	}
	d.Cases = []Case{c}
	if e.Letter == LetterUndelivered || e.Quiet {
		return d // one report about a report is one too many
	}
	to := p.handlers(c, DayOf(e.Now, p.Zone))
	if e.Letter != LetterAcknowledgement {
		to = append(to, p.ownerOf(c, DayOf(e.Now, p.Zone))...)
	}
	seen := map[string]bool{strings.ToLower(e.To): true}
	for _, s := range to {
		if key := strings.ToLower(s.Address); !seen[key] {
			seen[key] = true
			d.Letters = append(d.Letters, Letter{
				Kind: LetterUndelivered, To: s.Party(), Lost: Loss{Letter: e.Letter, To: e.To, Why: e.Why},
			})
		}
	}
	return d
}

// byLetter are the promises that a letter keeps; the others are kept by deeds.
var byLetter = []PromiseKind{Acknowledge, CopyOwner, React, Answer, CopyConcerned, Delay, Feedback, InternalFeedback, Satisfaction}

// keptBy returns the promises that a letter was to keep, as pointers into c: by
// its Ref, by the promise's ID, or the one of its kind that was kept last.
func (c *Case) keptBy(e Undelivered) []*Promise {
	var list []*Promise
	if e.Ref > 0 && e.Ref <= len(c.Outbound) && c.Outbound[e.Ref-1].Kind == e.Letter {
		for _, n := range c.Outbound[e.Ref-1].Keeps {
			if n >= 1 && n <= len(c.Promises) && c.Promises[n-1].WaivedBy == "" {
				list = append(list, &c.Promises[n-1])
			}
		}
		return list
	}
	var kept *Promise
	for i := range c.Promises {
		p := &c.Promises[i]
		switch {
		case p.Kind != e.Promise || p.WaivedBy != "" || !slices.Contains(byLetter, p.Kind):
		case e.PromiseID != 0 && p.ID == e.PromiseID:
			return []*Promise{p}
		case kept == nil || p.FulfilledAt.After(kept.FulfilledAt):
			kept = p
		}
	}
	if kept != nil && e.PromiseID == 0 {
		list = append(list, kept)
	}
	return list
}
