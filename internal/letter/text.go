package letter

import (
	"strings"
	"unicode/utf8"
)

// width is where lines of the text part are broken.
const width = 72

// renderText writes the blocks as plain text.
func renderText(blocks []block) string {
	var b strings.Builder
	b.Grow(4 << 10)
	for i, bl := range blocks {
		if i > 0 {
			b.WriteString("\n")
		}
		for n, line := range bl.lines {
			if bl.kind == '?' && n > 0 {
				b.WriteString("\n")
			}
			textLine(&b, bl.kind, line)
		}
	}
	return b.String()
}

func textLine(b *strings.Builder, kind byte, line string) {
	switch kind {
	case '#':
		wrap(b, "", "", strings.ToUpper(plain(line)))
	case '!':
		wrap(b, "* ", "  ", plain(line))
	case '-':
		wrap(b, "- ", "  ", plain(line))
	case '=':
		label, value, _ := strings.Cut(line, "|")
		wrap(b, plain(strings.TrimSpace(label))+": ", "    ", plain(strings.TrimSpace(value)))
	case '>':
		if line == "" {
			b.WriteString(">\n")
			return
		}
		wrap(b, "> ", "> ", plain(line))
	default:
		wrap(b, "", "", plain(line))
	}
}

// plain is a line without its marks; a link shows its address where that is not
// what it says.
func plain(line string) string {
	if !strings.ContainsRune(line, markLink) {
		return show(strings.ReplaceAll(line, "**", ""))
	}
	var b strings.Builder
	for _, s := range spans(line) {
		b.WriteString(s.text)
		if s.link != "" && s.link != s.text && !strings.HasPrefix(s.link, "tel:") && s.link != "mailto:"+s.text {
			b.WriteString(" (" + s.link + ")")
		}
	}
	return b.String()
}

// wrap breaks a line at words.
func wrap(b *strings.Builder, first, next, line string) {
	b.WriteString(first)
	col, start := utf8.RuneCountInString(first), true
	for _, word := range strings.Split(line, " ") {
		n := utf8.RuneCountInString(word)
		if !start && col+1+n > width {
			b.WriteString("\n" + next)
			col, start = utf8.RuneCountInString(next), true
		}
		if !start {
			b.WriteByte(' ')
			col++
		}
		b.WriteString(word)
		col, start = col+n, false
	}
	b.WriteByte('\n')
}
