package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

const stamp = "From jan@voorbeeld.example Mon Jan  5 09:30:00 2026\n"

var wide = Limits{Message: 1 << 20, Head: 1 << 10}

// split takes a text apart as a file.
func split(tb testing.TB, text string, l Limits) []part {
	tb.Helper()
	r := strings.NewReader(text)
	s := newSplitter(r, strings.NewReader(text), int64(len(text)), l)
	var list []part
	for {
		p, err := s.next()
		if errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			tb.Fatal(err)
		}
		list = append(list, p)
	}
}

func texts(parts []part) []string {
	var list []string
	for _, p := range parts {
		list = append(list, string(p.raw))
	}
	return list
}

// TestSplit: each kind of mbox, as LF and as CRLF.
func TestSplit(t *testing.T) {
	one, two := "Subject: een\n\nEerste.\n", "Subject: twee\n\nTweede.\n"
	length := func(m string) string { // with Content-Length, as mboxcl
		head, body, _ := strings.Cut(m, "\n\n")
		return fmt.Sprintf("%s\nContent-Length: %d\n\n%s", head, len(body), body)
	}
	from := "Subject: x\n\nDag,\n\nFrom then on it was cold.\nFrom jan Mon Jan  5 09:30:00 2026\n"
	quoted := strings.ReplaceAll(from, "\nFrom ", "\n>From ")
	inner := "Subject: x\n\nKijk:\n\n" + stamp + "Subject: oud\n\nOud.\n" // an mbox in a text
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"blank lines", "\n\n\n", nil},
		{"one", stamp + one + "\n", []string{one}},
		{"two", stamp + one + "\n" + stamp + two + "\n", []string{one, two}},
		{"no blank line at the end", stamp + one + "\n" + stamp + two, []string{one, two}},
		{"cut off in a line", stamp + one + "\n" + stamp + "Subject: twee\n\nTwee", []string{one, "Subject: twee\n\nTwee"}},
		{"no blank line between", stamp + one + stamp + two, []string{one, two}},
		{"blank lines of the message stay", stamp + one + "\n\n\n" + stamp + two, []string{one + "\n\n", two}},
		{"something before the first", one + "\n" + stamp + two, []string{one, two}},
		{"blank lines before the first", "\n\n" + stamp + one, []string{one}},
		{"a byte order mark", "\xef\xbb\xbf" + stamp + one, []string{one}},
		{"two postmarks in a row", stamp + stamp + one, []string{one}},
		{"no header", stamp + "\nNiets dan tekst.\n\n" + stamp + two, []string{"\nNiets dan tekst.\n", two}},
		{"mozilla", "From - Mon Jan  5 09:30:00 2026\n" + one + "\nFrom - \n" + two, []string{one, two}},
		{"a sender alone", "From jan@voorbeeld.example\n" + one + "\nFrom -\n" + two, []string{one, two}},
		{"google", "From 1598@xxx Mon Jan 05 09:30:00 +0000 2026\n" + one + "\nFrom 1599@xxx Mon Jan 05 09:30:00 +0000 2026\n" + two, []string{one, two}},
		{"mail's own date", "From jan@voorbeeld.example Mon, 5 Jan 2026 09:30:00 +0100\n" + one, []string{one}},
		{"mboxrd", stamp + quoted + "\n" + stamp + "S: y\n\n>>From a\n>>>From b\n", []string{from, "S: y\n\n>From a\n>>From b\n"}},
		{"quoted is not what looks like it", stamp + "S: y\n\n> From a\n>from b\n>Frome\n", []string{"S: y\n\n> From a\n>from b\n>Frome\n"}},
		{"text that begins with From, not quoted", stamp + "S: y\n\nDag,\n\nFrom now on:\nNote: it is cold.\n\n>From x\n" + "\n" + stamp + two,
			[]string{"S: y\n\nDag,\n\nFrom now on:\nNote: it is cold.\n\n>From x\n", two}},
		{"mboxcl2", stamp + length(inner) + "\n" + stamp + length(two) + "\n", []string{length(inner), length(two)}},
		{"mboxcl2 without blank lines between", stamp + length(inner) + stamp + length(two), []string{length(inner), length(two)}},
		{"mboxcl", stamp + length(quoted) + "\n" + stamp + two, []string{strings.Replace(length(quoted), "\n>From ", "\nFrom ", 2), two}},
		{"a length that leads nowhere", stamp + "Content-Length: 3\n" + one + "\n" + stamp + two, []string{"Content-Length: 3\n" + one, two}},
		{"a length beyond the end", stamp + "Content-Length: 99999999999\n" + one + "\n" + stamp + two, []string{"Content-Length: 99999999999\n" + one, two}},
		{"a length of nonsense", stamp + "Content-Length: -4\n" + one + "\n" + stamp + two, []string{"Content-Length: -4\n" + one, two}},
		{"a length of nothing", stamp + "S: y\nContent-Length: 0\n\n" + "\n" + stamp + two, []string{"S: y\nContent-Length: 0\n\n", two}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := texts(split(t, tt.text, wide)); !slices.Equal(got, tt.want) {
				t.Errorf("LF:\ngot  %q\nwant %q", got, tt.want)
			}
			if strings.Contains(tt.text, "Content-Length") {
				return // the lengths are of the other line ends
			}
			var want []string
			for _, w := range tt.want {
				want = append(want, crlf(w))
			}
			if got := texts(split(t, crlf(tt.text), wide)); !slices.Equal(got, want) {
				t.Errorf("CRLF:\ngot  %q\nwant %q", got, want)
			}
		})
	}
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

