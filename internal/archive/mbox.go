package archive

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
)

// A splitter takes an mbox apart (RFC 4155 and its cousins: mboxo, mboxrd, mboxcl,
// mboxcl2), whatever its line ends, in one pass.
type splitter struct {
	r      *bufio.Reader
	file   io.ReaderAt // the same bytes; for a look ahead where Content-Length leads
	size   int64
	limits Limits

	at      int64    // of the next byte
	begun   bool     // past the beginning
	inside  bool     // the next piece goes on with a long line
	landed  bool     // Content-Length says that a postmark is next
	mark    postmark // of the message to come
	pending bool     // there is a message to come
}

// lineBuffer bounds what is in memory of a line at a time.
const lineBuffer = 64 << 10

func newSplitter(r io.Reader, file io.ReaderAt, size int64, l Limits) *splitter {
	return &splitter{r: bufio.NewReaderSize(r, lineBuffer), file: file, size: size, limits: l}
}

// A part is one message of an mbox.
type part struct {
	mark    postmark
	raw     []byte
	size    int64
	partial bool
}

// next returns the next message, without its postmark and its quoting; io.EOF
// after the last one. What stands before the first postmark is a message too.
func (s *splitter) next() (part, error) {
	if !s.begun {
		s.begun, s.pending = true, true
		head, _ := s.r.Peek(512) // an error comes again when it is read
		n := len(head) - len(skipBlank(head))
		_, _ = s.r.Discard(n) // was peeked
		s.at += int64(n)
	}
	for s.pending {
		p, err := s.one()
		if err != nil {
			return part{}, err
		}
		if len(bytes.TrimSpace(p.raw)) > 0 {
			return p, nil
		}
	}
	return part{}, io.EOF
}

// one reads up to the next postmark or the end.
func (s *splitter) one() (part, error) {
	c := collector{limits: s.limits, header: true, length: -1}
	mark := s.mark
	for {
		piece, err := s.piece()
		if err != nil && !errors.Is(err, io.EOF) {
			return part{}, err
		}
		if !s.inside && bytes.HasPrefix(piece, []byte("From ")) {
			line := bytes.Clone(piece) // looking ahead moves the buffer
			if s.begins(line, c.blank || c.size == 0) {
				s.mark, s.landed = postmark(line), false
				return c.finish(mark), nil
			}
			piece = line
			c.bare = c.bare || c.blank && !c.header
		}
		end := c.line(piece, !s.inside)
		s.inside = len(piece) > 0 && piece[len(piece)-1] != '\n'
		s.landed = s.landed && c.blank
		if err != nil {
			s.pending = false
			return c.finish(mark), nil
		}
		if end && s.lands(c.length) {
			if err := s.body(&c); err != nil {
				return part{}, err
			}
		}
	}
}

// piece returns the next line, or as much of a long one as the buffer holds.
func (s *splitter) piece() ([]byte, error) {
	piece, err := s.r.ReadSlice('\n')
	s.at += int64(len(piece))
	if errors.Is(err, bufio.ErrBufferFull) {
		err = nil
	}
	return piece, err
}

// begins says whether a line that begins with "From " begins a message. Not each
// program quotes such lines of a text, and not each one writes a blank line before
// its postmark or a date into it; so two of three must agree.
func (s *splitter) begins(line []byte, blank bool) bool {
	p := postmark(line)
	if s.landed && p.plausible() {
		return true
	}
	next, _ := s.r.Peek(128) // less at the end
	if p.dated() {
		return blank || isKnownField(next)
	}
	return blank && p.short() && isKnownField(next)
}

// lands says whether a body of n bytes from here on ends where a message may
// begin, which is at the start of a line, or the file ends. A length that a sender
// made up, or that was true elsewhere, does not.
func (s *splitter) lands(n int64) bool {
	if n < 0 || s.file == nil || n > s.size-s.at {
		return false
	}
	last := min(n, 1) // the body's last byte is looked at too, when it has one
	there := make([]byte, 256)
	k, err := s.file.ReadAt(there, s.at+n-last)
	if err != nil && !errors.Is(err, io.EOF) || int64(k) < last {
		return false
	}
	there = there[:k]
	after := there[last:]
	for range 2 { // the end of the last line, and the blank one
		after = bytes.TrimPrefix(bytes.TrimPrefix(after, []byte{'\r'}), []byte{'\n'})
	}
	if k-int(last) < 4 && len(after) == 0 {
		return true
	}
	starts := last == 0 || there[0] == '\n' || len(after) < k-int(last)
	line, _, _ := bytes.Cut(after, []byte{'\n'})
	return starts && postmark(line).plausible()
}

