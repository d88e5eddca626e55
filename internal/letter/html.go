package letter

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// The colours stand in the style sheet, in a light and a dark set; where a
// program drops it, its own colours show and the styles on the elements are sane
// with any. Nothing is fetched from anywhere.
const htmlStart = `<!DOCTYPE html>
<html lang="`

const htmlHead = `">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>
:root{color-scheme:light dark}
body{background:#fff;color:#1c2127}
a{color:#0a58a8}
.a{background:#fff3d6}
@media(prefers-color-scheme:dark){
body{background:#16191c;color:#e6e8ea}
a{color:#8ec1ff}
.a{background:#3b3014}
}
@media(max-width:480px){
th,td{display:block}
td{padding-bottom:8px!important}
}
</style>
`

// htmlButtons stands in mails that have some: those are long, and read on a phone
// by people who get many.
const htmlButtons = `<style>
.b{background:#0a58a8;color:#fff}
th{overflow-wrap:break-word}
@media(max-width:480px){
tr{display:block;padding:3px 0}
th,td{display:inline;padding:0!important}
th:after{content:": "}
}
@media(prefers-color-scheme:dark){
.b{background:#8ec1ff;color:#0d1b2a}
}
</style>
`

const htmlBody = `</head>
<body style="margin:0;padding:16px;font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,Arial,sans-serif">
<div style="max-width:600px;margin:0 auto;overflow-wrap:anywhere">
`

const htmlFoot = "</div>\n</body>\n</html>\n"

// A shape is what stands around the text of a block, and around a run of blocks
// of its kind.
type shape struct{ before, after, runBefore, runAfter string }

var shapes = [...]shape{
	paragraph: {before: "<p>", after: "</p>\n"},
	title:     {before: `<h1 style="font-size:24px;line-height:1.25">`, after: "</h1>\n"},
	heading:   {before: `<h2 style="font-size:18px;line-height:1.3;margin:28px 0 8px">`, after: "</h2>\n"},
	item:      {before: `<li style="margin:4px 0">`, after: "</li>\n", runBefore: "<ul style=\"padding-left:22px\">\n", runAfter: "</ul>\n"},
	pair: {before: `<td style="vertical-align:top;padding:3px 0">`, after: "</td></tr>\n",
		runBefore: "<table style=\"border-collapse:collapse\">\n", runAfter: "</table>\n"},
	alert:    {before: `<p class="a" style="border-left:4px solid #d08700;padding:10px 14px">`, after: "</p>\n"},
	quote:    {before: `<blockquote style="margin:12px 0;padding:2px 0 2px 14px;border-left:4px solid #8a9199;white-space:pre-wrap">`, after: "</blockquote>\n"},
	question: {before: `<p style="margin:10px 0;font-weight:600">`, after: "</p>\n"},
	small:    {before: `<p style="font-size:14px">`, after: "</p>\n"},
	letter:   {before: `<p style="white-space:pre-wrap">`, after: "</p>\n"},
	press:    {before: `<p style="margin:14px 0">`, after: "</span></p>\n"},
	picture:  {},
}

const htmlKey = `<tr><th scope="row" style="text-align:left;vertical-align:top;padding:3px 16px 0 0">`

// html is the page as a document that is read on a phone as well as on a desk,
// in the light as in the dark.
func (p page) html() string {
	var b strings.Builder
	b.Grow(12 << 10)
	b.WriteString(htmlStart + string(p.language) + htmlHead + "<title>")
	writeHTML(&b, p.subject, false)
	b.WriteString("</title>\n")
	if slices.ContainsFunc(p.blocks, func(k block) bool { return k.kind == press }) {
		b.WriteString(htmlButtons)
	}
	b.WriteString(htmlBody)
	for i, k := range p.blocks {
		s := shapes[k.kind]
		if i == 0 || p.blocks[i-1].kind != k.kind {
			b.WriteString(s.runBefore)
		}
		if k.kind == pair {
			b.WriteString(htmlKey)
			writeHTML(&b, k.key, false)
			b.WriteString("</th>")
		}
		b.WriteString(s.before)
		switch k.kind {
		case picture:
			b.WriteString(p.pictures[unmark(k.text)].html())
		case press:
			writeButton(&b, k)
			writeText(&b, k)
		default:
			writeText(&b, k)
		}
		b.WriteString(s.after)
		if i == len(p.blocks)-1 || p.blocks[i+1].kind != k.kind {
			b.WriteString(s.runAfter)
		}
	}
	b.WriteString(htmlFoot)
	return b.String()
}

