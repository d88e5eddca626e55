package complaint

import (
	"fmt"
	"time"
)

// Days of the question to C (procedure.md 1).
const (
	surveyReminderDays = 10 // from the question to its one reminder
	callDays           = 2  // working days from a low score to the call
)

// The scores of the question to C.
const (
	MinScore = 1
	MaxScore = 5
	lowScore = 2 // and below: somebody calls
)

// A Survey is the question to C how content he is, and what came of it.
type Survey struct {
	Code         string    `json:"code,omitempty"` // stands in the subject of the answer: who has it was sent the question
	AskedAt      time.Time `json:"asked_at,omitzero"`
	RemindedOn   Day       `json:"reminded_on,omitempty"`
	Scores       []Score   `json:"scores,omitempty"`        // in order; the last one that counts holds
	ExternalTold bool      `json:"external_told,omitempty"` // C was told the way outside once more
}

// A Score is an answer of C.
type Score struct {
	Score int       `json:"score"` // MinScore to MaxScore
	Text  string    `json:"text,omitempty"`
	At    time.Time `json:"at"`
	From  string    `json:"from,omitempty"` // another address than that of C: shown to a person, not counted
}

// Satisfaction is the score that holds; 0 when there is none.
func (c Case) Satisfaction() int {
	n := 0
	for _, s := range c.Survey.Scores {
		if s.From == "" {
			n = s.Score
		}
	}
	return n
}

// Surveyed says that the job `survey` came by. Code is a fresh one, for a case
// that has none. Without anything to do the Decision holds no case.
type Surveyed struct {
	Now  time.Time
	Code string
}

// Scored says that an answer to the question came in, with the code of the case
// or as a reply to the question itself.
type Scored struct {
	Now   time.Time
	At    time.Time
	Score int // MinScore to MaxScore: what is none is a later mail of C
	Text  string
	From  string // another address than that of C; "" when it is his
	Quiet bool   // as in Received
}

func (Surveyed) event() {}
func (Scored) event()   {}

// survey asks C how content he is, and asks once more when he does not say.
func survey(c Case, e Surveyed, p Policy) Decision {
	today, pr, s := DayOf(e.Now, p.Zone), c.Promise(Satisfaction), &c.Survey
	if c.State != Closed || pr == nil || pr.WaivedBy != "" || !p.Workday(today) {
		return Decision{}
	}
	if result := c.Promise(Feedback); result != nil && result.Open() {
		return Decision{} // he cannot be content with what he does not know
	}
	l := Letter{To: c.Complainant}
	switch {
	case s.AskedAt.IsZero() && pr.Open() && today >= p.workdayBefore(pr.Due):
		if !c.mayHear() {
			c.waive(Satisfaction, "klachtd", "no letter by machine may go to the complainant")
			return Decision{Cases: []Case{c}, Notes: []Note{{Event: "survey", Detail: "not asked"}}}
		}
		if s.Code == "" {
			s.Code = e.Code
		}
		s.AskedAt = e.Now
		l.Kind, l.Promise, l.Nth = LetterSatisfaction, Satisfaction, c.place(Satisfaction)
	case s.awaits(c, pr) && today >= DayOf(s.AskedAt, p.Zone).Add(surveyReminderDays) && c.mayHear():
		s.RemindedOn = today
		l.Kind = LetterSatisfactionReminder
	default:
		return Decision{}
	}
	return Decision{Cases: []Case{c}, Notes: []Note{{Event: "survey", Detail: string(l.Kind)}}, Letters: []Letter{l}}
}

// awaits reports whether the question is to be asked once more: it arrived, and C
// has written nothing since.
func (s Survey) awaits(c Case, asked *Promise) bool {
	if s.AskedAt.IsZero() || s.RemindedOn != "" || asked.Open() || c.LastWord.After(s.AskedAt) {
		return false
	}
	n := len(s.Scores)
	return n == 0 || s.Scores[n-1].At.Before(s.AskedAt)
}

// scored puts an answer on record. A low one is somebody's task: the handler
// calls, D is told, and C hears once more where else he can go. What C explains
// is read by a person, whatever the score.
func scored(c Case, e Scored, p Policy) Decision {
	before, today := c.Satisfaction(), DayOf(e.Now, p.Zone)
	c.Survey.Scores = append(c.Survey.Scores, Score{Score: e.Score, Text: e.Text, At: e.At, From: e.From})
	d := Decision{Notes: []Note{{Event: "score", Detail: fmt.Sprint(e.Score)}}}
	to := p.handlers(c, today)
	low := e.Score <= lowScore && e.From == ""
	if e.From == "" {
		d.Notes[0].Actor = c.Complainant.Address
		c.keep(Satisfaction, e.Now)
	} else {
		d.Notes[0].Detail += " from another address"
	}
	if a := c.Promise(Call); low && (before == 0 || before > lowScore) && (a == nil || !a.Open()) {
		due := p.AddWorkdays(DayOf(e.At, p.Zone), callDays)
		if DayOf(e.At, p.Zone) < today {
			due = max(due, p.AddWorkdays(today, 1)) // set later
		}
		c.Promises = append(c.Promises, Promise{Kind: Call, MadeOn: today, Due: due})
	}
	if low {
		to = append(to, p.ownerOf(c, today)...)
	}
	if !e.Quiet && (low || e.Text != "" || e.From != "") {
		d.Letters = toAll(to, Person{}, Letter{Kind: LetterScore, Score: e.Score, Body: e.Text, Unproven: e.From != ""})
	}
	if low && !e.Quiet && !c.Survey.ExternalTold && c.mayHear() {
		c.Survey.ExternalTold = true
		d.Letters = append(d.Letters, Letter{Kind: LetterExternal, To: c.Complainant})
	}
	d.Cases = []Case{c}
	return d
}
