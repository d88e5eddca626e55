package letter

import (
	"bytes"
	"regexp"
	"testing"
	"testing/fstest"

	"klachtd/templates"
)

// security.md 10, 21: a template that somebody writes himself is refused, or gives a
// mail that is one: our header, a subject without anything of a stranger.
func FuzzTemplate(f *testing.F) {
	own, err := templates.Files.ReadFile("nl/acknowledgement.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(own)
	f.Add(bytes.ReplaceAll(own, []byte("\n"), []byte("\r\n")))
	for _, s := range []string{"", "Subject: x [{{.Number}}]\n\nTekst {{.ReactBy}}\n", "Subject: {{.Number\n", "Subject: x\nBcc: y@z.example\n\nt", "Subject: a\n\n{{range .}}", "Subject: a\n\n{{define \"x\"}}{{template \"x\"}}{{end}}{{template \"x\"}}",
		"Subject: a\n\n# {{academy.Name}}\n\n- a\n! *b* [c](mailto:x)\n> {{.Nummer}}\n", "\xff", "Subject: a\n\n{{printf \"%1000000d\" 1}}"} {
		f.Add([]byte(s))
	}
	subject := regexp.MustCompile(`^[^\r\n]{1,200}$`)
	s := sampleLetters()[0]
	f.Fuzz(func(t *testing.T, source []byte) {
		if len(source) > 8<<10 {
			return
		}
		read := func(raw []byte) (mail []byte, err error) {
			b, err := New(fstest.MapFS{"nl/acknowledgement.txt": {Data: raw}}, academy(false))
			if err != nil {
				return nil, err
			}
			m, err := b.Write(s.l, s.c, s.o, envelope)
			if err != nil {
				t.Fatalf("tried at the start, and yet: %v", err)
			}
			return m.Raw, nil
		}
		raw, err := read(source)
		if bytes.IndexByte(source, '\r') < 0 {
			other, failed := read(bytes.ReplaceAll(source, []byte("\n"), []byte("\r\n")))
			if (err == nil) != (failed == nil) || !bytes.Equal(raw, other) {
				t.Fatalf("LF %v, CRLF %v", err, failed)
			}
		}
		if err != nil {
			return
		}
		checkBytes(t, "template", raw)
		h := open(t, raw).header
		if !subject.MatchString(h.Get("Subject")) || h.Get("Bcc") != "" || h.Get("To") != "<"+s.l.To.Address+">" || len(raw) > maxAcknowledgement {
			t.Fatalf("%d bytes, %v", len(raw), h)
		}
	})
}
