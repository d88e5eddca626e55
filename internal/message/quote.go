package message

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isQuoted finds a line with a quote mark (RFC 3676 4.5), of whatever depth.
func isQuoted(line string) bool {
	return strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") && !isGroupWise(line)
}

// unquoted takes the quote marks off.
func unquoted(line string) string { return strings.TrimLeft(line, "> \t\u00a0") }

// dropQuotes drops lines with a quote mark, and the line above them that says who
// wrote them. In a mail that answers nothing a mark may be an arrow of the
// sender's own, so there it must look as a mail program leaves it.
func (c *cutter) dropQuotes(answer bool) {
	for i := 0; i < len(c.lines); i++ {
		if c.drop[i] || !isQuoted(c.lines[i]) {
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
		if answer || attributed || c.looksQuoted(i, end) {
			c.mark(from, end)
		}
		i = end - 1
	}
}

// looksQuoted tells quoted mail from a list with arrows: a mail program also marks
// the blank lines, marks what was marked already, and breaks sentences.
func (c *cutter) looksQuoted(from, to int) bool {
	for i := from; i < to; i++ {
		line := strings.TrimSpace(c.lines[i])
		if line == ">" || strings.HasPrefix(line, ">>") || strings.HasPrefix(line, "> >") {
			return true
		}
		if i+1 == to || len(line) < 60 || !isQuoted(c.lines[i+1]) {
			continue
		}
		if !endsSentence(line) && !startsUpper(unquoted(c.lines[i+1])) {
			return true
		}
	}
	return false
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
	if above == ">" || endsSentence(above) || first == "" || startsUpper(first) {
		return false
	}
	const width = 70
	return len(line) < width/2 && len(above)+1+len(first) >= width
}

func endsSentence(line string) bool {
	return line == "" || strings.ContainsAny(line[len(line)-1:], ".?!:;")
}

func startsUpper(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}

// attributionAbove finds what says whose mail is quoted, right above line i: an
// attribution, or a divider.
func (c *cutter) attributionAbove(i int) (from int, ok bool) {
	last := i - 1
	for last >= 0 && last > i-4 && isBlank(c.lines[last]) {
		last--
	}
	if last < 0 || c.drop[last] || isQuoted(c.lines[last]) {
		return i, false
	}
	if dividerAt(c.lines[last]) != noDivider {
		return last, true
	}
	if from, ok = c.attribution(last); ok {
		return from, true
	}
	if i-last <= 2 && namesAuthor(bare(c.lines[last])) {
		return last, true
	}
	return i, false
}
