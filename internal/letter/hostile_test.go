package letter

import (
	"bytes"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"klachtd/internal/complaint"
)

var (
	tags  = regexp.MustCompile(`<[^>]*>`)
	links = regexp.MustCompile(`(?i)<a[ >][^>]*>|(?:href|src|action|background)="[^"]*"|url\(`)
)

// structure is what a value must not change: the headers that there are, the
// elements and links of the page, the lines of the text that are ours.
func structure(o opened) string {
	var names []string
	for row := range strings.SplitSeq(o.head, "\n") {
		if name, _, found := strings.Cut(row, ": "); found && !strings.HasPrefix(row, " ") {
			names = append(names, name)
		}
	}
	page := strings.ReplaceAll(o.html, "<br>", "") // the lines of the quoted text
	ours := 0
	for row := range strings.SplitSeq(o.text, "\n") {
		if !strings.HasPrefix(row, "> ") {
			ours++
		}
	}
	return strings.Join(names, " ") + strings.Join(tags.FindAllString(page, -1), "") + " " + strings.Repeat("|", ours)
}

func filled(s sample, words string) sample {
	s.o = Original{From: complaint.Party{Name: words, Address: words}, Subject: words, Text: words, At: envelope.Date,
		MessageID: words, OthersInCc: []string{words}, Enclosed: enclose(
			Attachment{Name: "x" + words + ".pdf", ContentType: words, Size: 3, Data: []byte("abc")}, Attachment{Name: "x" + words + ".exe"})}
	s.l.Lost.To = words
	s.l.Comment, s.l.Body = instead(s.l.Comment, words), instead(s.l.Body, words)
	if toComplainant(s.l.Kind) {
		s.l.Body = strings.NewReplacer("\r", "", "\n", " ", "\u2028", " ", "\u2029", " ").Replace(s.l.Body) // whose lines are his own
	}
	s.l.Receipt.Lines = slices.Clone(s.l.Receipt.Lines)
	for i := range s.l.Receipt.Lines {
		x := &s.l.Receipt.Lines[i]
		x.Old, x.New, x.Order.Value = words, words+".", words
	}
	s.l.Receipt.Letters = slices.Clone(s.l.Receipt.Letters)
	for i := range s.l.Receipt.Letters {
		s.l.Receipt.Letters[i].To.Name = words
	}
	s.l.Refusals = slices.Clone(s.l.Refusals)
	for i := range s.l.Refusals { // whose values make buttons: TestButtonsOfStrangeValues
		s.l.Refusals[i] = complaint.Refusal{Order: complaint.Order{Words: words}, Reason: complaint.RefusedValue, Allowed: []string{words, words}}
	}
	s.l.Items = slices.Clone(s.l.Items)
	for i := range s.l.Items {
		s.l.Items[i].Handler = words
	}
	s.c.Complainant.Name, s.c.Subject, s.c.Course = words, words, instead(s.c.Course, words)
	s.c.Category.Value, s.c.ProposedCause.Value = instead(s.c.Category.Value, words), instead(s.c.ProposedCause.Value, words)
	s.c.Concerned = slices.Clone(s.c.Concerned)
	for i := range s.c.Concerned {
		s.c.Concerned[i].Name = words
	}
	return s
}

// instead is words where there was something.
func instead(s, words string) string {
	if s == "" {
		return ""
	}
	return words
}

// security.md 3, 14, 20: a value makes neither header, nor markup, nor link, nor
// a line that looks like ours; in any letter.
func TestValuesStayValues(t *testing.T) {
	for _, s := range everyLetter(t) {
		calm := open(t, write(t, s.book, filled(s.sample, "woord")))
		raw := write(t, s.book, filled(s.sample, "woord"+hostile))
		wild := open(t, raw)
		if got, want := structure(wild), structure(calm); got != want {
			t.Errorf("%s: another structure from %.80q on", s.name, got[differ(got, want):])
		}
		if got, want := links.FindAllString(wild.html, -1), links.FindAllString(calm.html, -1); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: links %q, want %q", s.name, got, want)
		}
		checkBytes(t, s.name, raw)
		for _, part := range []string{wild.text, wild.html} {
			if i := strings.IndexFunc(part, func(r rune) bool { return r != '\n' && r != '\t' && (r < ' ' || r >= 0x7f && unseen(r)) }); i >= 0 || !utf8.ValidString(part) {
				t.Errorf("%s: an unseen character at %d", s.name, i)
			}
		}
		for _, live := range []string{"https://evil", "www.evil", "evil.example", "x@evil"} { // as a program would find it
			if strings.Contains(wild.html, live) && !toComplainant(s.l.Kind) { // that a person of ours typed
				t.Errorf("%s: %q would be made a link", s.name, live)
			}
		}
	}
}

