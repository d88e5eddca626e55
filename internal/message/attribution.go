package message

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An attribution is the line in which a mail program says whose words come next.
//
//	Gmail       Op ma 2 mrt 2026 om 10:11 schreef Jan <jan@x.example>:
//	Apple       Op 2 mrt. 2026 om 10:11 heeft Jan <jan@x.example> het volgende geschreven:
//	Thunderbird Op 02-03-2026 om 10:11 schreef Jan:
//	Yahoo       On Monday, March 2, 2026 at 10:11:12 AM GMT+1, Jan <jan@x.example> wrote:
//	Outlook Mac On 2/3/26, 10:11, "Jan" <jan@x.example> wrote:
//	Evolution   Jan schreef op ma 02-03-2026 om 10:11 [+0100]:
//	K-9, mutt   Jan <jan@x.example> schreef:
//	Lotus Notes Jan/Academie wrote on 02/03/2026 10:11:12:
//	Horde       Quoting Jan <jan@x.example>:

// attributionBegins are the words that open one, and writeVerbs the ones that are
// in it, in the languages of the clients that people here use, and a few of their
// neighbours'.
var (
	attributionBegins = []string{"op ", "on ", "am ", "le ", "il ", "el ", "em ", "den ", "dnia "}
	writeVerbs        = []string{
		"schreef", "geschreven", "wrote", "writes", "schrieb", "geschrieben", "schreibt", "a écrit", "a ecrit", "écrivait", "ecrivait",
		"ha scritto", "escribió", "escreveu", "skrev", "napisał", "yazdı",
	}
	quoteBegins = []string{"quoting ", "citeren ", "citaat van ", "zitat von ", "citation de ", "en réponse à "}
)

// maxAttribution is into how many lines programs break one.
const maxAttribution = 4

// attribution finds an attribution of up to four lines whose last one is line
// last, and where it begins: "Op zich prima." may stand right above it.
func (c *cutter) attribution(last int) (from int, ok bool) {
	end := bare(c.lines[last])
	if !strings.HasSuffix(end, ":") {
		return 0, false
	}
	joined, first := end, end
	for from = last; ; {
		if beginsAttribution(joined) && strings.ContainsAny(first, "0123456789") && isAttribution(joined) {
			return from, true
		}
		from--
		if from < 0 || last-from >= maxAttribution || c.drop[from] || isQuoted(c.lines[from]) {
			break
		}
		first = bare(c.lines[from])
		if first == "" || len(first)+len(joined) > maxMarked || endsSentence(first) && !strings.HasSuffix(first, ".m.") {
			break
		}
		joined = first + " " + joined
	}
	if !isAttribution(end) {
		return c.wrappedName(last, end)
	}
	if from, ok = c.wrappedName(last, end); ok {
		return from, true
	}
	return last, true
}

// wrappedName finds an attribution that begins with the name, broken before its
// address or its verb.
func (c *cutter) wrappedName(last int, end string) (from int, ok bool) {
	if last == 0 || c.drop[last-1] || !strings.HasPrefix(end, "<") && !hasPrefixFold(end, writeVerbs...) {
		return 0, false
	}
	above := bare(c.lines[last-1])
	if above == "" || len(above) > 120 || endsSentence(above) || last > 1 && !isBlank(c.lines[last-2]) {
		return 0, false
	}
	return last - 1, isAttribution(above + " " + end)
}

func beginsAttribution(line string) bool { return hasPrefixFold(line, attributionBegins...) }

// isAttribution reports whether line, which is bare, may be one: a verb of writing
// and what only a program puts beside it, a time of day, a date in digits or an
// address.
func isAttribution(line string) bool {
	if line == "" {
		return false
	}
	if !hasClock(line) && !hasDate(line) && !strings.Contains(line, "@") {
		return hasYear(line) && beginsAttribution(line) && isName(authorIn(line)) // Alpine, old iPhones
	}
	low := strings.ToLower(line)
	if hasPrefixFold(low, quoteBegins...) {
		return true
	}
	verb, at := writeVerb(low)
	switch {
	case verb == "":
		return low[0] >= '0' && low[0] <= '9' && strings.Contains(low, "@") && strings.HasSuffix(low, ">:") // Yandex
	case beginsAttribution(low):
		return true
	}
	// The name stands first, then the verb, then at most the date.
	rest := strings.Trim(low[at+len(verb):], " :-")
	return rest == "" || hasPrefixFold(rest, "op ", "on ", "am ", "le ", "el ", "il ", "em ", "(") || rest == "het volgende" ||
		rest == "the following" || rest == "folgendes"
}

