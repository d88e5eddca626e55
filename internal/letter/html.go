package letter

import (
	"html"
	"strings"
)

// The look: inline styles, since many programs read nothing else; the sheet in
// the head is for dark themes alone. Nothing is fetched from anywhere.
const (
	htmlHead = `<!DOCTYPE html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>`
	htmlStyle = `</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
body, .page { background: #16181c !important; color: #e8e8e6 !important; }
.main { background: #26303c !important; color: #f2f2f0 !important; }
.said { color: #d8d8d6 !important; border-color: #5a6573 !important; }
.small, .label { color: #a9b0b8 !important; }
.row td, .line { border-color: #3a4048 !important; }
a { color: #8ec2ff !important; }
}
</style>
</head>
<body style="margin:0;padding:0;background:#ffffff;color:#1d2125;">
<div class="page" style="max-width:600px;margin:0 auto;padding:20px 16px 28px;background:#ffffff;color:#1d2125;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;overflow-wrap:break-word;word-break:break-word;">
`
	htmlEnd = "</div>\n</body>\n</html>\n"
)

// tags are what opens and closes a line of each kind of block.
var tags = map[byte][2]string{
	'#': {`<h2 style="font-size:18px;line-height:1.3;margin:26px 0 8px;">`, "</h2>\n"},
	'!': {`<p class="main" style="margin:0 0 16px;padding:12px 14px;background:#eaf2fb;border-radius:6px;">`, "</p>\n"},
	'-': {`<li style="margin:0 0 6px;">`, "</li>\n"},
	'?': {`<p class="line" style="margin:0 0 10px;padding:0 0 10px;border-bottom:1px solid #d5dae0;">`, "</p>\n"},
	'~': {`<p class="small" style="margin:0 0 10px;font-size:14px;color:#5b6570;">`, "</p>\n"},
	'p': {`<p style="margin:0 0 14px;">`, "</p>\n"},
}

// renderHTML writes the blocks as a page of a few kilobytes.
func renderHTML(subject string, blocks []block) string {
	var b strings.Builder
	b.Grow(8 << 10)
	b.WriteString(htmlHead + html.EscapeString(subject) + htmlStyle)
	for _, bl := range blocks {
		switch bl.kind {
		case '-':
			b.WriteString(`<ul style="margin:0 0 14px;padding:0 0 0 22px;">` + "\n")
			htmlLines(&b, bl)
			b.WriteString("</ul>\n")
		case '=':
			htmlTable(&b, bl)
		case '>':
			htmlQuote(&b, bl)
		default:
			htmlLines(&b, bl)
		}
	}
	b.WriteString(htmlEnd)
	return b.String()
}

func htmlLines(b *strings.Builder, bl block) {
	for _, line := range bl.lines {
		b.WriteString(tags[bl.kind][0])
		htmlSpans(b, line)
		b.WriteString(tags[bl.kind][1])
	}
}

func htmlSpans(b *strings.Builder, line string) {
	for _, s := range spans(line) {
		text := inert(s.text)
		if s.link != "" {
			text = `<a href="` + html.EscapeString(s.link) + `" style="color:#0b5cad;">` + html.EscapeString(s.text) + "</a>"
		}
		if s.strong {
			text = "<strong>" + text + "</strong>"
		}
		b.WriteString(text)
	}
}

func htmlTable(b *strings.Builder, bl block) {
	b.WriteString(`<table role="presentation" style="border-collapse:collapse;width:100%;margin:0 0 16px;">` + "\n")
	for _, line := range bl.lines {
		label, value, _ := strings.Cut(line, "|")
		b.WriteString(`<tr class="row"><td class="label" style="padding:6px 12px 6px 0;vertical-align:top;color:#5b6570;border-bottom:1px solid #e3e7eb;width:32%;">`)
		htmlSpans(b, strings.TrimSpace(label))
		b.WriteString(`</td><td style="padding:6px 0;vertical-align:top;border-bottom:1px solid #e3e7eb;">`)
		htmlSpans(b, strings.TrimSpace(value))
		b.WriteString("</td></tr>\n")
	}
	b.WriteString("</table>\n")
}

// htmlQuote shows the words of another as data: no marks are read in them.
func htmlQuote(b *strings.Builder, bl block) {
	b.WriteString(`<blockquote class="said" style="margin:0 0 16px;padding:2px 0 2px 14px;border-left:3px solid #b8c2cc;color:#2f363d;">` + "\n")
	for i, line := range bl.lines {
		if i > 0 {
			b.WriteString("<br>\n")
		}
		b.WriteString(inert(show(line)))
	}
	b.WriteString("\n</blockquote>\n")
}

// inert escapes text and keeps mail programs from making links of it: an
// invisible space breaks up what looks like an address of a page.
func inert(s string) string {
	s = html.EscapeString(s)
	if strings.Contains(s, "://") || strings.Contains(s, "ww.") || strings.Contains(s, "WW.") || strings.Contains(s, "mailto:") {
		s = breakers.Replace(s)
	}
	return s
}

var breakers = strings.NewReplacer("://", ":&#8203;//", "www.", "www&#8203;.", "WWW.", "WWW&#8203;.", "mailto:", "mailto&#8203;:")
