package play

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var zone = time.FixedZone("CET", 3600)

func TestParse(t *testing.T) {
	p, err := Parse("proef.txt", `# Een klacht

# commentaar

-- academy --
deputy: tess@academie.example
burst:  3

-- at 2026-03-20 09:00 --
-- mail --
From: jan@voorbeeld.example

# geen commentaar, want in een mail
-- de groeten

-- expect --
# commentaar
jan@voorbeeld.example  Je klacht is ontvangen [K1]
    says: uiterlijk vrijdag
    says: bedankt
bas@academie.example  Nieuwe klacht [K1]
-- became registered --
-- say Dat was het. --
`, zone)
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "proef.txt" || p.Title != "Een klacht" || p.Academy["deputy"] != "tess@academie.example" || p.Academy["burst"] != "3" {
		t.Errorf("got %+v", p)
	}
	var verbs []Verb
	for _, s := range p.Steps {
		verbs = append(verbs, s.Verb)
	}
	if !slices.Equal(verbs, []Verb{At, Mail, Expect, Became, Say}) {
		t.Fatalf("verbs %q", verbs)
	}
	if want := time.Date(2026, 3, 20, 8, 0, 0, 0, time.UTC); !p.Steps[0].Moment.Equal(want) || p.Steps[0].Line != 9 {
		t.Errorf("at: %+v", p.Steps[0])
	}
	if body := p.Steps[1].Body; !strings.Contains(body, "# geen commentaar") || !strings.Contains(body, "-- de groeten") {
		t.Errorf("mail: %q", body)
	}
	e := p.Steps[2].Expect
	if len(e) != 2 || e[0].Line != 18 || !slices.Equal(e[0].Says, []string{"uiterlijk vrijdag", "bedankt"}) || e[1].Subject != "Nieuwe klacht [K1]" {
		t.Errorf("expect: %+v", e)
	}
	if p.Steps[3].Arg != "registered" || p.Steps[4].Arg != "Dat was het." {
		t.Errorf("arguments: %+v", p.Steps[3:])
	}
}

// A file of Windows reads the same.
func TestParseCRLF(t *testing.T) {
	text := "# Titel\n\n-- at 2026-03-20 09:00 --\n-- expect --\njan@voorbeeld.example  Hallo\n"
	for _, text := range []string{text, strings.ReplaceAll(text, "\n", "\r\n")} {
		p, err := Parse("proef.txt", text, zone)
		if err != nil || p.Title != "Titel" || len(p.Steps) != 2 || p.Steps[1].Expect[0].Subject != "Hallo" {
			t.Errorf("%+v, %v", p, err)
		}
	}
}

// An error names the file and the line.
func TestParseErrors(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"# Titel\n\nzomaar tekst\n", `proef.txt:3: "zomaar tekst" stands in no block`},
		{"# Titel\n-- mail\n", `proef.txt:2: "-- mail" stands in no block`},
		{"# Titel\n\n-- verzend --\n", `proef.txt:3: there is no block "verzend"`},
		{"# Titel\n-- mail --\nx\n-- at morgen --\n", `proef.txt:4: "morgen" is no moment`},
		{"# Titel\n-- at 2026-02-30 09:00 --\n", `proef.txt:2: "2026-02-30 09:00" is no moment`},
		{"# Titel\n-- expect --\n  says: te vroeg\n", `proef.txt:2: "says: te vroeg" before the first mail`},
		{"# Titel\n-- expect --\nzonder-adres Hallo\n", `proef.txt:2: "zonder-adres Hallo": want an address and a subject`},
		{"# Titel\n-- expect --\njan@voorbeeld.example\n", `want an address and a subject`},
		{"# Titel\n-- academy --\ndeputy tess\n", `proef.txt:2: "deputy tess": want key: value`},
	} {
		if _, err := Parse("proef.txt", tt.text, zone); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %s", tt.text, err, tt.want)
		}
	}
}
