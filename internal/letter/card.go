package letter

import (
	"slices"
	"strings"

	"klachtd/internal/complaint"
)

// What a mail to those who work on a case may say of it.
type (
	facts struct {
		Number                         number
		Steps                          []step
		State                          word
		Severe, Internal               bool
		Name                           line
		Address                        address
		Handler                        line // "" when nobody has the case
		Mine                           bool // the reader is the handler
		TakeBy, ReactBy, AnswerBy, Due date // of what is owed; "" when it is not
		ResolveBy                      date // the term of the procedure; Due is what was told since
		Missing                        []word
	}

	card struct {
		facts
		Received                 moment
		Category, Cause, Finding line
		Proposed                 line // the cause that B proposes
		Course                   line
		Concerned                []concern
		Owed                     []owed
		History                  []entry
		ClosedOn, EraseOn        date
	}

	concern struct {
		Name line
		Copy word
	}

	owed struct {
		Promise word
		Due     date
		Late    bool
	}

	// An entry is a line of the history: what, when, by whom, and till when.
	entry struct {
		On    date
		What  word
		By    line
		Until date
	}

	listed struct {
		Number  number
		State   word
		Severe  bool
		Handler line
		Owed    owed
	}
)

func (b *edition) factsOf(l complaint.Letter, c complaint.Case, s []step) facts {
	f := facts{
		Number: number(c.Number), Steps: s, State: word(c.State), Severe: c.Severity == complaint.Severe, Internal: c.Kind == complaint.Internal,
		Name: oneLine(c.Complainant.Name), Address: address(c.Complainant.Address), Handler: oneLine(b.nameOf(c.Handler)),
		Mine: c.Handler != "" && strings.EqualFold(c.Handler, l.To.Address), ResolveBy: b.date(c.ResolveBy),
		TakeBy: b.due(c, complaint.Take), ReactBy: b.due(c, complaint.React), AnswerBy: b.due(c, complaint.Answer),
	}
	if c.Open() && c.State != complaint.Escalated {
		f.Due = b.date(c.ExpectedOn)
		if f.Due == "" {
			f.Due = b.date(c.ResolveBy)
		}
		f.Missing = missing(l)
	}
	return f
}

func missing(l complaint.Letter) []word {
	var list []word
	for _, m := range l.Missing {
		list = append(list, word(m))
	}
	return list
}

// due is the last day of what is owed; "" when nothing of the kind is.
func (b *edition) due(c complaint.Case, k complaint.PromiseKind) date {
	if p := c.Promise(k); p != nil && p.Open() {
		return b.date(p.Due)
	}
	return ""
}

// maxHistory is how much of the history a card shows: its end.
const maxHistory = 12

func (b *edition) cardOf(l complaint.Letter, c complaint.Case, s []step, e Envelope) card {
	today := complaint.DayOf(e.Date, b.academy.Zone)
	k := card{facts: b.factsOf(l, c, s), Received: b.moment(c.ReceivedAt),
		Category: oneLine(c.Category.Value), Cause: oneLine(c.Cause.Value), Proposed: oneLine(c.ProposedCause.Value),
		Finding: oneLine(b.inWords(complaint.OrderFinding, c.Finding.Value)), Course: oneLine(c.Course), EraseOn: b.date(c.EraseOn)}
	if !c.ClosedAt.IsZero() {
		k.ClosedOn = b.date(complaint.DayOf(c.ClosedAt, b.academy.Zone))
	}
	for _, m := range c.Concerned {
		name := m.Name
		if name == "" {
			name = b.nameOf(m.Address)
		}
		k.Concerned = append(k.Concerned, concern{oneLine(name), word(m.Copy)})
	}
	promises := slices.DeleteFunc(slices.Clone(c.Promises), func(p complaint.Promise) bool { return !p.Open() || p.Kind == complaint.Erase })
	slices.SortStableFunc(promises, func(p, q complaint.Promise) int { return strings.Compare(string(p.Due), string(q.Due)) })
	for _, p := range promises {
		k.Owed = append(k.Owed, owed{word(p.Kind), b.date(p.Due), p.Due < today})
	}
	k.History = b.history(c)
	k.History = k.History[max(0, len(k.History)-maxHistory):]
	return k
}

// history is what happened in a case, oldest first, without any text.
func (b *edition) history(c complaint.Case) []entry {
	var list []entry
	add := func(on complaint.Day, what, by string, until complaint.Day) {
		if on != "" {
			list = append(list, entry{b.date(on), word(what), oneLine(b.nameOf(by)), b.date(until)})
		}
	}
	day := func(r complaint.Remark) complaint.Day {
		if r.Day != "" {
			return r.Day
		}
		return complaint.DayOf(r.At, b.academy.Zone)
	}
	if !c.ReceivedAt.IsZero() {
		add(complaint.DayOf(c.ReceivedAt, b.academy.Zone), "received", c.RegisteredBy, "")
	}
	for _, r := range c.Talks {
		add(day(r), "talk", r.By, "")
	}
	for _, r := range c.Responses {
		add(day(r), "response", r.By, "")
	}
	for _, q := range c.Consultations {
		add(complaint.DayOf(q.At, b.academy.Zone), "question", q.By, "")
		if q.AnsweredBy != "" {
			add(complaint.DayOf(q.AnsweredAt, b.academy.Zone), "answer", q.AnsweredBy, "")
		}
	}
	for _, x := range c.Extensions {
		add(x.On, "delay", x.By, x.Until)
	}
	for _, out := range c.Outbound {
		if out.Kind == complaint.LetterReply && !out.AcceptedAt.IsZero() {
			add(complaint.DayOf(out.AcceptedAt, b.academy.Zone), "letter", out.By, "")
		}
	}
	for _, cl := range c.Closings {
		add(complaint.DayOf(cl.At, b.academy.Zone), "closing", cl.By, "")
	}
	slices.SortStableFunc(list, func(x, y entry) int { return strings.Compare(string(x.On), string(y.On)) })
	return list
}

func (b *edition) listedOf(items []complaint.Item) []listed {
	var list []listed
	for _, i := range items {
		list = append(list, listed{number(i.Number), word(i.State), i.Severe, oneLine(b.nameOf(i.Handler)),
			owed{word(i.Promise), b.date(i.Due), i.Late}})
	}
	return list
}
