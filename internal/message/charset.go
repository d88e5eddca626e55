package message

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decodeCharset gives b as valid UTF-8; known is false for a label that nobody
// knows. Labels lie: what is valid UTF-8 with more than ASCII in it is hardly
// ever the Western charset that it is sold as, and the other way round.
func decodeCharset(label string, b []byte) (text string, known bool) {
	label = cleanLabel(label)
	switch label {
	case "iso-8859-1", "latin1", "windows-1252", "cp1252", "iso-8859-15":
		if utf8.Valid(b) {
			return decodeUnlabelled(b), true
		}
	case "utf-7", "utf7", "unicode-1-1-utf-7", "x-unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "csutf7", "unicode-2-0-utf-7":
		return decodeUTF7(b), true
	case "iso-2022-kr", "csiso2022kr", "iso2022-kr", "iso2022kr":
		return decodeShifted(b, koreanShift), true
	case "iso-2022-cn", "iso2022-cn", "csiso2022cn", "iso-2022-cn-ext":
		return decodeShifted(b, chineseShift), true
	}
	if saysNothing(label) {
		return decodeUnlabelled(b), true
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

// cleanLabel leaves of a charset parameter what names the charset: quotes,
// comments and the next parameter stand in it at times.
func cleanLabel(label string) string {
	label = strings.Trim(strings.ToLower(label), " \t\"'=?")
	label = strings.TrimPrefix(label, "charset=")
	if n := strings.IndexAny(label, " \t;,(\"'"); n >= 0 {
		label = label[:n]
	}
	return label
}

// saysNothing finds labels of what everything is compatible with, and those of
// programs that did not know either (RFC 1428).
func saysNothing(label string) bool {
	switch label {
	case "", "us-ascii", "usascii", "ascii", "ansi_x3.4-1968", "ansi_x3.4-1986", "iso646-us", "iso-ir-6", "646", "csascii",
		"utf-8", "utf8", "utf_8", "utf-8n", "unicode-1-1-utf-8", "x-utf_8j", "x-unicode20utf8", "utf8mb4", "cp65001", "utf-8-sig",
		"csutf8", "unicode", "unknown-8bit", "x-unknown", "unknown", "x-user-defined", "8bit", "7bit", "8-bit", "binary",
		"default", "default_charset", "x-default", "none", "null", "undefined", "auto", "mixed", "no-charset":
		return true
	}
	return false
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

	"iso-2022-jp-1":       japanese.ISO2022JP, // they differ in characters that mail hardly has
	"iso-2022-jp-2":       japanese.ISO2022JP,
	"iso-2022-jp-3":       japanese.ISO2022JP,
	"iso-2022-jp-2004":    japanese.ISO2022JP,
	"iso-2022-jp-ms":      japanese.ISO2022JP,
	"cp50220":             japanese.ISO2022JP,
	"cp50221":             japanese.ISO2022JP,
	"jis":                 japanese.ISO2022JP,
	"jis7":                japanese.ISO2022JP,
	"cp932":               japanese.ShiftJIS,
	"windows-932":         japanese.ShiftJIS,
	"eucjp":               japanese.EUCJP,
	"eucjp-ms":            japanese.EUCJP,
	"cp51932":             japanese.EUCJP,
	"cp949":               korean.EUCKR,
	"uhc":                 korean.EUCKR,
	"euckr":               korean.EUCKR,
	"cp936":               simplifiedchinese.GBK,
	"windows-936":         simplifiedchinese.GBK,
	"euc-cn":              simplifiedchinese.GBK,
	"euccn":               simplifiedchinese.GBK,
	"gb2312-80":           simplifiedchinese.GBK,
	"hz":                  simplifiedchinese.HZGB2312,
	"cp950":               traditionalchinese.Big5,
	"windows-950":         traditionalchinese.Big5,
	"cp874":               charmap.Windows874,
	"tis620":              charmap.Windows874,
	"koi8-ru":             charmap.KOI8U,
	"iso-8859-6-i":        charmap.ISO8859_6,
	"iso-8859-6-e":        charmap.ISO8859_6,
	"iso-8859-8-e":        charmap.ISO8859_8,
	"x-mac-cyrillic":      charmap.MacintoshCyrillic,
	"mac-cyrillic":        charmap.MacintoshCyrillic,
	"x-mac-ukrainian":     charmap.MacintoshCyrillic,
	"ebcdic-cp-us":        charmap.CodePage037,
	"x-ebcdic-cp-us":      charmap.CodePage037,
	"ebcdic-latin9--euro": charmap.CodePage1140,
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
	for _, name := range respellings(label) {
		if enc := aliases[name]; enc != nil {
			return enc
		}
		if enc, err := htmlindex.Get(name); err == nil && enc != encoding.Replacement {
			return enc
		}
		for _, index := range [...]*ianaindex.Index{ianaindex.MIME, ianaindex.IANA} {
			if enc, err := index.Encoding(name); err == nil && enc != nil {
				return enc
			}
		}
	}
	return nil
}

// respellings are the ways in which a label may be meant: ISO8859-2 or 8859_2 is
// iso-8859-2, Win1250 or CP-1250 is windows-1250, x-cp850 or IBM-850 is ibm850.
func respellings(label string) []string {
	names := []string{label, "cs" + label}
	bare := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_ .:", r) {
			return -1
		}
		return r
	}, strings.TrimPrefix(label, "x-"))
	if n, ok := strings.CutPrefix(strings.TrimPrefix(bare, "iso"), "8859"); ok {
		n = strings.TrimSuffix(strings.TrimRight(n, "ie"), "1998")
		return append(names, "iso-8859-"+n)
	}
	for _, prefix := range [...]string{"windows", "win", "cp", "ibm", "ms", "codepage"} {
		if n, ok := strings.CutPrefix(bare, prefix); ok && n != "" && strings.Trim(n, "0123456789") == "" {
			names = append(names, "windows-"+n, "cp"+n, "ibm"+n, "ibm0"+n)
		}
	}
	return append(names, bare)
}

// decodeRaw reads 8-bit text without a label, as in fields (RFC 6532, or older
// than that).
func decodeRaw(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, escape) < 0 {
		return s
	}
	return decodeUnlabelled([]byte(s))
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
