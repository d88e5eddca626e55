package main

import (
	"fmt"
	"io"
	"strings"

	"klachtd/internal/form"
)

// print writes a dossier for people.
func (d dossierJSON) print(w io.Writer) error {
	var b strings.Builder
	d.printHead(&b)
	d.printPromises(&b)
	d.printForm(&b)
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
		m.print(&b)
	}
	_, err := io.WriteString(w, clean(b.String()))
	return err
}

// or is a dash for what is absent.
func or(p *string) string {
	if p == nil {
		return "-"
	}
	return *p
}

func (d dossierJSON) printHead(b *strings.Builder) {
	fmt.Fprintf(b, "%s  %s, %s, %s\n%s\n\n", d.Number, d.State, d.Kind, d.Severity, d.Subject)
	from := "-"
	if d.Complainant.Email != nil || d.Complainant.Name != nil {
		from = strings.TrimSpace(strings.TrimPrefix(or(d.Complainant.Name)+" <"+or(d.Complainant.Email)+">", "- "))
	}
	concerned := strings.Join(d.Concerned, ", ")
	if concerned == "" {
		concerned = "-"
	}
	rows := [][2]string{{"from", from}, {"owner", or(d.Owner)}, {"handler", or(d.Handler)}, {"concerned", concerned},
		{"category", or(d.Category)}, {"finding", finding(d.Form)}, {"cause", or(d.Cause)},
		{"received", or(d.ReceivedAt)}, {"react by", or(d.ReactBy)}, {"reacted", or(d.ReactedAt)},
		{"resolve by", or(d.ResolveBy) + " (told: " + or(d.ExpectedOn) + ")"}}
	if d.ClosedAt != nil {
		rows = append(rows, [2]string{"closed", or(d.ClosedAt) + ", " + or(d.Resolution)}, [2]string{"erase on", or(d.EraseOn)})
	}
	for _, r := range rows {
		fmt.Fprintf(b, "%-12s%s\n", r[0], r[1])
	}
}

func finding(values map[string]string) string {
	if v := values[form.Finding]; v != "" {
		return v
	}
	return "-"
}

func (d dossierJSON) printPromises(b *strings.Builder) {
	b.WriteString("\nPromises\n")
	for _, p := range d.Promises {
		state := "open"
		switch {
		case p.FulfilledAt != nil:
			state = "kept " + *p.FulfilledAt
		case p.WaivedBy != nil:
			state = "waived by " + *p.WaivedBy
			if p.Reason != nil {
				state += ": " + *p.Reason
			}
		case p.BouncedAt != nil:
			state = "open again: undelivered " + *p.BouncedAt
		}
		fmt.Fprintf(b, "  %-17s due %s  %s\n", p.Kind, or(p.Due), state)
	}
}

// printForm writes the form in the order of procedure.md 7.
func (d dossierJSON) printForm(b *strings.Builder) {
	b.WriteString("\nForm\n")
	for _, f := range form.Internal() {
		if v, ok := d.Form[f.Key]; ok {
			fmt.Fprintf(b, "  %-27s %s\n", f.Key, strings.ReplaceAll(v, "\n", "\n"+strings.Repeat(" ", 30)))
		}
	}
}

func (m messageJSON) print(b *strings.Builder) {
	state := m.state
	if state == "" {
		state = or(m.Delivery)
	}
	fmt.Fprintf(b, "\n  %s  %s  %s -> %s  %s\n  %s\n\n", or(m.At), m.Direction, or(m.From), strings.Join(m.To, ", "), state, m.Subject)
	for line := range strings.Lines(m.Text) {
		b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
	}
	for _, a := range m.Attachments {
		b.WriteString("    [attachment: " + a + "]\n")
	}
}