// caseNumber is one as it stands in a subject. The grammar reads no other value
// of a command so: what is in brackets is ours.
var caseNumber = regexp.MustCompile(`\[K\d{4}-\d+\]`)

// writeText keeps the number of a command that is to be typed on one line.
func writeText(b *strings.Builder, k block) {
	if k.kind != press {
		writeHTML(b, k.text, k.kind == quote || k.kind == letter)
		return
	}
	var words strings.Builder
	writeHTML(&words, k.text, false)
	b.WriteString(caseNumber.ReplaceAllString(words.String(), `<span style="white-space:nowrap">$0</span>`))
}

// htmlButton has its frame inline: without the style sheet it still is one.
const htmlButton = `" style="display:inline-block;padding:9px 16px;border:1px solid;border-radius:6px;font-weight:600;line-height:1.3;text-decoration:none">`

// writeButton writes what stands before the words that do the same.
func writeButton(b *strings.Builder, k block) {
	if k.link == "" {
		b.WriteString("<b>")
		writeHTML(b, k.key, false)
		b.WriteString("</b>")
	} else {
		b.WriteString(`<a class="b" href="` + html.EscapeString(unmark(k.link)) + htmlButton)
		writeHTML(b, k.key, false)
		b.WriteString("</a>")
	}
	b.WriteString(`<br><span style="font-size:14px">`)
}

// writeHTML writes a text with its emphasis and links, everything else escaped.
func writeHTML(b *strings.Builder, s string, quoted bool) {
	bold := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '*' && bold:
			bold = false
			b.WriteString("</b>")
		case c == '*' && closes(s[i:]):
			bold = true
			b.WriteString("<b>")
		case c == markedByte:
			r, width := marked(s[i:])
			i += width - 1
			switch {
			case r == linkOpen:
				end := max(0, strings.Index(s[i+1:], string(linkLabel)))
				writeLink(b, unmark(s[i+1:i+1+end]))
				i += end + len(string(linkLabel))
			case r == linkClose:
				b.WriteString("</a>")
			case r < linkOpen:
				writeValue(b, byte(r&0x7f), s[i+1:], quoted, r < settingPage)
			}
		default:
			writeEscaped(b, c)
			n := run(s[i+1:])
			b.WriteString(s[i+1 : i+1+n])
			i += n
		}
	}
}

// writeLink keeps a telephone number on one line; an address of the web may need two.
func writeLink(b *strings.Builder, target string) {
	b.WriteString(`<a href="` + html.EscapeString(target) + `"`)
	if strings.HasPrefix(target, "tel:") {
		b.WriteString(` style="white-space:nowrap"`)
	}
	b.WriteString(">")
}

// writeValue writes a character of a value. In words from outside an invisible
// break goes in where a program would look for an address of the web, so that it
// makes no link of it by itself; it can still be read.
func writeValue(b *strings.Builder, c byte, rest string, quoted, foreign bool) {
	switch {
	case c == '\n' && quoted:
		b.WriteString("<br>")
	case c == '\n':
		b.WriteByte(' ')
	default:
		writeEscaped(b, c)
		if foreign && strings.IndexByte(".:/@", c) >= 0 && !startsWithSpace(rest) {
			b.WriteString("&#8203;")
		}
	}
}

func startsWithSpace(s string) bool {
	if s == "" || s[0] == ' ' {
		return true
	}
	if s[0] != markedByte {
		return false
	}
	r, _ := marked(s)
	return r&0x7f == ' ' || r&0x7f == '\n'
}

func writeEscaped(b *strings.Builder, c byte) {
	switch c {
	case '&':
		b.WriteString("&amp;")
	case '<':
		b.WriteString("&lt;")
	case '>':
		b.WriteString("&gt;")
	case '"':
		b.WriteString("&quot;")
	default:
		b.WriteByte(c)
	}
}
