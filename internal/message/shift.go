package message

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Charsets that switch within the text, and what gives them away without a label.

const (
	escape   = 0x1b
	shiftOut = 0x0e
	shiftIn  = 0x0f
)

// A shift is a charset of two 7-bit sets, which SO and SI switch between; x/text
// knows the second one with the eighth bit set.
type shift struct {
	designator string // says which set SO switches to
	set        encoding.Encoding
}

var (
	koreanShift  = shift{"\x1b$)C", korean.EUCKR}          // RFC 1557
	chineseShift = shift{"\x1b$)A", simplifiedchinese.GBK} // RFC 1922, its first set
)

// decodeShifted reads RFC 1557 and 1922. A line begins in ASCII.
func decodeShifted(b []byte, s shift) string {
	out := make([]byte, 0, len(b))
	var high byte
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == shiftOut:
			high = 0x80
		case c == shiftIn:
			high = 0
		case c == escape && bytes.HasPrefix(b[i:], []byte(s.designator)):
			i += len(s.designator) - 1
		case c == '\n':
			high = 0
			out = append(out, c)
		case c > ' ' && c < 0x7f:
			out = append(out, c|high)
		default:
			out = append(out, c)
		}
	}
	text, err := s.set.NewDecoder().Bytes(out)
	if err != nil {
		return decodeMixed(out)
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

// decodeUnlabelled reads what has no label or one that says nothing: by a byte
// order mark, by escape sequences that no other text has, else as decodeMixed.
func decodeUnlabelled(b []byte) string {
	if len(b) >= 4 && len(b)%2 == 0 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff) {
		if text, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Bytes(b); err == nil {
			return strings.ToValidUTF8(string(text), "\uFFFD")
		}
	}
	if bytes.IndexByte(b, escape) < 0 {
		return decodeMixed(b)
	}
	for _, s := range [...]shift{koreanShift, chineseShift} {
		if bytes.Contains(b, []byte(s.designator)) {
			return decodeShifted(b, s)
		}
	}
	for _, mark := range [...]string{"\x1b$B", "\x1b$@", "\x1b(J", "\x1b$(D"} { // RFC 1468, 2237
		if bytes.Contains(b, []byte(mark)) {
			if text, err := japanese.ISO2022JP.NewDecoder().Bytes(b); err == nil {
				return strings.ToValidUTF8(string(text), "\uFFFD")
			}
		}
	}
	return decodeMixed(b)
}

// decodeUTF7 reads RFC 2152. What does not fit stays as it is.
func decodeUTF7(b []byte) string {
	var out strings.Builder
	for len(b) > 0 {
		plus := bytes.IndexByte(b, '+')
		if plus < 0 {
			break
		}
		out.WriteString(decodeMixed(b[:plus]))
		b = b[plus+1:]
		n := 0
		for n < len(b) && (isAlnum(b[n]) || b[n] == '+' || b[n] == '/') {
			n++
		}
		if n == 0 {
			out.WriteByte('+') // "+-"
		}
		raw := make([]byte, base64.RawStdEncoding.DecodedLen(n))
		k, _ := base64.RawStdEncoding.Decode(raw, b[:n])
		units := make([]uint16, 0, k/2)
		for i := 0; i+1 < k; i += 2 {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		}
		out.WriteString(string(utf16.Decode(units)))
		b = b[n:]
		if len(b) > 0 && b[0] == '-' {
			b = b[1:]
		}
	}
	out.WriteString(decodeMixed(b))
	return out.String()
}