// TestLengthInCRLF: Content-Length counts the bytes that are there.
func TestLengthInCRLF(t *testing.T) {
	body := "Kijk:\r\n\r\n" + crlf(stamp) + "Subject: oud\r\n\r\nOud.\r\n"
	one := fmt.Sprintf("Subject: x\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	if got := texts(split(t, crlf(stamp)+one+"\r\n"+crlf(stamp)+one, wide)); !slices.Equal(got, []string{one, one}) {
		t.Errorf("%q", got)
	}
}

// TestBounds: of what is over the limit only the beginning is kept, its size is
// known, and what follows it is whole; whether in lines or in one.
func TestBounds(t *testing.T) {
	small := Limits{Message: 1000, Head: 100}
	for name, big := range map[string]string{
		"lines":       "Subject: groot\n\n" + strings.Repeat("regel\n", 50_000),
		"one line":    "Subject: groot\n\n" + strings.Repeat("x", 300_000) + "\n",
		"header":      strings.Repeat("X-Veld: 1\n", 50_000) + "\n",
		"with length": fmt.Sprintf("Content-Length: %d\n\n%s", 600_000, strings.Repeat("From x\n", 85_714)+"y\n"),
	} {
		text := stamp + big + "\n" + stamp + "Subject: klein\n\nKlein.\n"
		got := split(t, text, small)
		if len(got) != 2 || string(got[1].raw) != "Subject: klein\n\nKlein.\n" || got[1].partial {
			t.Errorf("%s: %d messages", name, len(got))
			continue
		}
		p := got[0]
		if !p.partial || len(p.raw) != 100 || !strings.HasPrefix(big, string(p.raw)) || p.size < int64(len(big)) || p.size > int64(len(big)+1) {
			t.Errorf("%s: partial %v, %d bytes of %d, size %d", name, p.partial, len(p.raw), len(big), p.size)
		}
		if cap(p.raw) > 10_000 {
			t.Errorf("%s: holds on to %d bytes", name, cap(p.raw))
		}
	}
}

