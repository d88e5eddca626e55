package letter

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"strings"
)

// An Enclosure is what of the attachments goes along with letters about a
// message, in the form in which it goes: made once, however many get it.
type Enclosure struct {
	list     []file
	boundary string
	parts    []byte // MIME parts, each begun by the boundary; nil when nothing goes along
}

// Bytes are the parts as they stand in each mail; nil when nothing goes along.
func (e Enclosure) Bytes() []byte { return e.parts }

// Enclose picks and encodes the attachments of a message (procedure.md 2,
// security.md 8). No sender can guess the boundary that is drawn from random.
func Enclose(all []Attachment, random io.Reader) (Enclosure, error) {
	list, along := choose(all)
	e := Enclosure{list: list}
	if len(along) == 0 {
		return e, nil
	}
	var bits [30]byte
	if _, err := io.ReadFull(random, bits[:]); err != nil {
		return Enclosure{}, fmt.Errorf("enclose: %w", err)
	}
	e.boundary = hex.EncodeToString(bits[:])
	n := 0
	for _, a := range along {
		n += len(a.Data)*3/2 + 1024
	}
	e.parts = make([]byte, 0, n)
	for _, a := range along {
		e.parts = append(e.parts, "--"+e.boundary+"\r\n"+
			"Content-Type: "+a.ContentType+"\r\n"+
			"Content-Disposition: "+disposition(a.Name)+"\r\n"+
			"Content-Transfer-Encoding: base64\r\n\r\n"...)
		e.parts = appendBase64(e.parts, a.Data)
	}
	return e, nil
}

// disposition names the file for the old mail programs and the new ones (RFC
// 2183, RFC 2231); a name has at most maxName bytes, so the line stays below 998.
func disposition(name string) string {
	return strings.Replace(mime.FormatMediaType("attachment", map[string]string{"filename": name}), "; ", ";\r\n ", 1)
}

// lineBytes make a line of 76 characters (RFC 2045, 6.8).
const lineBytes = 57

func appendBase64(out, data []byte) []byte {
	for len(data) > 0 {
		n := min(len(data), lineBytes)
		out = append(base64.StdEncoding.AppendEncode(out, data[:n]), "\r\n"...)
		data = data[n:]
	}
	return out
}

// around makes a mail of text and HTML the first part of one with the enclosure,
// and says where in it the bytes of the enclosure belong.
func (e Enclosure) around(mail []byte) (with []byte, at int, err error) {
	return wrapped(mail, "multipart/mixed", e.boundary)
}

// wrapped makes a mail of text and HTML the first part of one of another kind, and
// says where in it further parts belong.
func wrapped(mail []byte, kind, outer string) (with []byte, at int, err error) {
	const field = "Content-Type: multipart/alternative;\r\n boundary="
	head, rest, found := strings.Cut(string(mail), "\r\n"+field)
	boundary, body, ends := strings.Cut(rest, "\r\n\r\n")
	if !found || !ends || strings.Contains(head, "\r\n\r\n") {
		return nil, 0, errShape
	}
	with = fmt.Appendf(make([]byte, 0, len(mail)+400), "%s\r\nContent-Type: %s;\r\n boundary=%s\r\n\r\n--%[3]s\r\n%s%s\r\n\r\n%s",
		head, kind, outer, field, boundary, body)
	if !strings.HasSuffix(body, "\r\n") {
		with = append(with, "\r\n"...)
	}
	at = len(with)
	return append(with, "--"+outer+"--\r\n"...), at, nil
}
