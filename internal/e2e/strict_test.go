package e2e

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"klachtd/internal/hostile"
	"klachtd/internal/peers"
)

// What a mail of ours is made of, and nothing else: an injected field would be
// one too many, or an unknown one.
var (
	letterFields = strings.Fields(`date from to subject message-id in-reply-to references mime-version auto-submitted
		x-auto-response-suppress content-type content-transfer-encoding`)
	partFields = strings.Fields("content-type content-transfer-encoding content-disposition content-id")
	multipart  = regexp.MustCompile(`^multipart/(mixed|alternative|related);\s+boundary="?([0-9a-f]{60})"?$`)
	plainBox   = regexp.MustCompile("^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$")
)

// strict reads a mail that was sent as a suspicious reader would, with no library
// that forgives anything: one recipient, the one in To; CRLF and lines of 998
// bytes at most; our fields alone, each once; parts that end (security.md 2, 3).
// No program that came in goes out (8).
func (a *academy) strict(m peers.Mail) {
	a.tb.Helper()
	a.wellFormed(m)
	if m.From != address || len(m.To) != 1 || !plainBox.MatchString(m.To[0]) || strings.Contains(m.To[0], hostile.Victim) {
		a.tb.Errorf("envelope: from %q to %q", m.From, m.To)
	}
	head, body, _ := bytes.Cut(m.Raw, []byte("\r\n\r\n"))
	fields := a.fields(string(head), letterFields)
	if to := fields["to"]; !strings.HasSuffix(to, "<"+m.To[0]+">") || strings.Count(to, "@") != 1 {
		a.tb.Errorf("To: %q for %q", to, m.To)
	}
	a.parts(fields, string(body))
	for shift := range 3 { // base64 shows a word in three ways, apart from what borders on it
		code := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", shift) + hostile.Program))
		if bytes.Contains(m.Raw, []byte(code[4:len(code)-8])) {
			a.tb.Errorf("a program goes to %s", m.To)
		}
	}
}

// fields reads a header of fields that are known, each at most once.
func (a *academy) fields(head string, known []string) map[string]string {
	a.tb.Helper()
	fields := map[string]string{}
	last := ""
	for line := range strings.SplitSeq(head, "\r\n") {
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			fields[last] += line
			continue
		}
		name, value, found := strings.Cut(line, ": ")
		last = strings.ToLower(name)
		if _, twice := fields[last]; !found || twice || !slices.Contains(known, last) || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) {
			a.tb.Errorf("a field that is not ours: %.200q", line)
		}
		fields[last] = value
	}
	return fields
}

// parts reads what a header says the body is.
func (a *academy) parts(fields map[string]string, body string) {
	a.tb.Helper()
	kind := multipart.FindStringSubmatch(strings.Join(strings.Fields(fields["content-type"]), " "))
	if kind == nil {
		return
	}
	mark := "--" + kind[2]
	pieces := strings.Split("\r\n"+body, "\r\n"+mark)
	if n := len(pieces); n < 3 || !strings.HasPrefix(pieces[n-1], "--") || strings.TrimSpace(pieces[n-1][2:]) != "" {
		a.tb.Errorf("%d parts, and then %.80q", n-2, pieces[n-1])
		return
	}
	for _, piece := range pieces[1 : len(pieces)-1] {
		head, inner, found := strings.Cut(strings.TrimPrefix(piece, "\r\n"), "\r\n\r\n")
		if !found { // an empty file: the blank line is the one before the boundary
			head, found = strings.CutSuffix(head, "\r\n")
		}
		if !found {
			a.tb.Errorf("a part without a body: %.80q", piece)
		}
		a.parts(a.fields(head, partFields), inner)
	}
}
