package letter

import (
	"fmt"
	"strings"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
)

// A Described command is a row of #help: the word as it is typed, what follows
// it, and what it does.
type Described struct {
	Word string // with its mark: #neem
	Rest string // " en een naam"; may be empty
	Does string
}

// Commands describes commands in the words of #help, those of the academy where it
// has its own. A kind that has no word is an error.
func (b *Book) Commands(in Language, kinds []complaint.OrderKind) ([]Described, error) {
	e := b.editions[in]
	if e == nil {
		return nil, fmt.Errorf("%s: %w", in, errLanguage)
	}
	var list []Described
	for _, k := range kinds {
		rule := command.Word(k).Rule()
		if rule.Word == "" {
			return nil, fmt.Errorf("describe %s: %w", k, errKind)
		}
		d := Described{Word: "#" + rule.Dutch}
		if in == English {
			d.Word = "#" + rule.English
		}
		for name, into := range map[string]*string{"rest of command": &d.Rest, "does": &d.Does} {
			var out strings.Builder
			if err := e.mails[complaint.LetterHelp].ExecuteTemplate(&out, name, word(k)); err != nil {
				return nil, fmt.Errorf("describe %s: %w", k, atFile(err))
			}
			*into = strings.TrimRight(out.String(), " \n")
		}
		list = append(list, d)
	}
	return list, nil
}
