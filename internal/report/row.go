// Package report makes figures, signals, charts and tables of the register. It
// is pure: rows come in as values, a day comes in as an argument, and what comes
// out is numbers, words, pictures and files for a writer. It knows no names and
// no texts of a complaint: a Row has no field that could hold one.
package report

import (
	"iter"
	"strconv"
	"time"
)

// A Day is a calendar day in the academy's zone, counted from 1 January 1970; 0
// is no day.
type Day int32

const dayLayout = "2006-01-02"

// ParseDay reads a day as the rules write it, 2026-11-22; what is none is 0.
func ParseDay(s string) Day {
	if len(s) != len(dayLayout) || s[4] != '-' || s[7] != '-' {
		return 0
	}
	n := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			n = n*10 + int(c-'0')
		case c != '-' || i != 4 && i != 7:
			return 0
		}
	}
	t := time.Date(n/10000, time.Month(n/100%100), n%100, 0, 0, 0, 0, time.UTC)
	if t.Day() != n%100 || int(t.Month()) != n/100%100 {
		return 0
	}
	return Day(t.Unix() / (24 * 60 * 60))
}

// DayOf returns the day on which t falls in its own location; the zero moment is
// no day.
func DayOf(t time.Time) Day {
	if t.IsZero() {
		return 0
	}
	y, m, d := t.Date()
	return dayOf(y, m, d)
}

