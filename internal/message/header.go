package message

import (
	"bytes"
	"slices"
	"strings"

	gomessage "github.com/emersion/go-message"
)

// An entity is a message or a part: its fields and its body as transferred.
type entity struct {
	header gomessage.Header
	body   []byte
}

// readEntity reads the fields of a message or part. What go-message would
// refuse (libraries.md 4) is taken out first, so that its reader cannot fail.
func readEntity(m *Message, b []byte, top bool) entity {
	b = skipMboxLine(b)
	block, body := cleanHeader(m, b, top)
	if len(block) == 0 {
		return entity{body: body}
	}
	// Errors are soft: an unknown charset or encoding, which walk looks at itself.
	e, _ := gomessage.Read(bytes.NewReader(block))
	if e == nil {
		m.wrong(brokenHeader)
		return entity{body: body}
	}
	return entity{header: e.Header, body: body}
}

// skipMboxLine drops the "From sender date" line that an mbox file puts before a
// message, and the ">From " that forwarding systems made of it.
func skipMboxLine(b []byte) []byte {
	for bytes.HasPrefix(b, []byte("From ")) || bytes.HasPrefix(b, []byte(">From ")) {
		line, rest := cutLine(b)
		if fieldName(line) != nil || !isMboxLine(line) && !beginsWithField(rest) {
			break // "From : Jan <…>" or "From the first day on, …"
		}
		b = rest
	}
	return b
}

// isMboxLine wants the time of day and the year of ctime(3) after the sender.
func isMboxLine(line []byte) bool {
	words := bytes.Fields(line[:min(len(line), 500)])
	clock, year := false, false
	for _, w := range words[min(len(words), 2):] {
		clock = clock || len(w) >= 5 && w[2] == ':'
		year = year || len(w) == 4 && bytes.Trim(w, "0123456789") == nil
	}
	return clock && year
}

func beginsWithField(b []byte) bool {
	line, _ := cutLine(b)
	name := fieldName(line)
	return name != nil && isMailField(name)
}

// cutLine splits off the first line, without its line end.
func cutLine(b []byte) (line, rest []byte) {
	line = b
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		line, rest = b[:i], b[i+1:]
	}
	return bytes.TrimRight(line, "\r"), rest
}

// cleanHeader returns the header block with one LF a line, only fields that are
// fields, and the body after it. A line without a colon is dropped when fields
// follow it; when none does, the blank line is missing and the body begins there.
func cleanHeader(m *Message, b []byte, top bool) (block, body []byte) {
	end, last := measureHeader(b)
	if top && end == 0 {
		// Blank lines before the header: some programs that move mail leave them.
		if rest := bytes.TrimLeft(b, "\r\n"); beginsWithField(rest) {
			b = rest
			end, last = measureHeader(b)
		}
	}
	if last < 0 {
		// Not one field that mail has: the words of somebody without a header.
		if top && len(b) > 0 && end > 0 {
			m.wrong(noHeader)
		}
		return nil, trimBlankLine(b)
	}
	c := headerCleaner{m: m, block: make([]byte, 0, min(end, maxHeader)+2)}
	rest := b
	for len(rest) > 0 {
		at := len(b) - len(rest)
		line, next := cutLine(rest)
		if len(line) == 0 {
			return c.finish(), next
		}
		if !isContinuation(line) && fieldName(line) == nil && at > last {
			m.wrong(brokenHeader)
			return c.finish(), rest
		}
		c.line(line)
		rest = next
	}
	return c.finish(), nil
}

