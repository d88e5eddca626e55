package message

import (
	"strings"
)

// Valid reports whether the address may be written to: a dot-atom local part and
// a host name, at most 254 bytes (RFC 5321 4.1.2 and 4.5.3.1 without quoted forms
// and literals, which SMTP libraries let through to the wire; security.md 2).
func (a Address) Valid() bool {
	at := strings.LastIndexByte(a.Address, '@')
	if at < 1 || at > 64 || len(a.Address) > 254 {
		return false
	}
	return isDotAtom(a.Address[:at]) && isHostname(a.Address[at+1:])
}

// isDotAtom is the dot-atom-text of RFC 5322 3.2.3.
func isDotAtom(s string) bool {
	prev := byte('.')
	for i := range len(s) {
		c := s[i]
		if c == '.' && prev == '.' || c != '.' && !isAtext(c) {
			return false
		}
		prev = c
	}
	return prev != '.'
}

func isAtext(c byte) bool {
	return isAlnum(c) || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

func isAlnum(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// isHostname wants labels of letters, digits and hyphens, the last one not a
// number: 192.0.2.1 is an address of another kind.
func isHostname(s string) bool {
	last := ""
	for label := range strings.SplitSeq(s, ".") {
		if len(label) == 0 || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if !isAlnum(label[i]) && label[i] != '-' {
				return false
			}
		}
		last = label
	}
	return strings.Trim(last, "0123456789") != ""
}

// readAddresses reads an address field: RFC 5322 3.4 with groups and comments,
// and what net/mail refuses (libraries.md 4): unquoted commas and brackets in
// names, raw 8-bit, bare local names. Structure is read before encoded words are
// decoded, so that a name cannot grow into an address.
func readAddresses(value string) []Address {
	found := scanAddresses(value)
	if len(found) == 0 && strings.Contains(value, "=?") {
		// Some programs put name and address together in one encoded word.
		if decoded := decodeWords(value); strings.Contains(decoded, "@") {
			found = scanAddresses(decoded)
		}
	}
	return found
}

func scanAddresses(value string) []Address {
	s := addressScanner{rest: value}
	for s.next() {
	}
	s.flush()
	return s.found
}

// An addressScanner goes through a field once, byte by byte.
type addressScanner struct {
	rest     string
	found    []Address
	phrase   strings.Builder // outside brackets: name, or a bare address
	comment  string          // the last one: the name in "jan@x.example (Jan)"
	quoted   bool            // the phrase holds a quoted string
	angles   int             // addresses in brackets in this mailbox
	dangling []string        // parts before a comma that hold no address
}

// next takes one token. It is false at the end.
func (s *addressScanner) next() bool {
	if s.rest == "" {
		return false
	}
	c := s.rest[0]
	switch c {
	case '"':
		s.takeQuoted()
	case '(':
		s.takeComment()
	case '<':
		s.takeAngle()
	case ',', ';':
		s.rest = s.rest[1:]
		s.endMailbox(c == ';')
	case ':':
		// The name of a group, unless it is part of something odd.
		if s.angles == 0 && !strings.Contains(s.phrase.String(), "@") {
			s.reset()
		} else {
			s.phrase.WriteByte(c)
		}
		s.rest = s.rest[1:]
	default:
		n := strings.IndexAny(s.rest[1:], `"(<,;:`) + 1
		if n == 0 {
			n = len(s.rest)
		}
		s.phrase.WriteString(s.rest[:n])
		s.rest = s.rest[n:]
	}
	return true
}

// takeQuoted takes a quoted string. One right before an @ is a local part and
// keeps its quotes.
func (s *addressScanner) takeQuoted() {
	var b strings.Builder
	i := 1
	for ; i < len(s.rest) && s.rest[i] != '"'; i++ {
		if s.rest[i] == '\\' && i+1 < len(s.rest) {
			i++
		}
		b.WriteByte(s.rest[i])
	}
	whole := s.rest[:min(i+1, len(s.rest))]
	s.rest = s.rest[len(whole):]
	s.quoted = true
	if strings.HasPrefix(s.rest, "@") {
		s.phrase.WriteString(whole)
		return
	}
	s.phrase.WriteString(b.String())
}

// takeComment takes a comment with the comments in it. One that never ends is a
// bracket in a name.
func (s *addressScanner) takeComment() {
	depth := 0
	for i := 0; i < len(s.rest); i++ {
		switch s.rest[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			s.comment = s.rest[1:i]
			s.rest = s.rest[i+1:]
			s.phrase.WriteByte(' ')
			return
		}
	}
	s.phrase.WriteString(strings.ReplaceAll(s.rest, "(", " "))
	s.rest = ""
}

func (s *addressScanner) takeAngle() {
	end := strings.IndexByte(s.rest, '>')
	inside := s.rest[1:]
	if end < 0 {
		s.rest = ""
	} else {
		inside, s.rest = s.rest[1:end], s.rest[end+1:]
	}
	inside = dropComments(inside)
	// RFC 5322 4.4: an obsolete route stands before a colon; and some write
	// <mailto:jan@x.example>.
	inside = strings.Trim(inside, " \t<'")
	if i := strings.LastIndexByte(inside, ':'); i >= 0 && (inside[0] == '@' || !strings.Contains(inside[:i], "@")) {
		inside = inside[i+1:]
	}
	inside = tighten(inside)
	if inside != "" {
		s.add(s.name(), inside)
	}
	s.angles++
}

func (s *addressScanner) name() string {
	name := strings.TrimSpace(s.phrase.String())
	s.phrase.Reset()
	if len(s.dangling) > 0 {
		name = strings.Join(append(s.dangling, name), ", ")
		s.dangling = nil
	}
	return name
}

// dropComments takes comments out of what stands in brackets (RFC 5322 A.5).
func dropComments(s string) string {
	if strings.IndexByte(s, '(') < 0 || strings.IndexByte(s, '"') >= 0 {
		return s
	}
	var b strings.Builder
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && depth > 0:
			i++
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// tighten takes the white space around the @ and around the dots after it out of
// an address (RFC 5322 4.4: jdoe@test . example).
func tighten(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 0 || strings.IndexByte(s, '"') >= 0 || !strings.ContainsAny(s, " \t") {
		return s
	}
	local, domain := strings.TrimRight(s[:at], " \t"), strings.TrimLeft(s[at+1:], " \t")
	for _, gap := range [...]string{" .", "\t.", ". ", ".\t"} {
		for n := 0; n < maxGaps && strings.Contains(domain, gap); n++ {
			domain = strings.ReplaceAll(domain, gap, ".")
		}
	}
	return local + "@" + domain
}

// maxGaps bounds the white space that tighten takes out.
const maxGaps = 8

// endMailbox closes what stands before a comma. Without an address it waits:
// "Vries, de, Jan <jan@x.example>" is one mailbox.
func (s *addressScanner) endMailbox(group bool) {
	phrase := strings.TrimSpace(s.phrase.String())
	switch {
	case s.angles > 0:
		// Words after the brackets: an address among them is another mailbox.
		if strings.Contains(phrase, "@") {
			s.addBare(phrase)
		}
	case strings.Contains(phrase, "@") && !s.quoted || strings.Contains(phrase, `"@`):
		s.flushDangling()
		s.addBare(phrase)
	case phrase != "":
		s.dangling = append(s.dangling, phrase)
	}
	s.reset()
	if group {
		s.flushDangling()
	}
}

func (s *addressScanner) reset() {
	s.phrase.Reset()
	s.comment, s.quoted, s.angles = "", false, 0
}

func (s *addressScanner) flush() {
	s.endMailbox(true)
}

// flushDangling takes single words without a domain, as MAILER-DAEMON, for
// addresses; several words are a name without one.
func (s *addressScanner) flushDangling() {
	for _, word := range s.dangling {
		if !strings.ContainsAny(word, " \t") && !strings.HasPrefix(word, "=?") {
			s.add("", word)
		}
	}
	s.dangling = nil
}

// addBare takes an address without brackets; two of them are two mailboxes.
func (s *addressScanner) addBare(phrase string) {
	if strings.HasPrefix(phrase, `"`) {
		s.add(s.comment, phrase)
		return
	}
	if strings.Count(phrase, "@") == 1 {
		phrase = tighten(phrase)
	}
	var name []string
	first := len(s.found)
	for word := range strings.FieldsSeq(phrase) {
		if strings.Contains(word, "@") {
			s.add("", strings.TrimPrefix(word, "mailto:"))
		} else {
			name = append(name, word)
		}
	}
	if len(s.found) == first+1 {
		s.found[first].Name = displayName(strings.Join(name, " "), s.comment)
	}
}

func (s *addressScanner) add(name, address string) {
	address = strings.Trim(oneLine(decodeRaw(address)), "<>'")
	if address == "" || address == "@" {
		return
	}
	if at := strings.LastIndexByte(address, '@'); at >= 0 {
		address = address[:at] + strings.ToLower(address[at:])
	}
	s.found = append(s.found, Address{Name: displayName(name, s.comment), Address: address})
}

func displayName(name, comment string) string {
	if name == "" {
		name = comment
	}
	decoded := decodeWords(name)
	if strings.Contains(decoded, "=?") {
		// The brackets stood inside the encoded word.
		if closed := decodeWords(name + "?="); !strings.Contains(closed, "=?") {
			decoded = closed
		}
	}
	name = oneLine(decoded)
	if n := len(name); n > 1 && name[0] == '\'' && name[n-1] == '\'' {
		name = name[1 : n-1] // Outlook's 'jan@x.example'
	}
	return name
}
