package letter

import (
	"strings"
	"unicode/utf8"
)

// text is the page as plain text. A paragraph is one line: programs wrap it to
// the width there is, and a phone's is no 72 characters.
func (p page) text() string {
	var b strings.Builder
	b.Grow(4096)
	for i, k := range p.blocks {
		if i > 0 && !(k.kind == p.blocks[i-1].kind && together(k.kind)) {
			b.WriteByte('\n')
		}
		k.text = unmarkAs(k)
		switch k.kind {
		case title, heading:
			rule := "="
			if k.kind == heading {
				rule = "-"
			}
			b.WriteString(k.text + "\n" + strings.Repeat(rule, utf8.RuneCountInString(k.text)))
		case press:
			b.WriteString("- " + unmark(k.key) + "\n  " + k.text)
		case item:
			b.WriteString("- " + k.text)
		case pair:
			b.WriteString(unmark(k.key) + ": " + k.text)
		case alert:
			b.WriteString("! " + k.text)
		case quote:
			b.WriteString("> " + k.text)
		case picture:
			b.WriteString(p.pictures[k.text].text())
		default:
			b.WriteString(k.text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// together reports whether blocks of a kind stand without a blank line between them.
func together(k blockKind) bool { return k == item || k == pair || k == question || k == press }

// unmarkAs gives a block's values their characters back.
func unmarkAs(k block) string {
	switch k.kind {
	case quote:
		return unmarkLines(k.text, "\n> ")
	case letter:
		return unmarkLines(k.text, "\n")
	}
	return unmark(k.text)
}

// unmark gives values their characters back and leaves the emphasis out, on one
// line.
func unmark(s string) string { return unmarkLines(s, " ") }

// unmarkLines is unmark with what the line ends of a value become. In a quote
// each line gets its mark: without it they would be taken for ours, which in a
// letter that a person wrote they are.
func unmarkLines(s, newline string) string {
	var b strings.Builder
	b.Grow(len(s))
	bold := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '*' && (bold || closes(s[i:])):
			bold = !bold
		case c == markedByte:
			r, width := marked(s[i:])
			i += width - 1
			switch {
			case r == linkOpen: // the label says it all
				i += max(0, strings.Index(s[i+1:], string(linkLabel))) + len(string(linkLabel))
			case r >= linkOpen:
			case r&0x7f == '\n':
				b.WriteString(newline)
			default:
				b.WriteByte(byte(r & 0x7f))
			}
		default:
			n := 1 + run(s[i+1:])
			b.WriteString(s[i : i+n])
			i += n - 1
		}
	}
	return b.String()
}
