package message

import (
	"strings"
)

// newWords returns the lines of text that the sender wrote now: without mail that
// he quotes, the header of what he passes on, and his signature. When in doubt it
// keeps a line: the full text is stored whatever happens, but a paragraph of a
// complaint that is missing here is one that nobody reads. answer: the message
// answers another one; forward: its subject says that it passes one on; older:
// the lines at which HTML says that an older mail begins, in order.
//
// A closing with the name under it ("Met vriendelijke groet, Jan") stays, and so
// do the telephone number and address that people put there: no program marks
// where a letter ends and they begin. What follows "-- " goes (RFC 3676 4.3).
//
// Its time is linear: a line is looked at with no more than a fixed number of
// lines around it, and no further than maxMarked bytes into it.
func newWords(text string, older []int, answer, forward bool) string {
	if text == "" {
		return ""
	}
	lines := strings.Split(text, "\n")
	c := cutter{lines: lines, drop: make([]bool, len(lines)), older: older}
	if c.dropForwardHeader(answer, forward) {
		return c.kept()
	}
	c.dropQuotes(answer)
	c.dropHistory(answer)
	c.dropSignature(answer)
	c.dropFooter()
	return c.kept()
}

// A cutter marks lines that are not new.
type cutter struct {
	lines []string
	drop  []bool
	older []int // lines at which HTML says that an older mail begins, in order
}

func (c *cutter) mark(from, to int) {
	for i := from; i < to; i++ {
		c.drop[i] = true
	}
}

// next is the first line at i or after it that is not blank.
func (c *cutter) next(i int) int {
	for i < len(c.lines) && isBlank(c.lines[i]) {
		i++
	}
	return i
}

// kept joins the lines that are left, with no more than one blank line where some
// were dropped.
func (c *cutter) kept() string {
	var out []string
	gap := false
	for i, line := range c.lines {
		if c.drop[i] {
			gap = true
			continue
		}
		if gap && isBlank(line) && len(out) > 0 && isBlank(out[len(out)-1]) {
			continue
		}
		gap = false
		out = append(out, line)
	}
	return trimBlank(strings.Join(out, "\n"))
}

// maxMarked bounds what is read of a line that a mail program may have written;
// none of them writes longer ones.
const maxMarked = 600

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

// bare is a line without what changes on its way: white space and its odd kinds
// (U+202F stands before AM and PM), characters without width, the marks of bold
// text. It is "" for a line that is too long to be a mail program's.
func bare(line string) string {
	if len(line) > maxMarked {
		return ""
	}
	for i := range len(line) {
		if line[i] >= 0x80 || line[i] == '\t' {
			line = strings.Map(plainRune, line)
			break
		}
	}
	return strings.Trim(line, " *")
}

func plainRune(r rune) rune {
	switch r {
	case '\t', '\u00a0', '\u202f', '\u2009':
		return ' '
	case '\u200b', '\u200e', '\u200f', '\u2060', '\ufeff':
		return -1
	case '\u2019':
		return '\''
	case '\uff1a':
		return ':'
	}
	return r
}
