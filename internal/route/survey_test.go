package route

import (
	"strings"
	"testing"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
)

// People answer in any shape; what could mean something else is no score.
func TestFirstScore(t *testing.T) {
	for text, want := range map[string]int{
		"4": 4, " 5 \n\nDank!": 5, "4.": 4, "3!": 3, "een 4": 4, "Een 2, helaas.": 2, "4/5": 4, "4 van de 5": 4, "5 uit 5": 5, "4 out of 5": 4,
		"Cijfer: 4": 4, "Mijn cijfer is 4": 4, "Score = 3": 3, "Ik geef een 4 omdat het lang duurde": 4, "Ik geef jullie een 5!": 5,
		"4 sterren": 4, "1 ster": 1, "5 stars": 5, "vijf": 5, "één": 1, "two": 2, "4 - tevreden": 4,
		"Heel tevreden": 5, "heel tevreden, dank je wel": 5, "Ik ben zeer tevreden.": 5, "Tevreden": 4, "We zijn tevreden!": 4, "niet tevreden": 2,
		"Helemaal niet tevreden!": 1, "Ontevreden, want de les is niet ingehaald": 2, "Niet tevreden, niet ontevreden": 3, "neutraal": 3,
		"I am very satisfied": 5, "dissatisfied": 2,

		"": 0, "7": 0, "0": 0, "10": 0, "7/5": 0, "4/10": 0, "4,5": 0, "4.5": 0, "45": 0, "-4": 0,
		"Ik wacht al 2 weken op antwoord": 0, "2 weken gewacht": 0, "4 dagen": 0, "1. De trainer was er niet": 0, "2) De zaal ook niet": 0,
		"Niet ontevreden": 0, "Niet heel tevreden": 0, "Ik weet het niet": 0, "Beste Bas,\n4": 0, "tevreden ben ik niet": 0, strings.Repeat("4", 500): 0,
	} {
		if got := firstScore(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestLinked(t *testing.T) {
	for subject, want := range map[string]int{
		"Mijn antwoord: 4 [K2026-482931] code h7k2m9qxab":                4,
		"Re: [EXTERN] Mijn antwoord: 1 [K2026-482931] code H7K2M9QXAB":   1,
		"My answer: 5 [K2026-482931] code h7k2m9qxab":                    5,
		"Mijn antwoord: 7 [K2026-482931] code h7k2m9qxab":                7,
		"Mijn antwoord: 4 [K2026-482931]":                                -1,
		"Mijn antwoord: 4 [K2026-482931] code h7k2":                      -1,
		"Mijn antwoord: [K2026-482931] code h7k2m9qxab":                  -1,
		"Nog één vraag over je klacht [K2026-482931] code abcdefghijklm": -1,
		"": -1,
	} {
		got, code, ok := linked(subject)
		if !ok {
			got = -1
		} else if code != "h7k2m9qxab" {
			t.Errorf("%q: code %q", subject, code)
		}
		if got != want {
			t.Errorf("%q: %d, want %d", subject, got, want)
		}
	}
}

// An explanation is what stands beside the score.
func TestExplained(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"4":                   "",
		"4\n\nSnel geholpen.": "Snel geholpen.",
		"Heel tevreden, want ik kon de les inhalen.": "Heel tevreden, want ik kon de les inhalen.",
		"Alles is opgelost.":                         "Alles is opgelost.",
	} {
		if got := explained(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := explained(strings.Repeat("é", maxExplanation)); len(got) > maxExplanation || !strings.HasSuffix(got, "é") {
		t.Errorf("%d bytes, ends in %q", len(got), got[len(got)-4:])
	}
}

// security.md 18, 19: whose answer it is, and of which case; an answer that leads
// nowhere is no complaint, and gets no answer.
func TestAnswers(t *testing.T) {
	c := complaint.Case{ID: 7, Number: complaint.Number(2026, 0, 48293), Complainant: complaint.Party{Address: "jan@voorbeeld.example"}}
	c.Survey.Code = "h7k2m9qxab"
	right, wrong, gone := "Mijn antwoord: 4 ["+c.Number+"] code h7k2m9qxab", "Mijn antwoord: 4 ["+c.Number+"] code xxxxxxxxxx", "Mijn antwoord: 4 ["+nobody+"] code h7k2m9qxab"
	for _, tt := range []struct {
		name, from, subject, text string
		kind                      complaint.LetterKind // of the mail that it answers
		what                      What
		caseID                    int64
		score                     int
		other                     bool
	}{
		{"by the link", "jan@voorbeeld.example", right, "", "", Answered, 7, 4, false},
		{"with words", "jan@voorbeeld.example", right, "Dank!", "", Answered, 7, 4, false},
		{"seven out of five", "jan@voorbeeld.example", strings.Replace(right, "4 ", "7 ", 1), "", "", Followup, 7, 0, false},
		{"a wrong code", "jan@voorbeeld.example", wrong, "", "", Followup, 7, 0, false},
		{"another address", "piet@voorbeeld.example", right, "", "", Answered, 7, 4, true},
		{"another address, wrong code", "piet@voorbeeld.example", wrong, "", "", Answered, 0, 0, false},
		{"another address, wrong code, words", "piet@voorbeeld.example", wrong, "De les was slecht.", "", Complaint, 0, 0, false},
		{"erased", "jan@voorbeeld.example", gone, "", "", Answered, 0, 0, false},
		{"erased, with words", "jan@voorbeeld.example", gone, "Nu is het weer mis.", "", Complaint, 0, 0, false},
		{"a reply to the question", "jan@voorbeeld.example", "Re: Ben je tevreden", "Heel tevreden!", complaint.LetterSatisfaction, Answered, 7, 5, false},
		{"a reply to the reminder", "jan@voorbeeld.example", "Re: Nog een vraag", "2\nNiets gehoord.", complaint.LetterSatisfactionReminder, Answered, 7, 2, false},
		{"a reply without a score", "jan@voorbeeld.example", "Re: Ben je tevreden", "Ik wacht nog op het geld.", complaint.LetterSatisfaction, Followup, 7, 0, false},
		{"a reply to another letter", "jan@voorbeeld.example", "Re: Je klacht is afgehandeld", "4", complaint.LetterClosing, Followup, 7, 0, false},
	} {
		k := known()
		k.ByNumber = func(n string) (complaint.Case, bool, error) { return c, n == c.Number, nil }
		k.ByCase = func(int64) (complaint.Case, bool, error) { return c, true, nil }
		k.ByID = func(id string) (Sent, bool, error) {
			return Sent{CaseID: 7, To: c.Complainant.Address, Kind: tt.kind}, id == "asked@academie.example", nil
		}
		m := message.Message{From: []message.Address{{Address: tt.from}}, FromFields: 1, Subject: tt.subject, Text: tt.text, NewText: tt.text,
			To: []message.Address{{Address: "klachten@academie.example"}}}
		if tt.kind != "" {
			m.InReplyTo = []string{"asked@academie.example"}
		}
		v, err := Classify(m, k)
		if err != nil || v.What != tt.what || v.CaseID != tt.caseID || v.Score != tt.score || v.Other != tt.other {
			t.Errorf("%s: %s of case %d, score %d, other %v, %v", tt.name, v.What, v.CaseID, v.Score, v.Other, err)
		}
	}
}

func FuzzFirstScore(f *testing.F) {
	for _, s := range []string{"4", "Ik geef een 4", "heel tevreden, want", "4.5", "niet tevreden, niet ontevreden"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if n := firstScore(text); n != 0 && !isScore(n) {
			t.Errorf("%q: %d", text, n)
		}
		if got := explained(text); len(got) > maxExplanation {
			t.Errorf("%d bytes", len(got))
		}
	})
}
