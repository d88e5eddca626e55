package letter

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// A Picture is a chart of ours in a mail: shown in HTML, said in the text part,
// where no PNG is in both. A program that shows no pictures reads Words.
type Picture struct {
	Name  string // ASCII letters
	Title string
	Words string   // what it shows
	Bars  []string // the same as lines of text
	PNG   []byte   // nil: Words are all there is to say
	Width int      // to show it at, in CSS pixels

	id string // Content-ID, without brackets
}

// picturesOf gives the pictures their Content-IDs (RFC 2392).
func picturesOf(o Original, e Envelope) map[string]Picture {
	list := map[string]Picture{}
	for _, p := range o.Pictures {
		p.id = p.Name + "." + e.ID
		list[p.Name] = p
	}
	return list
}

// text is the picture for the text part.
func (p Picture) text() string {
	if p.Name == "" { // a template names one that is not there
		return ""
	}
	lines := p.Bars
	if p.PNG == nil || len(lines) == 0 {
		lines = []string{p.Words}
	}
	return p.Title + "\n" + strings.Repeat("-", utf8.RuneCountInString(p.Title)) + "\n\n" + strings.Join(lines, "\n")
}

// html shows it no wider than the mail; the title stands in the picture itself.
func (p Picture) html() string {
	switch {
	case p.Name == "":
		return ""
	case p.PNG == nil:
		return shapes[heading].before + html.EscapeString(p.Title) + shapes[heading].after + "<p>" + html.EscapeString(p.Words) + "</p>\n"
	}
	return fmt.Sprintf(`<p style="margin:28px 0 8px"><img src="cid:%s" width="%d" style="max-width:100%%;height:auto;border-radius:6px" alt="%s"></p>`+"\n",
		html.EscapeString(p.id), p.Width, html.EscapeString(p.Title+". "+p.Words))
}

// withPictures makes a mail of text and HTML the first part of one with the
// pictures that its HTML shows (RFC 2387).
func withPictures(mail []byte, list []Picture, e Envelope) ([]byte, error) {
	var parts strings.Builder
	for _, p := range list {
		if p.PNG == nil {
			continue
		}
		fmt.Fprintf(&parts, "--%s\r\nContent-Type: image/png\r\nContent-ID: <%s.%s>\r\nContent-Disposition: inline; filename=%s.png\r\nContent-Transfer-Encoding: base64\r\n\r\n",
			boundary("related", e.ID), p.Name, e.ID, p.Name)
		text := base64.StdEncoding.EncodeToString(p.PNG)
		for ; len(text) > 76; text = text[76:] {
			parts.WriteString(text[:76] + "\r\n")
		}
		parts.WriteString(text + "\r\n")
	}
	if parts.Len() == 0 {
		return mail, nil
	}
	with, at, err := wrapped(mail, `multipart/related; type="multipart/alternative"`, boundary("related", e.ID))
	if err != nil {
		return nil, err
	}
	return []byte(string(with[:at]) + parts.String() + string(with[at:])), nil
}
