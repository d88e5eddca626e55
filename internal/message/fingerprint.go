package message

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fingerprint is over what a message says: From, Date, Message-ID, Subject, text
// and attachments (security.md 32). It stands when the message is folded, encoded
// or traced anew on its way, which Exchange does to all of them.
func fingerprint(m *Message, date string) [32]byte {
	h := sha256.New()
	for _, a := range m.From {
		put(h, a.Name+" <"+a.Address+">")
	}
	if !m.Date.IsZero() {
		date = strconv.FormatInt(m.Date.Unix(), 10)
	}
	put(h, "date "+strings.Join(strings.Fields(date), " "))
	put(h, "id "+m.MessageID)
	put(h, "subject "+strings.Join(strings.Fields(m.Subject), " "))
	put(h, "text")
	putWords(h, m.Text)
	for _, a := range m.Attachments {
		put(h, "attachment "+contentHash(a))
	}
	return [32]byte(h.Sum(nil))
}

// put writes a value with its length, so that no two lists of values look alike.
func put(h hash.Hash, s string) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(s)))
	h.Write(n[:])
	_, _ = io.WriteString(h, s) // a hash takes everything
}

// putWords writes a text with one space for any white space: lines are wrapped
// anew and lose the spaces at their ends.
func putWords(h hash.Hash, text string) {
	buf := make([]byte, 0, 1024)
	for word := range strings.FieldsSeq(text) {
		if len(buf)+len(word) > 960 {
			h.Write(buf)
			buf = buf[:0]
		}
		buf = append(append(buf, word...), ' ')
	}
	h.Write(append(buf, 0))
}

// contentHash is the hash of an attachment; of text without regard to how its
// lines end, which depends on its transfer encoding.
func contentHash(a Attachment) string {
	isText := strings.HasPrefix(a.ContentType, "text/") || strings.HasPrefix(a.ContentType, "message/")
	if !isText || !utf8.Valid(a.Data) {
		return a.SHA256
	}
	sum := sha256.Sum256(unixLines(a.Data))
	return hex.EncodeToString(sum[:])
}
