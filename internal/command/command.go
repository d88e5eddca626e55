// Package command is the grammar of the subject: which words of it a member of
// staff typed (Typed), which typed commands stand in them (Parse), and whether
// these go together (Line.Check). Values are read by ParseDate, Pick and
// PickPerson. Who may give a command, and what it does, is for others to say;
// how a Problem sounds in Dutch is package letter's.
package command

import (
	"slices"
	"strings"
)

// A Command is one #word with its value.
type Command struct {
	Word    Word   // "" when the word is unknown
	Written string // the word as typed, without the mark
	Value   string // what followed it, white space collapsed, outer quotes gone
}

// New makes the command that a button gives, in Dutch or English. Value may not
// hold a #word or, but for a command that takes one, a case number: such a
// value is read as something else.
func New(w Word, value string, english bool) Command {
	r := w.Rule()
	written := r.Dutch
	if english {
		written = r.English
	}
	return Command{Word: w, Written: written, Value: cleanValue(normal(value))}
}

// English says that the command was typed in English alone: words that both
// languages share count as Dutch.
func (c Command) English() bool {
	r, ok := Find(c.Written)
	return ok && sameWord(c.Written, r.English) && !sameWord(c.Written, r.Dutch)
}

// String is the command as one types it.
func (c Command) String() string {
	return strings.TrimSpace("#" + c.Written + " " + c.Value)
}

// A Line is what was read from the typed part of a subject.
type Line struct {
	Number   string    // the case number as typed, upper case, its check digit untested; "" when none
	Commands []Command // in the order typed; those past MaxCommands too
	Loose    string    // words that belong to no command
	Problem  Problem   // what made it unreadable; nothing may run then
}

// MaxCommands is how many commands a mail may hold (procedure.md 3).
const MaxCommands = 5

// String is the line as one types it, without the loose words. For a line that
// Parse returned without a problem, Parse of it gives the same line.
func (l Line) String() string {
	var parts []string
	if l.Number != "" {
		parts = append(parts, "["+l.Number+"]")
	}
	for _, c := range l.Commands {
		parts = append(parts, c.String())
	}
	return strings.Join(parts, " ")
}

// Has says that w is among the commands.
func (l Line) Has(w Word) bool {
	return slices.ContainsFunc(l.Commands, func(c Command) bool { return c.Word == w })
}

// Corrected is the line with each unknown word replaced by the one most like it,
// for a button; false when there is nothing to correct or one has no like.
// Nothing but a person's press on that button may run it.
func (l Line) Corrected() (Line, bool) {
	if l.Problem.Kind != Unknown {
		return Line{}, false
	}
	fixed := Line{Number: l.Number, Commands: slices.Clone(l.Commands)}
	for i, c := range fixed.Commands {
		if c.Word != "" {
			continue
		}
		near := nearWords(c.Written)
		if len(near) == 0 {
			return Line{}, false
		}
		r, _ := Find(near[0])
		fixed.Commands[i] = Command{Word: r.Word, Written: near[0], Value: c.Value}
	}
	return fixed, len(fixed.Commands) <= MaxCommands
}

// A Problem is what is wrong with a line; the zero Problem is none. It is not a
// sentence: the language of the reader is not known here.
type Problem struct {
	Kind  Kind
	Words []string // the words it is about, as typed, without marks
	Value string   // the value it is about: NotAnOption, NeedlessValue
	Near  []string // what may have been meant, best first, at most three
}

// A Kind of problem.
type Kind string

// Of Parse the first four, of Line.Check the others.
const (
	Unknown    Kind = "unknown"     // a word that is no command
	TooMany    Kind = "too_many"    // more than MaxCommands
	TwoNumbers Kind = "two_numbers" // two cases in one subject: Words holds both
	Middle     Kind = "middle"      // commands between other words: they stand at the start or the end

	Twice         Kind = "twice"          // the same command twice
	Contradiction Kind = "contradiction"  // two that cannot both be
	Alone         Kind = "alone"          // one that goes with no other
	TwoBodies     Kind = "two_bodies"     // two of which each needs the text of the mail
	NoBody        Kind = "no_body"        // one that needs a text, and there is none
	NoValue       Kind = "no_value"       // one that needs a value
	NeedlessValue Kind = "needless_value" // one that takes none
	NotAnOption   Kind = "not_an_option"  // a value that is not in the list
	NoNumber      Kind = "no_number"      // one that stands without a case number, with one
)
