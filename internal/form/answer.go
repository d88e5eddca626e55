package form

import (
	"strings"
)

// An Answer to a question that is yes or no.
type Answer int

// Unclear is what is neither: it counts as no where it is about giving something
// away, and asks for a question.
const (
	Unclear Answer = iota
	Yes
	No
)

var (
	yesWords = []string{"ja", "jawel", "jazeker", "yes", "j", "y", "prima", "akkoord", "graag", "zeker", "sure", "ok", "oke", "okay", "dat mag", "mag", "goed", "geen bezwaar", "geen probleem", "no problem", "liever wel"}
	noWords  = []string{"nee", "neen", "no", "n", "niet", "liever niet", "liever anoniem", "anoniem", "anonymous", "rather not", "please not", "not"}

	// doubts after a yes or a no make it neither.
	doubts = wordSet("niet maar tenzij mits alleen behalve not but unless only except hangt misschien maybe weet anoniem nee no ja yes wel")

	// agrees are those that only say the same once more.
	agrees = map[Answer]map[string]bool{Yes: wordSet("ja yes wel"), No: wordSet("nee no niet not anoniem")}
)

// AnswerOf reads "ja", "Ja hoor", "liever niet" and their like. With a condition
// it is unclear: "ja, maar niet aan Tess".
func AnswerOf(value string) Answer {
	words := " " + foldWords(value) + " "
	answer, begin := Unclear, ""
	for _, set := range []struct {
		words []string
		is    Answer
	}{{yesWords, Yes}, {noWords, No}} {
		for _, w := range set.words {
			if strings.HasPrefix(words, " "+w+" ") && len(w) > len(begin) {
				answer, begin = set.is, w
			}
		}
	}
	for w := range strings.FieldsSeq(strings.TrimPrefix(words, " "+begin)) {
		if doubts[w] && !agrees[answer][w] {
			return Unclear
		}
	}
	return answer
}

// foldWords is foldLabel with nothing left out for its brackets.
func foldWords(s string) string { return foldLabel(strings.NewReplacer("(", " ", "[", " ").Replace(s)) }

// SharesName says whether the employee concerned may know the complainant's name.
func (f Fields) SharesName() Answer { return AnswerOf(f[ShareName]) }

// splitPhone takes the one answer of the acknowledgement apart: the number, and
// when it suits. Without a number all of it is when.
func splitPhone(f Fields) {
	both, ok := f[phoneAndMoment]
	if !ok {
		return
	}
	delete(f, phoneAndMoment)
	begin, end := phoneIn(both)
	if begin == end {
		setEmpty(f, GoodMoment, both)
		return
	}
	setEmpty(f, Phone, strings.TrimSpace(both[begin:end]))
	before, after := strings.TrimRight(both[:begin], " ,;:-/("), strings.TrimLeft(both[end:], " ,;:.-/)\n")
	setEmpty(f, GoodMoment, strings.TrimSpace(before+" "+after))
}

func setEmpty(f Fields, key, value string) {
	if value != "" && f[key] == "" {
		f[key] = value
	}
}

// phoneIn finds the first telephone number: a run of nine digits or more, and
// what people set between them, that begins with 0 or +.
func phoneIn(s string) (begin, end int) {
	for i := 0; i < len(s); {
		if s[i] != '+' && s[i] != '0' && s[i] != '(' {
			i = skipWord(s, i)
			continue
		}
		digits, last, j := "", i, i
		for ; j < len(s) && strings.IndexByte("0123456789 -.()/+", s[j]) >= 0 && len(digits) < longest(digits); j++ {
			if '0' <= s[j] && s[j] <= '9' {
				digits, last = digits+s[j:j+1], j+1
			}
		}
		if len(digits) >= 9 {
			return i, last
		}
		i = max(j, i+1)
	}
	return 0, 0
}

// longest is how many digits a number has that begins so: what follows may be
// the hour at which to call.
func longest(digits string) int {
	switch {
	case strings.HasPrefix(digits, "0031"):
		return 13
	case strings.HasPrefix(digits, "31"):
		return 11
	case len(digits) > 1 && digits[0] == '0' && digits[1] != '0':
		return 10
	}
	return 15
}

// skipWord passes over a byte, or over all digits where one stands: a number may
// not begin in the middle of another.
func skipWord(s string, i int) int {
	if s[i] < '0' || s[i] > '9' {
		return i + 1
	}
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return i
}