// authorIn is who wrote, in an attribution without an address: what stands behind
// the verb, or between it and the date. Nothing else may stand there: "Op 2 maart
// 2026 om 10:15 kwam hij, toen schreef Piet:" is a person's.
func authorIn(line string) string {
	line = strings.Trim(line, " :,")
	low := strings.ToLower(line)
	verb, at := writeVerb(low)
	digit := strings.LastIndexAny(low[:at], "0123456789")
	if verb == "" || digit < 0 || len(low) != len(line) {
		return ""
	}
	const room = 12 // for " Uhr", " GMT+1" and " [+0100],"
	between, after := line[digit+1:at], strings.Trim(line[at+len(verb):], " ,")
	if after != "" && len(between) <= room {
		return after
	}
	for _, opens := range [...]string{"heeft ", ", ", "hat "} { // "heeft Jan het volgende geschreven"
		if n := strings.Index(between, opens); n >= 0 && n <= room && after == "" {
			return strings.TrimSuffix(strings.TrimRight(between[n+len(opens):], " ,"), " het volgende")
		}
	}
	return ""
}

// writeVerb finds the last verb of writing that is a word of its own.
func writeVerb(low string) (verb string, at int) {
	for _, v := range writeVerbs {
		n := strings.LastIndex(low, v)
		if n < 0 || verb != "" && n < at {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(low[:n])
		if n == 0 || !unicode.IsLetter(before) {
			verb, at = v, n
		}
	}
	return verb, at
}

// isUnmarkedAttribution reports whether an attribution is so surely a program's
// that what follows is a quote even without quote marks, as with Yahoo's HTML. A
// complaint may well say "Op 12 oktober 2026 om 10:15 schreef uw docent mij:".
func isUnmarkedAttribution(line string, answer bool) bool {
	if !isAttribution(line) || !hasClock(line) {
		return false
	}
	if n := strings.LastIndexByte(line, '@'); n > 0 {
		return strings.ContainsAny(line[:n], "<[") // people write "aan jan@x.example"
	}
	return answer && (hasDate(line) || hasYear(line)) && isName(authorIn(line))
}

// namesAuthor finds "Jan de Vries schreef:" (Thunderbird's shortest form), not
// "Uw docent schreef:".
func namesAuthor(line string) bool {
	if len(line) > 80 || !strings.HasSuffix(line, ":") {
		return false
	}
	line = strings.TrimRight(line, " :")
	for _, verb := range [...]string{" schreef", " wrote", " schrieb", " a écrit"} {
		if name, ok := strings.CutSuffix(line, verb); ok {
			return isName(name)
		}
	}
	return false
}

var (
	particles = []string{"van", "de", "den", "der", "ten", "ter", "te", "'t", "von", "zu", "du", "la", "le", "des", "el", "al", "bin", "via", "d'"}
	pronouns  = []string{
		"ik", "u", "uw", "jij", "je", "hij", "zij", "ze", "wij", "we", "men", "iemand", "i", "he", "she", "they", "you", "your", "my",
		"er", "sie", "ich", "ihr", "ihre", "il", "elle", "on", "vous", "tu", "mijn", "de", "het", "een", "the",
	}
)

// isName reports whether all words of s may be of a name: each with a capital, but
// for those between a first name and a last.
func isName(s string) bool {
	words := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\"'()<>,.", r) })
	if len(words) == 0 || len(words) > 8 || slices.Contains(pronouns, strings.ToLower(words[0])) && !startsUpper(lastOf(words)) {
		return false
	}
	if len(words) == 1 && slices.Contains(pronouns, strings.ToLower(words[0])) {
		return false
	}
	for _, w := range words {
		if !startsUpper(w) && !slices.Contains(particles, strings.ToLower(w)) {
			return false
		}
	}
	return true
}

func lastOf(words []string) string { return words[len(words)-1] }
