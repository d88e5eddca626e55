package letter

import (
	"fmt"
	"strings"
)

// The markup of a template, after its values are filled in. The first line is
// "Subject: …". Then blocks, with an empty line between them:
//
//	# heading
//	! what matters most, set apart
//	- an item of a list
//	= Label | value           a row of a table
//	? Label:                  a line for the reader to fill in
//	> quoted words of another
//	~ small print
//	anything else is a paragraph; **words** stand out in it
//
// A line that begins with ## is a comment.

// A block is one piece of a letter.
type block struct {
	kind  byte // '#', '!', '-', '=', '?', '>', '~', or 'p' for a paragraph
	lines []string
}

const marks = "#!-=?>~"

// parse reads a filled-in template.
func parse(text string) (subject string, blocks []block, err error) {
	first, rest, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	for strings.HasPrefix(first, "##") {
		first, rest, _ = strings.Cut(rest, "\n")
	}
	subject, ok := strings.CutPrefix(first, "Subject: ")
	if !ok {
		return "", nil, fmt.Errorf("the first line must be \"Subject: …\"")
	}
	subject = strings.TrimSpace(show(subject))
	if subject == "" || strings.ContainsAny(subject, "\r\n") {
		return "", nil, fmt.Errorf("the subject must be one line that says something")
	}
	open := false // the last block goes on
	for _, line := range strings.Split(rest, "\n") {
		line = strings.TrimRight(line, " \t")
		switch {
		case strings.HasPrefix(line, "##"):
			continue
		case line == "":
			open = false
			continue
		}
		kind, body := byte('p'), line
		if strings.IndexByte(marks, line[0]) >= 0 && (len(line) == 1 || line[1] == ' ') {
			kind, body = line[0], strings.TrimPrefix(line[1:], " ")
		}
		last := len(blocks) - 1
		switch {
		case open && blocks[last].kind == kind && kind != 'p':
			blocks[last].lines = append(blocks[last].lines, body)
		case open && kind == 'p' && blocks[last].kind != '>':
			// a line that goes on where the one before it broke off
			n := len(blocks[last].lines) - 1
			blocks[last].lines[n] += " " + strings.TrimSpace(body)
		default:
			blocks = append(blocks, block{kind, []string{body}})
		}
		open = true
	}
	return subject, blocks, nil
}

// A span is a run of words of one kind.
type span struct {
	text   string
	strong bool
	link   string // "" for none
}

// spans reads a line: what stands out and what is a link.
func spans(line string) []span {
	if !strings.Contains(line, "**") && !strings.ContainsRune(line, markLink) {
		return []span{{text: show(line)}}
	}
	var list []span
	for i, piece := range strings.Split(line, "**") {
		strong := i%2 == 1
		for piece != "" {
			before, after, ok := strings.Cut(piece, string(markLink))
			if before != "" {
				list = append(list, span{text: show(before), strong: strong})
			}
			if !ok {
				break
			}
			var address, shown string
			address, after, _ = strings.Cut(after, string(markText))
			shown, piece, _ = strings.Cut(after, string(markEnd))
			list = append(list, span{text: show(shown), strong: strong, link: show(address)})
		}
	}
	return list
}