func dayOf(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// Time is the beginning of the day in UTC.
func (d Day) Time() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// String is the day as ParseDay reads it; "" for no day.
func (d Day) String() string { return string(d.append(nil)) }

// append is String at the end of b.
func (d Day) append(b []byte) []byte {
	if d == 0 {
		return b
	}
	y, m, day := d.Time().Date()
	if y < 1000 || y > 9999 {
		return d.Time().AppendFormat(b, dayLayout)
	}
	b = strconv.AppendInt(b, int64(y), 10)
	return append(b, '-', '0'+byte(m/10), '0'+byte(m%10), '-', '0'+byte(day/10), '0'+byte(day%10))
}

// month is the first day of the month of d, n months on.
func (d Day) month(n int) Day {
	y, m, _ := d.Time().Date()
	return dayOf(y, m+time.Month(n), 1)
}

// back is the day n months before d, or the last day of that month when it has
// no such day.
func (d Day) back(n int) Day {
	first := d.month(-n)
	return first + min(d-d.month(0), first.month(1)-first-1)
}

// A Period is a run of days, both ends included.
type Period struct{ From, To Day }

// Has reports whether d lies in the period.
func (p Period) Has(d Day) bool { return d != 0 && p.From <= d && d <= p.To }

// Days is how many days the period has.
func (p Period) Days() int { return max(0, int(p.To-p.From)+1) }

// Until is the year that ends on d: the 365 or 366 days up to and including it.
func Until(d Day) Period { return Period{d.back(12) + 1, d} }

// Months are the last twelve months, that of d among them up to and including it: no
// erased case is left out of their figures (Cut).
func Months(d Day) Period { return Period{d.month(-11), d} }

// LastQuarter is the last quarter of a year that is over at the end of d.
func LastQuarter(d Day) Period {
	y, m, _ := (d + 1).Time().Date()
	from := dayOf(y, (m-1)/3*3+1, 1)
	return Period{from.month(-3), from - 1}
}

// A Term is a promise of procedure.md 1 that is counted.
type Term uint8

// The terms, in the order in which they are shown.
const (
	Acknowledge Term = iota
	CopyOwner
	Take
	React
	Answer
	CopyConcerned
	Approve
	Resolve
	Feedback
	InternalFeedback
	Cause
	Satisfaction
	Call
	Improvement
	Ruling
	Request
	numTerms
)

var termNames = [numTerms]string{"acknowledge", "copy_owner", "take", "react", "answer", "copy_concerned", "approve", "resolve",
	"feedback", "internal_feedback", "cause", "satisfaction", "call", "improvement", "ruling", "request"}

// String is the promise's kind as interface.md names it.
func (t Term) String() string {
	if t >= numTerms {
		return ""
	}
	return termNames[t]
}

// TermNamed returns the term of a promise's kind; false for one that is not
// counted: delay, which stands in Row.Delays, and erase.
func TermNamed(kind string) (Term, bool) {
	for t, name := range termNames {
		if name == kind {
			return Term(t), true
		}
	}
	return 0, false
}

// A Promise is one that was made in a case.
type Promise struct {
	Term   Term
	Waived bool // not owed any more: counted nowhere
	Due    Day  // the last day of the term
	Kept   Day  // 0 while open, and again when the mail that kept it bounced
}

// A Delay is a later date that the complainant was told.
type Delay struct{ On, Until Day }

// A Row is what a report knows of one case. What is not known is "" or 0. The
// words of kind, state, severity, resolution and finding are those of
// interface.md and the rules; channel, category, cause, course and location are
// as the academy calls them. Of an erased case Number is "", each day is the first
// of its month, and Past says what the days would have said (procedure.md 6).
type Row struct {
	Number     string
	Received   Day
	Closed     Day
	ResolveBy  Day // the term of the procedure
	Expected   Day // the date that was told last; ResolveBy when none was
	Reacted    Day
	Kind       string
	Channel    string
	State      string
	Severity   string
	Category   string
	Cause      string
	Course     string
	Location   string
	Finding    string
	Resolution string
	Score      uint8 // of the question how content one is, 1 to 5; 0: no answer
	Asked      bool  // that question was put
	Outside    bool  // went to the Ooa
	Reopened   bool
	Erased     bool
	Past       Past // of an erased case
	Promises   []Promise
	Delays     []Delay // in order
}

// Past is what is known of an erased case in place of its days.
type Past struct {
	Took      int32 // days from receipt to closing
	InTime    bool
	Announced bool
	Solved    bool // by the term of the procedure, or a delay was told before it
}

// Rows go through a register from its first row to its last, each time they are
// called. A row holds till the next one.
type Rows = iter.Seq[*Row]

// Words of interface.md that figures depend on.
const (
	severe       = "severe"
	notComplaint = "not_a_complaint"
	merged       = "merged"
	withdrawn    = "withdrawn"
	internal     = "internal"
	escalated    = "escalated"
)

// Counts reports whether the case is a complaint of its own: not taken out of
// the register, nor into another case.
func (r *Row) Counts() bool { return r.Resolution != notComplaint && r.Resolution != merged }

// openOn reports whether the case was open at the end of d.
func (r *Row) openOn(d Day) bool { return r.Received <= d && (r.Closed == 0 || r.Closed > d) }

// Announced reports whether a delay was told before the term of the procedure
// had passed.
func (r *Row) Announced() bool {
	if r.Erased {
		return r.Past.Announced
	}
	return len(r.Delays) > 0 && r.Delays[0].On <= r.ResolveBy
}

// term is the last day of what was promised: the date told last, if it was told
// in time, else the term of the procedure.
func (r *Row) term() Day {
	if r.Erased {
		return r.Expected
	}
	if r.Announced() {
		return max(r.ResolveBy, r.Expected)
	}
	return r.ResolveBy
}

// InTime reports whether a closed case was closed by the date that held.
func (r *Row) InTime() bool {
	if r.Erased {
		return r.Closed != 0 && r.Past.InTime
	}
	return r.Closed != 0 && r.Closed <= r.term()
}

// Took is how many days it took to close the case.
func (r *Row) Took() int {
	if r.Erased {
		return int(r.Past.Took)
	}
	return int(r.Closed - r.Received)
}

// solved is the day on which the case was closed, or the complainant told of a delay
// before its term; 0 when neither has happened.
func (r *Row) solved() Day {
	switch {
	case r.Erased && r.Past.Solved:
		return r.ResolveBy
	case r.Erased:
		return 0
	case r.Announced():
		return r.Delays[0].On
	}
	return r.Closed
}
