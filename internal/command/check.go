package command

import (
	"slices"
)

// together are the commands of which one mail holds at most one.
var together = [][]Word{
	{Take, Assign},
	{Approve, Return},
	{Close, NotAComplaint, Withdrawn, Reopen, Merge},
	{Merge, Split},
}

// alone go with no other command: what they confirm is a whole mail.
var alone = []Word{Yes, Undo}

// withRegister may stand beside #registreer: the case is not known before it.
var withRegister = []Word{Register, Category, Severity, About, Take, Assign, Received, Language, Help, List}

// Check says whether the commands go together, have the values they need and
// the text they need. hasBody: the mail has a text of its own. It gives the
// problem of the line first. Whether somebody may, and whether the case allows
// it, is not seen here.
func (l Line) Check(hasBody bool) Problem {
	if l.Problem.Kind != "" {
		return l.Problem
	}
	for _, check := range []func() Problem{l.checkTwice, l.checkTogether, l.checkValues, l.checkNumber} {
		if p := check(); p.Kind != "" {
			return p
		}
	}
	return l.checkBody(hasBody)
}

func (l Line) checkTwice() Problem {
	for i, c := range l.Commands {
		for _, d := range l.Commands[:i] {
			again := c.Word == d.Word && (!c.Word.Rule().Repeat || sameWord(c.Value, d.Value))
			if again {
				return Problem{Kind: Twice, Words: []string{d.Written, c.Written}}
			}
		}
	}
	return Problem{}
}

func (l Line) checkTogether() Problem {
	for _, c := range l.Commands {
		if slices.Contains(alone, c.Word) && len(l.Commands) > 1 {
			return Problem{Kind: Alone, Words: []string{c.Written}}
		}
	}
	for _, group := range together {
		var hit []string
		for _, c := range l.Commands {
			if slices.Contains(group, c.Word) {
				hit = append(hit, c.Written)
			}
		}
		if several(l.Commands, group) {
			return Problem{Kind: Contradiction, Words: hit}
		}
	}
	if l.Has(Register) {
		for _, c := range l.Commands {
			if !slices.Contains(withRegister, c.Word) {
				return Problem{Kind: Contradiction, Words: []string{Register.Dutch(), c.Written}}
			}
		}
	}
	return Problem{}
}

// several says that two different words of a group are given.
func several(commands []Command, group []Word) bool {
	var seen Word
	for _, c := range commands {
		if !slices.Contains(group, c.Word) {
			continue
		}
		if seen != "" && seen != c.Word {
			return true
		}
		seen = c.Word
	}
	return false
}

func (l Line) checkValues() Problem {
	for _, c := range l.Commands {
		r := c.Word.Rule()
		words := []string{c.Written}
		switch {
		case r.Must && c.Value == "":
			return Problem{Kind: NoValue, Words: words, Near: optionNames(r.Options, c.English())}
		case r.Value == NoValueTaken && c.Value != "":
			return Problem{Kind: NeedlessValue, Words: words, Value: c.Value}
		case r.Value == Choice && (r.Must || c.Value != ""):
			if _, near, ok := PickOption(c.Value, r.Options); !ok {
				return Problem{Kind: NotAnOption, Words: words, Value: c.Value, Near: near}
			}
		case r.Value == ChoiceDate:
			if _, _, near, ok := CutOption(c.Value, r.Options); !ok {
				return Problem{Kind: NotAnOption, Words: words, Value: c.Value, Near: near}
			}
		}
	}
	return Problem{}
}

// checkNumber refuses a case number where a case is yet to be made.
func (l Line) checkNumber() Problem {
	for _, c := range l.Commands {
		if c.Word == Register && l.Number != "" {
			return Problem{Kind: NoNumber, Words: []string{c.Written}}
		}
	}
	return Problem{}
}

// checkBody holds the text to one command (procedure.md 3): a letter to the
// complainant is never also the reason for something else.
func (l Line) checkBody(hasBody bool) Problem {
	var needs, may []string
	for _, c := range l.Commands {
		switch c.Body() {
		case NeedsBody:
			if c.Word != Waive || !slices.Contains(needs, c.Written) { // one reason for all that is waived
				needs = append(needs, c.Written)
			}
		case MayHaveBody:
			may = append(may, c.Written)
		}
	}
	switch {
	case len(needs) > 1:
		return Problem{Kind: TwoBodies, Words: needs}
	case len(needs) == 1 && !hasBody:
		return Problem{Kind: NoBody, Words: needs}
	case len(needs) == 0 && len(may) > 1 && hasBody:
		return Problem{Kind: TwoBodies, Words: may}
	}
	return Problem{}
}

// Body says what the command does with the text of the mail, which for some
// depends on the value: ending a hold needs no reason, no measure does.
func (c Command) Body() Body {
	_, _, _, chosen := CutOption(c.Value, c.Word.Rule().Options)
	switch {
	case c.Word == Hold && chosen:
		return MayHaveBody
	case c.Word == Action && chosen:
		return NeedsBody
	}
	return c.Word.Rule().Body
}

// TakesBody says whether the text of the mail goes with command i of a line
// that Check let through: the one that needs it has it alone, else the one that
// may have it, else all that it explains.
func (l Line) TakesBody(i int) bool {
	most := NoBodyTaken
	for _, c := range l.Commands {
		switch b := c.Body(); {
		case b == NeedsBody, b == MayHaveBody && most != NeedsBody, b == ExplainingBody && most == NoBodyTaken:
			most = b
		}
	}
	return most != NoBodyTaken && l.Commands[i].Body() == most
}
