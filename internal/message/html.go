package message

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText puts HTML into plain text: paragraphs, lists, the cells of a table,
// quotes with ">", where links lead. It goes by tokens, not by a tree: trees of
// hostile mail are deep, and converters to Markdown repeat the inside of a quote
// or a table for each level around it, so that little input gives much text.
// Nothing is rendered or fetched (security.md 8).
func htmlText(source string) string {
	text := convert(source, false)
	if text == "" {
		// Hidden altogether: most likely a tag that never closes.
		text = convert(source, true)
	}
	return text
}

func convert(source string, hidden bool) string {
	w := htmlWriter{showHidden: hidden}
	w.out.Grow(len(source) / 2)
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(w.out.String())
		case html.TextToken:
			w.textToken(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			name, attrs := z.TagName()
			w.start(atom.Lookup(name), string(name), readAttrs(z, attrs))
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name), string(name))
		}
	}
}

// Quotes and lists are shown to these depths; deeper ones are shown as these.
const (
	maxQuote = 8
	maxList  = 8
	maxStyle = 100
)

// A htmlWriter writes text as it comes by, with white space held back until
// something follows it.
type htmlWriter struct {
	out        strings.Builder
	showHidden bool
	newlines   int  // owed before the next word
	space      bool // so is a space
	cell       bool // so is the space between two cells
	marked     bool // the last thing written is the mark of a list item
	pre, quote int
	styles     []inherited // of each open element that sets one
	lists      []int       // of each open list the last number; -1: bullets
	skip       string
	skipped    int // depth of tags named skip inside the skipped one
	href       string
	hrefStart  int
	quotes     []bool // of each open blockquote, whether it is mail and no mere indent
	older      bool   // an older mail begins with the next word
}

func (w *htmlWriter) start(a atom.Atom, name string, attrs htmlAttrs) {
	if w.skip != "" {
		if name == w.skip && !isVoid(a) {
			w.skipped++
		}
		if a != atom.P || w.skip != "p" {
			return
		}
		w.skip = "" // a paragraph ends where the next one begins
	}
	if !isVoid(a) && (isUnseen(a) || !w.showHidden && attrs.isHidden()) {
		w.skip, w.skipped = name, 0
		return
	}
	if !isVoid(a) {
		w.pushStyle(name, attrs)
	}
	if !w.marked || a == atom.Li {
		w.breakLine(lineEnds(a)) // but a paragraph begins right after its list mark
	}
	w.older = w.older || attrs.older && w.quote == 0
	switch a {
	case atom.Br:
		w.newlines++
	case atom.Blockquote:
		w.openQuote(!attrs.indent)
	case atom.Pre:
		w.pre++
	case atom.Ul:
		w.lists = append(w.lists, -1)
	case atom.Ol:
		w.lists = append(w.lists, 0)
	case atom.Li:
		w.item()
	case atom.Td, atom.Th:
		w.cell = true
	case atom.A:
		w.endLink()
		w.href, w.hrefStart = attrs.href, w.out.Len()
	}
}

func (w *htmlWriter) end(a atom.Atom, name string) {
	if w.skip != "" {
		if name == w.skip {
			if w.skipped--; w.skipped < 0 {
				w.skip = ""
			}
		}
		return
	}
	w.popStyle(name)
	switch a {
	case atom.A:
		w.endLink()
	case atom.Blockquote:
		w.breakLine(2)
		w.closeQuote()
	case atom.Pre:
		w.pre = max(w.pre-1, 0)
	case atom.Ul, atom.Ol:
		w.lists = w.lists[:max(len(w.lists)-1, 0)]
	}
	w.breakLine(lineEnds(a))
}

// style is what holds at this place.
func (w *htmlWriter) style() inherited {
	if n := len(w.styles); n > 0 {
		return w.styles[n-1]
	}
	return inherited{}
}

