package message

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decodeCharset gives b as valid UTF-8; known is false for a label that nobody
// knows. Labels lie: what is valid UTF-8 with more than ASCII in it is hardly
// ever the Western charset that it is sold as, and the other way round.
func decodeCharset(label string, b []byte) (text string, known bool) {
	label = strings.ToLower(strings.Trim(label, " \t\"'"))
	switch label {
	case "", "us-ascii", "ascii", "ansi_x3.4-1968", "utf-8", "utf8", "unicode-1-1-utf-8", "x-utf_8j",
		"unknown-8bit", "x-unknown", "unknown", "8bit", "binary", "default", "default_charset":
		return decodeMixed(b), true
	case "iso-8859-1", "latin1", "windows-1252", "cp1252", "iso-8859-15":
		if utf8.Valid(b) {
			return string(b), true
		}
	case "utf-7", "unicode-1-1-utf-7", "x-unicode-1-1-utf-7":
		return decodeUTF7(b), true
	}
	enc := findEncoding(label)
	if enc == nil {
		return decodeMixed(b), false
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return decodeMixed(b), true
	}
	return strings.ToValidUTF8(string(out), "\uFFFD"), true
}

// aliases are labels that the tables of x/text lack or hold for something else.
var aliases = map[string]encoding.Encoding{
	"utf-16":      unicode.UTF16(unicode.BigEndian, unicode.UseBOM), // RFC 2781 4.3; browsers say little-endian
	"utf-32":      utf32.UTF32(utf32.BigEndian, utf32.UseBOM),
	"utf-32be":    utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM),
	"utf-32le":    utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
	"hz-gb-2312":  simplifiedchinese.HZGB2312, // disabled in browsers
	"cp-850":      charmap.CodePage850,
	"cp850":       charmap.CodePage850,
	"cp437":       charmap.CodePage437,
	"cp858":       charmap.CodePage858,
	"cp-1252":     charmap.Windows1252,
	"windows1252": charmap.Windows1252,
	"win-1252":    charmap.Windows1252,
	"ansi":        charmap.Windows1252,
	"latin-1":     charmap.Windows1252,
	"iso8859_1":   charmap.Windows1252,
	"iso-8859":    charmap.Windows1252,
	"latin-9":     charmap.ISO8859_15,
	"mac":         charmap.Macintosh,
	"macroman":    charmap.Macintosh,
	"x-mac-roman": charmap.Macintosh,
}

// findEncoding looks a label up the way browsers do, who call Windows-1252 what
// is sold as ISO-8859-1, and then in the list of IANA.
func findEncoding(label string) encoding.Encoding {
	if enc := aliases[label]; enc != nil {
		return enc
	}
	if enc, err := htmlindex.Get(label); err == nil && enc != encoding.Replacement {
		return enc
	}
	for _, name := range [...]string{label, "cs" + label} {
		for _, index := range [...]*ianaindex.Index{ianaindex.MIME, ianaindex.IANA} {
			if enc, err := index.Encoding(name); err == nil && enc != nil {
				return enc
			}
		}
	}
	return nil
}

// decodeRaw reads 8-bit text without a label, as in fields (RFC 6532, or older
// than that).
func decodeRaw(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return decodeMixed([]byte(s))
}

// decodeMixed reads b as UTF-8, and each byte that is none as Windows-1252:
// right for either, and for a text that was pasted together from both.
func decodeMixed(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	out := make([]byte, 0, len(b)+len(b)/8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(b[0])
		}
		out = utf8.AppendRune(out, r)
		b = b[n:]
	}
	return string(out)
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
