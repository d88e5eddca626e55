package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/store"
)

type showCmd struct {
	configured
	Number string `arg:"" help:"The case, like K2026-482931."`
	JSON   bool   `name:"json" help:"Print one JSON object."`
}

// A dossierJSON is what `show --json` prints (interface.md).
type dossierJSON struct {
	caseJSON
	Timeline []timelineJSON    `json:"timeline"`
	Messages []messageJSON     `json:"messages"`
	Form     map[string]string `json:"form"`
}

type timelineJSON struct {
	At     *string `json:"at"`
	Actor  *string `json:"actor"`
	Event  string  `json:"event"`
	Detail *string `json:"detail"`
	moment time.Time
}

type messageJSON struct {
	Direction   string   `json:"direction"`
	At          *string  `json:"at"`
	From        *string  `json:"from"`
	To          []string `json:"to"`
	Subject     string   `json:"subject"`
	MessageID   *string  `json:"message_id"`
	Text        string   `json:"text"`
	Attachments []string `json:"attachments"`
	Delivery    *string  `json:"delivery"`
	moment      time.Time
}

// Run prints one dossier.
func (c showCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	var d dossierJSON
	err = view(cfg, e, func(tx *store.Tx) error {
		k, err := known(tx, c.Number)
		if err != nil {
			return err
		}
		d, err = dossier(tx, k, cfg.Academy.Zone)
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		data, err := marshal(d)
		if err == nil {
			_, err = fmt.Fprintln(e.stdout, data)
		}
		return err
	}
	return d.print(e.stdout)
}

// dossier gathers everything about a case.
func dossier(tx *store.Tx, c complaint.Case, zone *time.Location) (dossierJSON, error) {
	d := dossierJSON{caseJSON: caseView(c, zone), Timeline: []timelineJSON{}, Messages: []messageJSON{}, Form: formView(c)}
	events, err := tx.Events(c.ID)
	if err != nil {
		return d, err
	}
	for _, ev := range events {
		d.Timeline = append(d.Timeline, timelineJSON{moment(ev.At, zone), text(ev.Actor), ev.Event, text(ev.Detail), ev.At})
	}
	in, err := tx.Messages(c.ID)
	if err != nil {
		return d, err
	}
	for _, m := range in {
		v := messageJSON{Direction: m.Direction, At: moment(m.At, zone), From: text(m.From), To: m.To, Subject: m.Subject,
			MessageID: text(m.MessageID), Text: m.Text, Attachments: []string{}, moment: m.At}
		for _, a := range m.Attachments {
			v.Attachments = append(v.Attachments, a.Name)
		}
		d.Messages = append(d.Messages, v)
	}
	if err := d.addLetters(tx, c, zone); err != nil {
		return d, err
	}
	slices.SortStableFunc(d.Timeline, func(a, b timelineJSON) int { return a.moment.Compare(b.moment) })
	slices.SortStableFunc(d.Messages, func(a, b messageJSON) int { return a.moment.Compare(b.moment) })
	return d, nil
}

// formView is the form by its labels (procedure.md 7): what was filled in, and
// what the case itself knows.
func formView(c complaint.Case) map[string]string {
	form := map[string]string{}
	for label, v := range c.Form {
		form[label] = v.Value
	}
	for label, value := range map[string]string{"cursus": c.Course, "categorie": c.Category.Value, "oorzaak": c.Cause.Value,
		"toelichting oorzaak": c.Cause.Text, "oordeel": c.Finding.Value, "gronden": c.Finding.Text} {
		if value != "" {
			form[label] = value
		}
	}
	return form
}

// addLetters adds our own mails, read back from the bytes that were sent, and
// their sending to the timeline.
func (d *dossierJSON) addLetters(tx *store.Tx, c complaint.Case, zone *time.Location) error {
	letters, err := tx.Letters(c.ID)
	if err != nil {
		return err
	}
	for _, l := range letters {
		raw, err := tx.Body(l)
		if err != nil {
			return err
		}
		m := message.Parse(raw)
		v := messageJSON{Direction: "out", At: moment(l.CreatedAt, zone), From: text(l.From), To: []string{l.To}, Subject: l.Subject,
			MessageID: text(l.MessageID), Text: m.Text, Attachments: []string{}, Delivery: text(l.State.Delivery()), moment: l.CreatedAt}
		for _, a := range m.Attachments {
			v.Attachments = append(v.Attachments, a.Name)
		}
		d.Messages = append(d.Messages, v)
		if !l.SentAt.IsZero() {
			d.Timeline = append(d.Timeline, timelineJSON{moment(l.SentAt, zone), nil, "sent", text(string(l.Kind) + " to " + l.To), l.SentAt})
		}
	}
	return nil
}

func (d dossierJSON) print(w io.Writer) error {
	var b strings.Builder
	or := func(p *string) string {
		if p == nil {
			return "-"
		}
		return *p
	}
	fmt.Fprintf(&b, "%s  %s, %s, %s\n%s\n\n", d.Number, d.State, d.Kind, d.Severity, d.Subject)
	fmt.Fprintf(&b, "from        %s <%s>\nowner       %s\nhandler     %s\nreceived    %s\nreact by    %s\nresolve by  %s (expected %s)\n",
		or(d.Complainant.Name), or(d.Complainant.Email), or(d.Owner), or(d.Handler), or(d.ReceivedAt), or(d.ReactBy), or(d.ResolveBy), or(d.ExpectedOn))
	b.WriteString("\nPromises\n")
	for _, p := range d.Promises {
		state := "open"
		if p.FulfilledAt != nil {
			state = "kept " + *p.FulfilledAt
		} else if p.WaivedBy != nil {
			state = "waived by " + *p.WaivedBy + ": " + or(p.Reason)
		} else if p.BouncedAt != nil {
			state = "open again: undelivered " + *p.BouncedAt
		}
		fmt.Fprintf(&b, "  %-12s due %s  %s\n", p.Kind, or(p.Due), state)
	}
	b.WriteString("\nTimeline\n")
	for _, t := range d.Timeline {
		line := fmt.Sprintf("  %s  %s", or(t.At), t.Event)
		for _, p := range []*string{t.Actor, t.Detail} {
			if p != nil {
				line += "  " + *p
			}
		}
		b.WriteString(line + "\n")
	}
	b.WriteString("\nMessages\n")
	for _, m := range d.Messages {
		fmt.Fprintf(&b, "\n  %s  %s  %s -> %s  %s\n  %s\n\n", or(m.At), m.Direction, or(m.From), strings.Join(m.To, ", "), or(m.Delivery), m.Subject)
		for line := range strings.Lines(m.Text) {
			b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
		}
		for _, a := range m.Attachments {
			b.WriteString("    [attachment: " + a + "]\n")
		}
	}
	_, err := io.WriteString(w, clean(b.String()))
	return err
}