func (w *htmlWriter) pushStyle(name string, attrs htmlAttrs) {
	if name == "p" {
		w.popStyle(name) // it ends where the next one begins
	}
	if inner, ok := attrs.inherit(name, w.style()); ok && len(w.styles) < maxStyle {
		w.styles = append(w.styles, inner)
		return
	}
	for i := len(w.styles) - 1; i >= 0; i-- {
		if w.styles[i].name == name {
			w.styles[i].inside++
			return
		}
	}
}

// popStyle closes the innermost element of that name, and those that were left
// open inside it.
func (w *htmlWriter) popStyle(name string) {
	for i := len(w.styles) - 1; i >= 0; i-- {
		if w.styles[i].name != name {
			continue
		}
		if w.styles[i].inside > 0 {
			w.styles[i].inside--
			return
		}
		w.styles = w.styles[:i]
		return
	}
}

// breakLine owes n line ends at least, once there is a text to end.
func (w *htmlWriter) breakLine(n int) {
	if n > 0 {
		w.newlines = max(w.newlines, n)
		w.space, w.cell = false, false
	}
}

// endLink writes where a link leads when its words do not say so.
func (w *htmlWriter) endLink() {
	href := w.href
	w.href = ""
	if !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") || len(href) > 2000 {
		return
	}
	shown := w.out.String()[min(w.hrefStart, w.out.Len()):]
	bare := strings.TrimSuffix(href[strings.Index(href, "//")+2:], "/")
	if strings.TrimSpace(shown) == "" || strings.Contains(shown, bare) {
		return
	}
	w.space = true
	w.word("<" + href + ">")
}

func (w *htmlWriter) item() {
	mark := "- "
	depth := max(min(len(w.lists), maxList)-1, 0)
	if n := len(w.lists); n > 0 && w.lists[n-1] >= 0 {
		w.lists[n-1]++
		mark = strconv.Itoa(w.lists[n-1]) + ". "
	}
	w.word(strings.Repeat("  ", depth) + mark)
	w.marked = true
}

func (w *htmlWriter) textToken(text []byte) {
	style := w.style()
	if w.skip != "" || style.unseen && !w.showHidden {
		return
	}
	if w.pre > 0 || style.pre {
		for i, line := range strings.Split(plainText(string(text)), "\n") {
			if i > 0 {
				w.newlines++
			}
			if line != "" {
				w.word(line)
			}
		}
		return
	}
	for rest := string(text); rest != ""; {
		n := strings.IndexFunc(rest, unicode.IsSpace)
		if n == 0 {
			w.space = true
			rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
			continue
		}
		if n < 0 {
			n = len(rest)
		}
		if word := visible(rest[:n]); word != "" {
			w.word(word)
		}
		rest = rest[n:]
	}
}

// visible drops the characters without width that fill up preview texts. Joiners
// stay inside a word: they are part of how some languages write.
func visible(word string) string {
	if strings.IndexFunc(word, isInvisible) >= 0 {
		word = strings.Map(func(r rune) rune {
			if isInvisible(r) {
				return -1
			}
			return r
		}, word)
	}
	return strings.Trim(word, "\u200c\u200d")
}

func isInvisible(r rune) bool {
	switch r {
	case '\u200b', '\ufeff', '\u034f', '\u00ad', '\u2060', '\u2007':
		return true
	}
	return isNoText(r)
}

// word writes s after the white space that is owed.
func (w *htmlWriter) word(s string) {
	switch {
	case w.out.Len() == 0:
		w.margin()
	case w.marked && w.newlines == 0: // the mark ends in a space
	case w.newlines > 0:
		for range min(w.newlines, 3) {
			w.out.WriteByte('\n')
			if w.quote > 0 {
				w.margin()
			}
		}
	case w.cell:
		w.out.WriteByte('\t')
	case w.space:
		w.out.WriteByte(' ')
	}
	w.newlines, w.space, w.cell, w.marked = 0, false, false, false
	if w.older {
		w.older = false
		w.out.WriteRune(olderMark)
	}
	w.out.WriteString(s)
}

// margin writes the quote marks of a line.
func (w *htmlWriter) margin() {
	if w.quote > 0 {
		w.out.WriteString(strings.Repeat(">", min(w.quote, maxQuote)))
		w.out.WriteByte(' ')
	}
}
