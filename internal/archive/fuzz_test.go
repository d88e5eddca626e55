package archive

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// security.md 10: a file of any content under any of the names that mean something,
// in a folder and in a Maildir. It ends; what is given back is bounded and stands
// in the file; the date of a Received field does not depend on the line ends.
func FuzzRead(f *testing.F) {
	f.Add([]byte("Received: from a by b; Mon, 2 Nov 2026 09:00:00 +0100\nReceived: x;\n y; 1 Jan 2026\n\nTekst"), uint8(0), ":2,S")
	f.Add([]byte("Received: (a;b) ; (c)\r\n Mon, 2 Nov 2026 09:00:00 +0100 (CET)\r\n\r\n"), uint8(1), ":2,DT")
	f.Add([]byte(stamp+"\n\n"+stamp+"From: x\n"), uint8(2), "!2,")
	f.Add([]byte("\xff\xfe\x00"), uint8(3), ";2,T-")
	f.Add([]byte("From - \nX-Mozilla-Status: 0009\n\n"), uint8(2), "")
	f.Fuzz(func(t *testing.T, raw []byte, where uint8, tail string) {
		dir := t.TempDir()
		path := filepath.Join(dir, []string{"een.eml", "Maildir/cur/een", "mbox", "een.txt"}[where%4])
		if where%4 == 1 && filepath.IsLocal("x"+tail) && filepath.Base("x"+tail) == "x"+tail && len(tail) < 100 {
			path += tail
		}
		for _, sub := range []string{"cur", "new", "tmp"} {
			if err := os.MkdirAll(filepath.Join(dir, "Maildir", sub), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Skip("no name for a file")
		}
		l := Limits{Message: 200, Head: 50}
		for _, root := range []string{dir, path} {
			n := 0
			for m, err := range Read(root, l) {
				if n++; n > len(raw)+10 {
					t.Fatal("no end")
				}
				if err != nil {
					continue
				}
				if int64(len(m.Raw)) > l.Message || m.Partial != (m.Size > l.Message) || m.N == 0 && !bytes.HasPrefix(raw, m.Raw) {
					t.Fatalf("%d bytes of %d, partial %v", len(m.Raw), m.Size, m.Partial)
				}
				if !m.Received.IsZero() && (m.Received.Year() < 1970 || m.Received.Year() > 2201) {
					t.Fatalf("received in %d", m.Received.Year())
				}
			}
		}
		if bytes.IndexByte(raw, '\r') < 0 {
			a, b := received(raw), received(bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n")))
			if len(raw) < 4<<10 && !a.Equal(b) {
				t.Fatalf("LF %v, CRLF %v", a, b)
			}
		}
		if d := postmark(raw).date(); !d.IsZero() && d.After(time.Date(2100, 1, 2, 0, 0, 0, 0, time.UTC)) {
			t.Fatalf("a postmark of %v", d)
		}
	})
}
