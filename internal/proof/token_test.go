package proof

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// drawn draws the same bits each time, counting from b.
type drawn byte

func (d drawn) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(d) + byte(i)
	}
	return len(b), nil
}

// TestNewCode: 128 random bits, one word, stored as a hash that forgives how it
// comes back (security.md, K).
func TestNewCode(t *testing.T) {
	code, h, err := NewCode(drawn(7))
	if err != nil || len(code) != codeLength || strings.Trim(code, crockford) != "" {
		t.Fatalf("%q, %v", code, err)
	}
	for _, same := range []string{code, strings.ToLower(code), " " + code + "\u00a0", strings.ReplaceAll(code, "0", "o"), strings.ReplaceAll(code, "1", "l")} {
		if HashCode(same) != h {
			t.Errorf("%q is another code", same)
		}
	}
	for i := range code {
		other := code[:i] + string(crockford[(strings.IndexByte(crockford, code[i])+1)%32]) + code[i+1:]
		if HashCode(other) == h {
			t.Errorf("place %d does not count", i)
		}
	}
	if other, o, _ := NewCode(drawn(8)); other == code || o == h {
		t.Error("two draws, one code")
	}
	if HashCode("x@y.example") == HashID("x@y.example") {
		t.Error("an id is not a code")
	}
	if _, _, err := NewCode(io.LimitReader(drawn(1), 15)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("too few bits: %v", err)
	}
	if _, _, err := NewChallenge(iotest.ErrReader(io.ErrClosedPipe), keyed, "a", 1, "b", time.Time{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("no bits: %v", err)
	}
}

func TestHashID(t *testing.T) {
	want := HashID("abc@example.nl")
	for _, id := range []string{"<abc@example.nl>", " <ABC@Example.NL> "} {
		if HashID(id) != want {
			t.Errorf("%q is another id", id)
		}
	}
	if HashID("abd@example.nl") == want {
		t.Error("another id is the same")
	}
}

// TestToken: bound to person, case and command, 45 days, as often as one likes
// (security.md, K).
func TestToken(t *testing.T) {
	issued := time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)
	button := NewToken(HashCode("x"), "Bas@example.nl", 7, "neem", "notice", issued)
	mail := NewToken(HashID("x"), "bas@example.nl", 7, "", "notice", issued)
	ended := button
	ended.Ended = true
	use := Use{Person: "bas@example.nl", Case: 7, Command: "neem", At: issued.AddDate(0, 0, 44)}
	with := func(f func(*Use)) Use { u := use; f(&u); return u }
	for _, tt := range []struct {
		name  string
		token Token
		use   Use
		want  Reason
	}{
		{"button", button, use, OK},
		{"again", button, with(func(u *Use) { u.At = u.At.Add(time.Hour) }), OK},
		{"last moment", button, with(func(u *Use) { u.At = issued.AddDate(0, 0, 45).Add(-1) }), OK},
		{"too late", button, with(func(u *Use) { u.At = issued.AddDate(0, 0, 45) }), Expired},
		{"another person", button, with(func(u *Use) { u.Person = "tess@example.nl" }), OtherPerson},
		{"nobody", Token{Hash: HashCode("x")}, Use{}, OtherPerson},
		{"another case", button, with(func(u *Use) { u.Case = 8 }), OtherCase},
		{"another command", button, with(func(u *Use) { u.Command = "wis" }), OtherCommand},
		{"no command", button, with(func(u *Use) { u.Command = "" }), OtherCommand},
		{"reply, any command", mail, with(func(u *Use) { u.Command = "wis" }), OK},
		{"reply, another case", mail, with(func(u *Use) { u.Case = 8 }), OtherCase},
		{"ended", ended, use, EndedToken},
		{"not found", Token{}, use, Unknown},
	} {
		if got := tt.token.Check(tt.use); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func keyed(purpose string, parts ...string) []byte {
	m := hmac.New(sha256.New, []byte("a key of the tests"))
	for _, p := range append([]string{purpose}, parts...) {
		m.Write([]byte{byte(len(p))})
		m.Write([]byte(p))
	}
	return m.Sum(nil)
}

// TestChallenge: an 8-character code, single use, 24 hours, bound to exactly this
// command, case and person (security.md, A command runs).
func TestChallenge(t *testing.T) {
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	c, code, err := NewChallenge(drawn(0), keyed, "bas@example.nl", 7, "#sluit gegrond", now)
	if err != nil || len(code) != 8 || strings.Trim(code, crockford) != "" {
		t.Fatalf("%q, %v", code, err)
	}
	if code != "000G40R4" || strings.Contains(string(c.Hash), code) {
		t.Fatalf("%q, %q", code, c.Hash)
	}
	used, moved, swapped, given, forged := c, c, c, c, c
	used.Used = true
	moved.Case = 8
	swapped.Command = "#wis"
	given.Person = "tess@example.nl"
	forged.Hash = nil
	for _, tt := range []struct {
		name, code, person string
		c                  Challenge
		at                 time.Time
		want               Reason
	}{
		{"right", code, "bas@example.nl", c, now, OK},
		{"lower case, spaces, O for 0, L for 1", " ooOg-40r4 ", "BAS@example.nl", c, now, OK},
		{"last moment", code, "bas@example.nl", c, now.Add(ChallengeLife - 1), OK},
		{"too late", code, "bas@example.nl", c, now.Add(ChallengeLife), Expired},
		{"wrong", "000G40R5", "bas@example.nl", c, now, Unknown},
		{"short", "000G40R", "bas@example.nl", c, now, Unknown},
		{"long", code + "0", "bas@example.nl", c, now, Unknown},
		{"empty", "", "bas@example.nl", c, now, Unknown},
		{"another person", code, "tess@example.nl", c, now, OtherPerson},
		{"nobody", code, "", c, now, OtherPerson},
		{"used", code, "bas@example.nl", used, now, UsedToken},
		{"moved to another case", code, "bas@example.nl", moved, now, Unknown},
		{"moved to another command", code, "bas@example.nl", swapped, now, Unknown},
		{"moved to another person", code, "tess@example.nl", given, now, Unknown},
		{"no hash", code, "bas@example.nl", forged, now, Unknown},
	} {
		if got := tt.c.Check(keyed, tt.code, tt.person, tt.at); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	other, _, _ := NewChallenge(drawn(9), keyed, "bas@example.nl", 7, "#sluit gegrond", now)
	for _, tt := range []struct {
		list []Challenge
		at   int
		want Reason
	}{
		{nil, -1, Unknown},
		{[]Challenge{other}, -1, Unknown},
		{[]Challenge{other, c}, 1, OK},
		{[]Challenge{c, other, used}, 0, OK},
		{[]Challenge{used, other}, -1, UsedToken},
	} {
		if at, r := Answered(tt.list, keyed, code, "bas@example.nl", now); at != tt.at || r != tt.want {
			t.Errorf("%d challenges: %d %q, want %d %q", len(tt.list), at, r, tt.at, tt.want)
		}
	}
}
