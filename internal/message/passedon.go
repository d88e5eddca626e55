package message

import "strings"

// fromFields are the names of From in the header that mail programs write over
// what they pass on: English, Dutch, German, French, Danish and Norwegian.
var fromFields = []string{"from:", "van:", "von:", "de :", "de:", "fra:"}

// passedOn finds who wrote a mail that was passed on: in a forwarded message, or
// in the header that the mail program wrote into the text. The first one counts;
// nothing proves it.
func passedOn(text string) Address {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.ReplaceAll(strings.TrimLeft(strings.TrimSpace(line), "> "), "*", ""))
		for _, field := range fromFields {
			if len(line) <= len(field) || len(line) > 500 || !strings.EqualFold(line[:len(field)], field) {
				continue
			}
			if list := readAddresses(line[len(field):]); len(list) == 1 && list[0].Valid() {
				return list[0]
			}
		}
	}
	return Address{}
}
