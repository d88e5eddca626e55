package message

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// security.md 10: every parser has a fuzz target.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*.eml")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		m := Parse(raw)
		if !bytes.Equal(raw, before) {
			t.Fatal("the raw message was changed")
		}
		checkSane(t, m)
		if bytes.IndexByte(raw, '\r') >= 0 || bytes.Contains(bytes.ToLower(raw), []byte("binary")) {
			return
		}
		other := Parse(crlf(raw))
		if other.Fingerprint != m.Fingerprint || other.Text != m.Text || other.Problem != m.Problem {
			t.Fatalf("LF: %+v\nCRLF: %+v", m, other)
		}
	})
}

// checkSane says what holds for any message.
func checkSane(t *testing.T, m Message) {
	t.Helper()
	if _, err := json.Marshal(Describe("x", m)); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{m.Text, m.NewText, m.Subject, m.MessageID, m.BounceFor} {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r") {
			t.Fatalf("not plain UTF-8: %q", s)
		}
	}
	if strings.ContainsAny(m.Subject+m.MessageID+m.BounceFor, "\n") {
		t.Fatal("a line end in a field")
	}
	for _, a := range m.From {
		if a.Address == "" || strings.ContainsAny(a.Address+a.Name, "\r\n\x00") || !utf8.ValidString(a.Address+a.Name) {
			t.Fatalf("address %+v", a)
		}
	}
	for _, a := range m.Attachments {
		if a.Name == "" || len(a.Name) > maxName || strings.ContainsAny(a.Name, "/\\\x00\n\u202e") || !utf8.ValidString(a.Name) {
			t.Fatalf("attachment name %q", a.Name)
		}
		if !utf8.ValidString(a.ContentType) {
			t.Fatalf("content type %q", a.ContentType)
		}
	}
	checkLines(t, m.Text, m.NewText)
}

// checkLines wants new text made of lines of the text, in their order.
func checkLines(t *testing.T, text, newText string) {
	t.Helper()
	rest := strings.Split(text, "\n")
	for _, line := range strings.Split(newText, "\n") {
		found := line == ""
		for i, candidate := range rest {
			if strings.TrimRight(candidate, " \t\u00a0") == strings.TrimRight(line, " \t\u00a0") {
				rest, found = rest[i+1:], true
				break
			}
		}
		if !found {
			t.Fatalf("%q is no line of the text", line)
		}
	}
}

func FuzzNewText(f *testing.F) {
	f.Add("Hallo\n\nOp 2 nov. 2026 om 10:12 schreef Jan <jan@x.example>:\n> oud\n", true, false)
	f.Add("Van: a\nAan: b\nOnderwerp: c\n\nd\n-- \ne", false, true)
	f.Add("a\n-----Original Message-----\nFrom: a\nSent: b\nTo: c\n\nd\n", true, true)
	f.Fuzz(func(t *testing.T, text string, answer, forward bool) {
		newText := newText(text, answer, forward)
		kept := make(map[string]bool)
		for line := range strings.SplitSeq(text, "\n") {
			kept[strings.TrimSpace(line)] = true
		}
		for line := range strings.SplitSeq(newText, "\n") {
			if line != "" && !kept[strings.TrimSpace(line)] {
				t.Fatalf("%q is no line of the text", line)
			}
		}
	})
}

func FuzzHeaders(f *testing.F) {
	f.Add("=?utf-8?Q?a?= =?utf-8?B?4oKs?=", `"a, b" <c@d>, e: f@g;`, `attachment; filename*0*=utf-8''a; filename="b"`)
	f.Add("=?utf-7?q?+AOk-?=", "(((", "a; b*=c'd'e%20")
	f.Fuzz(func(t *testing.T, text, addresses, param string) {
		if s := oneLine(decodeWords(text)); !utf8.ValidString(s) || strings.ContainsAny(s, "\r\n\x00") {
			t.Fatalf("subject %q", s)
		}
		for _, a := range readAddresses(addresses) {
			if a.Address == "" || a.Valid() && strings.ContainsAny(a.Address, " <>\"\r\n") {
				t.Fatalf("address %q", a)
			}
		}
		for _, id := range readIDs(addresses) {
			if id == "" || len(id) > maxID || strings.ContainsAny(id, "<> \r\n") {
				t.Fatalf("id %q", id)
			}
		}
		readMediaType(param)
		readDate(text)
	})
}