func TestPostmarkDate(t *testing.T) {
	for line, want := range map[string]string{
		"From jan@voorbeeld.example Mon Jan  5 09:30:00 2026":             "2026-01-05T09:30:00Z",
		"From jan Mon Jan 05 09:30:00 +0100 2026":                         "2026-01-05T09:30:00+01:00",
		"From jan Mon Jan 5 09:30:00 2026 +0100":                          "2026-01-05T09:30:00+01:00",
		"From - Mon, 5 Jan 2026 09:30:00 +0100":                           "2026-01-05T09:30:00+01:00",
		"From jan Mon Jan  5 09:30 2026\r\n":                              "2026-01-05T09:30:00Z",
		"From jan":                                                        "0001-01-01T00:00:00Z",
		"From jan Mon Jan 45 09:30:00 2026":                               "0001-01-01T00:00:00Z",
		"From Monday Jan 5 at 9:30 it was cold":                           "0001-01-01T00:00:00Z",
		"From " + strings.Repeat("x", 2000) + " Mon Jan  5 09:30:00 2026": "0001-01-01T00:00:00Z",
	} {
		if got := postmark(line).date().Format(time.RFC3339); got != want {
			t.Errorf("%.80s: %s, want %s", line, got, want)
		}
	}
}

// FuzzSplit: what was put into an mbox comes out of it, whatever it is, in either
// kind of line end; and any bytes are taken apart in bounds with none of them lost.
func FuzzSplit(f *testing.F) {
	f.Add([]byte("Subject: een\n\nEerste.\n"), []byte("Subject: twee\n\nFrom hier\n>From daar\n"), uint16(1000))
	f.Add([]byte("Content-Length: 5\n\nabc\n\n\n"), []byte(stamp+"\n"+stamp), uint16(7))
	f.Add([]byte("\n\n"), []byte("From \nFrom: x\n\n"), uint16(0))
	f.Add([]byte(stamp+"Content-Length: 12\n\n\n"+stamp), []byte(">>From x"), uint16(3))
	f.Fuzz(func(t *testing.T, a, b []byte, limit uint16) {
		roundTrip(t, [][]byte{a, b})
		l := Limits{Message: int64(limit), Head: int64(limit / 2)}
		for _, raw := range [][]byte{a, b, slices.Concat(a, []byte("\n"), b)} {
			account(t, raw, l)
		}
	})
}

// roundTrip writes an mboxrd and reads it back.
func roundTrip(t *testing.T, in [][]byte) {
	for _, eol := range []string{"\n", "\r\n"} {
		var box bytes.Buffer
		var want []string
		for i, m := range in {
			body := strings.ReplaceAll(strings.ReplaceAll(string(m), "\r", ""), "\n", eol)
			if body != "" && !strings.HasSuffix(body, eol) {
				body += eol
			}
			head := fmt.Sprintf("Subject: %d%s%s", i, eol, eol)
			box.WriteString(strings.TrimSuffix(stamp, "\n") + eol + head)
			for line := range strings.Lines(body) {
				if strings.HasPrefix(strings.TrimLeft(line, ">"), "From ") {
					line = ">" + line
				}
				box.WriteString(line)
			}
			box.WriteString(eol)
			want = append(want, head+body)
		}
		if got := texts(split(t, box.String(), wide)); !slices.Equal(got, want) {
			t.Errorf("%q:\ngot  %q\nwant %q", eol, got, want)
		}
	}
}

// account adds up the bytes of what came out: but for postmarks, separators,
// quotes and blank ends they are all that went in.
func account(t *testing.T, raw []byte, l Limits) {
	var sum int64
	for _, p := range split(t, string(raw), l) {
		if int64(len(p.raw)) > max(l.Message, 0) || p.partial && int64(len(p.raw)) > l.Head {
			t.Errorf("%d bytes kept of %d, limits %+v", len(p.raw), p.size, l)
		}
		if !p.partial && p.size < int64(len(p.raw)) {
			t.Errorf("size %d of %d bytes", p.size, len(p.raw))
		}
		sum += p.size
	}
	if sum > int64(len(raw)) {
		t.Errorf("%d bytes came out of %d", sum, len(raw))
	}
	whole := Limits{Message: 1 << 30, Head: 1 << 30}
	out := strings.Join(texts(split(t, string(raw), whole)), "\n")
	for line := range bytes.Lines(raw) {
		line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		word := strings.TrimLeft(strings.Trim(string(line), "\r\n"), ">")
		if strings.TrimSpace(word) != "" && !strings.HasPrefix(word, "From ") && !strings.Contains(out, word) {
			t.Errorf("line %q is lost", line)
		}
	}
}
