package letter

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// An academy's own files replace ours one by one.
func TestOverrides(t *testing.T) {
	own := fstest.MapFS{
		"nl/alarm.txt": {Data: []byte("\ufeffSubject: [Kijk je|Kijkt u] even\r\n\r\nBel {{tel academy.Phone}} of mail {{mailto academy.Address}}.\r\n")},
		"nl/LEESMIJ":   {Data: []byte("no template")},
	}
	a := academy(true)
	b, err := New(own, a)
	if err != nil {
		t.Fatal(err)
	}
	list := sampleLetters()
	o := open(t, write(t, b, list[slices.IndexFunc(list, func(s sample) bool { return s.name == "alarm" })]))
	if o.header.Get("Subject") != "Kijkt u even" || o.text != "Bel 020 123 45 67 of mail klachten@academie.example.\n" {
		t.Errorf("%s\n%s", o.header.Get("Subject"), o.text)
	}
	for _, link := range []string{`href="tel:0201234567"`, `href="mailto:klachten@academie.example"`} {
		if !strings.Contains(o.html, link) {
			t.Errorf("no %s in\n%s", link, o.html)
		}
	}
	if o := open(t, write(t, b, list[1])); !strings.Contains(o.text, "Er is een nieuwe klacht") {
		t.Error("the others are not ours any more")
	}
}

// A mistake names file and line, and what is wrong; at start.
func TestBadOverrides(t *testing.T) {
	const head = "Subject: Alarm\n\n"
	for _, tt := range []struct{ file, text, want string }{
		{"nl/alarm.txt", head + "{{.Nothing}}", "nl/alarm.txt:3:2: "},
		{"nl/alarm.txt", head + "Help {{if false}}\n{{.Nothing}}{{end}}", "nl/alarm.txt:4:2: "}, // where no sample comes
		{"nl/closing.txt", head + "Dag {{range .Nobody}}{{.}}{{end}}", "nl/closing.txt:3:"},
		{"nl/alarm.txt", head + "{{if}}", "nl/alarm.txt:3: "},
		{"nl/alarm.txt", head + "{{unknown}}", `nl/alarm.txt:3: function "unknown" not defined`},
		{"nl/alarm.txt", head + "a\nb\xe9", "nl/alarm.txt:4: not UTF-8"},
		{"nl/alarm.txt", head + "a\u202eb", "nl/alarm.txt:3: an invisible character after \"a\""},
		{"nl/alarm.txt", "Help", "nl/alarm.txt:1: the first line must be"},
		{"nl/alarm.txt", "Subject: \nHelp", "nl/alarm.txt:1: the first line must be"},
		{"nl/alarm.txt", head, "nl/alarm.txt: the mail would have no text"},
		{"nl/alarm.txt", "Subject: #neem\n\nHelp", "nl/alarm.txt:1: a subject holds fixed words"},
		{"nl/notice.txt", "Subject: {{.Message.Subject}}\n\nHelp", "nl/notice.txt:1: a subject holds fixed words"}, // security.md 21
		{"nl/notice.txt", head + "{{tel .Message.Name}}", "nl/notice.txt:3:14: "},                                  // a link of a value
		{"nl/notice.txt", head + "{{web .Message.Text}}", "nl/notice.txt:3:14: "},
		{"nl/acknowledgement.txt", head + "{{.Message.Text}}", "nl/acknowledgement.txt:3:"}, // security.md 22
		{"nl/acknowledgement.txt", head + strings.Repeat("lang ", 2000), "nl/acknowledgement.txt: the mail would be larger than 8000 bytes"},
		{"nl/shared.txt", "{{define \"card\"}}{{.Nothing}}{{end}}", "nl/shared.txt:1:"},
		{"nl/notise.txt", head + "Help", "nl/notise.txt: there is no mail of that name; there are acknowledgement, notice"},
		{"notice.txt", head + "Help", "notice.txt: belongs in the folder nl"},
		{"nl/alarm.txt", head + strings.Repeat("x", maxSource), "nl/alarm.txt: larger than 65536 bytes"},
	} {
		_, err := New(fstest.MapFS{tt.file: {Data: []byte(tt.text)}}, academy(false))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %.40q: %v, want %s", tt.file, tt.text, err, tt.want)
		}
	}
	if _, err := New(os.DirFS(filepath.Join(t.TempDir(), "gone")), academy(false)); err == nil {
		t.Error("a folder that is not there was taken")
	}
}

