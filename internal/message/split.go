package message

import (
	"bytes"
)

// A splitter hands out the parts of a multipart body (RFC 2046 5.1.1) without
// copying them, in one pass. It takes what follows a closing delimiter for more
// parts when there are more delimiters.
type splitter struct {
	rest   []byte // after the last delimiter line
	delim  []byte // "--boundary"
	closed bool   // the last delimiter seen was the closing one
	before []byte // the preamble
	forget func() // of ParseMapped
}

// newSplitter finds the first delimiter. A boundary that is missing or never
// occurs is guessed; ok is false when there is nothing to split at.
func newSplitter(body []byte, boundary string, forget func()) (s *splitter, ok bool) {
	if boundary != "" {
		s = &splitter{rest: body, delim: []byte("--" + boundary), forget: forget}
		if before, found := s.cut(); found {
			s.before = before
			return s, true
		}
	}
	if delim := guessDelimiter(body); delim != nil {
		s = &splitter{rest: body, delim: delim, forget: forget}
		before, found := s.cut()
		s.before = before
		return s, found
	}
	return nil, false
}

// next returns the next part. The last part of a body that was cut short reaches
// to its end.
func (s *splitter) next() (part []byte, ok bool) {
	for s.rest != nil {
		epilogue := s.closed
		part, more := s.cut()
		if !more && epilogue {
			return nil, false
		}
		if epilogue && len(bytes.TrimSpace(part)) == 0 {
			continue
		}
		return part, true
	}
	return nil, false
}

// cut returns what stands before the next delimiter line, without the line end
// that belongs to the delimiter, and goes past that line. Without one it returns
// all, and nothing is left.
func (s *splitter) cut() (before []byte, found bool) {
	from := 0
	for {
		i := s.index(from)
		if i < 0 {
			before, s.rest = s.rest, nil
			return before, false
		}
		from = i + len(s.delim)
		if i > 0 && s.rest[i-1] != '\n' {
			continue // before its line is looked at: a long one may hold many
		}
		tail, next := cutLine(s.rest[from:])
		closing := bytes.HasPrefix(tail, []byte("--"))
		after := bytes.Trim(tail, " \t")
		if closing {
			after = bytes.Trim(tail[2:], " \t")
		}
		if len(after) == 0 {
			before = trimLineEnd(s.rest[:i])
			s.rest, s.closed = next, closing
			if len(next) == 0 {
				s.rest = nil
			}
			return before, true
		}
	}
}

// index finds the delimiter at or after from, a megabyte at a time.
func (s *splitter) index(from int) int {
	for s.forget != nil && len(s.rest)-from > megabyte {
		if i := bytes.Index(s.rest[from:from+megabyte], s.delim); i >= 0 {
			return from + i
		}
		from += megabyte - len(s.delim)
		s.forget()
	}
	if i := bytes.Index(s.rest[from:], s.delim); i >= 0 {
		return from + i
	}
	return -1
}

func trimLineEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte{'\n'})
	return bytes.TrimSuffix(b, []byte{'\r'})
}

// guessDelimiter looks for a line that begins with two hyphens and has a
// Content- field after it.
func guessDelimiter(body []byte) []byte {
	for rest := body; len(rest) > 0; {
		var line []byte
		line, rest = cutLine(rest)
		if len(line) < 3 || len(line) > 200 || line[0] != '-' || line[1] != '-' {
			continue
		}
		if len(rest) > 8 && bytes.EqualFold(rest[:8], []byte("content-")) {
			return bytes.TrimRight(line, " \t")
		}
	}
	return nil
}
