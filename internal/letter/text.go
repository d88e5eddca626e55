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
		k.text = unmark(k.text, k.kind == quote)
		switch k.kind {
		case title, heading:
			rule := "="
			if k.kind == heading {
				rule = "-"
			}
			b.WriteString(k.text + "\n" + strings.Repeat(rule, utf8.RuneCountInString(k.text)))
		case item:
			b.WriteString("- " + k.text)
		case pair:
			b.WriteString(unmark(k.key, false) + ": " + k.text)
		case alert:
			b.WriteString("! " + k.text)
		case quote:
			b.WriteString("> " + k.text)
		default:
			b.WriteString(k.text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// together reports whether blocks of a kind stand without a blank line between them.
func together(k blockKind) bool { return k == item || k == pair || k == question }

// unmark gives values their characters back and leaves the emphasis out. Lines
// of a value stay lines in a quote alone, each with its mark: outside it they
// would be taken for ours.
func unmark(s string, quoted bool) string {
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
			case r&0x7f == '\n' && quoted:
				b.WriteString("\n> ")
			case r&0x7f == '\n':
				b.WriteByte(' ')
			default:
				b.WriteByte(byte(r & 0x7f))
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
