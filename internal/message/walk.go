package message

import (
	"bytes"
	"strings"
)

// A piece is text of the body, in UTF-8. HTML stays as it is until it is known
// to be needed.
type piece struct {
	text string
	html bool
}

// A walker goes through the parts of a message: go-message's own reader gives up
// too early, and takes 32 seconds for 10,000 levels (libraries.md 4).
type walker struct {
	m     *Message
	parts int
	text  int // bytes of text so far

	html       []string // each HTML text, shown or not: it names the pictures in it
	attached   []Attachment
	contentIDs []string // of the pictures among them, in lower case
	buf        []byte
	forget     func() // of ParseMapped

	// What a report is made of.
	status     [][]byte // message/delivery-status
	mdn        bool     // message/disposition-notification
	feedback   bool     // message/feedback-report (RFC 5965)
	report     bool     // the whole message is a multipart/report
	reportType string   // of it, in lower case
	original   []byte   // the first message, or its header, inside this one
}

// A container is what a part stands in.
type container struct {
	subtype string // of multipart/…; "" at the top
	depth   int
}

// walk reads one entity and returns its text.
func (w *walker) walk(e entity, depth int, in container) []piece {
	t := readMediaType(e.header.Get("Content-Type"))
	if meant, ok := slips[t.value]; ok {
		t.value = meant
	}
	if !strings.Contains(t.value, "/") {
		t.value = "text/plain" // RFC 2045 5.2
		if in.subtype == "digest" {
			t.value = "message/rfc822" // RFC 2046 5.1.5
		}
	}
	if kind, ok := strings.CutPrefix(t.value, "multipart/"); ok {
		return w.multipart(e, t, kind, depth)
	}
	return w.leaf(e, t, in)
}

// slips are types that programs write for others.
var slips = map[string]string{
	"plain/text": "text/plain", "text/*": "text/plain", "*/*": "text/plain", "text/txt": "text/plain",
	"html/text": "text/html", "text/htm": "text/html", "text/x-html": "text/html",
}

func (w *walker) multipart(e entity, t mediaType, kind string, depth int) []piece {
	if depth > maxDepth {
		w.m.over(tooDeep)
		if depth > hardMaxDepth {
			return nil
		}
	}
	if depth == 1 && kind == "report" {
		w.report, w.reportType = true, strings.ToLower(t.params["report-type"])
	}
	boundary := strings.TrimRight(t.params["boundary"], " \t")
	s, ok := newSplitter(e.body, boundary, w.forget)
	if c, _ := readContent(e.header.Get("Content-Transfer-Encoding"), e.body); !ok && c.how > asBytes {
		decoded, _ := c.bytes(maxMessage) // RFC 2045 6.4 forbids it; some programs do it
		s, ok = newSplitter(decoded, boundary, nil)
	}
	if !ok {
		// Nothing to split at: the body is all there is, so it is the text.
		w.m.wrong(brokenMultipart)
		if len(bytes.TrimSpace(e.body)) == 0 {
			return nil
		}
		return w.leaf(e, mediaType{value: "text/plain"}, container{subtype: kind, depth: depth})
	}
	var children [][]piece
	for {
		part, ok := s.next()
		if !ok {
			break
		}
		if w.parts++; w.parts > maxParts {
			w.m.over(tooManyParts)
			if w.parts > hardMaxParts {
				break
			}
		}
		children = append(children, w.walk(readEntity(w.m, part, false), depth+1, container{kind, depth}))
	}
	if !s.closed {
		w.m.wrong(brokenMultipart)
	}
	all := flatten(children)
	if depth == 1 && areBlank(all) && len(w.attached) == 0 && len(w.status) == 0 {
		return w.preamble(s.before)
	}
	if kind == "alternative" {
		return choose(children)
	}
	return all
}

// preamble reads the words before the first part when no part has any. Mostly they
// tell programs that know no MIME what this is.
func (w *walker) preamble(b []byte) []piece {
	if bytes.Contains(bytes.ToUpper(b[:min(len(b), 200)]), []byte("MIME")) {
		return nil
	}
	return w.readText(mediaType{value: "text/plain"}, content{asLines, b})
}

