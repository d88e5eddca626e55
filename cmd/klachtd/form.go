package main

import (
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/form"
)

// formView is the form by its labels (procedure.md 7): what was filled in, and
// what the case itself knows. A label without a value is not there.
func formView(c complaint.Case, zone *time.Location) map[string]string {
	view := map[string]string{}
	for label, v := range c.Form {
		view[label] = v.Value
	}
	set := func(label, value string) {
		if value != "" {
			view[label] = value
		}
	}
	for label, value := range map[string]string{form.Name: c.Complainant.Name, form.Email: c.Complainant.Address,
		form.ReceivedOn: string(complaint.DayOf(c.ReceivedAt, zone)), "symptoom": c.Category.Text} {
		if view[label] == "" { // what somebody filled in stands
			set(label, value)
		}
	}
	set("nummer", c.Number)
	set(form.Course, c.Course)
	set("soort", map[complaint.Kind]string{complaint.External: "extern", complaint.Internal: "intern"}[c.Kind])
	set(form.Severity, map[complaint.Severity]string{complaint.Low: "laag", complaint.Normal: "normaal", complaint.Severe: "ernstig"}[c.Severity])
	set("probleemeigenaar", c.Owner)
	set("behandelaar", c.Handler)
	set(form.Category, c.Category.Value)
	set(form.Cause, c.Cause.Value)
	set("toelichting oorzaak", c.Cause.Text)
	set(form.Finding, map[string]string{complaint.Founded: "gegrond", complaint.Partly: "deels", complaint.Unfounded: "ongegrond",
		complaint.NoFinding: "nvt"}[c.Finding.Value])
	set("motivering", c.Finding.Text)
	set("bewaren tot", string(c.EraseOn))
	formOfWork(c, zone, set)
	return view
}

// formOfWork adds what was said and done, a line each.
func formOfWork(c complaint.Case, zone *time.Location, set func(label, value string)) {
	day := func(t time.Time) string { return string(complaint.DayOf(t, zone)) }
	var concerned, talks, responses, questions, delays []string
	for _, m := range c.Concerned {
		if name := strings.TrimSpace(m.Name + " " + m.Address); name != "" {
			concerned = append(concerned, name)
		}
	}
	for _, r := range c.Talks {
		talks = append(talks, said(string(r.Day), r.By, r.Text))
	}
	for _, r := range c.Responses {
		responses = append(responses, said(day(r.At), r.By, r.Text))
	}
	for _, q := range c.Consultations {
		questions = append(questions, said(day(q.At), q.By, q.Question))
		if !q.Open() {
			questions = append(questions, said(day(q.AnsweredAt), q.AnsweredBy, q.Answer))
		}
	}
	for _, e := range c.Extensions {
		delays = append(delays, said(string(e.On)+" tot "+string(e.Until), e.By, e.Reason))
	}
	for label, lines := range map[string][]string{"betrokkene": concerned, "gesprekken": talks,
		"reactie van betrokkene": responses, "overleg": questions, "uitstel": delays} {
		set(label, strings.Join(lines, "\n"))
	}
	if n := len(c.Closings); n > 0 {
		last := c.Closings[n-1]
		set(form.Message, last.Text)
		set("geschreven op", day(last.At))
		set("geschreven door", last.By)
		set("akkoord", last.ApprovedBy)
	}
}

// said is one line of what several people said.
func said(on, by, words string) string {
	line := strings.TrimSpace(on + " " + by)
	if words != "" {
		line += ": " + strings.Join(strings.Fields(words), " ")
	}
	return line
}
