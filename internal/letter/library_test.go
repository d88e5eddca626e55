package letter

import (
	"testing"

	gomail "github.com/wneessen/go-mail"

	"klachtd/internal/complaint"
)

// What the library for mail takes for an address goes into RCPT TO as it stands,
// parameters and all; ours does not get so far (security.md 2).
func TestLibraryTakesParameters(t *testing.T) {
	b := newBook(t, false)
	s := sampleLetters()[0]
	for _, to := range []string{`"x> ORCPT=rfc822;y"@voorbeeld.example`, `"a b"@voorbeeld.example`, "a@[127.0.0.1]"} {
		m := gomail.NewMsg()
		if err := m.To(to); err != nil {
			t.Errorf("the library has become strict: %q: %v", to, err)
		}
		s.l.To = complaint.Party{Address: to}
		if _, err := b.Write(s.l, s.c, s.o, envelope); err == nil {
			t.Errorf("%q was written to", to)
		}
	}
}