func areBlank(pieces []piece) bool {
	for _, p := range pieces {
		if strings.TrimSpace(p.text) != "" {
			return false
		}
	}
	return true
}

func flatten(children [][]piece) []piece {
	if len(children) == 1 {
		return children[0]
	}
	var all []piece
	for _, c := range children {
		all = append(all, c...)
	}
	return all
}

// choose takes one of several versions of the same text: plain text when it says
// anything, else the last one, which is the richest (RFC 2046 5.1.4).
func choose(versions [][]piece) []piece {
	var last []piece
	for _, v := range versions {
		if len(v) > 0 {
			last = v
		}
	}
	for _, v := range versions {
		for _, p := range v {
			if !p.html && strings.TrimSpace(p.text) != "" && !standsIn(p.text, last) {
				return v
			}
		}
	}
	return last
}

// standsIn reports whether a plain version only says that there is an HTML one.
func standsIn(plain string, rich []piece) bool {
	if len(plain) > 300 || len(rich) == 0 || !rich[0].html {
		return false
	}
	low := strings.ToLower(plain)
	return strings.Contains(low, "html") && len(strings.TrimSpace(htmlText(rich[0].text))) > 2*len(plain)
}

// leaf reads a part that has no parts.
func (w *walker) leaf(e entity, t mediaType, in container) []piece {
	disposition := readMediaType(e.header.Get("Content-Disposition"))
	name := partName(t, disposition)
	c, problem := readContent(e.header.Get("Content-Transfer-Encoding"), e.body)
	if problem != "" {
		w.m.wrong(problem)
	}
	switch {
	case w.isReportPart(t.value, c, in), isWrapping(t.value, in):
		return nil
	case t.value == "message/partial" && strings.TrimSpace(t.params["number"]) == "1":
		return w.firstOfMany(c, in)
	case w.isText(t.value, name, disposition.value, in):
		return w.readText(t, c)
	case t.value == "text/calendar" && in.subtype == "alternative" && name == "":
		return nil // the machine's version of the invitation that the text puts in words
	case in.subtype == "encrypted" && name == "":
		name = "encrypted.asc" // RFC 3156 4
	}
	w.attach(foundPart{
		name: name, contentType: t.value, content: c, disposition: disposition.value,
		contentID: strings.Trim(e.header.Get("Content-Id"), "<> "), related: in.subtype == "related",
	})
	return nil
}

// firstOfMany reads the first of the pieces that a message was cut into (RFC 2046
// 5.2.2): it begins as the message did.
func (w *walker) firstOfMany(c content, in container) []piece {
	w.m.wrong(partOfMessage)
	if in.depth >= hardMaxDepth {
		return nil
	}
	return w.walk(readEntity(w.m, c.raw, false), in.depth+1, container{subtype: "partial", depth: in.depth + 1})
}

// isReportPart keeps what only a report has (RFC 3464, 6522, 8098, 5965), and
// the header of the mail that the report is about.
func (w *walker) isReportPart(contentType string, c content, in container) bool {
	switch contentType {
	case "message/delivery-status", "message/global-delivery-status":
		data, _ := c.bytes(maxHeader)
		w.status = append(w.status, data)
	case "message/disposition-notification", "message/global-disposition-notification":
		w.mdn = true
	case "message/feedback-report":
		w.feedback = true
	case "text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers", "message/global-headers",
		"message/rfc822", "message/global":
		if w.original == nil {
			w.original, _ = c.bytes(maxHeader)
		}
		return in.subtype == "report"
	default:
		return false
	}
	return true
}

// isWrapping finds parts that no person would call an attachment: signatures, the
// version line of PGP/MIME (RFC 3156), the icon beside a file of a Mac (RFC 1740).
func isWrapping(contentType string, in container) bool {
	switch contentType {
	case "application/applefile":
		return in.subtype == "appledouble"
	case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
		"application/pgp-encrypted":
		return true
	}
	return false
}
