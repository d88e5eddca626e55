package export

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"html"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the goldens anew")

func sample() Dossier {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	raw := func() ([]byte, error) { return []byte("Subject: x\r\n\r\nx\r\n"), nil }
	return Dossier{Number: "K2026-000009", Academy: "Academie Voorbeeld", Made: at.AddDate(0, 1, 0), Subject: Person{"Jan Jansen", "jan@voorbeeld.example"},
		Own: []string{"klachten@example.nl"}, Known: []Person{{"Tess Trainer", "tess@example.nl"}, {"Bo", ""}}, JSON: []byte("{}\n"),
		Form:     []Field{{"betrokkene", "Tess Trainer tess@example.nl"}, {"omschrijving", "Het was koud.\n\nElke ochtend weer."}},
		Timeline: []Line{{at, "Klacht geregistreerd", ""}, {at.Add(time.Hour), "In behandeling genomen", "Bas Bakker"}},
		Messages: []Message{
			{In, at, "jan@voorbeeld.example", []string{"klachten@example.nl"}, "Koud <lokaal>", "Beste mensen,\n\nTESS TRAINER zei: <script>alert(1)</script>\n\nJan Jansen", []string{"../../etc/passwd.jpg"},
				[]Person{{"Jan Jansen", "jan@voorbeeld.example"}, {"Mr. A. de Vries", "advocaat@kantoor.example"}}, raw},
			{Out, at.Add(time.Minute), "klachten@example.nl", []string{"jan@voorbeeld.example"}, "", "Ontvangen.", nil, nil, raw},
		}}
}

// The page as a person sees it; it is looked at in a browser when it changes.
func TestPage(t *testing.T) {
	d := sample()
	got, err := d.page(d.others())
	if err != nil {
		t.Fatal(err)
	}
	const path = "testdata/dossier.html"
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v: the page is not as it was; look at it, and run with -update\n%s", err, got)
	}
}

// Who is not the person whom it is about is listed, with the place.
func TestOthers(t *testing.T) {
	var got []string
	for _, o := range sample().others() {
		got = append(got, o.text+": "+strings.Join(o.where, ", "))
	}
	want := []string{"advocaat@kantoor.example: bericht 1", "Mr. A. de Vries: bericht 1", "Tess Trainer: formulier, bericht 1", "tess@example.nl: formulier"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// security.md 9: no name in the file comes from a mail.
func TestNames(t *testing.T) {
	var b bytes.Buffer
	if err := sample().Write(&b); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range z.File {
		got = append(got, f.Name)
	}
	want := []string{"EERST-LEZEN-andere-personen.txt", "dossier.html", "dossier.json", "berichten/001-2026-11-23-in.eml", "berichten/002-2026-11-23-uit.eml"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestWriteFails(t *testing.T) {
	broken := errors.New("gone")
	d := sample()
	d.Messages[1].Raw = func() ([]byte, error) { return nil, broken }
	if err := d.Write(&bytes.Buffer{}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestFind(t *testing.T) {
	for _, tt := range []struct {
		text, name string
		want       [][2]int
	}{
		{"Tess en tess", "Tess", [][2]int{{0, 4}, {8, 12}}},
		{"Tessa", "Tess", nil}, {"aTess", "Tess", nil}, {"Tess2", "Tess", nil}, {"Tess.", "Tess", [][2]int{{0, 4}}},
		{"éTess Tess", "Tess", [][2]int{{7, 11}}}, {"JOSÉ", "josé", [][2]int{{0, 5}}}, {"Bo", "Bo", nil}, {"", "Tess", nil}, {"x", "", nil},
	} {
		if got := find(tt.text, tt.name); !slices.Equal(got, tt.want) {
			t.Errorf("%q in %q: %v, want %v", tt.name, tt.text, got, tt.want)
		}
	}
}

var tags = regexp.MustCompile(`</?mark>`)

// FuzzMarked: whatever stands in a mail, the page shows its text and no markup of it.
func FuzzMarked(f *testing.F) {
	f.Add("Tess Trainer <script>", "Tess")
	f.Add("<mark>x&amp;", "mark")
	f.Add("a\x00b\u202ec\r\nd", "abc")
	f.Add("\xff\xfeTess\xff", "tess")
	f.Add("İstanbul", "i̇stanbul")
	f.Fuzz(func(t *testing.T, text, name string) {
		got := string(marked(text, []other{{text: name}, {text: "Trainer"}, {text: "er <s"}}))
		bare := tags.ReplaceAllString(got, "")
		if strings.ContainsAny(bare, "<>") {
			t.Errorf("markup: %q", got)
		}
		if strings.Count(got, "<mark>") != strings.Count(got, "</mark>") {
			t.Errorf("not closed: %q", got)
		}
		want := string(marked(text, nil))
		if html.UnescapeString(bare) != html.UnescapeString(want) {
			t.Errorf("another text: %q, want %q", bare, want)
		}
	})
}
