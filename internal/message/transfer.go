package message

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 6) as far as it
// goes; problem is "" when it went well. go-message gives up on an unknown
// encoding and on the first wrong byte. Line ends of what was not base64 become
// LF, so that a mail is the same as LF and as CRLF.
func decodeTransfer(encoding string, b []byte) (out []byte, problem string) {
	encoding = strings.ToLower(strings.Trim(dropComment(encoding), " \t\"';"))
	switch encoding {
	case "", "7bit", "8bit", "7-bit", "8-bit", "7 bit", "8 bit", "none":
		return unixLines(b), ""
	case "binary":
		return b, ""
	case "base64", "base-64", "x-base64", "b":
		if !looksBase64(b) {
			return unixLines(b), brokenEncoding
		}
		out, ok := decodeBase64(b)
		if !ok {
			problem = brokenEncoding
		}
		return out, problem
	case "quoted-printable", "quoted_printable", "quotedprintable", "q":
		return decodeQuotedPrintable(b), ""
	case "x-uuencode", "x-uue", "uuencode", "x-uu":
		if files, _ := cutUuencoded(string(unixLines(b))); len(files) > 0 {
			return files[0].data, ""
		}
		return unixLines(b), brokenEncoding
	}
	return unixLines(b), unknownEncoding
}

// unixLines is b with LF for CRLF and CR; b itself when there is no CR.
func unixLines(b []byte) []byte {
	i := bytes.IndexByte(b, '\r')
	if i < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i >= 0 {
		out = append(append(out, b[:i]...), '\n')
		b = b[i+1:]
		if len(b) > 0 && b[0] == '\n' {
			b = b[1:]
		}
		i = bytes.IndexByte(b, '\r')
	}
	return append(out, b...)
}

// looksBase64 looks at the first line with something on it: text that is merely
// labelled base64 must not be lost.
func looksBase64(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	line, _ := cutLine(b)
	line = bytes.TrimRight(line, " \t")
	for _, c := range line {
		if !isBase64(c) && c != '=' {
			return false
		}
	}
	return true
}

func isBase64(c byte) bool { return isAlnum(c) || c == '+' || c == '/' }

// decodeBase64 decodes with any line ends, with padding missing or in the middle,
// up to the first line that is something else, such as the footer of a mailing
// list. ok is false when it did not reach the end.
func decodeBase64(b []byte) (out []byte, ok bool) {
	out = make([]byte, 0, base64.StdEncoding.DecodedLen(len(b))+3)
	var quad [4]byte
	n := 0
	flush := func() {
		k, _ := base64.RawStdEncoding.Decode(out[len(out):len(out)+3:cap(out)], quad[:n])
		out = out[:len(out)+k]
		n = 0
	}
	for i := 0; i < len(b); i++ {
		c := b[i]
		// Whole groups at once: nearly all of nearly all attachments.
		if n == 0 && isBase64(c) {
			if k := wholeGroups(b[i:]); k > 0 {
				m, _ := base64.RawStdEncoding.Decode(out[len(out):cap(out)], b[i:i+k])
				out = out[:len(out)+m]
				i += k - 1
				continue
			}
		}
		switch {
		case isBase64(c):
			quad[n] = c
			if n++; n == 4 {
				flush()
			}
		case c == '=':
			flush()
		case c != '\n' && c != '\r' && c != ' ' && c != '\t':
			flush()
			return out, false
		}
	}
	flush()
	return out, true
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

// decodeQuotedPrintable reads RFC 2045 6.7; what is not an escape stays.
func decodeQuotedPrintable(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		var line []byte
		ended := bytes.IndexByte(b, '\n') >= 0
		line, b = cutLine(b)
		line = bytes.TrimRight(line, " \t") // added on the way (rule 3)
		soft := bytes.HasSuffix(line, []byte{'='})
		if soft {
			line = line[:len(line)-1]
		}
		for i := 0; i < len(line); i++ {
			if c := line[i]; c == '=' && i+2 < len(line) && isHex(line[i+1]) && isHex(line[i+2]) {
				out = append(out, unhex(line[i+1])<<4|unhex(line[i+2]))
				i += 2
			} else {
				out = append(out, c)
			}
		}
		if ended && !soft {
			out = append(out, '\n')
		}
	}
	return out
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

// A uufile is a file that stood uuencoded in a text.
type uufile struct {
	name string
	data []byte
}

// cutUuencoded takes whole uuencoded files out of a text. A "begin" without lines
// that fit and an "end" is just a word.
func cutUuencoded(text string) (files []uufile, rest string) {
	if !strings.HasPrefix(text, "begin ") && !strings.Contains(text, "\nbegin ") {
		return nil, text
	}
	var kept strings.Builder
	for text != "" {
		line, next, _ := strings.Cut(text, "\n")
		if name, ok := uuBegin(line); ok {
			if data, after, ok := decodeUu(next); ok {
				files = append(files, uufile{name, data})
				text = after
				continue
			}
		}
		kept.WriteString(text[:len(text)-len(next)])
		text = next
	}
	return files, kept.String()
}

// uuBegin reads "begin 644 name".
func uuBegin(line string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(line, "begin ")
	if !ok || len(rest) < 5 || strings.Trim(rest[:3], "01234567") != "" {
		return "", false
	}
	name = strings.TrimSpace(rest[3:])
	return name, name != ""
}

func decodeUu(text string) (data []byte, after string, ok bool) {
	for text != "" {
		line, next, _ := strings.Cut(text, "\n")
		if strings.TrimRight(line, " ") == "end" {
			return data, next, len(data) > 0
		}
		n := 0
		if line != "" {
			n = int(line[0]-' ') & 63
		}
		if need := (n + 2) / 3 * 4; line != "" && (line[0] < ' ' || line[0] > '`' || len(line) > 1+need+2) {
			return nil, "", false
		}
		for i := 1; n > 0; i += 4 {
			var q [4]byte
			for k := range q {
				if i+k < len(line) { // trailing blanks are often lost
					q[k] = (line[i+k] - ' ') & 63
				}
			}
			group := [3]byte{q[0]<<2 | q[1]>>4, q[1]<<4 | q[2]>>2, q[2]<<6 | q[3]}
			data = append(data, group[:min(n, 3)]...)
			n -= 3
		}
		text = next
	}
	return nil, "", false
}
