package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

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

// How many lines of a mail are shown: of the first of a kind, and of those like
// it; the rest is for the mail program.
const (
	shownFirst = 43
	shownAgain = 6
)

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
	var lines []string
	for l := range strings.SplitSeq(strings.TrimSpace(m.Text), "\n") {
		lines = append(lines, wrap(clean(l), width)...)
	}
	kind, _, _ := strings.Cut(m.Subject, " [")
	most := shownFirst
	if direction == "out" && s.seen[kind] {
		most = shownAgain
	}
	s.seen[kind] = true
	for i, l := range lines {
		if i == most && len(lines) > most+2 {
			s.line("  %s %s", s.paint(code, "│"), s.paint(faint, fmt.Sprintf("    … %d more lines", len(lines)-most)))
			break
		}
		s.line("  %s     %s", s.paint(code, "│"), l)
	}
	for _, a := range m.Attachments {
		s.line("  %s     %s", s.paint(code, "│"), s.paint(faint, fmt.Sprintf("[%s, %d bytes]", clean(a.Name), a.Size)))
	}
	s.line("  %s", s.paint(code, "└"))
	return play.Letter{To: to, Subject: m.Subject, MessageID: m.MessageID, Text: m.Text, Raw: raw}
}

// width is how much of a line of a mail stands beside the bar.
const width = 90

// wrap breaks a line between words, and what follows stands under its beginning.
func wrap(line string, width int) []string {
	indent := line[:len(line)-len(strings.TrimLeft(line, " >-"))]
	if strings.TrimSpace(indent) == "-" {
		indent = strings.Repeat(" ", len(indent))
	}
	var parts []string
	for utf8.RuneCountInString(line) > width {
		runes := []rune(line)
		i := width
		for i > len(indent) && runes[i] != ' ' {
			i--
		}
		if i == len(indent) { // one long word
			break
		}
		parts = append(parts, string(runes[:i]))
		line = indent + strings.TrimLeft(string(runes[i:]), " ")
	}
	return append(parts, line)
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
to a mail program, without encryption, and with the login for SMTP too: by it the mail
server knows whose a command is.

  IMAP      %s
  SMTP      %s
  accounts  %s
  password  %s

Write a complaint as jan@voorbeeld.example to klachten@academie.example; read what
follows as Jan, as bas@academie.example (the office) and as directeur@academie.example.
As Bas, press a button in the mail and send what it opens; #help in a subject says what else
there is. Or without a mail program:

  printf 'From: <jan@voorbeeld.example>\r\nTo: <klachten@academie.example>\r\nSubject: Klacht\r\n\r\nHet lokaal was koud.\r\n' |
    curl -s smtp://%s --mail-from jan@voorbeeld.example --mail-rcpt klachten@academie.example -T -

Ctrl-C ends it, and leaves nothing behind.`,
		w.IMAPAddr(), w.SMTPAddr(), strings.Join(demoPeople, "\n            "), demoPassword, w.SMTPAddr())
}
