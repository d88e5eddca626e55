package message

import (
	"mime"
	"net/mail"
	"strings"
	"testing"
)

// The standard library reads these as addresses; as one to write to they are refused
// (security.md 2).
func TestLibraryTakesAddresses(t *testing.T) {
	for _, s := range []string{`"x> ORCPT=rfc822;y"@voorbeeld.example`, `"a b"@voorbeeld.example`, "a@[127.0.0.1]"} {
		if _, err := mail.ParseAddress("<" + s + ">"); err != nil {
			t.Errorf("the library has become strict: %q: %v", s, err)
		}
		m := Parse([]byte("From: <" + s + ">\r\n\r\nx"))
		if len(m.From) == 1 && m.From[0].Valid() {
			t.Errorf("%q may be written to", s)
		}
	}
}

// An encoded word may hold line ends, and the library gives them out; what is read
// from a field here holds none (security.md 3).
func TestLibraryDecodesLineEnds(t *testing.T) {
	const word = "=?utf-8?q?Klacht=0D=0ABcc:_x@evil.example?="
	got, err := new(mime.WordDecoder).DecodeHeader(word)
	if err != nil || !strings.Contains(got, "\r\n") {
		t.Errorf("the library has become strict: %q, %v", got, err)
	}
	m := Parse([]byte("From: =?utf-8?q?Jan=0D=0AX:_y?= <jan@voorbeeld.example>\r\nSubject: " + word + "\r\n\r\nx"))
	if strings.ContainsAny(m.Subject+m.From[0].Name, "\r\n") {
		t.Errorf("%q from %q", m.Subject, m.From[0].Name)
	}
}

// The parser of addresses goes over a field again for each level of comments: what
// it gets is bounded before (security.md 4), whatever version it is of.
func TestLibraryGetsLittle(t *testing.T) {
	for _, bomb := range []string{strings.Repeat("(", 1<<20), strings.Repeat("a@b.example,", 1<<17), strings.Repeat("\"", 1<<20)} {
		m := Parse([]byte("From: jan@voorbeeld.example\r\nTo: " + bomb + "\r\nSubject: Klacht\r\n\r\nx"))
		if !m.Limit {
			t.Errorf("%.20s…: parsed whole: %q", bomb, m.Problem)
		}
	}
}
