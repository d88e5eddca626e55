package proof

import (
	"strings"
	"testing"
)

const ours = "0123456789ABCDEFGHJKMNPQRS"

// TestFindCode: a line "Code: …", one word, the first such line outside quoted
// text; the line is removed before any text is stored or sent (security.md, K).
func TestFindCode(t *testing.T) {
	for _, tt := range []struct{ name, text, code, rest string }{
		{"a button's", "\n\nCode: " + ours + "\n", ours, "\n\n"},
		{"words above", "Beste Jan,\n\nKlaar.\n\nCode: " + ours, ours, "Beste Jan,\n\nKlaar.\n\n"},
		{"a signature below", "Klaar.\nCode: " + ours + "\n\nVerstuurd vanaf mijn iPhone\n", ours, "Klaar.\n\nVerstuurd vanaf mijn iPhone\n"},
		{"space before the colon", "Code : " + ours, ours, ""},
		{"no-break spaces", "\u00a0Code\u00a0:\u00a0" + ours + "\u00a0\n", ours, ""},
		{"zero-width spaces", "\ufeffCode:\u200b" + ours + "\u200b\n", ours, ""},
		{"no space", "Code:" + ours, ours, ""},
		{"lower case", "code: " + strings.ToLower(ours), strings.ToLower(ours), ""},
		{"upper case", "CODE: " + ours, ours, ""},
		{"bold label", "*Code:* " + ours, ours, ""},
		{"bold", "**Code: " + ours + "**", ours, ""},
		{"bold word, underscores", "_Code_: *" + ours + "*", ours, ""},
		{"indented", "\t  Code:\t" + ours + "  \n", ours, ""},
		{"CRLF", "Hallo\r\nCode: " + ours + "\r\nDag\r\n", ours, "Hallo\r\nDag\r\n"},
		{"the first", "Code: EEN\nCode: TWEE\n", "EEN", "Code: TWEE\n"},
		{"the first, and no code of ours stays", "Code: EEN\nCode: " + ours + "\n", "EEN", ""},
		{"two words are none", "Code: 95 is kwijt\nCode: " + ours + "\n", ours, "Code: 95 is kwijt\n"},
		{"no word", "Code:\n" + ours + "\n", "", "Code:\n" + ours + "\n"},
		{"no label", "De code: " + ours, "", "De code: " + ours},
		{"another label", "Postcode: 1234AB\n", "", "Postcode: 1234AB\n"},
		{"no colon", "Code " + ours, "", "Code " + ours},
		{"quoted", "Dank.\n\n> Code: " + ours + "\n", "", "Dank.\n\n"},
		{"quoted twice", ">> Code: " + ours + "\n> hallo\n", "", "> hallo\n"},
		{"a quote above", "> Code: EEN\n\nCode: TWEE\n", "TWEE", "> Code: EEN\n\n"},
		{"below a divider", "Dank.\n-----Oorspronkelijk bericht-----\nCode: EEN\n", "", "Dank.\n-----Oorspronkelijk bericht-----\nCode: EEN\n"},
		{"below an older header", "Dank.\n\n*Van:* Klachten <k@example.nl>\n*Verzonden:* maandag\n*Aan:* Bas\n\nCode: EEN\n", "",
			"Dank.\n\n*Van:* Klachten <k@example.nl>\n*Verzonden:* maandag\n*Aan:* Bas\n\nCode: EEN\n"},
		{"below an attribution", "Op 2 nov 2026 schreef Klachten <k@example.nl>:\n\nCode: EEN\n", "", "Op 2 nov 2026 schreef Klachten <k@example.nl>:\n\nCode: EEN\n"},
		{"a code of ours below a divider", "-----Original Message-----\nCode: " + ours + "\n", "", "-----Original Message-----\n"},
		{"a rule is no divider", "----------\nCode: EEN\n", "EEN", "----------\n"},
		{"a field is no header", "Van: jan@example.org\nCursus: Excel\nCode: EEN\n", "EEN", "Van: jan@example.org\nCursus: Excel\n"},
		{"empty", "", "", ""},
	} {
		code, rest, found := FindCode(tt.text)
		if code != tt.code || rest != tt.rest || found != (tt.code != "") {
			t.Errorf("%s: got %q, %q, %v", tt.name, code, rest, found)
		}
	}
}

// security.md 10: every parser has a fuzz target.
func FuzzFindCode(f *testing.F) {
	f.Add("Code: "+ours+"\n-- \nBas", "*Code:* x")
	f.Add("> Code: "+ours+"\r\n", "Code : \u00a0y")
	f.Add("Van: a@b\nAan: c\nCode: z", "")
	f.Fuzz(func(t *testing.T, above, below string) {
		text := above + "\nCode: " + ours + "\n" + below
		code, rest, found := FindCode(text)
		for _, s := range []string{rest, RemoveCodes(text)} {
			if strings.Contains(s, "\nCode: "+ours+"\n") {
				t.Fatal("a code of ours stays")
			}
			if RemoveCodes(s) != s {
				t.Fatal("a second look finds more")
			}
		}
		if found != (code != "") || found && !strings.Contains(text, code) || strings.ContainsAny(code, " \n\r\t") {
			t.Fatalf("code %q", code)
		}
		if len(rest) > len(text) {
			t.Fatal("the text grew")
		}
		if !strings.Contains(text, "\r") {
			other, _, there := FindCode(strings.ReplaceAll(text, "\n", "\r\n"))
			if other != code || there != found {
				t.Fatalf("LF %q %v, CRLF %q %v", code, found, other, there)
			}
		}
		if got, _, _ := FindCode("Tekst.\n\nCode: " + ours + "\n" + below); got != ours { // as a button has it, whatever the mail program adds
			t.Fatalf("what we render is read as %q", got)
		}
	})
}