// body takes as many bytes as Content-Length says.
func (s *splitter) body(c *collector) error {
	for left := c.length; left > 0; {
		piece, err := s.r.Peek(int(min(left, lineBuffer)))
		if len(piece) == 0 {
			return err
		}
		if i := bytes.IndexByte(piece, '\n'); i >= 0 {
			piece = piece[:i+1]
		}
		if !s.inside && bytes.HasPrefix(piece, []byte("From ")) {
			c.bare = true // mboxcl2 quotes nothing
		}
		c.line(piece, !s.inside)
		s.inside = piece[len(piece)-1] != '\n'
		n, _ := s.r.Discard(len(piece)) // was peeked
		s.at += int64(n)
		left -= int64(n)
	}
	c.length, c.blank, s.landed, s.inside = -1, true, true, false
	return nil
}

// A collector gathers the lines of a message.
type collector struct {
	limits  Limits
	raw     []byte
	size    int64
	partial bool
	header  bool  // in the header
	length  int64 // of the body, by Content-Length; -1 when it does not say
	blank   bool  // the last line was blank
	bare    bool  // a line of the text begins with "From " where others quote it
}

// line adds a piece, which begins a line or goes on with one; end says that it
// ended the header.
func (c *collector) line(piece []byte, begins bool) (end bool) {
	c.size += int64(len(piece))
	switch {
	case c.partial:
	case c.size > c.limits.Message:
		c.partial = true
		c.raw = append(c.raw, piece...)
		c.raw = bytes.Clone(c.raw[:min(c.limits.Head, int64(len(c.raw)))])
	default:
		c.raw = append(c.raw, piece...)
	}
	if !begins || len(piece) == 0 {
		return false
	}
	c.blank = len(trimLineEnd(piece)) == 0 && piece[len(piece)-1] == '\n'
	if !c.header {
		return false
	}
	if c.blank {
		c.header = false
		return true
	}
	const field = "Content-Length:"
	if len(piece) > len(field) && len(piece) < 100 && bytes.EqualFold(piece[:len(field)], []byte(field)) {
		n, err := strconv.ParseInt(string(bytes.TrimSpace(piece[len(field):])), 10, 64)
		if c.length = n; err != nil || n < 0 {
			c.length = -1
		}
	}
	return false
}

// finish takes off the blank line that belongs to the mbox, and the quoting.
func (c *collector) finish(mark postmark) part {
	if !c.partial {
		if rest := trimLineEnd(c.raw); bytes.HasSuffix(rest, []byte{'\n'}) {
			c.raw, c.size = rest, c.size-int64(len(c.raw)-len(rest))
		}
	}
	if !c.bare {
		c.raw = unquote(c.raw)
	}
	return part{mark: mark, raw: c.raw, size: c.size, partial: c.partial}
}

// unquote takes one > off the lines of the body that begin with ">From ", ">>From "
// and so on, in place: mboxrd. An mboxo that has ">>From " meant just that; which
// of the two a file is cannot be seen.
func unquote(raw []byte) []byte {
	if !bytes.Contains(raw, []byte(">From ")) {
		return raw
	}
	kept, body := raw[:0], false
	for rest := raw; len(rest) > 0; {
		n := bytes.IndexByte(rest, '\n') + 1
		if n == 0 {
			n = len(rest)
		}
		line := rest[:n]
		rest = rest[n:]
		if body && line[0] == '>' && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
			line = line[1:]
		}
		body = body || len(trimLineEnd(line)) == 0
		kept = append(kept, line...)
	}
	return kept
}

func trimLineEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte{'\n'})
	return bytes.TrimSuffix(b, []byte{'\r'})
}

// skipBlank goes past what may stand before the first line.
func skipBlank(b []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), "\r\n")
}
