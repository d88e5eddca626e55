package complaint

import (
	"slices"
	"strings"
	"time"
)

// A Dossier is what grows with a case while people work on it: the internal form
// of procedure.md 7. All of it is content, and goes into and out of JSON.
type Dossier struct {
	RegisteredOn   Day                  `json:"registered_on,omitempty"`
	RegisteredBy   string               `json:"registered_by,omitempty"`   // staff; "" when the mail itself opened the case
	Withheld       Withheld             `json:"withheld,omitempty"`        // no letter to C by machine
	NamesDirecteur bool                 `json:"names_directeur,omitempty"` // D is kept out until #betreft says whom it is about
	Form           map[string]FormValue `json:"form,omitempty"`            // by the labels of procedure.md 7, lower case
	Course         string               `json:"course,omitempty"`
	GroupOf        string               `json:"group_of,omitempty"` // the course of which a group was pointed out with this case
	Category       Judgement            `json:"category,omitzero"`
	ReopenedOn     Day                  `json:"reopened_on,omitempty"`   // terms run from here again
	EndedAt        time.Time            `json:"ended_at,omitzero"`       // the last closing before it was reopened: tokens from before have ended
	Cause          Judgement            `json:"cause,omitzero"`          // D's word
	ProposedCause  Judgement            `json:"proposed_cause,omitzero"` // B's
	Finding        Judgement            `json:"finding,omitzero"`        // Value is one of the findings
	SeverityBy     Judgement            `json:"severity_by,omitzero"`
	Talks          []Remark             `json:"talks,omitempty"`
	Responses      []Remark             `json:"responses,omitempty"` // M's own view
	Consultations  []Consultation       `json:"consultations,omitempty"`
	Extensions     []Extension          `json:"extensions,omitempty"` // told to C, in order
	Asked          *Extension           `json:"asked,omitempty"`      // a second delay that waits for D
	Put            *Closing             `json:"put,omitempty"`        // the closing that waits for D
	Closings       []Closing            `json:"closings,omitempty"`   // in order; the last one holds
	Resolution     Resolution           `json:"resolution,omitempty"` // of a closed case
	ResolutionWhy  string               `json:"resolution_why,omitempty"`
	EndedBy        string               `json:"ended_by,omitempty"` // address of who closed it; "" while open
	EraseOn        Day                  `json:"erase_on,omitempty"`
	Foretold       Foretelling          `json:"foretold,omitzero"`  // that it will be erased
	LastWord       time.Time            `json:"last_word,omitzero"` // of C
	Outbound       []Outbound           `json:"outbound,omitempty"` // letters to C that a person wrote
	Breaches       []Breach             `json:"breaches,omitempty"`
	Actions        []string             `json:"actions,omitempty"`     // numbers of improvements that came of it: M-12
	NoAction       Judgement            `json:"no_action,omitzero"`    // why there is none
	Links          []string             `json:"links,omitempty"`       // numbers of cases that have to do with it
	MergedInto     string               `json:"merged_into,omitempty"` // number of the case that it was taken into
	Language       string               `json:"language,omitempty"`    // of the letters to C; "": the academy's
	Mended         []Mended             `json:"mended,omitempty"`
	Hold           Hold                 `json:"hold,omitzero"`
	Outside        []Outside            `json:"outside,omitempty"` // the steps with the Ooa, in order
	Requests       []PersonRequest      `json:"requests,omitempty"`
	Commands       int                  `json:"commands,omitempty"` // mails with commands so far
	Last           *Last                `json:"last,omitempty"`
	Survey         Survey               `json:"survey,omitzero"`
	OverdueTold    Day                  `json:"overdue_told,omitempty"` // the second date of which D and handler were told at noon
}

// A FormValue is one line of the form.
type FormValue struct {
	Value string `json:"value"`
	Staff bool   `json:"staff,omitempty"` // confirmed by staff: what C writes later never overwrites it
}

// FormShareName is the label under which C says whether the employee may know
// the name; anything but nothing and "ja" asks for a redacted copy.
const FormShareName = "naam delen met betrokkene"

// A Judgement is a choice that somebody made, with the words that go with it.
type Judgement struct {
	Value string `json:"value,omitempty"`
	Text  string `json:"text,omitempty"`
	By    string `json:"by,omitempty"`
	On    Day    `json:"on,omitempty"`
}

// A Remark is something that was said: by whom, when, what.
type Remark struct {
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Day  Day       `json:"day,omitempty"` // of the talk itself
	Text string    `json:"text,omitempty"`
}

// A Concern is an employee whom the case is about.
type Concern struct {
	Name    string    `json:"name,omitempty"`
	Address string    `json:"address,omitempty"` // "" when he is no member of staff (any more): there is nobody to send a copy to
	Copy    CopyState `json:"copy,omitempty"`
	Form    CopyForm  `json:"form,omitempty"`
	Text    string    `json:"text,omitempty"`    // what is written to him in place of the complaint
	Why     string    `json:"why,omitempty"`     // the reason of a postponement
	Promise int       `json:"promise,omitempty"` // of the copy: its place in Case.Promises, from 1
}

// CopyState is what became of the copy to M.
type CopyState string

// The states of a copy.
const (
	CopyNone    CopyState = "none"    // nobody to send it to
	CopyWaiting CopyState = "waiting" // for D's word: the case is severe, or D postponed it
	CopySent    CopyState = "sent"    // in the outbox; the promise tells whether it was accepted
)

