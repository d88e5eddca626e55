package message

import (
	"strings"
	"unicode"
)

// plainText makes LF of all line ends and drops what no text has: NUL, other
// control characters, a byte order mark.
func plainText(s string) string {
	s = strings.TrimPrefix(s, "\uFEFF")
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if !hasNoText(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isNoText(r) {
			return -1
		}
		return r
	}, s)
}

// hasNoText looks at bytes: what isNoText finds is ASCII.
func hasNoText(s string) bool {
	for i := range len(s) {
		if isNoText(rune(s[i])) {
			return true
		}
	}
	return false
}

func isNoText(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0x7f
}

// join makes the text of a message of its pieces. HTML beside plain text is
// often the same again; what it says beyond that is kept.
func (w *walker) join(pieces []piece) string {
	var texts []string
	plain := plainWords(pieces)
	for _, p := range pieces {
		text := p.text
		if p.html {
			text = plainText(htmlText(p.text))
			if plain != "" && strings.Contains(plain, squeeze(text)) {
				continue
			}
		}
		if text = trimBlank(text); text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "\n\n")
}

// plainWords are the squeezed plain pieces, if there is HTML to compare them to.
func plainWords(pieces []piece) string {
	var plain strings.Builder
	html := false
	for _, p := range pieces {
		html = html || p.html
	}
	for _, p := range pieces {
		if html && !p.html {
			plain.WriteString(squeeze(p.text))
		}
	}
	return plain.String()
}

// squeeze leaves letters and digits alone, to compare texts by their words.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// trimBlank takes blank lines off the top and white space off the end.
func trimBlank(s string) string {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	for {
		line, rest, ok := strings.Cut(s, "\n")
		if !ok || strings.TrimSpace(line) != "" {
			return s
		}
		s = rest
	}
}

// unflow joins the lines of format=flowed (RFC 3676): a line that ends in a space
// goes on in the next one of the same quote depth; "-- " stands alone.
func unflow(s string, delSp bool) string {
	var out strings.Builder
	out.Grow(len(s))
	open, openDepth := false, 0
	for rest := s; rest != ""; {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		depth := 0
		for depth < len(line) && line[depth] == '>' {
			depth++
		}
		line = strings.TrimPrefix(line[depth:], " ")
		// A blank line ends a paragraph, whatever the line before it says: people leave
		// spaces at the end of their lines, programs do not take them out.
		if open && (depth != openDepth || line == "-- " || line == "") {
			out.WriteByte('\n')
			open = false
		}
		if !open && depth > 0 {
			out.WriteString(strings.Repeat(">", depth))
			if line != "" {
				out.WriteByte(' ')
			}
		}
		soft := strings.HasSuffix(line, " ") && line != "-- "
		if soft && delSp {
			line = line[:len(line)-1]
		}
		out.WriteString(line)
		if open, openDepth = soft, depth; !soft {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// enrichedText drops the commands of text/enriched (RFC 1896).
func enrichedText(s string) string {
	var out strings.Builder
	for {
		before, after, ok := strings.Cut(s, "<")
		out.WriteString(before)
		if !ok {
			return plainText(out.String())
		}
		if strings.HasPrefix(after, "<") {
			out.WriteByte('<')
			s = after[1:]
			continue
		}
		if _, s, ok = strings.Cut(after, ">"); !ok {
			return plainText(out.String())
		}
	}
}
