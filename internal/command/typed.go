package command

import (
	"strings"
	"unicode"
)

// MaxSubject bounds the subjects that are read, in bytes; nobody types one as long.
const MaxSubject = 4096

// Typed returns what of a decoded subject a member of staff typed, for Parse; ""
// when nothing surely is (procedure.md 3, "Whose words are these?"). Pieces that
// stood apart come on lines of their own.
//
// reply says that the mail answers a mail of ours directly: In-Reply-To (or
// X-Microsoft-Original-Message-ID) is the Message-ID that was issued to this
// person. An id that stands in References alone is not enough, since the mail
// answered may then be the complainant's, and so the subject; pass false. sent
// is the subject that we sent with that id.
//
// In a reply it is what is left after taking away sent, which is to be found
// whole, whatever became of its case and white space, and once. Left are: what
// stands before the first prefix, what stands between the prefixes and sent, and
// what stands after sent up to the next prefix. When a forward prefix stands
// before sent, when words stand between two prefixes, or when sent is not there
// or there twice, somebody else may have had a hand in it, and only what stands
// before the first prefix is read.
//
// In a fresh mail, and in a reply whose subject was replaced, it is what stands
// before the first prefix, and only if that begins with a number or a command.
// Of a subject over MaxSubject nothing is read.
func Typed(subject, sent string, reply bool) string {
	if len(subject) > MaxSubject {
		return ""
	}
	s := []rune(normal(subject))
	if endsForwarded(s) {
		return ""
	}
	if reply {
		if begin, end, ok := findSent(s, []rune(normal(sent))); ok {
			return strings.Join(around(s, begin, end), "\n")
		}
		if p, ok := firstPrefix(s, skipTags(s, 0)); ok {
			return strings.Join(pieces(s[:p.start]), "\n")
		}
	}
	return fresh(s)
}

// fresh is the rule for a mail that answers none of ours.
func fresh(s []rune) string {
	i := skipTags(s, 0)
	if !begins(s, i) {
		return ""
	}
	if p, ok := firstPrefix(s, i); ok {
		if s = s[:p.start]; !begins(s, i) { // "#Aw:" is a mark before a prefix
			return ""
		}
	}
	return strings.Join(pieces(s[i:]), "\n")
}

// begins says that s[i:] begins with a case number or a command.
func begins(s []rune, i int) bool {
	if _, _, ok := numberAt(s, i); ok {
		return true
	}
	_, _, ok := wordAt(s, i, i)
	return ok
}

// endsForwarded finds the "(fwd)" of RFC 5256: the whole subject is another's.
func endsForwarded(s []rune) bool {
	return strings.HasSuffix(fold(string(s)), "(fwd)")
}

// around returns what is left of s without s[begin:end], the subject we sent.
func around(s []rune, begin, end int) []string {
	before, after := s[:begin], s[end:]
	first, prefixed := firstPrefix(before, 0)
	if !prefixed {
		return pieces(before, upToPrefix(after))
	}
	head := before[:first.start]
	if n := len(head); n > 0 && closing(head[n-1]) != 0 {
		head = head[:n-1] // of "[Fwd: ...]"
	}
	rest, forwarded := skipPrefixes(before, first.start)
	if _, more := firstPrefix(before, rest); forwarded || more {
		return pieces(head)
	}
	return pieces(head, before[rest:], upToPrefix(after))
}

// skipPrefixes passes over prefixes and tags; forwarded: one was a forward.
func skipPrefixes(s []rune, i int) (rest int, forwarded bool) {
	for {
		i = skipTags(s, i)
		p, ok := prefixAt(s, i)
		if !ok {
			return i, forwarded
		}
		i, forwarded = p.end, forwarded || p.forward
	}
}

func upToPrefix(s []rune) []rune {
	if p, ok := firstPrefix(s, 0); ok {
		return s[:p.start]
	}
	return s
}

// pieces are the parts that hold more than tags.
func pieces(parts ...[]rune) []string {
	var out []string
	for _, p := range parts {
		if t := strings.TrimSpace(string(withoutTags(p))); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// findSent finds the only place of sent in s, by letters without case, accents
// and white space, which programs change when they fold and encode anew.
func findSent(s, sent []rune) (begin, end int, ok bool) {
	text, at := squeezed(s)
	key, _ := squeezed(sent)
	if key == "" {
		return 0, 0, false
	}
	i := strings.Index(text, key)
	if i < 0 || strings.Contains(text[i+1:], key) {
		return 0, 0, false
	}
	begin, end = at[i], at[i+len(key)-1]+1
	whole := (i == 0 || at[i-1] < begin) && (i+len(key) == len(text) || at[i+len(key)] >= end)
	if begin > 0 && inWord(s[begin-1]) && inWord(s[begin]) || end < len(s) && inWord(s[end]) && inWord(s[end-1]) {
		return 0, 0, false
	}
	return begin, end, whole
}

// squeezed is s folded and without white space, and for each byte of that the
// rune of s that it comes from.
func squeezed(s []rune) (string, []int) {
	var b strings.Builder
	var at []int
	for i, r := range s {
		if unicode.IsSpace(r) {
			continue
		}
		n, _ := b.WriteString(fold(string(r)))
		for range n {
			at = append(at, i)
		}
	}
	return b.String(), at
}
