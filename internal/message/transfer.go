package message

import (
	"bytes"
	"io"
	"strings"
)

// A content is what a part holds, as it was transferred: a stretch of the raw
// message and how to decode it (RFC 2045 6). It is decoded piece by piece, so that
// a file of 30 MB takes no more memory than one of 30 bytes.
type content struct {
	how coding
	raw []byte
}

// A coding is a transfer encoding as it is carried out.
type coding int

const (
	asLines coding = iota // text as it is; its line ends become LF, so that a mail is the same as LF and as CRLF
	asBytes               // nothing done at all
	asBase64
	asQuotedPrintable
)

// readContent looks at the name of an encoding and at the bytes. go-message gives
// up on an unknown encoding and on the first wrong byte; this reads on, and
// problem says what is wrong.
func readContent(encoding string, b []byte) (c content, problem string) {
	encoding = strings.ToLower(strings.Trim(dropComment(dropLeadingComments(encoding)), " \t\"';"))
	switch encoding {
	case "", "7bit", "8bit", "7-bit", "8-bit", "7 bit", "8 bit", "7bits", "8bits", "none", "plain":
		return content{asLines, b}, ""
	case "binary":
		return content{asBytes, b}, ""
	case "base64", "base-64", "base 64", "x-base64", "b":
		if !looksBase64(b) {
			return content{asLines, b}, brokenEncoding
		}
		return content{asBase64, b}, ""
	case "quoted-printable", "quoted_printable", "quoted printable", "quotedprintable", "q":
		return content{asQuotedPrintable, b}, ""
	case "x-uuencode", "x-uue", "uuencode", "x-uu":
		lines, _ := content{asLines, b}.bytes(len(b))
		if files, _ := cutUuencoded(string(lines)); len(files) > 0 {
			return content{asBytes, files[0].data}, files[0].problem
		}
		return content{asLines, b}, brokenEncoding
	}
	return content{asLines, b}, unknownEncoding
}

// bytes decodes at most limit bytes; what comes of text without a CR is part of raw.
func (c content) bytes(limit int) (out []byte, problem string) {
	if c.how == asBytes || c.how == asLines && bytes.IndexByte(c.raw, '\r') < 0 {
		return c.raw[:min(len(c.raw), limit)], ""
	}
	out = make([]byte, 0, min(len(c.raw)+3, limit+bufferSize))
	d := decoder{content: c}
	for len(out) < limit {
		from := len(out)
		if cap(out)-from < 8 {
			out = append(out, make([]byte, bufferSize)...)[:from]
		}
		piece := d.next(out[from:from:cap(out)])
		if piece == nil {
			break
		}
		out = append(out, piece...) // onto itself, but for pieces of raw
	}
	return out[:min(len(out), limit)], d.problem
}

// A decoder goes through a content once.
type decoder struct {
	content
	problem string // what was wrong so far

	forget func() // called after each megabyte that was gone through; may be nil
	gone   int

	blanks int     // quoted-printable: white space ahead that stays
	quad   [4]byte // base64: the letters of an unfinished group
	n      int     // how many of them
	padded bool    // base64: padding was seen, which ends it
}

const (
	bufferSize = 32 << 10
	megabyte   = 1 << 20
)

// next decodes a piece into buf, which has room for 8 bytes at least, and returns
// it, or nil at the end. A piece may also be a part of the raw message.
func (d *decoder) next(buf []byte) []byte {
	if d.forget != nil && d.gone >= megabyte {
		d.forget()
		d.gone = 0
	}
	for len(d.raw) > 0 || d.n > 0 {
		before := len(d.raw)
		var piece []byte
		switch d.how {
		case asBase64:
			piece = d.base64(buf[:0])
		case asQuotedPrintable:
			piece = d.quotedPrintable(buf[:0])
		case asLines:
			piece = d.lines(buf[:0])
		default:
			piece, d.raw = d.raw[:min(before, bufferSize)], d.raw[min(before, bufferSize):]
		}
		d.gone += before - len(d.raw)
		if len(piece) > 0 {
			return piece
		}
	}
	return nil
}

// lines gives LF for CRLF and CR. Some programs write CRCRLF for one line end.
func (d *decoder) lines(out []byte) []byte {
	n := bytes.IndexByte(d.raw[:min(len(d.raw), bufferSize)], '\r')
	if n < 0 {
		n = min(len(d.raw), bufferSize)
	}
	if n > 0 {
		piece := d.raw[:n]
		d.raw = d.raw[n:]
		return piece
	}
	for len(d.raw) > 0 && len(out) < cap(out) {
		if d.raw[0] != '\r' {
			room := cap(out) - len(out)
			n := bytes.IndexByte(d.raw[:min(len(d.raw), room)], '\r')
			if n < 0 {
				n = min(len(d.raw), room)
			}
			out, d.raw = append(out, d.raw[:n]...), d.raw[n:]
			continue
		}
		if after := lineEnd(d.raw); after > 0 {
			d.raw = d.raw[after:]
		} else {
			d.raw = d.raw[1:]
		}
		out = append(out, '\n')
	}
	return out
}

// lineEnd is the length of the line end that b begins with, 0 when there is none.
func lineEnd(b []byte) int {
	const most = 4 // CRs before the LF
	for i := 0; i < len(b) && i <= most; i++ {
		switch b[i] {
		case '\n':
			return i + 1
		case '\r':
		default:
			return 0
		}
	}
	return 0
}

// A contentReader is a decoder as an io.Reader.
type contentReader struct {
	d     decoder
	buf   []byte
	ahead []byte
}

func (r *contentReader) Read(p []byte) (int, error) {
	if len(r.ahead) == 0 {
		if r.buf == nil {
			r.buf = make([]byte, bufferSize)
		}
		if r.ahead = r.d.next(r.buf); r.ahead == nil {
			return 0, io.EOF
		}
	}
	n := copy(p, r.ahead)
	r.ahead = r.ahead[n:]
	return n, nil
}
