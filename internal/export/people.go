package export

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An other is a name or an address of somebody whose dossier this is not.
type other struct {
	text  string
	where []string
}

// address finds what looks like one; more than is one does no harm here.
var address = regexp.MustCompile(`[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+`)

// minName is how long a name must be to be looked for: a shorter one would mark
// half of the text.
const minName = 3

// others are the people beside the one whom the dossier is about, and where they stand.
func (d Dossier) others() []other {
	found := map[string]*other{}
	var names []string
	add := func(text, where string) {
		key := strings.ToLower(oneLine(text))
		if utf8.RuneCountInString(key) < minName || d.own(key) {
			return
		}
		if found[key] == nil {
			found[key] = &other{text: oneLine(text)}
			names = append(names, key)
		}
		if o := found[key]; !slices.Contains(o.where, where) {
			o.where = append(o.where, where)
		}
	}
	people := slices.Clone(d.Known)
	for i, m := range d.Messages {
		for _, p := range m.People {
			add(p.Name, place(i))
			add(p.Address, place(i))
			people = append(people, p)
		}
	}
	for _, t := range d.texts() {
		for _, a := range address.FindAllString(t.text, -1) {
			add(a, t.where)
		}
		for _, p := range people {
			for _, s := range []string{p.Name, p.Address} {
				if len(find(t.text, s)) > 0 {
					add(s, t.where)
				}
			}
		}
	}
	list := make([]other, 0, len(names))
	for _, n := range names {
		list = append(list, *found[n])
	}
	slices.SortFunc(list, func(a, b other) int { return cmp.Compare(strings.ToLower(a.text), strings.ToLower(b.text)) })
	return list
}

// own reports what is of the person, or of nobody: an address of the academy itself.
func (d Dossier) own(key string) bool {
	return key == strings.ToLower(d.Subject.Name) || key == strings.ToLower(d.Subject.Address) || key == strings.ToLower(d.Academy) ||
		slices.ContainsFunc(d.Own, func(a string) bool { return strings.EqualFold(a, key) })
}

// A passage is a text of the dossier and where it stands.
type passage struct{ text, where string }

func (d Dossier) texts() []passage {
	var list []passage
	for _, f := range d.Form {
		list = append(list, passage{f.Value, "formulier"})
	}
	for _, l := range d.Timeline {
		list = append(list, passage{l.Who + "\n" + l.What, "verloop"})
	}
	for i, m := range d.Messages {
		list = append(list, passage{strings.Join(append([]string{m.From, m.Subject, m.Text}, append(m.To, m.Attachments...)...), "\n"), place(i)})
	}
	return list
}

func place(i int) string { return fmt.Sprintf("bericht %d", i+1) }

// find says where a name stands in a text as words of its own, whatever the case.
func find(text, name string) [][2]int {
	if utf8.RuneCountInString(name) < minName {
		return nil
	}
	var list [][2]int
	for i := 0; i < len(text); {
		if n := prefixFold(text[i:], name); n > 0 && !letterBefore(text[:i]) && !letterAfter(text[i+n:]) {
			list = append(list, [2]int{i, i + n})
			i += n
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return list
}

// prefixFold is how many bytes at the beginning of a text are the name; 0: it is not.
func prefixFold(text, name string) int {
	n := 0
	for _, want := range name {
		r, size := utf8.DecodeRuneInString(text[n:])
		if size == 0 || unicode.ToLower(r) != unicode.ToLower(want) {
			return 0
		}
		n += size
	}
	return n
}

func letterBefore(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func letterAfter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
