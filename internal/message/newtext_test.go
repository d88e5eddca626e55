package message

import (
	"strings"
	"testing"
)

// newText is newWords for text that is not out of HTML.
func newText(text string, answer, forward bool) string {
	return newWords(text, nil, answer, forward)
}

func TestNewText(t *testing.T) {
	const old = "\noud\n"
	for _, tt := range []struct{ name, text, want string }{
		{"apple html", "Prima.\n> \n> Op 2 nov. 2026 om 10:12 heeft Jan <j@x.example> het volgende geschreven:\n> \n> oud", "Prima."},
		{"words right above", "Op zich prima.\nOp ma 2 nov 2026 om 09:12 schreef K <k@x.example>:\n" + old, "Op zich prima."},
		{"words right above, quoted", "Op zich prima.\nOp ma 2 nov 2026 om 09:12 schreef K <k@x.example>:\n> oud", "Op zich prima."},
		{"two lines", "Prima.\n\nOp ma 2 nov 2026 09:12 schreef K\n<k@x.example>:\n" + old, "Prima."},
		{"name first", "Jan de Vries schreef op 2-11-2026 10:12:\n> oud\n\nPrima.", "Prima."},
		{"proton", "Prima.\n\nOn Monday, November 2nd, 2026 at 10:12 AM, Jan <j@x.example> wrote:\n" + old, "Prima."},
		{"gmail fr", "Prima.\n\nLe lun. 2 nov. 2026 à 10:12, Jan <j@x.example> a écrit :\n\n> oud", "Prima."},
		{"groupwise", "Prima.\n\n>>> Jan <j@x.example> 2-11-2026 10:12 >>>\n" + old, "Prima."},
		{"zimbra", "Prima.\n\n----- Oorspronkelijk bericht -----\nVan: \"A\" <a@x>\nAan: \"B\" <b@x>\nOnderwerp: x\n" + old, "Prima."},
		{"outlook bold", "Prima.\n\n*Van:* A <a@x>\n*Verzonden:* ma\n*Aan:* B\n*Onderwerp:* x\n" + old, "Prima."},
		{"ios outlook", "Prima.\n\nSent from Outlook for iOS<https://a.example>\n________________________________\nVan: A\nVerzonden: ma\nAan: B\n" + old, "Prima."},
		{"inline", "> vraag\nantwoord\n> vraag twee\nantwoord twee", "antwoord\nantwoord twee"},
		{"signature above quote", "Prima.\n\n-- \nAnna\n\nOp ma 2 nov 2026 om 09:12 schreef K <k@x.example>:\n> oud", "Prima."},
		{"hyphens of the sender", "Eerst dit.\n--\n" + longTail + "slot", "Eerst dit.\n--\n" + longTail + "slot"},
		{"only a quote", "> oud", ""},
		{"complaint that cites", "Op 12 oktober 2026 schreef uw docent mij:\nJe bent te laat.", "Op 12 oktober 2026 schreef uw docent mij:\nJe bent te laat."},
		{"nothing", "", ""},
	} {
		if got := newText(tt.text, true, false); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := newText("> 3 weken gewacht\n\nNog niets.", false, false); got != "> 3 weken gewacht\n\nNog niets." {
		t.Errorf("a mark of the sender's own: got %q", got)
	}
}

// Each line is looked at with few around it: these take a moment, and would take
// hours if it were with all of them.
func TestNewTextOfHostileSize(t *testing.T) {
	const size = 128 << 10
	for _, unit := range []string{
		"Van: a\n", "Van: a\n\n", "Van: a\n,\n", "Onderwerp: a\nDatum: 1\n", "Op 2-3-2026 10:11 schreef\n", "a@b schreef:\n", "Op 1:\n", "schreef\n",
		"--\n", "-- \n", "-- \n\n", "----------\n", "__________\n\n", "-----Original Message-----\n", ">\n", "> a\nb\n", "> \n\n\n", ">>> a 10:11 >>>\n", "\n",
		"Verstuurd vanaf mijn iPhone\n", "disclaimer\n", "disclaimer\n\n", "Van: a Aan: b Datum: c ", "Van:", "10:11 1-2-2026 @ schreef ", "a:\n", "<a@b>\n", "*", "\u00a0",
		string(olderMark) + "a\n", "_______________________________________________\na mailing list\n",
	} {
		text := strings.Repeat(unit, size/len(unit))
		for range 2 {
			for _, answer := range []bool{true, false} {
				newText(text, answer, !answer)
				newText("Prima zo.\n\n"+text+"\n\nslot", answer, false)
			}
			text = strings.TrimRight(text, "\n")
		}
	}
}

const longTail = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n"
