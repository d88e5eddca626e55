package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"klachtd/internal/mailworld"
	"klachtd/internal/message"
	"klachtd/internal/play"
)

// A screen shows the mails of the demo as they pass.
type screen struct {
	w      io.Writer
	colour bool
	day    string
	seen   map[string]bool // subjects without their numbers: the first of a kind is shown whole
}

func newScreen(w io.Writer) *screen {
	return &screen{w: w, colour: terminal(w), seen: map[string]bool{}}
}

// shown is how many lines of a mail are shown when one like it was shown before;
// the rest is for the mail program.
const shown = 8

const (
	bold   = "1"
	faint  = "2"
	green  = "32"
	blue   = "34"
	yellow = "33"
)

func (s *screen) paint(code, text string) string {
	if !s.colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s *screen) line(format string, args ...any) { fmt.Fprintf(s.w, format+"\n", args...) }

func (s *screen) title(text string) {
	s.line("%s\n\n%s", s.paint(bold, "klachtd demo"), text+".")
	s.line("The mail servers are embedded, on this machine alone; the people are invented.")
}

func (s *screen) say(text string) {
	s.line("")
	for l := range strings.Lines(text) {
		s.line("%s", s.paint(yellow, "» "+strings.TrimSpace(l)))
	}
}

func (s *screen) moment(t time.Time) {
	if day := t.Format("Monday 2 January 2006"); day != s.day {
		s.day = day
		s.line("\n%s", s.paint(bold, "── "+day+" "+strings.Repeat("─", max(0, 60-len(day)))))
	}
	s.line("%s", s.paint(faint, t.Format("15:04")))
}

// mail shows a mail and returns what a play looks at.
func (s *screen) mail(direction, to string, raw []byte) play.Letter {
	m := message.Parse(raw)
	head, code := "from "+people(m.From), blue
	if direction == "out" {
		head, code = "to   "+to, green
	}
	word := map[string]string{"in": "IN ", "out": "OUT"}[direction]
	s.line("  %s %s", s.paint(code, "┌ "+word), clean(head))
	s.line("  %s     %s", s.paint(code, "│"), s.paint(bold, clean(m.Subject)))
	lines := strings.Split(strings.TrimSpace(m.Text), "\n")
	kind, _, _ := strings.Cut(m.Subject, " [")
	again := direction == "out" && s.seen[kind]
	s.seen[kind] = true
	for i, l := range lines {
		if again && i == shown && len(lines) > shown+2 {
			s.line("  %s %s", s.paint(code, "│"), s.paint(faint, fmt.Sprintf("    … %d more lines", len(lines)-shown)))
			break
		}
		s.line("  %s     %s", s.paint(code, "│"), clean(l))
	}
	for _, a := range m.Attachments {
		s.line("  %s     %s", s.paint(code, "│"), s.paint(faint, fmt.Sprintf("[%s, %d bytes]", clean(a.Name), a.Size)))
	}
	s.line("  %s", s.paint(code, "└"))
	return play.Letter{To: to, Subject: m.Subject, MessageID: m.MessageID, Text: m.Text, Raw: raw}
}

func people(list []message.Address) string {
	var names []string
	for _, a := range list {
		if a.Name == "" {
			names = append(names, a.Address)
		} else {
			names = append(names, fmt.Sprintf("%s <%s>", a.Name, a.Address))
		}
	}
	return strings.Join(names, ", ")
}

func (s *screen) end() {
	s.line("\n%s", s.paint(bold, "All went as the procedure says."))
}

// invite tells how to take part.
func (s *screen) invite(w *mailworld.World) {
	s.line(`
The demo goes on as a live daemon, with today's date. To take part, add an account
to a mail program, without encryption:

  IMAP      %s
  SMTP      %s
  accounts  %s
  password  %s

Write a complaint as jan@voorbeeld.example to klachten@academie.example; read what
follows as Jan, as bas@academie.example (the office) and as directeur@academie.example.
Or without a mail program:

  printf 'From: <jan@voorbeeld.example>\r\nTo: <klachten@academie.example>\r\nSubject: Klacht\r\n\r\nHet lokaal was koud.\r\n' |
    curl -s smtp://%s --mail-from jan@voorbeeld.example --mail-rcpt klachten@academie.example -T -

Ctrl-C ends it, and leaves nothing behind.`,
		w.IMAPAddr(), w.SMTPAddr(), strings.Join(demoPeople, "\n            "), demoPassword, w.SMTPAddr())
}
