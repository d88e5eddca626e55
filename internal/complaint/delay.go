package complaint

// maxDelay is how many days ahead an indication may lie; what is further is a
// slip of the keys.
const maxDelay = 366

// approveDays are the working days that D has for what is put to him.
const approveDays = 2

// Indication is the date of a delay that names none: some days after the date
// that C was told or, once that lies behind, after today; never further ahead than
// an indication may lie.
func (c Case) Indication(today Day, days int) Day {
	return min(max(today, c.ExpectedOn).Add(days), today.Add(maxDelay))
}

// extend tells C that it takes longer, why, and until when. The second time D has
// to agree (procedure.md 1, tell of delay).
func (w *ordering) extend(o Order) Refusal {
	until := o.Day
	if until == "" {
		until = w.c.Indication(w.today, w.p.ExtensionDays)
	}
	if until <= max(w.c.ExpectedOn, w.today) {
		return Refusal{Reason: RefusedDate, Day: max(w.c.ExpectedOn, w.today)}
	}
	if until > w.today.Add(maxDelay) {
		return Refusal{Reason: RefusedDate, Day: w.today.Add(maxDelay)}
	}
	x := Extension{By: w.by.Address, On: w.today, Until: max(until, w.p.AddWorkdays(w.today, 1)), Reason: w.e.Body}
	if len(w.c.Extensions) > 0 && !w.isDirector() {
		return w.askDelay(o, x)
	}
	w.did(o, string(w.c.ExpectedOn), string(x.Until))
	w.tellDelay(x, w.withFiles(Letter{}))
	return Refusal{}
}

func (w *ordering) askDelay(o Order, x Extension) Refusal {
	d, ok := w.director()
	switch {
	case w.c.Put != nil:
		return Refusal{Reason: RefusedState, State: w.c.State} // D has the closing before him
	case !ok:
		w.hint(HintNobodyToAsk)
		w.did(o, string(w.c.ExpectedOn), string(x.Until))
		w.tellDelay(x, w.withFiles(Letter{}))
		return Refusal{}
	}
	w.did(o, string(w.c.ExpectedOn), string(x.Until))
	w.hint(HintWaitsForD)
	w.c.Asked = &x
	w.c.waive(Approve, w.by.Address, "asked anew")
	w.promise(Approve, w.p.AddWorkdays(w.today, approveDays))
	w.tell(d, Letter{Kind: LetterApproval, Body: x.Reason, By: x.By, Day: x.Until})
	return Refusal{}
}

// tellDelay writes the delay letter. The indication becomes the date that is
// watched; resolve_by stays. l says which files go along.
func (w *ordering) tellDelay(x Extension, l Letter) {
	if w.c.Asked != nil {
		w.keep(Approve) // by doing it
	}
	l.Kind, l.Body, l.Day = LetterDelay, x.Reason, x.Until
	w.c.openDelay(w.today)
	w.toC(l, Delay)
	w.c.prolong(x, w.today)
}

// openDelay sees to it that there is a promise for the delay letter to keep.
func (c *Case) openDelay(today Day) {
	if d := c.Promise(Delay); d == nil || !d.Open() {
		c.Promises = append(c.Promises, Promise{Kind: Delay, MadeOn: today, Due: max(c.ExpectedOn, today)})
	}
}

// prolong moves the date. The next delay is a promise of its own: the first open
// one is what the letter keeps.
func (c *Case) prolong(x Extension, today Day) {
	c.Extensions, c.Asked = append(c.Extensions, x), nil
	c.ExpectedOn = x.Until
	if r := c.Promise(Resolve); r != nil && r.Open() {
		r.Due, r.MadeOn = x.Until, today
	}
	c.Promises = append(c.Promises, Promise{Kind: Delay, MadeOn: today, Due: x.Until})
}

// untell takes a delay back that C was not told of yet.
func (w *ordering) untell(out Outbound) {
	if n := len(w.c.Extensions); n > 0 {
		last := w.c.Extensions[n-1]
		w.c.Extensions = w.c.Extensions[:n-1]
		if last.ApprovedBy != "" {
			last.ApprovedBy = ""
			w.c.Asked = &last
			w.promise(Approve, w.p.AddWorkdays(w.today, approveDays))
		}
	}
	if p := w.c.lastOpen(Delay); p != nil {
		p.WaivedBy, p.Reason = w.by.Address, takenBack
	}
	w.c.ExpectedOn = out.Expected
	if r := w.c.Promise(Resolve); r != nil && r.Open() {
		r.Due, r.MadeOn = out.Expected, w.today
	}
}

func (c *Case) lastOpen(k PromiseKind) *Promise {
	for i := len(c.Promises) - 1; i >= 0; i-- {
		if p := &c.Promises[i]; p.Kind == k && p.Open() {
			return p
		}
	}
	return nil
}
