package message

import (
	"bytes"
	"strings"
)

// What is left in HTML of the line between new and old, where it is no blockquote.

// olderMark stands before the word with which an older mail begins, between the
// conversion of HTML and newWords: no character (Unicode 23.7), and in no Text.
const olderMark = '\ufdd0'

// olderNames are the ids and classes of what holds older mail or its header:
// Outlook on the web, the new Outlook and its mobile apps, Outlook for Mac, Yahoo,
// Zoho. Not gmail_quote and its like: there a blockquote inside it is what is
// quoted, and the answers stand in between.
var olderNames = [][]byte{
	[]byte("divrplyfwdmsg"), []byte("mail-editor-reference-message-container"), []byte("ms-outlook-mobile-reference-message"),
	[]byte("olk_src_body_section"), []byte("yahoo_quoted"), []byte("zmail_extra"),
}

// holdsOlder looks at an id or a class; Outlook puts "x_" before those of mail
// that it shows.
func holdsOlder(value []byte) bool {
	if len(value) < len("zmail_extra") || len(value) > 200 {
		return false
	}
	value = bytes.ToLower(value)
	for _, name := range olderNames {
		if bytes.Contains(value, name) {
			return true
		}
	}
	return false
}

// isIndent finds the blockquote of Gmail's and Apple's button to indent
// ("margin: 0 0 0 40px; border: none; padding: 0px"): the sender's own words.
func isIndent(style string) bool {
	return strings.Contains(style, "40px") && strings.Contains(strings.ReplaceAll(style, " ", ""), "border:none")
}

func (w *htmlWriter) openQuote(mail bool) {
	w.quotes = append(w.quotes, mail)
	if mail {
		w.quote++
	}
}

func (w *htmlWriter) closeQuote() {
	n := len(w.quotes)
	if n == 0 {
		return
	}
	if w.quotes[n-1] {
		w.quote--
	}
	w.quotes = w.quotes[:n-1]
}

// takeMarks takes the marks of the conversion out of text, and tells the numbers
// of the lines at whose start they were.
func takeMarks(text string) (plain string, older []int) {
	const mark = string(olderMark)
	if !strings.Contains(text, mark) {
		return text, nil
	}
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, mark) {
			older = append(older, n)
		}
		n++
	}
	return strings.ReplaceAll(text, mark, ""), older
}
