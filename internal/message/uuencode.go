package message

import (
	"bytes"
	"strings"
)

// A uufile is a file that stood uuencoded in a text.
type uufile struct {
	name    string
	data    []byte
	problem string
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
			if f, after, ok := decodeUu(next); ok {
				f.name = name
				files = append(files, f)
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
	mode, name, _ := strings.Cut(rest, " ")
	if !ok || len(mode) < 3 || len(mode) > 4 || strings.Trim(mode, "01234567") != "" {
		return "", false
	}
	name = strings.TrimSpace(name)
	return name, name != ""
}

// decodeUu decodes up to "end". A file that is cut off counts if one whole line of
// it is there: no text looks like that.
func decodeUu(text string) (f uufile, after string, ok bool) {
	for text != "" {
		line, next, _ := strings.Cut(text, "\n")
		if strings.TrimRight(line, " ") == "end" {
			return f, next, len(f.data) > 0
		}
		n := 0
		if line != "" {
			n = int(line[0]-' ') & 63
		}
		if need := (n + 2) / 3 * 4; line != "" && (line[0] < ' ' || line[0] > '`' || len(line) > 1+need+2) {
			f.problem = brokenEncoding
			return f, text, len(f.data) >= wholeUuLine
		}
		for i := 1; n > 0; i += 4 {
			var q [4]byte
			for k := range q {
				if i+k < len(line) { // trailing blanks are often lost
					q[k] = (line[i+k] - ' ') & 63
				}
			}
			group := [3]byte{q[0]<<2 | q[1]>>4, q[1]<<4 | q[2]>>2, q[2]<<6 | q[3]}
			f.data = append(f.data, group[:min(n, 3)]...)
			n -= 3
		}
		text = next
	}
	f.problem = brokenEncoding
	return f, "", len(f.data) >= wholeUuLine
}

// wholeUuLine is how many bytes a full line holds ("M…").
const wholeUuLine = 45

// cutYEnc takes yEnc files out of a text part (the draft of yEnc, 1.3). They are
// 8-bit, so this comes before the charset.
func cutYEnc(b []byte) (files []uufile, rest []byte) {
	if !bytes.HasPrefix(b, []byte("=ybegin ")) && !bytes.Contains(b, []byte("\n=ybegin ")) {
		return nil, b
	}
	var kept []byte
	for len(b) > 0 {
		line, next := cutLine(b)
		_, name, named := bytes.Cut(line, []byte(" name="))
		if bytes.HasPrefix(line, []byte("=ybegin ")) && named {
			f := uufile{name: decodeRaw(string(bytes.TrimSpace(name)))}
			f.data, f.problem, b = decodeYEnc(next)
			files = append(files, f)
			continue
		}
		kept = append(kept, b[:len(b)-len(next)]...)
		b = next
	}
	return files, kept
}

func decodeYEnc(b []byte) (data []byte, problem string, after []byte) {
	for len(b) > 0 {
		line, next := cutLine(b)
		b = next
		switch {
		case bytes.HasPrefix(line, []byte("=yend")):
			return data, "", b
		case bytes.HasPrefix(line, []byte("=ypart ")):
			continue
		}
		for i := 0; i < len(line); i++ {
			c := line[i]
			if c == '=' && i+1 < len(line) {
				i++
				c = line[i] - 64
			}
			data = append(data, c-42)
		}
	}
	return data, brokenEncoding, nil
}
