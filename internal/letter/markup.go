package letter

import "strings"

// A blockKind is one of the shapes that templates/README.md describes.
type blockKind byte

const (
	paragraph blockKind = iota
	title               // # text
	heading             // ## text
	item                // - text
	pair                // | key | value
	alert               // ! text
	quote               // > text
	question            // ? text
	small               // ~ text
	letter              // = text
	press               // + label | link | words
	picture             // % name
)

var markers = [...]struct {
	prefix string
	kind   blockKind
}{
	{"##", heading}, {"#", title}, {"-", item}, {"|", pair}, {"!", alert}, {">", quote}, {"?", question}, {"~", small}, {"=", letter}, {"+", press}, {"%", picture},
}

// A block is a shape with its text, in which values are still marked.
type block struct {
	kind blockKind
	key  string // of a pair; the label of a button
	text string
	link string // of a button; "" when there is none
}

// A page is a mail between its template and its two forms.
type page struct {
	language Language
	subject  string
	blocks   []block
	pictures map[string]Picture
}

const subjectPrefix = "Subject: "

// read takes the markup apart. It cannot fail: what is no marker is text. Line
// ends in src are the template's own, those of values are marked.
func read(src string) page {
	var p page
	first, rest, _ := strings.Cut(src, "\n")
	p.subject = strings.TrimSpace(strings.TrimPrefix(first, subjectPrefix))
	p.blocks = make([]block, 0, 40)
	open := false // the next line may go on where the last one stopped
	for row := range strings.SplitSeq(rest, "\n") {
		row = squeeze(row)
		b, marked := readRow(row)
		switch {
		case row == "":
			open = false
		case !marked && open:
			last := &p.blocks[len(p.blocks)-1]
			last.text += " " + row
		case b.text != "": // a pair without value, an empty quote: left out
			p.blocks = append(p.blocks, b)
			open = true
		default:
			open = false
		}
	}
	return p
}

func readRow(row string) (b block, marked bool) {
	for _, m := range markers {
		text, found := strings.CutPrefix(row, m.prefix)
		if !found || text != "" && text[0] != ' ' {
			continue
		}
		b = block{kind: m.kind, text: strings.TrimSpace(text)}
		if m.kind == pair {
			key, value, _ := strings.Cut(b.text, "|")
			b.key, b.text = strings.TrimSpace(key), strings.TrimSpace(value)
		}
		if m.kind == press {
			b = button(b.text)
		}
		return b, true
	}
	return block{text: row}, false
}

// button reads `label | link | words`. A link is what mailTo made, or none.
func button(row string) block {
	label, rest, _ := strings.Cut(row, "|")
	link, words, _ := strings.Cut(rest, "|")
	b := block{kind: press, key: strings.TrimSpace(label), text: strings.TrimSpace(words)}
	if l, found := strings.CutPrefix(strings.TrimSpace(link), string(linkOpen)); found {
		b.link = strings.TrimSuffix(l, string(linkClose))
	}
	return b
}

// squeeze trims a line and makes one space of several: conditions in a template
// leave them behind. The spaces of values are marked and stay.
func squeeze(s string) string {
	s = strings.Trim(s, " \t")
	if !strings.Contains(s, "  ") && strings.IndexByte(s, '\t') < 0 {
		return s
	}
	var b strings.Builder
	for field := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == '\t' }) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(field)
	}
	return b.String()
}

// marked decodes a code point that mark or link made, at the start of s. All
// that begins with this byte is ours: templates and values hold none (U+E000 to U+EFFF).
func marked(s string) (r rune, width int) {
	if len(s) < 3 {
		return 0, len(s)
	}
	return 0xe000 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f), 3
}

const markedByte = 0xee

// apart are the bytes that some form of a mail writes as something else.
var apart = [256]bool{markedByte: true, '*': true, '&': true, '<': true, '>': true, '"': true}

// run is how much of s every form writes as it is: most of a mail, in one piece.
func run(s string) int {
	for i := range len(s) {
		if apart[s[i]] {
			return i
		}
	}
	return len(s)
}

// closes reports whether an asterisk at the start of s has its partner.
func closes(s string) bool { return strings.IndexByte(s[1:], '*') >= 0 }
