package proof

import "strings"

// An Authentication-Results field (RFC 8601 2.2) is read here and not by
// go-msgauth's authres, which cuts at each semicolon, also within comments and
// quotes: there a sender can write "dmarc=pass" himself. It also refuses
// Microsoft's form, which names no server.

// A statement is one method's result with its properties.
type statement struct {
	method, result string // in lower case
	properties     []property
}

type property struct{ name, value string } // name in lower case

// one returns the value of a property that is there exactly once, else "".
func (s statement) one(name string) string {
	value, seen := "", false
	for _, p := range s.properties {
		if p.name == name {
			if seen {
				return ""
			}
			value, seen = p.value, true
		}
	}
	return value
}

// results is what one field says.
type results struct {
	id         string // the server that says so, in lower case; "": it does not say who it is
	statements []statement
}

// readResults reads the value of an Authentication-Results field. ok is false when
// it does not follow the grammar; then nothing in it counts. More than the grammar
// it lets through what servers really write: values with "=", "@" and "<>" in
// them, and a statement that is one word without a result.
func readResults(value string) (r results, ok bool) {
	s := scanner{rest: value}
	r.id, ok = s.server()
	for ok && s.rest != "" {
		if s.rest[0] == ';' {
			s.rest = s.rest[1:]
			ok = s.space()
			continue
		}
		var st statement
		if st, ok = s.statement(); st.method != "" {
			r.statements = append(r.statements, st)
		}
	}
	if !ok {
		return results{}, false
	}
	return r, true
}

// A scanner goes through the value once.
type scanner struct{ rest string }

// server reads authserv-id and its version, of which there is one. When the first
// word is followed by "=" there is no id, and nothing is consumed.
func (s *scanner) server() (id string, ok bool) {
	if !s.space() {
		return "", false
	}
	start := *s
	if id, ok = s.value("="); !ok || id == "" || !s.space() {
		return "", false
	}
	if s.at('=') || s.at('/') {
		*s = start
		return "", true
	}
	if s.rest != "" && s.rest[0] != ';' {
		version, fine := s.value("=")
		if !fine || version != "1" || !s.space() || s.rest != "" && s.rest[0] != ';' {
			return "", false
		}
	}
	return strings.ToLower(id), true
}

// statement reads up to the next semicolon: method=result, then properties.
func (s *scanner) statement() (st statement, ok bool) {
	for s.rest != "" && s.rest[0] != ';' {
		name, ok := s.name()
		if !ok {
			return statement{}, false
		}
		if !s.at('=') {
			// "none", or the recipient's domain as Exchange wrote it
			return statement{}, st.method == "" && (s.rest == "" || s.rest[0] == ';')
		}
		s.rest = s.rest[1:]
		if !s.space() {
			return statement{}, false
		}
		value, ok := s.value("")
		if !ok || !s.space() {
			return statement{}, false
		}
		if st.method == "" {
			st.method, st.result = strings.TrimSuffix(name, "/1"), strings.ToLower(value)
		} else {
			st.properties = append(st.properties, property{name, value})
		}
	}
	return st, true
}

// name reads a method or a property, in which white space and comments may stand
// around "." and "/", and what follows it up to the next word.
func (s *scanner) name() (string, bool) {
	var name strings.Builder
	for {
		part, ok := s.value("=\"")
		if !ok || part == "" || !s.space() {
			return "", false
		}
		name.WriteString(part)
		joined := strings.HasSuffix(part, ".") || strings.HasSuffix(part, "/")
		if !joined && !s.at('.') && !s.at('/') || s.rest == "" {
			return strings.ToLower(name.String()), true
		}
	}
}

// value reads up to white space, a comment, a semicolon or one of stop. Quoted
// parts are taken without their quotes.
func (s *scanner) value(stop string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s.rest); i++ {
		c := s.rest[i]
		switch {
		case c == ' ', c == '\t', c == ';', c == '(', strings.IndexByte(stop, c) >= 0:
			s.rest = s.rest[i:]
			return b.String(), true
		case c == ')', isControl(c):
			return "", false
		case c != '"':
			b.WriteByte(c)
			continue
		}
		for i++; ; i++ {
			if i+1 >= len(s.rest) && (i >= len(s.rest) || s.rest[i] != '"') || isControl(s.rest[i]) {
				return "", false
			}
			if s.rest[i] == '"' {
				break
			}
			if s.rest[i] == '\\' {
				i++
			}
			b.WriteByte(s.rest[i])
		}
	}
	s.rest = ""
	return b.String(), true
}

// space skips white space and comments, which nest (RFC 5322 3.2.2).
func (s *scanner) space() bool {
	depth := 0
	for i := 0; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case c == '\\' && depth > 0:
			i++
		case depth == 0 && c != ' ' && c != '\t':
			s.rest = s.rest[i:]
			return true
		}
	}
	s.rest = ""
	return depth == 0
}

func (s *scanner) at(c byte) bool { return s.rest != "" && s.rest[0] == c }

// isControl lets the tab through that quoted strings may hold.
func isControl(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }
