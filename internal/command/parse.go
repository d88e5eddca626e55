package command

import (
	"slices"
	"strings"
	"unicode"
)

// Parse reads the commands of what Typed returned. A word has a mark before it, #
// or !, and takes as its value what follows up to the next command, a case
// number or the end of the piece. A case number is recognised by its form,
// K2026-482931 with or without brackets; whether its check digit is right and
// whether it is the case of the thread is for the caller to see. Right behind a
// command that takes one it is the value, and where the value is still missing it may
// stand behind the number. Any text gives a Line; nothing in it is
// guessed.
func Parse(typed string) Line {
	var p parser
	for piece := range strings.SplitSeq(typed, "\n") {
		p.piece([]rune(normal(piece)))
	}
	p.line.Loose = strings.Join(p.loose, " ")
	if len(p.line.Commands) > MaxCommands {
		p.problem(Problem{Kind: TooMany, Words: p.line.written()})
	}
	return p.line
}

func (l Line) written() []string {
	var w []string
	for _, c := range l.Commands {
		w = append(w, c.Written)
	}
	return w
}

// FirstLine finds a known command at the start of the first line of a body that
// has words. It is never run: a receipt offers it as a button (procedure.md 3).
// A quoted line is none.
func FirstLine(body string) (Command, bool) {
	for text := range strings.Lines(body) {
		s := []rune(normal(text))
		if len(s) == 0 {
			continue
		}
		if _, _, ok := wordAt(s, 0, 0); !ok {
			return Command{}, false
		}
		l := Parse(string(s))
		if len(l.Commands) == 0 || l.Commands[0].Word == "" {
			return Command{}, false
		}
		return l.Commands[0], true
	}
	return Command{}, false
}

type parser struct {
	line  Line
	loose []string
}

// problem keeps the first problem: the receipt names one thing to mend.
func (p *parser) problem(q Problem) {
	if p.line.Problem.Kind == "" {
		p.line.Problem = q
	}
}

// piece reads one stretch of typed text.
func (p *parser) piece(s []rune) {
	open := -1 // the command whose value is being read
	var before, after bool
	from, first := 0, len(p.line.Commands)
	flush := func(to int) {
		text := cleanValue(string(s[from:to]))
		switch {
		case open >= 0:
			p.line.Commands[open].Value = text
		case text != "":
			p.loose = append(p.loose, text)
			before = before || len(p.line.Commands) == first
			after = after || len(p.line.Commands) > first
		}
	}
	for i := 0; i < len(s); {
		if number, end, ok := numberAt(s, i); ok {
			if p.inValue(open, string(s[from:i]), s[i] != 'k' && s[i] != 'K') {
				i = end
				continue
			}
			flush(i)
			p.number(open, number)
			if !p.awaits(open) {
				open = -1
			}
			from, i = end, end
			continue
		}
		if word, end, ok := wordAt(s, i, from); ok {
			flush(i)
			open, from, i = p.word(word), end, end
			continue
		}
		i = next(s, i)
	}
	flush(len(s))
	if before && after {
		p.problem(Problem{Kind: Middle, Words: p.line.written()[first:]})
	}
}

// next is where a word or number may begin after i: a run of marks is passed as one.
func next(s []rune, i int) int {
	for isMark(s[i]) && i+1 < len(s) && isMark(s[i+1]) {
		i++
	}
	return i + 1
}

// inValue says that a number belongs to the value of the open command: that of
// the case of which this one is a double.
func (p *parser) inValue(open int, value string, bracket bool) bool {
	return open >= 0 && p.line.Commands[open].Word == NotAComplaint && !bracket && cleanValue(value) != ""
}

func (p *parser) number(open int, number string) {
	if open >= 0 {
		c := &p.line.Commands[open]
		if c.Value == "" && c.Word.Rule().Value == CaseNumber {
			c.Value = number
			return
		}
	}
	if p.line.Number != "" && p.line.Number != number {
		p.problem(Problem{Kind: TwoNumbers, Words: []string{p.line.Number, number}})
		return
	}
	p.line.Number = number
}

