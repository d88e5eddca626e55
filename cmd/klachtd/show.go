package main

import (
	"fmt"
	"slices"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/store"
)

type showCmd struct {
	configured
	Number string `arg:"" help:"The case, like K2026-482935."`
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
	HeldUntil   *string  `json:"held_until"`
	state       string   // beyond delivery, for people
	moment      time.Time
	place       int           // of what came in: among the messages of the case
	letter      *store.Letter // of what is ours
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
	d := dossierJSON{caseJSON: caseView(c, zone), Timeline: []timelineJSON{}, Messages: []messageJSON{}, Form: formView(c, zone)}
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
	for i, m := range in {
		v := messageJSON{place: i, Direction: m.Direction, At: moment(m.At, zone), From: text(m.From), To: m.To, Subject: m.Subject,
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

// addLetters adds our own mails, read back from the bytes that were sent, and
// their sending to the timeline.
func (d *dossierJSON) addLetters(tx *store.Tx, c complaint.Case, zone *time.Location) error {
	letters, err := tx.Letters(c.ID)
	if err != nil {
		return err
	}
	for i, l := range letters {
		raw, err := tx.Body(l)
		if err != nil {
			return err
		}
		m := message.Parse(raw)
		v := messageJSON{letter: &letters[i], Direction: "out", At: moment(l.CreatedAt, zone), From: text(l.From), To: []string{l.To}, Subject: l.Subject,
			MessageID: text(l.MessageID), Text: m.Text, Attachments: []string{}, Delivery: text(l.State.Delivery()), moment: l.CreatedAt}
		for _, a := range m.Attachments {
			v.Attachments = append(v.Attachments, a.Name)
		}
		v.hold(l, c, zone)
		d.Messages = append(d.Messages, v)
		if !l.SentAt.IsZero() {
			d.Timeline = append(d.Timeline, timelineJSON{moment(l.SentAt, zone), nil, "sent", text(string(l.Kind) + " to " + l.To), l.SentAt})
		}
	}
	return nil
}

// hold says of a letter that has not left why it has not.
func (m *messageJSON) hold(l store.Letter, c complaint.Case, zone *time.Location) {
	switch {
	case l.Failure == store.TakenBack:
		m.state = "taken back"
	case l.State == store.Held:
		m.state = "held: waits for klachtd release"
	case l.State == store.Unsure:
		m.state = "uncertain: nobody answered for it"
	case l.State != store.Due:
		return
	}
	for _, out := range c.Outbound {
		if l.State == store.Due && out.Ref == l.Ref && l.Ref > 0 && !out.Until.IsZero() {
			m.HeldUntil = moment(out.Until, zone)
			m.state = "held until " + *m.HeldUntil
		}
	}
}
