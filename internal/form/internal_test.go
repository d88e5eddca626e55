package form

import (
	"reflect"
	"strings"
	"testing"
)

func TestInternal(t *testing.T) {
	seen := map[string]bool{}
	last := "A"
	sections := map[string]bool{}
	for _, d := range Internal() {
		if seen[d.Key] || d.Key != strings.ToLower(d.Label) || d.Section < last || d.By == "" {
			t.Errorf("%+v", d)
		}
		seen[d.Key], last, sections[d.Section] = true, d.Section, true
	}
	for _, s := range Sections {
		if !sections[s.Letter] {
			t.Errorf("section %s is empty", s.Letter)
		}
	}
	if len(sections) != 11 || len(Sections) != 11 {
		t.Errorf("%d sections, A to K are 11", len(sections))
	}
}

func TestParseClosing(t *testing.T) {
	for _, tt := range []struct {
		name, body, fields, letter, stray string
		form                              bool
	}{
		{"a letter", "Beste Jan,\n\nKosten: dat is waar het om gaat.\nOordeel: wij vinden...\n", "", "Beste Jan,\n\nKosten: dat is waar het om gaat.\nOordeel: wij vinden...", "", false},
		{"the form", "Categorie: Inhoud\nOordeel: deels\nIncidenteel of structureel: incidenteel\nKosten:\nLeerpunt: eerder bellen\nBericht aan de cursist:\nBeste Jan,\n\nKosten: geen.\n\nGroet, Bas",
			"categorie=Inhoud|incidenteel of structureel=incidenteel|leerpunt=eerder bellen|oordeel=deels", "Beste Jan,\n\nKosten: geen.\n\nGroet, Bas", "", true},
		{"on the same line", "Categorie: Inhoud\n*Bericht aan de cursist:* Beste Jan,\nsorry", "categorie=Inhoud", "Beste Jan,\nsorry", "", true},
		{"no letter", "Categorie: Inhoud\nBericht aan de cursist:\n", "categorie=Inhoud", "", "", true},
		{"text above", "Categorie: Inhoud\n\nBeste Jan,\n\nBericht aan de cursist:\n", "categorie=Inhoud", "", "Beste Jan,", true},
		{"a mistyped label", "Categori: Inhoud\nOordeel: deels\nBericht aan de cursist:\nx", "oordeel=deels", "x", "Categori: Inhoud", true},
		{"quoted", "Beste Jan\n> Categorie: Inhoud\n> Bericht aan de cursist:\n> oud", "", "Beste Jan\n> Categorie: Inhoud\n> Bericht aan de cursist:\n> oud", "", false},
		{"in a sentence", "Ons bericht aan de cursist: zie boven", "", "Ons bericht aan de cursist: zie boven", "", false},
		{"English", "Category: Content\nFinding: partly\nMessage to the student:\nDear Jan", "categorie=Content|oordeel=partly", "Dear Jan", "", true},
	} {
		for _, body := range []string{tt.body, strings.ReplaceAll(tt.body, "\n", "\r\n")} {
			c := ParseClosing(body)
			letter := strings.ReplaceAll(c.Letter, "\r\n", "\n")
			if c.Form != tt.form || show(c.Fields) != tt.fields || letter != tt.letter || c.Stray != tt.stray {
				t.Errorf("%s: %+v", tt.name, c)
			}
		}
	}
}

func TestParseRegistration(t *testing.T) {
	for _, tt := range []struct {
		value, body string
		want        Registration
	}{
		{"jan@example.nl", "Omschrijving: te laat\nOntvangen op: 20-11-2026\nKanaal: telefoon",
			Registration{Email: "jan@example.nl", Fields: Fields{Description: "te laat", ReceivedOn: "20-11-2026", Channel: "telefoon"}}},
		{"Jan Jansen <jan@example.nl>", "Hij kwam te laat.", Registration{Name: "Jan Jansen", Email: "jan@example.nl", Fields: Fields{Description: "Hij kwam te laat."}}},
		{"intern", "Naam: Tess\nDe koffie is koud.", Registration{Internal: true, Name: "Tess", Fields: Fields{Name: "Tess", Description: "De koffie is koud."}}},
		{"Intern", "Naam: Tess\n\nDe koffie is koud.", Registration{Internal: true, Name: "Tess", Fields: Fields{Name: "Tess", Description: "De koffie is koud."}}},
		{"", "Naam: Jan\nE-mail: jan@example.nl\nTelefoon en goed moment: 020 123 45 67 avond",
			Registration{Name: "Jan", Email: "jan@example.nl", Fields: Fields{Name: "Jan", Email: "jan@example.nl", Phone: "020 123 45 67", GoodMoment: "avond"}}},
		{"Jan Intern", "x", Registration{Name: "Jan Intern", Fields: Fields{Description: "x"}}},
	} {
		if got := ParseRegistration(tt.value, tt.body); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: %+v, want %+v", tt.value, got, tt.want)
		}
	}
}
