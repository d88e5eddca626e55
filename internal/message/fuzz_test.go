package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
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
		if len(m.Text) > 12*len(raw)+1000 {
			t.Fatalf("%d bytes gave %d bytes of text", len(raw), len(m.Text))
		}
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
		checkOpen(t, a)
	}
	checkLines(t, m.Text, m.NewText)
}

// checkOpen wants that what is read again is what was measured.
func checkOpen(t *testing.T, a Attachment) {
	t.Helper()
	h := sha256.New()
	n, err := io.Copy(h, a.Open())
	if sum := hex.EncodeToString(h.Sum(nil)); err != nil || n != a.Size || sum != a.SHA256 {
		t.Errorf("read %d bytes (%s, %v) of an attachment of %d (%s)", n, sum, err, a.Size, a.SHA256)
	}
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
	files, _ := filepath.Glob("testdata/reply/*.eml")
	for i, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(Parse(raw).Text, true, i%2 == 0)
	}
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
	f.Add("=?iso-2022-kr?B?GyQpQw5QUg==?=", "A Group(x):c@(host)y.example, <@r:a@b . c>;", "text/plain charset=x")
	f.Add("\x1b$B6lEp\x1b(B", "<a@[IPv6:2001:db8::1]> (b)", "(c) attachment; filename=\"a \"b\".pdf\" (d)")
	f.Add("ma, 2 nov. 2026 10:00:00 CET", "mailto:a@b, \"x\"@y <<c@d>>", "a; b*1*=%; b*0=c; b*x=d; name*=utf-16''%fe%ff")
	f.Add("Mon, 2 Nov 26 05:00 EST (x)", "<[a]@b> c@d,<e\tf@g>", "x/y;;; =; a=\"\\\"")
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
