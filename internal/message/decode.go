package message

import (
	"bytes"
	"encoding/base64"
)

// looksBase64 looks at the first line with something on it: text that is merely
// labelled base64 must not be lost.
func looksBase64(b []byte) bool {
	b = bytes.TrimLeft(b[:min(len(b), bufferSize)], " \t\r\n")
	line, _ := cutLine(b)
	line = bytes.TrimRight(line, " \t")
	foreign := 0
	for _, c := range line {
		if !isBase64(c) && c != '=' {
			foreign++
		}
	}
	// A whole line may have a byte that was hurt on its way.
	return foreign == 0 || foreign <= 2 && len(line) >= 60 && bytes.IndexByte(line, ' ') < 0
}

func isBase64(c byte) bool { return isAlnum(c) || c == '+' || c == '/' }

// base64 decodes with any line ends, with padding missing or in the middle. What
// does not belong there is left out (RFC 2045 6.8), up to what is no base64 at
// all, such as the footer of a mailing list.
func (d *decoder) base64(out []byte) []byte {
	for len(d.raw) > 0 && cap(out)-len(out) >= 3 {
		// Whole groups at once: nearly all of nearly all attachments.
		if d.n == 0 {
			room := (cap(out) - len(out)) / 3 * 4
			if k := wholeGroups(d.raw[:min(len(d.raw), room)]); k > 0 {
				m, _ := base64.RawStdEncoding.Decode(out[len(out):cap(out)], d.raw[:k])
				out, d.raw, d.padded = out[:len(out)+m], d.raw[k:], false
				continue
			}
		}
		c := d.raw[0]
		switch {
		case base64Letters[c]:
			d.quad[d.n] = c
			d.padded = false
			if d.n++; d.n == 4 {
				out = d.group(out)
			}
		case c == '=':
			out = d.group(out)
			d.padded = true
		case c != '\n' && c != '\r' && c != ' ' && c != '\t':
			d.problem = brokenEncoding
			if d.padded || isProse(d.raw) {
				d.raw = nil
				return d.group(out)
			}
		}
		d.raw = d.raw[1:]
	}
	if len(d.raw) == 0 {
		out = d.group(out)
	}
	return out
}

// group decodes the letters of a group, whole or not.
func (d *decoder) group(out []byte) []byte {
	if d.n == 0 {
		return out
	}
	if d.n == 1 {
		d.problem = brokenEncoding // six bits are no byte
	}
	var three [3]byte
	k, _ := base64.RawStdEncoding.Decode(three[:], d.quad[:d.n])
	d.n = 0
	return append(out, three[:k]...)
}

// isProse says whether a line goes on as no base64 does: with a second word, or
// with four foreign bytes in a row.
func isProse(b []byte) bool {
	foreign := 0
	for i, c := range b[:min(len(b), 80)] {
		switch {
		case c == '\n' || c == '\r':
			return false
		case c == ' ':
			return i+1 < len(b) && b[i+1] > ' '
		case !isBase64(c) && c != '=':
			if foreign++; foreign == 4 {
				return true
			}
		default:
			foreign = 0
		}
	}
	return false
}

// wholeGroups is how many bytes of b, a multiple of four, are base64 letters.
func wholeGroups(b []byte) int {
	n := 0
	for n < len(b) && base64Letters[b[n]] {
		n++
	}
	return n &^ 3
}

var base64Letters = func() (table [256]bool) {
	for c := range table {
		table[c] = isBase64(byte(c))
	}
	return table
}()

// decodeBase64 decodes an encoded word.
func decodeBase64(s string) []byte {
	out, _ := content{asBase64, []byte(s)}.bytes(len(s))
	return out
}

// quotedPrintable reads RFC 2045 6.7; what is not an escape stays.
func (d *decoder) quotedPrintable(out []byte) []byte {
	for len(d.raw) > 0 && len(out) < cap(out) {
		switch c := d.raw[0]; {
		case c == '=' && len(d.raw) > 2 && isHex(d.raw[1]) && isHex(d.raw[2]):
			out = append(out, unhex(d.raw[1])<<4|unhex(d.raw[2]))
			d.raw = d.raw[3:]
		case c == '=':
			if n, ends := blanksAhead(d.raw[1:]); ends {
				d.raw = d.raw[1+n:]
				d.raw = d.raw[lineEnd(d.raw):] // a soft line break
				continue
			}
			out, d.raw = append(out, c), d.raw[1:]
		case (c == ' ' || c == '\t') && d.blanks == 0:
			n, ends := blanksAhead(d.raw)
			if ends {
				d.raw = d.raw[n:] // added on the way (rule 3)
			} else {
				d.blanks = n
			}
		case c == ' ' || c == '\t':
			d.blanks--
			out, d.raw = append(out, c), d.raw[1:]
		case c == '\r' && lineEnd(d.raw) > 0:
			d.raw = d.raw[lineEnd(d.raw)-1:]
		default:
			n := plainRun(d.raw[:min(len(d.raw), cap(out)-len(out))])
			out, d.raw = append(out, d.raw[:n]...), d.raw[n:]
		}
	}
	return out
}

// plainRun is how many bytes from the first one on mean themselves.
func plainRun(b []byte) int {
	n := 1
	for n < len(b) && b[n] != '=' && b[n] != ' ' && b[n] != '\t' && b[n] != '\r' {
		n++
	}
	return n
}

// blanksAhead is how many blanks and tabs b begins with, and whether the line, or
// all, ends after them.
func blanksAhead(b []byte) (n int, ends bool) {
	for n < len(b) && (b[n] == ' ' || b[n] == '\t') {
		n++
	}
	return n, n == len(b) || lineEnd(b[n:]) > 0
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}
