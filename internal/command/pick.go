package command

import (
	"strings"
	"unicode"
)

// maxValue bounds what may be a choice or a name, in bytes.
const maxValue = 320

// Pick finds value among options, without regard to case, accents and
// punctuation. Anything else, be it one letter off or the beginning of one, is
// no choice: then near holds the options that may have been meant, best first,
// or, when none is like it, nothing ("suggested, never guessed").
func Pick(value string, options []string) (exact string, near []string, ok bool) {
	if len(value) > maxValue {
		return "", nil, false
	}
	key := foldWord(value)
	if key == "" {
		return "", nil, false
	}
	for _, o := range options {
		if foldWord(o) == key {
			return o, nil, true
		}
	}
	return "", nearest(key, options), false
}

// PickOption is Pick for a fixed list, in any of its languages; near are names
// in the language of the nearest.
func PickOption(value string, options []Option) (one Option, near []string, ok bool) {
	if len(value) > maxValue {
		return Option{}, nil, false
	}
	var names []string
	for _, o := range options {
		for _, n := range append([]string{o.Dutch, o.English}, o.Also...) {
			if foldWord(value) != "" && sameWord(n, value) {
				return o, nil, true
			}
		}
		name := o.Dutch
		if closer(foldWord(value), o.English, o.Dutch) {
			name = o.English
		}
		names = append(names, name)
	}
	return Option{}, nearest(foldWord(value), names), false
}

// CutOption reads an option at the start of a value and returns what follows:
// "uitspraak 1-12-2026". The longest that fits is taken.
func CutOption(value string, options []Option) (one Option, rest string, near []string, ok bool) {
	words := strings.Fields(value)
	if len(words) > 0 && len(words[0]) > maxValue {
		return Option{}, "", nil, false
	}
	for n := min(len(words), 3); n > 0; n-- {
		if o, _, found := PickOption(strings.Join(words[:n], " "), options); found {
			return o, cleanValue(strings.Join(words[n:], " ")), nil, true
		}
	}
	if len(words) > 0 {
		_, near, _ = PickOption(words[0], options)
	}
	return Option{}, "", near, false
}

// optionNames are the words of a list in one language.
func optionNames(options []Option, english bool) []string {
	var names []string
	for _, o := range options {
		if english {
			names = append(names, o.English)
		} else {
			names = append(names, o.Dutch)
		}
	}
	return names
}

// A Named is somebody who can be picked by name or address.
type Named struct {
	Name  string
	Email string
	Also  []string // other addresses
}

// PickPerson finds the one person that value names: by address, by the whole
// name, or, when just one person answers to it, by first name, last name with
// or without what stands before it ("de Boer", "Boer"), or initial and last
// name. near are those who answer to it when they are several, else those whose
// names are like it.
func PickPerson(value string, people []Named) (one Named, near []Named, ok bool) {
	if len(value) > maxValue {
		return Named{}, nil, false
	}
	value = normal(value)
	name, address := splitAddress(value)
	for _, match := range []func(Named) bool{
		func(p Named) bool { return address != "" && p.hasAddress(address) },
		func(p Named) bool { return address == "" && sameWord(p.Name, name) },
		func(p Named) bool { return address == "" && p.answersTo(name) },
	} {
		var hits []Named
		for _, p := range people {
			if match(p) {
				hits = append(hits, p)
			}
		}
		if foldWord(value) != "" && len(hits) == 1 {
			return hits[0], nil, true
		}
		if len(hits) > 0 {
			return Named{}, hits, false
		}
	}
	return Named{}, likePeople(name, address, people), false
}

// splitAddress takes "Jan <jan@example.nl>" apart; without an @ all is name.
func splitAddress(value string) (name, address string) {
	if i, j := strings.IndexByte(value, '<'), strings.LastIndexByte(value, '>'); 0 <= i && i < j {
		return strings.TrimSpace(value[:i]), strings.TrimSpace(value[i+1 : j])
	}
	if strings.Contains(value, "@") {
		return "", strings.TrimPrefix(strings.ToLower(value), "mailto:")
	}
	return value, ""
}

func (p Named) hasAddress(address string) bool {
	for _, a := range append([]string{p.Email}, p.Also...) {
		if a != "" && strings.EqualFold(a, address) {
			return true
		}
	}
	return false
}

// parts are the words of a name.
func parts(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '.' || r == ',' })
}

// answersTo says whether name is a first name, a last name, or an initial with a
// last name, of p.
func (p Named) answersTo(name string) bool {
	own, want := parts(p.Name), parts(name)
	if len(own) < 2 || len(want) == 0 {
		return false
	}
	key := foldWord(name)
	if key == foldWord(own[0]) {
		return true
	}
	initial := len(foldWord(want[0])) == 1 && strings.HasPrefix(foldWord(own[0]), foldWord(want[0]))
	for i := 1; i < len(own); i++ {
		last := foldWord(strings.Join(own[i:], ""))
		if key == last || initial && foldWord(strings.Join(want[1:], "")) == last {
			return true
		}
	}
	return false
}

// likePeople are those of whom some part of the name, or the address, is like it.
func likePeople(name, address string, people []Named) []Named {
	var out []Named
	for _, p := range people {
		names := append(parts(p.Name), p.Name)
		wanted := name
		if address != "" {
			names, wanted = append([]string{p.Email}, p.Also...), address
		}
		if len(nearest(foldWord(wanted), names)) > 0 && len(out) < maxNear {
			out = append(out, p)
		}
	}
	return out
}
