package message

import (
	"strings"
	"unicode/utf8"
)

// isText tells the words of a mail from a text file that hangs on it.
func (w *walker) isText(contentType, name, disposition string, in container) bool {
	sub, ok := strings.CutPrefix(contentType, "text/")
	if !ok || disposition == "attachment" && (in.subtype != "" || name != "") {
		return false
	}
	switch sub {
	case "plain", "html":
		return name == "" || in.subtype == "alternative" || in.subtype == "" || w.text == 0 && disposition != "inline"
	case "enriched", "richtext":
		return true
	case "calendar", "csv", "xml", "rtf", "vcard", "x-vcard", "directory", "css", "javascript", "x-amp-html",
		"watch-html", "tab-separated-values":
		return false
	}
	return name == "" // RFC 2046 4.1.4: unknown subtypes are plain text
}

// readText decodes a text part. A uuencoded file in it is an attachment.
func (w *walker) readText(t mediaType, c content) []piece {
	data, problem := c.bytes(maxText - w.text + 1)
	if problem != "" {
		w.m.wrong(problem)
	}
	if room := maxText - w.text; len(data) > room {
		w.m.over(textTooLong)
		data = data[:room]
	}
	w.text += len(data)
	charset := t.params["charset"]
	html := t.value == "text/html"
	if html && (charset == "" || saysNothing(cleanLabel(charset)) && !utf8.Valid(data)) {
		charset = metaCharset(data)
	}
	files, data := cutYEnc(data)
	text, known := decodeCharset(charset, data)
	if !known {
		w.m.wrong(unknownCharset)
	}
	switch {
	case html:
		w.html = append(w.html, text)
		return []piece{{text, true}}
	case t.value == "text/enriched" || t.value == "text/richtext":
		return []piece{{text: enrichedText(text)}}
	}
	text = plainText(text)
	if strings.EqualFold(t.params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(t.params["delsp"], "yes"))
	}
	more, text := cutUuencoded(text)
	for _, f := range append(files, more...) {
		if f.problem != "" {
			w.m.wrong(f.problem)
		}
		w.attach(foundPart{name: safeName(f.name), contentType: "application/octet-stream",
			content: content{asBytes, f.data}, disposition: "attachment"})
	}
	return []piece{{text: text}}
}

// metaCharset finds the charset that an HTML text names itself, near its top.
func metaCharset(html []byte) string {
	head := strings.ToLower(string(html[:min(len(html), 2048)]))
	_, after, ok := strings.Cut(head, "charset=")
	if !ok {
		return ""
	}
	label := strings.TrimLeft(after, "\"' ")
	if n := strings.IndexAny(label, "\"' ;/>\r\n"); n >= 0 {
		label = label[:n]
	}
	return label
}
