// Package form reads the labelled lines of the forms ("Naam: ..."): the external
// one that a complainant fills in (Parse), that of #registreer (ParseRegistration)
// and that of the closing (ParseClosing); Internal is the internal form, of which
// the case keeps the values. Labels and sections are those of procedure.md 7.
package form

import (
	"strings"
)

// Fields are the values of a form by key: the labels of procedure.md 7 in Dutch,
// lower case (interface.md, "form"). A field that nobody filled in is not there.
type Fields map[string]string

// Parse reads the labelled lines of text, those of the acknowledgement and those
// of the external form, in Dutch and English. A label begins its line, behind
// quote marks, a bullet or stars at most, and ends in a colon or question mark;
// labels may come in any order. A value is what stands behind the label and on
// the lines below it, to the next label; an empty line ends a short one, and text
// below a quoted label may answer it. An unanswered label yields nothing. Of two
// answers the one less quoted counts, then the first; another one stays in rest,
// the text without labels and values. What looks like a signature is no answer: below a greeting a
// label that stands in signatures too (Telefoon) is not read before another one.
//
// For the answer to a mail of ours pass the whole text, with what it quotes: that
// is where people fill in. Any text gives Fields.
func Parse(text string) (Fields, string) {
	r := newReader(text, externalLabels)
	fields, rest := r.read()
	splitPhone(fields)
	return fields, rest
}

// A line of a mail: how deep it is quoted, and what stands there.
type line struct {
	raw   string
	text  string
	depth int
}

func splitLines(text string) []line {
	var lines []line
	for raw := range strings.Lines(text) {
		raw = strings.TrimRight(raw, "\r\n")
		depth, rest := 0, strings.TrimSpace(raw)
		for strings.HasPrefix(rest, ">") {
			depth++
			rest = strings.TrimSpace(rest[1:])
		}
		lines = append(lines, line{raw, rest, depth})
	}
	return lines
}

// A reader goes through the lines of a form.
type reader struct {
	lines  []line
	found  []hit // per line; one without a key is no label
	fields Fields
	depths map[string]int // of the values in fields
	rest   []string
	signs  bool   // some label may be one of a signature
	signed bool   // below a greeting: what follows may be a signature
	last   string // key of the last label
}

// A hit is a label at the start of a line.
type hit struct {
	label label
	value string // behind it on the line
	depth int
}

func newReader(text string, labels map[string]label) *reader {
	r := &reader{lines: splitLines(text), fields: Fields{}, depths: map[string]int{}}
	r.found = make([]hit, len(r.lines))
	for i, l := range r.lines {
		if at, value, ok := labelAt(l.text, labels); ok {
			r.found[i] = hit{at, value, l.depth}
			r.signs = r.signs || at.contact
		}
	}
	return r
}

func (r *reader) read() (Fields, string) {
	for i := 0; i < len(r.lines); {
		if !r.isLabel(i) || r.signed && r.found[i].label.contact {
			r.signed = r.signed || r.signs && isSignOff(r.lines[i].text)
			r.rest = append(r.rest, r.lines[i].raw)
			i++
			continue
		}
		i = r.take(i)
	}
	return r.fields, strings.TrimSpace(strings.Join(withoutEmpty(r.rest), "\n"))
}

// withoutEmpty is lines without those at its start and end that hold at most
// quote marks.
func withoutEmpty(lines []string) []string {
	empty := func(l string) bool { return strings.Trim(l, "> \t") == "" }
	for len(lines) > 0 && empty(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && empty(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func (r *reader) isLabel(i int) bool { return r.found[i].label.key != "" }

// take reads the value of the label on line i and returns the line after it.
func (r *reader) take(i int) int {
	h := r.found[i]
	h.label.key = r.keyHere(h.label.key)
	r.signed, r.last = false, h.label.key
	value, next := r.value(i, h)
	if value = cleanValue(value); value == "" {
		return next
	}
	depth, ok := r.depths[h.label.key]
	switch {
	case !ok || h.depth < depth:
		r.fields[h.label.key], r.depths[h.label.key] = value, h.depth
	case r.fields[h.label.key] != value:
		for _, l := range r.lines[i:next] {
			r.rest = append(r.rest, l.raw)
		}
	}
	return next
}

// keyHere tells the two labels apart that read "Wanneer:": below "Eerder besproken
// met:" it is when that was, in the acknowledgement when it happened.
func (r *reader) keyHere(key string) string {
	if key == When && r.last != DiscussedWith {
		return IncidentDate
	}
	return key
}

// value collects what stands behind the label on line i and below it.
func (r *reader) value(i int, h hit) (string, int) {
	var got []string
	if cleanValue(h.value) != "" {
		got = append(got, h.value)
	}
	j := i + 1
	for j < len(r.lines) && !r.ends(j, h) && !(h.label.single && len(got) > 0) {
		if r.lines[j].text != "" {
			got = append(got, r.lines[j].text)
			j++
			continue
		}
		k := r.filled(j)
		if k == len(r.lines) || r.ends(k, h) || !r.across(k, h, len(got) > 0) {
			break
		}
		if len(got) > 0 {
			got = append(got, "")
		}
		j = k
	}
	if h.label.long {
		return strings.Join(got, "\n"), j
	}
	return strings.Join(got, " "), j
}

// filled is the next line from i on that is not empty.
func (r *reader) filled(i int) int {
	for i < len(r.lines) && r.lines[i].text == "" {
		i++
	}
	return i
}

// ends says that line j is not part of the value of h, whatever stands between.
func (r *reader) ends(j int, h hit) bool {
	l := r.lines[j]
	if l.text == "" {
		return false
	}
	return r.isLabel(j) || l.depth > h.depth || isSignOff(l.text) || isHistory(l.text) ||
		!h.label.long && looksLabelled(l.text) || h.label.yesNo && AnswerOf(l.text) == Unclear
}

// across says that the value goes on, or begins, at line k behind empty lines.
func (r *reader) across(k int, h hit, begun bool) bool {
	if begun {
		return h.label.long
	}
	return h.label.key == Description || r.lines[k].depth < h.depth || r.between(k)
}

// between says that a few lines from k on stand between labels.
func (r *reader) between(k int) bool {
	const few = 6
	j := k
	for j < len(r.lines) && j < k+few && r.lines[j].text != "" && !r.isLabel(j) {
		j++
	}
	j = r.filled(j)
	return j < len(r.lines) && r.isLabel(j)
}