// Our own templates are not tried at start: no configuration breaks them.
func TestOwnTemplates(t *testing.T) {
	full, bare, wild := academy(false), Academy{From: academy(false).From}, academy(true)
	wild.Phone, wild.Hours, wild.PrivacyURL = hostile[:60], hostile[60:120], hostile[120:180] // the acknowledgement has little room
	wild.Office = []string{hostile, ""}
	wild.Categories, wild.Causes = []string{hostile}, []string{hostile}
	wild.ExternalBodies = []ExternalBody{{Name: hostile, Address: hostile, URL: hostile, Fee: hostile, VerifiedOn: "gisteren"}}
	wild.Names = func(string) string { return hostile }
	for i, a := range []Academy{full, bare, wild} {
		b, err := New(nil, a)
		if err != nil {
			t.Fatalf("academy %d: %v", i, err)
		}
		for language, e := range b.editions {
			for _, kind := range kinds {
				if err := e.try(kind); err != nil {
					t.Errorf("academy %d, %s: %v", i, language, err)
				}
			}
		}
	}
}

// An academy that has told us little has mails without gaps.
func TestBareAcademy(t *testing.T) {
	a := academy(false)
	a.Phone, a.Hours, a.PrivacyURL, a.Office = "", "", "", nil
	b, err := New(nil, a)
	if err != nil {
		t.Fatal(err)
	}
	o := open(t, write(t, b, sampleLetters()[0]))
	for _, gap := range []string{"()", "  ", " .", "bellen?", "privacy:", "<a "} {
		_, body, _ := strings.Cut(o.html, "<body")
		if strings.Contains(o.text+body, gap) {
			t.Errorf("%q in\n%s", gap, o.text)
		}
	}
}

// A file of the academy's cannot reach what belongs to another case, nor what its
// own mail is not for: there is no field and no function that leads there.
func TestOverridesReachNoOtherCase(t *testing.T) {
	const head = "Subject: Klacht\n\n"
	for _, tt := range []struct{ file, text, want string }{
		{"nl/reply.txt", "{{.Case.Number}}", "nl/reply.txt:3:7: "},
		{"nl/reply.txt", "\n{{range .Items}}{{.Number}}{{end}}", "nl/reply.txt:4:8: "},
		{"nl/closing.txt", "{{template \"history\" .}}", "nl/shared.txt:"},
		{"nl/closing.txt", "{{range .Steps}}{{.Link}}{{end}}", "nl/closing.txt:3:8: "}, // a code of staff
		{"nl/concerned.txt", "{{.Message.Text}}", "nl/concerned.txt:3:10: "},
		{"nl/notice.txt", "{{caseOf \"K2026-111118\"}}", "nl/notice.txt:3: function \"caseOf\" not defined"},
		{"nl/notice.txt", "{{academy.Names \"jan@voorbeeld.example\"}}", "nl/notice.txt:3:2: "},
		{"en/reply.txt", "{{.Case.Number}}", "en/reply.txt:3:7: "},
	} {
		_, err := New(fstest.MapFS{tt.file: {Data: []byte(head + tt.text)}}, academy(false))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %q: %v, want %s", tt.file, tt.text, err, tt.want)
		}
	}
}

// What a template is given holds words alone: nothing that it could follow or call
// to get at more.
func TestTemplatesHoldWordsAlone(t *testing.T) {
	b := newBook(t, false)
	seen := map[reflect.Type]bool{}
	var look func(path string, r reflect.Type)
	look = func(path string, r reflect.Type) {
		if seen[r] {
			return
		}
		seen[r] = true
		for i := range r.NumMethod() {
			if m := r.Method(i); m.Type.NumIn() > 1 {
				t.Errorf("%s.%s takes arguments", path, m.Name)
			}
		}
		switch r.Kind() {
		case reflect.Struct:
			for i := range r.NumField() {
				if f := r.Field(i); f.IsExported() || f.Anonymous { // a template sees no other
					look(path+"."+f.Name, f.Type)
				}
			}
		case reflect.Slice, reflect.Array, reflect.Pointer:
			look(path, r.Elem())
		case reflect.String, reflect.Bool, reflect.Int, reflect.Int64:
		default:
			t.Errorf("%s is a %s", path, r)
		}
	}
	for _, s := range sampleLetters() {
		data, err := b.in(s.l, s.c).data(s.l, s.c, s.o, coded(b.Buttons(s.l, s.c, envelope.Date)))
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if data != nil {
			look(s.name, reflect.TypeOf(data))
		}
	}
	if len(seen) < 20 {
		t.Errorf("looked at %d types", len(seen))
	}
}
