package main

import (
	"fmt"
	"strings"
	"time"

	"klachtd/internal/archive"
	"klachtd/internal/desk"
)

// An importScreen shows how an import goes: the rows on stdout, how far it has
// come on a terminal.
type importScreen struct {
	env      env
	dry      bool
	json     bool
	progress bool
	zone     *time.Location
	count    map[string]int
	mailed   int
	all      int
	told     time.Time // when the progress was last shown
}

func newImportScreen(e env, c importCmd, zone *time.Location) *importScreen {
	rows := c.DryRun || c.JSON
	// rows that scroll by are progress enough
	return &importScreen{env: e, dry: c.DryRun, json: c.JSON, zone: zone, count: map[string]int{},
		progress: terminal(e.stderr) && !(rows && terminal(e.stdout))}
}

// An importRow is what `import --json` prints of a message.
type importRow struct {
	File       string  `json:"file"`
	Message    *int    `json:"message"` // which one of an mbox, from 1
	ReceivedAt *string `json:"received_at"`
	From       *string `json:"from"`
	Subject    string  `json:"subject"`
	Becomes    string  `json:"becomes"`
	Why        string  `json:"why"`
	Case       *string `json:"case"`
	Mailed     bool    `json:"mailed"` // somebody gets mail about it
}

func (s *importScreen) show(m archive.Message, f desk.Fate) error {
	s.all++
	s.count[f.Became]++
	if f.Mailed {
		s.mailed++
	}
	switch {
	case s.json:
		row := importRow{File: m.File, ReceivedAt: moment(f.Received, s.zone), From: text(f.From), Subject: f.Subject,
			Becomes: f.Became, Why: f.Why, Case: text(f.Number), Mailed: f.Mailed}
		if m.N > 0 {
			row.Message = &m.N
		}
		line, err := marshal(row)
		if err != nil {
			return fmt.Errorf("%s: %w", place(m), err)
		}
		if _, err := fmt.Fprintln(s.env.stdout, line); err != nil {
			return err
		}
	case s.dry:
		if err := s.row(m, f); err != nil {
			return err
		}
	}
	s.tick(m)
	return nil
}

// row is a line of the table. Its columns are as wide as they are: the rows are
// written as they come, so that a large archive needs no memory.
func (s *importScreen) row(m archive.Message, f desk.Fate) error {
	if s.all == 1 {
		fmt.Fprintf(s.env.stdout, "%-10s  %-11s  %-28s  %-30s  %-50s  %s\n", "received", "becomes", "from", "subject", "why", "message")
	}
	day := "-"
	if !f.Received.IsZero() {
		day = f.Received.In(s.zone).Format(time.DateOnly)
	}
	why := f.Why
	if f.Number != "" {
		why += " (" + f.Number + ")"
	}
	_, err := fmt.Fprintf(s.env.stdout, "%-10s  %-11s  %-28s  %-30s  %-50s  %s\n", day, f.Became,
		cell(f.From, 28), cell(f.Subject, 30), why, cell(place(m), 1<<10))
	return err
}

// cell makes a value fit a column, on one line.
func cell(s string, width int) string {
	s = strings.Join(strings.Fields(clean(s)), " ")
	if s == "" {
		return "-"
	}
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}

// tick shows on a terminal how far it is, five times a second at most.
func (s *importScreen) tick(m archive.Message) {
	now := s.env.now()
	if !s.progress || now.Sub(s.told) < 200*time.Millisecond {
		return
	}
	s.told = now
	fmt.Fprintf(s.env.stderr, "\r\x1b[K%d messages, %d registered; %s", s.all, s.count["registered"], cell(place(m), 60))
}

func (s *importScreen) end() {
	if s.progress {
		fmt.Fprint(s.env.stderr, "\r\x1b[K")
	}
}

// sum is the last line; with --json it is none of the data.
func (s *importScreen) sum() error {
	out := s.env.stdout
	if s.json {
		out = s.env.stderr
	}
	var parts []string
	for _, word := range became {
		if n := s.count[string(word)]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words[string(word)]))
		}
	}
	what := "nothing found"
	if len(parts) > 0 {
		what = strings.Join(parts, ", ")
	}
	verb := ""
	if s.dry {
		verb = "would be "
	}
	_, err := fmt.Fprintf(out, "%s%d messages: %s; mail %squeued about %d\n", map[bool]string{true: "dry run: "}[s.dry], s.all, what, verb, s.mailed)
	return err
}

// words are how the counts are told.
var words = map[string]string{"registered": "registered", "followup": "follow-ups", "note": "notes", "automatic": "automatic",
	"bounce": "bounces", "spam": "spam", "quarantined": "stubs", "duplicate": "seen before", desk.LeftAlone: "left alone", desk.Failed: "failed"}