// measureHeader returns where the first blank line is, and where the last field
// that mail is known to have begins; -1 when there is none. Lines that are no field
// may be words: of a mail without a header, or below one without a blank line. They
// are passed over if it is one line among fields, or if as many known fields follow.
func measureHeader(b []byte) (end, last int) {
	last = -1
	doubt, words, fields, after := -1, 0, 0, -1
	for end < len(b) {
		line, next := cutLine(b[end:])
		if len(line) == 0 {
			break
		}
		name := fieldName(line)
		switch {
		case name == nil && !isContinuation(line):
			if doubt < 0 {
				doubt, words, fields = end, 0, 0
			}
			words++
		case name == nil || !isMailField(name):
		case doubt < 0:
			last = end
		default:
			fields, after = fields+1, end
			if fields >= 2 && fields >= words {
				doubt, last = -1, end
			}
		}
		end = len(b) - len(next)
	}
	if doubt > 0 && words == 1 && fields > 0 {
		last = after
	}
	return end, last
}

func trimBlankLine(b []byte) []byte {
	if line, rest := cutLine(b); len(line) == 0 {
		return rest
	}
	return b
}

// A headerCleaner collects the fields that are kept, within the limits.
type headerCleaner struct {
	m     *Message
	block []byte
	start int  // of the current field in block
	skip  bool // the current field is dropped, and so are its continuations
}

func (c *headerCleaner) line(line []byte) {
	if isContinuation(line) {
		if len(c.block) == 0 {
			c.m.wrong(brokenHeader)
			return
		}
	} else {
		name := fieldName(line)
		c.start, c.skip = len(c.block), name == nil || isOurs(name)
		if name == nil {
			c.m.wrong(brokenHeader)
		} else if i := bytes.IndexByte(line, ':'); i > len(name) {
			line = slices.Concat(name, line[i:]) // the reader takes no space there (RFC 5322 4.5)
		}
	}
	if c.skip {
		return
	}
	if room := maxField - (len(c.block) - c.start); len(line) > room {
		c.m.over(fieldTooLarge)
		line = line[:max(room, 0)]
		c.skip = true
	}
	if len(c.block)+len(line)+1 > maxHeader {
		c.m.over(headerTooLarge)
		c.skip = true
		return
	}
	if len(line) > 0 {
		c.block = append(append(c.block, line...), '\n')
	}
}

// finish closes the block. A CR or NUL inside a line is no line end and no
// content either (security.md 3).
func (c *headerCleaner) finish() []byte {
	for i, x := range c.block {
		if x == '\r' || x == 0 {
			c.block[i] = ' '
		}
	}
	return append(c.block, '\n')
}

func isContinuation(line []byte) bool { return line[0] == ' ' || line[0] == '\t' }

// fieldName returns the name of a field's first line, nil when it is not one
// (RFC 5322 3.6.8; white space before the colon is its obsolete form).
func fieldName(line []byte) []byte {
	i := bytes.IndexByte(line, ':')
	if i < 1 || i > 128 {
		return nil
	}
	name := bytes.TrimRight(line[:i], " \t")
	for _, c := range name {
		if c <= ' ' || c > '~' {
			return nil
		}
	}
	if len(name) == 0 {
		return nil
	}
	return name
}

// isOurs finds fields that only klachtd may write (security.md 7).
func isOurs(name []byte) bool {
	return len(name) >= 10 && bytes.EqualFold(name[:10], []byte("X-Klachtd-"))
}

// mailFields tell a header from a first paragraph with a colon in it.
var mailFields = func() map[string]bool {
	known := make(map[string]bool)
	for name := range strings.FieldsSeq(`from to cc bcc subject date sender reply-to message-id
		in-reply-to references comments keywords received return-path delivered-to envelope-to
		mime-version auto-submitted precedence importance priority sensitivity thread-topic
		thread-index user-agent organization authentication-results dkim-signature
		received-spf mailing-list errors-to disposition-notification-to status x-mailer
		original-recipient lines`) {
		known[name] = true
	}
	return known
}()

func isMailField(name []byte) bool {
	var buf [32]byte
	if len(name) > len(buf) {
		name = name[:len(buf)]
	}
	low := buf[:len(name)]
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		low[i] = c
	}
	for _, prefix := range [...]string{"content-", "x-", "list-", "resent-", "arc-"} {
		if len(low) > len(prefix) && string(low[:len(prefix)]) == prefix {
			return true
		}
	}
	return mailFields[string(low)]
}