// awaits says that a command without its value may find it behind the number: one
// that cannot do without, and for which not any words will do.
func (p *parser) awaits(open int) bool {
	if open < 0 || p.line.Commands[open].Value != "" {
		return false
	}
	r := p.line.Commands[open].Word.Rule()
	return r.Must && r.Value != Subject
}

func (p *parser) word(written string) int {
	c := Command{Written: written}
	if r, ok := Find(written); ok {
		c.Word = r.Word
	} else if p.line.Problem.Kind == "" {
		p.problem(Problem{Kind: Unknown, Words: []string{written}, Near: nearWords(written)})
	}
	p.line.Commands = append(p.line.Commands, c)
	return len(p.line.Commands) - 1
}

func isMark(r rune) bool { return r == '#' || r == '!' }

// wordAt reads a marked word at s[i]; the end is after the word. Behind a letter
// a mark is none (C#, "nu!"), unless all before from has been read. With ! a
// word that is like no command is text, and so is one that is no command with a
// space after the mark.
func wordAt(s []rune, i, from int) (string, int, bool) {
	if i >= len(s) || !isMark(s[i]) || i > from && (inWord(s[i-1]) || isMark(s[i-1])) {
		return "", 0, false
	}
	begin := i
	for begin < len(s) && isMark(s[begin]) {
		begin++
	}
	apart := begin < len(s) && s[begin] == ' '
	if apart {
		begin++
	}
	if begin >= len(s) || !unicode.IsLetter(s[begin]) {
		return "", 0, false
	}
	end := wordEnd(s, begin)
	word := string(s[begin:end])
	if _, ok := Find(word); ok {
		return word, end, true
	}
	if long, longEnd, ok := joined(s, begin, end); ok {
		return long, longEnd, true
	}
	if apart || !slices.Contains(s[i:begin], '#') && len(nearWords(word)) == 0 {
		return "", 0, false
	}
	return word, end, true
}

// wordEnd is the end of the word at s[i]: letters and digits, hyphens and
// apostrophes between them.
func wordEnd(s []rune, i int) int {
	for i < len(s) {
		link := (s[i] == '-' || s[i] == '_' || s[i] == '\'') && i+1 < len(s) && unicode.IsLetter(s[i+1])
		if !inWord(s[i]) && !link {
			break
		}
		i++
	}
	return i
}

// joined tries the words that follow as parts of the command: "#geen klacht",
// "#not a complaint". It gives them with hyphens, as one word.
func joined(s []rune, begin, end int) (string, int, bool) {
	parts := []string{string(s[begin:end])}
	for len(parts) < 3 && end+1 < len(s) && s[end] == ' ' && unicode.IsLetter(s[end+1]) {
		from := end + 1
		end = wordEnd(s, from)
		parts = append(parts, string(s[from:end]))
		word := strings.Join(parts, "-")
		if _, ok := Find(word); ok {
			return word, end, true
		}
	}
	return "", 0, false
}

// numberAt reads a case number at s[i], with or without brackets: K, a year, a
// hyphen and six to nine digits (procedure.md 4).
func numberAt(s []rune, i int) (string, int, bool) {
	begin := i
	bracket := i < len(s) && s[i] == '['
	if bracket {
		for begin++; begin < len(s) && s[begin] == ' '; begin++ {
		}
	} else if i > 0 && inWord(s[i-1]) {
		return "", 0, false
	}
	if begin >= len(s) || s[begin] != 'K' && s[begin] != 'k' {
		return "", 0, false
	}
	year := digits(s, begin+1)
	if year != begin+5 || year >= len(s) || s[year] != '-' {
		return "", 0, false
	}
	end := digits(s, year+1)
	if n := end - year - 1; n < 6 || n > 9 || end < len(s) && inWord(s[end]) {
		return "", 0, false
	}
	number := "K" + string(s[begin+1:end])
	if !bracket {
		return number, end, true
	}
	for end < len(s) && s[end] == ' ' {
		end++
	}
	if end >= len(s) || s[end] != ']' {
		return "", 0, false
	}
	return number, end + 1, true
}

// digits is the end of the ASCII digits at s[i].
func digits(s []rune, i int) int {
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return i
}
