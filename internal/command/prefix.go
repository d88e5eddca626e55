package command

import (
	"strings"
	"unicode"
)

// What mail programs put before a subject (RFC 5256 2.1, and the words that they
// use in other languages). One that some programs use for replies and others for
// forwarding is a forward: then less is read.
var replyPrefixes = wordSet(`re aw antw antwoord betr sv odp ynt ang bls atb rif ris res r rép réf vá vas
	回复 回覆 答复 答覆 返信 απ σχετ תגובה رد отв ответ`)

var forwardPrefixes = wordSet(`fw fwd doorst doorgestuurd doorsturen wg tr i vs vb vl vd rv enc pd pf fs ilt yml tov továbbítás továbbítva
	forward forwarded weitergeleitet transf transféré réexp inoltro reenv 转发 轉寄 轉發 転送 πρθ הועבר إعادة пересл fyi`)

// tags are what gateways put before a subject, in brackets or stars: the
// beginnings of their words.
var tags = []string{"ext", "spam", "suspect", "verdacht", "caution", "warning", "waarschuwing", "letop", "phish", "junk", "bulk",
	"secure", "beveiligd", "versleuteld", "encrypted", "vertrouwelijk", "confidential", "unverified", "possiblespam", "mogelijkspam"}

// maxTag bounds what is taken for a tag, in runes.
const maxTag = 40

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[fold(w)] = true
	}
	return set
}

// A span is where a prefix stands in the runes of a subject.
type span struct {
	start, end int
	forward    bool
}

// prefixAt reads a prefix that begins at s[i]: "Re:", "RE :", "Re[2]:", "Antw(3):".
func prefixAt(s []rune, i int) (span, bool) {
	if i > 0 && inWord(s[i-1]) || i >= len(s) || !unicode.IsLetter(s[i]) {
		return span{}, false
	}
	end := i
	for end < len(s) && (unicode.IsLetter(s[end]) || unicode.Is(unicode.Mn, s[end])) && end-i < 20 {
		end++
	}
	word := string(s[i:end])
	forward := forwardPrefixes[fold(word)]
	if !forward && !replyPrefixes[fold(word)] {
		return span{}, false
	}
	if _, known := Find(word); known && i > 0 && isMark(s[i-1]) {
		return span{}, false // "#antwoord: ..." is a command
	}
	end = skipCount(s, end)
	if end < len(s) && s[end] == ' ' {
		end++
	}
	if end >= len(s) || s[end] != ':' {
		return span{}, false
	}
	return span{i, end + 1, forward}, true
}

// skipCount passes over the count that some programs keep: [2], (2), ^2, *2, -2.
func skipCount(s []rune, i int) int {
	j := i
	for j < len(s) && strings.ContainsRune("[(^*-", s[j]) && j < i+1 {
		j++
	}
	digits := j
	for j < len(s) && unicode.IsDigit(s[j]) && j < digits+4 {
		j++
	}
	if j == digits {
		return i
	}
	if j < len(s) && (s[j] == ']' || s[j] == ')') {
		j++
	}
	return j
}

// firstPrefix finds the first prefix in s from i on. A bracket around a word
// of a forward ("[Fwd]", "(fwd)", "[Fwd: ...") is one too.
func firstPrefix(s []rune, i int) (span, bool) {
	for ; i < len(s); i++ {
		if p, ok := prefixAt(s, i); ok {
			return p, true
		}
		if text, end, ok := bracketed(s, i); ok && s[i] != '*' && forwardPrefixes[foldWord(text)] {
			return span{i, end, true}, true
		}
	}
	return span{}, false
}

// bracketed reads [text], (text), {text}, <text> or ***text*** at s[i].
func bracketed(s []rune, i int) (string, int, bool) {
	if i >= len(s) {
		return "", 0, false
	}
	closer := closing(s[i])
	if closer == 0 {
		return "", 0, false
	}
	begin := i + 1
	for begin < len(s) && begin < i+5 && s[begin] == s[i] {
		begin++
	}
	end := begin
	for end < len(s) && s[end] != closer && s[end] != s[i] && end-begin <= maxTag {
		end++
	}
	if end >= len(s) || s[end] != closer {
		return "", 0, false
	}
	text := string(s[begin:end])
	for end < len(s) && s[end] == closer {
		end++
	}
	return text, end, true
}

func closing(r rune) rune {
	switch r {
	case '[':
		return ']'
	case '(':
		return ')'
	case '{':
		return '}'
	case '<':
		return '>'
	case '*':
		return '*'
	}
	return 0
}

// skipTags passes over white space and tags: [EXTERN], ***SPAM***, EXTERN:.
func skipTags(s []rune, i int) int {
	for {
		for i < len(s) && s[i] == ' ' {
			i++
		}
		end, ok := tagAt(s, i)
		if !ok {
			return i
		}
		i = end
	}
}

// withoutTags is s without the tags at its start and end.
func withoutTags(s []rune) []rune {
	s = s[skipTags(s, 0):]
	for i := max(0, len(s)-4*maxTag); i < len(s); i++ {
		if (i == 0 || !inWord(s[i-1])) && skipTags(s, i) == len(s) {
			return s[:i]
		}
	}
	return s
}

func tagAt(s []rune, i int) (int, bool) {
	if text, end, ok := bracketed(s, i); ok {
		return end, isTag(text)
	}
	end := i
	for end < len(s) && unicode.IsLetter(s[end]) && end-i < maxTag {
		end++
	}
	if end == i || end >= len(s) || s[end] != ':' {
		return 0, false
	}
	return end + 1, isTag(string(s[i:end]))
}

// isTag looks at a text of a gateway. One with a mark or a digit may be a
// command or a number, and is none.
func isTag(text string) bool {
	if strings.ContainsAny(strings.TrimRight(text, "! "), "#!0123456789") {
		return false
	}
	word := foldWord(text)
	for _, t := range tags {
		if strings.HasPrefix(word, t) {
			return true
		}
	}
	return false
}