// A Consultation is a question put to D.
type Consultation struct {
	By         string    `json:"by"`
	At         time.Time `json:"at"`
	Question   string    `json:"question"`
	AnsweredBy string    `json:"answered_by,omitempty"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	Answer     string    `json:"answer,omitempty"`
}

// Open reports whether D has not answered.
func (c Consultation) Open() bool { return c.AnsweredAt.IsZero() }

// An Extension is a delay that C is told of.
type Extension struct {
	By         string `json:"by,omitempty"` // "" for klachtd itself
	On         Day    `json:"on"`
	Until      Day    `json:"until"` // the indication
	Reason     string `json:"reason,omitempty"`
	ApprovedBy string `json:"approved_by,omitempty"`
}

// A Closing is the written result, put to D or sent to C.
type Closing struct {
	By         string    `json:"by"`
	At         time.Time `json:"at"`
	Text       string    `json:"text"`
	Source     string    `json:"source,omitempty"` // Message-ID of the mail whose files go along
	Files      int       `json:"files,omitempty"`
	ApprovedBy string    `json:"approved_by,omitempty"`
}

// An Outbound is a letter to C that a person wrote. Until its moment it can be
// taken back.
type Outbound struct {
	Ref        int        `json:"ref"` // counts up in a case; Letter.Ref
	Kind       LetterKind `json:"kind"`
	By         string     `json:"by"`
	Until      time.Time  `json:"until,omitzero"`  // held back till then
	Keeps      []int      `json:"keeps,omitempty"` // places in Case.Promises, from 1
	AcceptedAt time.Time  `json:"accepted_at,omitzero"`
	Uncertain  bool       `json:"uncertain,omitempty"` // nobody knows whether it arrived: a person has to look
	TakenBack  bool       `json:"taken_back,omitempty"`
	At         time.Time  `json:"at"`                 // when it was decided on
	Expected   Day        `json:"expected,omitempty"` // the date then
}

// A Breach is a term that was not kept, recorded once.
type Breach struct {
	Promise PromiseKind `json:"promise"`
	Due     Day         `json:"due"`
}

// Resolution is how a case ended (interface.md, JSON).
type Resolution string

// The resolutions of interface.md.
const (
	Resolved     Resolution = "resolved"
	Unresolved   Resolution = "unresolved"
	Withdrawn    Resolution = "withdrawn"
	NotComplaint Resolution = "not_a_complaint"
	Merged       Resolution = "merged"
	OoaRuling    Resolution = "ooa_ruling"
)

// The findings of `#oordeel`: gegrond, deels, ongegrond, nvt.
const (
	Founded   = "founded"
	Partly    = "partly"
	Unfounded = "unfounded"
	NoFinding = "none"
)

// findings is the list that `#oordeel` chooses from.
var findings = []string{Founded, Partly, Unfounded, NoFinding}

// The reasons of `#geenklacht`: vraag, compliment, spam, dubbel.
const (
	JustQuestion   = "question"
	JustCompliment = "compliment"
	JustSpam       = "spam"
	JustDuplicate  = "duplicate"
)

var notComplaints = []string{JustQuestion, JustCompliment, JustSpam, JustDuplicate}

var severities = []string{string(Low), string(Normal), string(Severe)}

// About returns what the case is about as far as one address goes; nil when it
// is not about him.
func (c *Case) About(address string) *Concern {
	if address == "" {
		return nil
	}
	for i := range c.Concerned {
		if strings.EqualFold(c.Concerned[i].Address, address) {
			return &c.Concerned[i]
		}
	}
	return nil
}

// Missing lists what is still needed for closing, besides the result itself:
// OrderCategory, OrderFinding.
func (c Case) Missing() []OrderKind {
	var list []OrderKind
	if c.Category.Value == "" {
		list = append(list, OrderCategory)
	}
	if c.Finding.Value == "" {
		list = append(list, OrderFinding)
	}
	return list
}

// Consulted returns the question that D has not answered; nil when there is none.
func (c *Case) Consulted() *Consultation {
	for i := range c.Consultations {
		if c.Consultations[i].Open() {
			return &c.Consultations[i]
		}
	}
	return nil
}

// clone returns a copy that shares nothing that the rules change.
func (c Case) clone() Case {
	c.Promises, c.Concerned = slices.Clone(c.Promises), slices.Clone(c.Concerned)
	c.Form, c.Talks, c.Responses = cloneForm(c.Form), slices.Clone(c.Talks), slices.Clone(c.Responses)
	c.Consultations, c.Extensions = slices.Clone(c.Consultations), slices.Clone(c.Extensions)
	c.Closings, c.Outbound, c.Breaches = slices.Clone(c.Closings), slices.Clone(c.Outbound), slices.Clone(c.Breaches)
	c.Links, c.Actions = slices.Clone(c.Links), slices.Clone(c.Actions)
	c.Mended, c.Outside, c.Requests = slices.Clone(c.Mended), slices.Clone(c.Outside), slices.Clone(c.Requests)
	c.Survey.Scores = slices.Clone(c.Survey.Scores)
	return c
}

// merge takes over what was filled in. What staff confirmed stays.
func (c *Case) merge(form map[string]string, staff bool) {
	for label, value := range form {
		label, value = strings.ToLower(strings.TrimSpace(label)), strings.TrimSpace(value)
		if label == "" || value == "" || c.Form[label].Staff && !staff {
			continue
		}
		if c.Form == nil {
			c.Form = map[string]FormValue{}
		}
		c.Form[label] = FormValue{value, staff}
	}
}

func cloneForm(form map[string]FormValue) map[string]FormValue {
	if form == nil {
		return nil
	}
	own := make(map[string]FormValue, len(form))
	for label, value := range form {
		own[label] = value
	}
	return own
}
