package proof

import (
	"slices"
	"strings"
	"unicode"
)

// FindCode looks in the plain text of a mail for the line that a button put there:
// "Code: …" with one word, the first such line outside quoted text. It returns
// that word and the text without the line; found is false when there is none. The
// text never holds a code of ours afterwards, also not a quoted one.
func FindCode(text string) (code, rest string, found bool) {
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		if startsQuote(lines[i:]) {
			break
		}
		if word, ok := codeIn(line); ok {
			return word, RemoveCodes(strings.Join(slices.Delete(lines, i, i+1), "")), true
		}
	}
	return "", RemoveCodes(text), false
}

// RemoveCodes takes out every line, quoted or not, that holds a code of ours: what
// it proves must not be stored, and not be sent on with somebody's quote.
func RemoveCodes(text string) string {
	lines := strings.SplitAfter(text, "\n")
	kept := slices.DeleteFunc(lines, func(line string) bool {
		word, ok := codeIn(strings.TrimLeft(line, "> \t"))
		return ok && isCode(word)
	})
	return strings.Join(kept, "")
}

// isCode tells a code of ours from a course that somebody names.
func isCode(word string) bool {
	word = canonical(word)
	return len(word) == codeLength && strings.Trim(word, crockford) == ""
}

// codeIn reads "Code: word" as it comes back: in any case, with white space and
// no-break spaces around it, with the stars or underscores that programs make of
// bold text.
func codeIn(line string) (word string, ok bool) {
	label, word, ok := strings.Cut(strings.TrimFunc(line, isMargin), ":")
	if !ok || !strings.EqualFold(strings.TrimFunc(label, isMargin), "code") {
		return "", false
	}
	word = strings.TrimFunc(word, isMargin)
	return word, word != "" && !strings.ContainsFunc(word, isMargin)
}

// isMargin is what may stand around a word without being part of it.
func isMargin(r rune) bool {
	return unicode.IsSpace(r) || r == '*' || r == '_' || unicode.Is(unicode.Cf, r) || unicode.IsControl(r)
}

// startsQuote reports whether quoted text begins at the first of lines, beside
// lines with ">", which codeIn does not read: a divider of Outlook's, the header or
// the attribution of an older mail. Package message cuts those too, and knows more.
func startsQuote(lines []string) bool {
	line := bare(lines[0])
	if strings.HasPrefix(line, "-----") && strings.HasSuffix(line, "-----") && strings.Trim(line, "-") != "" {
		return true
	}
	if isLabel(line, "van", "from", "von") && strings.Contains(line, "@") {
		for _, next := range lines[1:min(len(lines), 5)] {
			if isLabel(bare(next), "verzonden", "sent", "gesendet", "datum", "date", "aan", "to", "an") {
				return true
			}
		}
	}
	for _, a := range [...]struct{ begin, verb string }{{"op ", "schreef"}, {"on ", "wrote"}, {"am ", "schrieb"}} {
		if strings.HasPrefix(line, a.begin) && strings.Contains(line, a.verb) && strings.HasSuffix(line, ":") &&
			strings.ContainsAny(line, "0123456789") {
			return true
		}
	}
	return false
}

func bare(line string) string { return strings.ToLower(strings.TrimFunc(line, isMargin)) }

func isLabel(line string, labels ...string) bool {
	label, _, ok := strings.Cut(line, ":")
	return ok && slices.Contains(labels, strings.TrimFunc(label, isMargin))
}