// checkBytes holds a mail to RFC 5322: CRLF alone, lines of 998 bytes, 7 bits (security.md 3).
func checkBytes(t testing.TB, name string, raw []byte) {
	t.Helper()
	for row := range bytes.SplitSeq(bytes.TrimSuffix(raw, []byte("\r\n")), []byte("\r\n")) {
		if len(row) > 998 || bytes.ContainsAny(row, "\r\n\x00") {
			t.Errorf("%s: line %.80q of %d bytes", name, row, len(row))
		}
		if i := bytes.IndexFunc(row, func(r rune) bool { return r >= 0x80 }); i >= 0 {
			t.Errorf("%s: eight bits in %.80q", name, row)
		}
	}
}

// Whatever a value is, nothing around it changes.
func FuzzValue(f *testing.F) {
	for _, s := range []string{"gewoon", hostile, "*a* **", "\ue02a\uf000\ue100x\ue101y", "\r", "\n\n> a", " ", "| b", "\xff\xfe", "=?utf-8?q?a?="} {
		f.Add(s)
	}
	b, err := New(nil, academy(false))
	if err != nil {
		f.Fatal(err)
	}
	var fuzzed []sample
	for _, s := range sampleLetters() {
		if s.name == "reply" || s.name == "consult" || s.name == "refused" || s.name == "card" || s.name == "notice-withheld" || s.name == "followup-unproven" || s.name == "undelivered" {
			fuzzed = append(fuzzed, s)
		}
	}
	f.Fuzz(func(t *testing.T, words string) {
		for _, s := range fuzzed {
			raw := write(t, b, filled(s, "w"+words))
			if got, want := structure(open(t, raw)), structure(open(t, write(t, b, filled(s, "w")))); got != want {
				t.Errorf("%s: another structure from %.80q on", s.name, got[differ(got, want):])
			}
			checkBytes(t, s.name, raw)
		}
	})
}

// security.md 14, 22: no field of the acknowledgement's data could hold content,
// and no data holds a plain string, which templates would print as markup.
func TestDataTypes(t *testing.T) {
	var walk func(path string, v reflect.Type)
	walk = func(path string, v reflect.Type) {
		switch v.Kind() {
		case reflect.String:
			if !v.Implements(reflect.TypeFor[interface{ String() string }]()) {
				t.Errorf("%s is a %s, which is printed as it is", path, v)
			}
		case reflect.Slice:
			walk(path, v.Elem())
		case reflect.Struct:
			if v.Implements(reflect.TypeFor[interface{ String() string }]()) {
				return
			}
			for f := range v.NumField() {
				walk(path+"."+v.Field(f).Name, v.Field(f).Type)
			}
		case reflect.Bool, reflect.Int, reflect.Int64: // a number of things
		default:
			t.Errorf("%s: a %s", path, v)
		}
	}
	for _, data := range []any{acknowledgement{}, notice{}, copied{}, followup{}, undelivered{}, reminders{}, alarm{}, retentionAhead{}, certificate{}, deleteCopies{},
		reply{}, delay{}, delayAutomatic{}, closing{}, concerned{}, outcome{}, assigned{}, handover{}, reopened{}, consult{}, consulted{}, response{},
		approval{}, returned{}, copyAsk{}, severe{}, delayed{}, overdue{}, receipt{}, refused{}, help{}, card{}, list{}, choice{}, challenge{}, forged{}} {
		walk(reflect.TypeOf(data).Name(), reflect.TypeOf(data))
	}
	for _, data := range []any{acknowledgement{}, reminder{}, delayAutomatic{}} {
		for f := range reflect.TypeOf(data).NumField() {
			switch v := reflect.TypeOf(data).Field(f).Type; v {
			case reflect.TypeFor[line](), reflect.TypeFor[passage](), reflect.TypeFor[address](), reflect.TypeFor[message](), reflect.TypeFor[typed]():
				t.Errorf("%T has a field that can hold content: %s", data, v)
			}
		}
	}
	if n, d := number(hostile).String(), date("nl "+hostile).String(); n != "" || strings.Contains(d, "evil") {
		t.Errorf("a number %q or a date %q holds content", n, d)
	}
}

// security.md 14: the acknowledgement is the same, byte for byte, whatever was
// written; his address in To and his Message-ID are all there is of the sender.
func TestAcknowledgementHoldsNothingOfTheSender(t *testing.T) {
	b := newBook(t, true)
	s := sampleLetters()[0]
	calm := write(t, b, s)
	s.o.From, s.o.Subject, s.o.Text = complaint.Party{Name: hostile, Address: hostile}, hostile, hostile
	s.l.To.Name, s.c.Complainant.Name, s.c.Subject = hostile, hostile, hostile
	s.o.OthersInCc, s.o.Enclosed = []string{hostile}, play(Dutch).original().Enclosed
	wild := write(t, b, s)
	if !bytes.Equal(calm, wild) {
		t.Errorf("the sender changes it:\n%s", wild)
	}
	if o := open(t, wild); len(o.files) > 0 || o.header.Get("To") != "<jan@voorbeeld.example>" {
		t.Errorf("files %v, To %s", o.files, o.header.Get("To"))
	}
	if len(calm) > maxAcknowledgement {
		t.Errorf("%d bytes", len(calm))
	}
}

// differ returns where two strings part.
func differ(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
