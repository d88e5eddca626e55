package message

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// newText returns the lines of text that the sender wrote now: without mail that
// he quotes, the header of what he forwards, and his signature. When in doubt it
// keeps a line; the full text is stored whatever happens. answer: the message
// answers another one; forward: its subject says that it passes one on.
func newText(text string, answer, forward bool) string {
	if text == "" {
		return ""
	}
	lines := strings.Split(text, "\n")
	c := cutter{lines: lines, drop: make([]bool, len(lines))}
	c.dropQuotes(answer)
	c.dropHistory(answer, forward)
	c.dropSignature()
	c.dropDisclaimer()
	return c.kept()
}

// replies says that a message answers one, by its fields or its subject.
func replies(m Message) bool {
	return len(m.InReplyTo) > 0 || len(m.References) > 0 ||
		hasPrefixFold(m.Subject, "re:", "aw:", "antw:", "antwoord:", "betr:", "sv:")
}

// forwards says that the subject is one of a passed on mail.
func forwards(subject string) bool {
	return hasPrefixFold(subject, "fw:", "fwd:", "doorst:", "wg:", "tr:", "doorgestuurd:")
}

func hasPrefixFold(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if len(s) >= len(p) && strings.EqualFold(s[:len(p)], p) {
			return true
		}
	}
	return false
}

// A cutter marks lines that are not new.
type cutter struct {
	lines []string
	drop  []bool
}

// dropQuotes drops lines with a quote mark, and the line above them that says who
// wrote them. A single such line in a mail that answers nothing is the sender's own.
func (c *cutter) dropQuotes(answer bool) {
	for i := 0; i < len(c.lines); i++ {
		if !isQuoted(c.lines[i]) {
			continue
		}
		end := i
		for end < len(c.lines) && (isQuoted(c.lines[end]) || isBlank(c.lines[end]) || c.isWrapped(end)) {
			end++
		}
		for isBlank(c.lines[end-1]) {
			end--
		}
		from, attributed := c.attributionAbove(i)
		if answer || attributed || end-i > 1 {
			c.mark(from, end)
		}
		i = end - 1
	}
}

// isWrapped finds the rest of a quoted line that some server broke in two: a short
// line right between quoted ones, of which the first was full and ended amid a
// sentence.
func (c *cutter) isWrapped(i int) bool {
	if i == 0 || i+1 >= len(c.lines) || !isQuoted(c.lines[i-1]) || !isQuoted(c.lines[i+1]) {
		return false
	}
	above, line := strings.TrimSpace(c.lines[i-1]), c.lines[i]
	first, _, _ := strings.Cut(line, " ")
	if above == ">" || strings.ContainsAny(above[len(above)-1:], ".?!:;") || first == "" || startsUpper(first) {
		return false
	}
	const width = 70
	return len(line) < width/2 && len(above)+1+len(first) >= width
}

func startsUpper(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}

// attributionAbove finds "Op … schreef …:" right above line i; it takes up to
// three lines.
func (c *cutter) attributionAbove(i int) (from int, ok bool) {
	last := i - 1
	for last >= 0 && last > i-3 && isBlank(c.lines[last]) {
		last--
	}
	if last < 0 || isQuoted(c.lines[last]) {
		return i, false
	}
	for from = last; from >= 0 && from > last-4; from-- {
		if isAttribution(c.joined(from, last+1), last+1-from) {
			return from, true
		}
		if isBlank(c.lines[from]) {
			break
		}
	}
	return i, false
}

// dropHistory drops everything from where an older mail begins that has no quote
// marks: a divider, a header in the text, an attribution. What a person passes on
// without a word of his own is what he has to say, so then only its header goes;
// and where nothing is answered, "Van: … Aan: …" at the top heads his own letter.
func (c *cutter) dropHistory(answer, forward bool) {
	for i := range c.lines {
		if c.drop[i] || isBlank(c.lines[i]) {
			continue
		}
		end := c.historyStart(i)
		if end == 0 {
			continue
		}
		passedOn := forward || isForwardDivider(c.lines[i])
		if (passedOn || !answer) && c.blankBefore(i) {
			if passedOn {
				c.mark(i, end)
			}
			return
		}
		if isUnderscores(c.before(i)) {
			i = c.indexBefore(i)
		}
		c.mark(i, len(c.lines))
		return
	}
}

