package letter

import (
	"html"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// fleschDouma is how easily a Dutch text reads: 206.84 less 0.77 a syllable in a
// hundred words, less 0.93 a word in a sentence. 60 to 70 is normal, more is
// easier. W.H. Douma, De leesbaarheid van landbouwbladen, Landbouwhogeschool
// Wageningen, bulletin 17, 1960.
func fleschDouma(sentences []string) float64 {
	words, syllables := 0, 0
	for _, s := range sentences {
		for _, w := range wordsOf(s) {
			words++
			syllables += syllablesIn(w)
		}
	}
	return 206.84 - 77*float64(syllables)/float64(words) - 0.93*float64(words)/float64(len(sentences))
}

func wordsOf(s string) []string {
	return slices.DeleteFunc(strings.Fields(s), func(w string) bool {
		return !strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	})
}

// sounds are the vowels that are written with more than one letter, the longest
// first; a letter with a diaeresis always begins a sound of its own.
var sounds = []string{"aai", "ooi", "oei", "eeu", "ieu", "aa", "ee", "oo", "uu", "ie", "oe", "eu", "ui", "ou", "au", "ei", "ij", "ai"}

// syllablesIn counts the vowels that are heard. A number counts as one.
func syllablesIn(word string) int {
	word = strings.ReplaceAll(strings.ToLower(word), "qu", "kw")
	n := 0
	for word != "" {
		r := []rune(word)[0]
		i := slices.IndexFunc(sounds, func(s string) bool { return strings.HasPrefix(word, s) })
		switch {
		case i >= 0:
			n++
			word = word[len(sounds[i]):]
			continue
		case strings.ContainsRune("aeiouyáàâäéèêëíìîïóòôöúùûü", r):
			n++
		}
		word = word[len(string(r)):]
	}
	return max(n, 1)
}

// Sound it out: the count is the one of somebody who reads aloud.
func TestSyllables(t *testing.T) {
	for word, want := range map[string]int{"je": 1, "klacht": 1, "klachten": 2, "binnendienst": 3, "directeur": 3, "ontvangstbevestiging": 6, "nieuwe": 2,
		"medewerker": 4, "uiterlijk": 3, "reactie": 3, "mooi": 1, "beïnvloeden": 4, "ideeën": 3, "mail": 1, "K2026-482931": 1, "30": 1, "categorie": 4} {
		if got := syllablesIn(word); got != want {
			t.Errorf("%s: %d, want %d", word, got, want)
		}
	}
	easy, hard := fleschDouma([]string{"Je hoeft nu niets te doen."}), fleschDouma([]string{"Klachtafhandelingsprocedures veronderstellen organisatorische verantwoordelijkheid"})
	if math.Round(easy) != 124 || hard > 0 {
		t.Errorf("%.1f, %.1f", easy, hard)
	}
}

var sentenceEnd = regexp.MustCompile(`[.!?](\s|$)`)

// ourSentences are those of a mail that are ours: not what somebody wrote, not
// what is to be typed, not the values of a table.
func ourSentences(p page) []string {
	var list []string
	for _, k := range p.blocks {
		text := unmark(k.text)
		switch k.kind {
		case quote, letter:
			continue
		case pair, press:
			text = unmark(k.key)
		}
		for _, s := range sentenceEnd.Split(text, -1) {
			if len(wordsOf(s)) > 0 {
				list = append(list, s)
			}
		}
	}
	return list
}

// Each Dutch mail reads easily enough for everybody, in either form of address.
func TestDutchReadsEasily(t *testing.T) {
	const enough = 60 // "normaal"
	for _, formal := range []bool{false, true} {
		b := newBook(t, formal)
		for _, s := range sampleLetters() {
			p := pageOf(t, b, s)
			if score := fleschDouma(ourSentences(p)); score < enough {
				t.Errorf("%s: %.1f", s.name, score)
			}
			for _, sentence := range ourSentences(p) {
				if n := len(wordsOf(sentence)); n > 35 {
					t.Errorf("%s: a sentence of %d words: %s", s.name, n, sentence)
				}
			}
		}
	}
}

func pageOf(t *testing.T, b *Book, s sample) page {
	t.Helper()
	p, _, err := b.in(s.l, s.c).fill(s.l, s.c, s.o, coded(b.Buttons(s.l, s.c, envelope.Date)))
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	return p
}

var (
	ruleLine   = regexp.MustCompile(`(?m)^[=-]+$`)
	textMark   = regexp.MustCompile(`(?m)^(?:[>!-] |>$)`)
	inlineTags = regexp.MustCompile(`</?(?:b|a|span)(?: [^>]*)?>`)
	allTags    = regexp.MustCompile(`<[^>]*>`)
)

// The plain text says what the page says, in its order, word for word.
func TestTextAndPageSayTheSame(t *testing.T) {
	for _, s := range everyLetter(t) {
		o := open(t, write(t, s.book, s.sample))
		text := textMark.ReplaceAllString(ruleLine.ReplaceAllString(o.text, ""), "")
		_, page, _ := strings.Cut(o.html, "<body")
		_, page, _ = strings.Cut(page, ">")
		page = strings.NewReplacer("</th>", ": ", "&#8203;", "", "<br>", " ").Replace(page)
		page = html.UnescapeString(allTags.ReplaceAllString(inlineTags.ReplaceAllString(page, ""), " "))
		got, want := strings.Fields(page), strings.Fields(text)
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || got[i] != want[i] {
				t.Errorf("%s: the page goes on with %q, the text with %q", s.name, got[min(i, len(got)):min(i+6, len(got))], want[min(i, len(want)):min(i+6, len(want))])
				break
			}
		}
	}
}
