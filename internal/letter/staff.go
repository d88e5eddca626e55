package letter

import (
	"regexp"
	"strings"

	"klachtd/internal/complaint"
)

// Letters to the people of the academy about a case, one type a letter. Text is
// what somebody typed; it is shown as a quote.
type (
	concerned struct { // M reads the copy, never the case
		Number  number
		Steps   []step
		Form    word
		Name    line // of C; "" when he does not read it
		Handler line
		Text    passage
		Cut     bool
	}

	outcome struct {
		Number     number
		Steps      []step
		Concerned  bool // the reader is M
		Finding    word
		Resolution word
		Text       passage // the result, and what D said of it: never for M
		Comment    passage
		By         line
	}

	standIn struct {
		Steps []step
		By    line
		Until date
	}

	outside struct { // with the Ooa
		facts
		By    line
		Step  word
		Until date // when it was; of a ruling the last day to carry it out
		Text  passage
	}

	group struct { // Items are about the same course
		facts
		Course line
		Count  int // this case among them
		Items  []listed
		Rest   int
	}

	assigned struct {
		facts
		By line
	}

	handover struct {
		facts
		By  line
		New line // who has it now; "" when somebody has to take it
	}

	reopened struct {
		facts
		By   line
		Text passage
	}

	consult struct {
		facts
		By   line
		Text passage
	}

	consulted struct {
		facts
		By   line
		Text passage
	}

	response struct {
		facts
		By   line
		Text passage
	}

	approval struct {
		facts
		By       line
		Text     passage
		Until    date // of a second delay; "" when a closing waits
		Finding  word
		DecideBy date
		Files    bool
	}

	returned struct {
		facts
		By      line
		Text    passage
		Comment passage
		Until   date
	}

	copyAsk struct {
		facts
		By    line
		About []concern
	}

	severe struct {
		facts
		By   line
		Text passage
	}

	delayed struct {
		facts
		By    line // D, who agreed; "" when nobody acted
		Until date
	}

	overdue struct {
		facts
		Told date
	}
)

// staffData gathers what a letter to staff about a case may show.
func (b *edition) staffData(l complaint.Letter, c complaint.Case, o Original, s []step) any {
	f, by := b.factsOf(l, c, s), oneLine(b.nameOf(l.By))
	text, comment := passage(strings.Trim(l.Body, "\r\n")), passage(strings.Trim(l.Comment, "\r\n"))
	switch l.Kind {
	case complaint.LetterConcerned:
		return b.concernedOf(l, c, o, s)
	case complaint.LetterOutcome:
		return outcomeOf(l, c, outcome{Number: f.Number, Steps: s, Finding: word(l.Finding), Resolution: word(c.Resolution), Text: text, Comment: comment, By: by})
	case complaint.LetterScore:
		return score{f, l.Score, text, l.Unproven, b.due(c, complaint.Call)}
	case complaint.LetterStandIn:
		return standIn{s, by, b.date(l.Day)}
	case complaint.LetterOutside:
		return outside{f, by, word(l.Step), b.date(l.Day), text}
	case complaint.LetterAssigned:
		return assigned{f, by}
	case complaint.LetterHandover:
		return handover{f, by, oneLine(b.nameOf(l.Handler))}
	case complaint.LetterReopened:
		return reopened{f, by, text}
	case complaint.LetterConsult:
		return consult{f, by, text}
	case complaint.LetterConsulted:
		return consulted{f, by, text}
	case complaint.LetterResponse:
		return response{f, by, text}
	case complaint.LetterApproval:
		return approval{f, by, text, b.date(l.Day), word(l.Finding), b.due(c, complaint.Approve), l.Files > 0}
	case complaint.LetterReturned:
		return returned{f, by, text, comment, b.date(l.Day)}
	case complaint.LetterCopyAsk:
		return copyAsk{f, by, b.concernsOf(l.About)}
	case complaint.LetterSevere:
		return severe{f, by, text}
	case complaint.LetterGroup:
		return group{f, oneLine(c.CourseSaid()), len(l.Items) + 1, b.listedOf(l.Items), 0}
	case complaint.LetterDelayed:
		return delayed{f, by, b.date(l.Day)}
	case complaint.LetterOverdue:
		return overdue{f, b.date(l.Day)}
	}
	return nil
}

// outcomeOf leaves out for M what is for B alone.
func outcomeOf(l complaint.Letter, c complaint.Case, d outcome) outcome {
	if c.About(l.To.Address) != nil {
		d.Concerned, d.Text, d.Comment, d.By = true, "", "", ""
	}
	return d
}

func (b *edition) concernsOf(list []complaint.Concern) []concern {
	var out []concern
	for _, m := range list {
		name := m.Name
		if name == "" {
			name = b.nameOf(m.Address)
		}
		out = append(out, concern{oneLine(name), word(m.Copy)})
	}
	return out
}

// concernedOf gives M the complaint in the form that was settled. In full it is
// without contact data (procedure.md 2), and the complaint itself: words of
// anybody but C, or of who registered for him, never stand in for it.
func (b *edition) concernedOf(l complaint.Letter, c complaint.Case, o Original, s []step) concerned {
	d := concerned{Number: number(c.Number), Steps: s, Form: word(l.Copy), Handler: oneLine(b.nameOf(c.Handler))}
	switch {
	case l.Copy == complaint.CopyNotice:
		return d
	case l.Body != "" || l.Copy == complaint.CopyRedacted:
		d.Form, d.Text = word(complaint.CopyRedacted), passage(strings.Trim(l.Body, "\r\n"))
		return d
	}
	text := o.Text
	switch {
	case c.RegisteredBy != "", c.Withheld == complaint.WithheldUnclaimed: // a colleague's words stand with it
		text = c.Form["omschrijving"].Value
	case !strings.EqualFold(o.From.Address, c.Complainant.Address):
		text = ""
	}
	d.Form, d.Name = word(complaint.CopyFull), oneLine(b.masked(c.Complainant.Name, c))
	d.Text, d.Cut = clip(b.masked(text, c))
	return d
}

var (
	mailAddress = regexp.MustCompile(`[^\s<>()\[\],;:"]+@[^\s<>()\[\],;:"]+`)
	telephone   = regexp.MustCompile(`(?:\+|\b00?)\(?\d(?:[ ./()-]{0,3}\d){7,13}\b`)
	dayAhead    = regexp.MustCompile(`^\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2})\b`)
)

// masked takes mail addresses and telephone numbers out of a text.
func (b *edition) masked(text string, c complaint.Case) string {
	t := tongues[b.language]
	text = mailAddress.ReplaceAllString(text, t.address)
	text = telephone.ReplaceAllStringFunc(text, func(s string) string {
		if dayAhead.MatchString(s) {
			return s
		}
		return t.telephone
	})
	for _, label := range [...]string{"telefoon", "e-mail"} {
		if v := strings.TrimSpace(c.Form[label].Value); len(v) >= 6 {
			text = strings.ReplaceAll(text, v, t.leftOut)
		}
	}
	return text
}