// historyStart reports whether an older mail begins at line i, and where its
// header ends; 0 when it does not.
func (c *cutter) historyStart(i int) int {
	if isDivider(c.lines[i]) || isForwardDivider(c.lines[i]) {
		end := i + 1
		for end < len(c.lines) && isBlank(c.lines[end]) {
			end++
		}
		if n := c.headerLines(end); n > 0 {
			end += n
		}
		return end
	}
	if n := c.headerLines(i); n > 0 {
		return i + n
	}
	if c.attributionStart(i) {
		return i + 1
	}
	return 0
}

// attributionStart reports whether an attribution of up to three lines begins at
// line i, and not further down: "Op zich prima." may stand right above it.
func (c *cutter) attributionStart(i int) bool {
	for end := i + 1; end <= min(i+3, len(c.lines)); end++ {
		if c.drop[end-1] || isBlank(c.lines[end-1]) {
			return false
		}
		for from := end - 1; from >= i; from-- {
			if line := c.joined(from, end); isAttribution(line, end-from) && hasClock(line) {
				return from == i
			}
		}
	}
	return false
}

// headerLines counts the lines of a header that a mail program put in the text,
// at line i: From and at least two more, without anything between them but the
// rest of a long line. It is 0 when there is no such header.
func (c *cutter) headerLines(i int) int {
	if i >= len(c.lines) || !isHeaderLine(c.lines[i], fromLabels) {
		return 0
	}
	seen, end, blanks := 0, i+1, 0
	for k := i + 1; k < len(c.lines) && k < i+16; k++ {
		line := c.lines[k]
		if isBlank(line) {
			// HTML programs put each field in a paragraph of its own.
			if blanks++; blanks > 1 && seen >= 2 || blanks > 5 {
				break
			}
			continue
		}
		if !isHeaderLine(line, otherLabels) {
			if blanks > 0 && isBlank(c.lines[k-1]) {
				break
			}
			continue
		}
		seen++
		end = k + 1
	}
	if seen < 2 {
		return 0
	}
	return end - i
}

// dropSignature drops what follows "-- " (RFC 3676 4.3), up to a quote, and the
// last line that a telephone adds. "--" alone is one when little follows.
func (c *cutter) dropSignature() {
	for i, line := range c.lines {
		if c.drop[i] || line != "-- " && line != "--" && line != "--\u00a0" {
			continue
		}
		end, words := i+1, 0
		for end < len(c.lines) && !c.drop[end] {
			if !isBlank(c.lines[end]) {
				words++
			}
			if end++; line == "--" && words > 10 {
				break
			}
		}
		if line == "--" && words > 10 {
			continue
		}
		c.mark(i, end)
	}
	for i := len(c.lines) - 1; i >= 0; i-- {
		if c.drop[i] || isBlank(c.lines[i]) {
			continue
		}
		if !isDeviceLine(c.lines[i]) {
			return
		}
		c.mark(i, i+1)
	}
}

// dropDisclaimer drops a last paragraph that lawyers wrote.
func (c *cutter) dropDisclaimer() {
	start, paragraphs := len(c.lines), 0
	for i := len(c.lines) - 1; i > 0 && paragraphs < 3; i-- {
		if c.drop[i] || isBlank(c.lines[i]) || !c.drop[i-1] && !isBlank(c.lines[i-1]) && !isUnderscores(c.lines[i-1]) {
			continue
		}
		paragraphs++
		if isDisclaimer(c.joined(i, min(i+4, len(c.lines)))) {
			start = i
		}
	}
	if start == len(c.lines) || c.blankBefore(start) {
		return
	}
	c.mark(start, len(c.lines))
}

func (c *cutter) mark(from, to int) {
	for i := from; i < to; i++ {
		c.drop[i] = true
	}
}

// joined is some lines as one, without the marks of bold text.
func (c *cutter) joined(from, to int) string {
	if to-from == 1 {
		return strings.TrimSpace(c.lines[from])
	}
	var parts []string
	for _, line := range c.lines[from:to] {
		parts = append(parts, strings.TrimSpace(line[:min(len(line), 400)]))
	}
	return strings.Join(parts, " ")
}

// blankBefore reports whether nothing new stands above line i.
func (c *cutter) blankBefore(i int) bool {
	for k := range i {
		if !c.drop[k] && !isBlank(c.lines[k]) && !isDeviceLine(c.lines[k]) && !isUnderscores(c.lines[k]) {
			return false
		}
	}
	return true
}

func (c *cutter) indexBefore(i int) int {
	for i--; i >= 0 && isBlank(c.lines[i]); i-- {
	}
	return i
}

func (c *cutter) before(i int) string {
	if i = c.indexBefore(i); i >= 0 {
		return c.lines[i]
	}
	return ""
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
