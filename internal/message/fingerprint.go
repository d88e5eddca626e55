package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"slices"
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
		put(h, "attachment "+a.words)
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

// A lineHash is the hash of a text without regard to how its lines end, which
// depends on its transfer encoding. It gives none for what is no UTF-8.
type lineHash struct {
	hash.Hash
	tail    []byte // the beginning of a character
	cr      bool   // the last byte was a CR
	invalid bool
}

func (h *lineHash) add(piece []byte) {
	b := piece
	if len(h.tail) > 0 {
		b = slices.Concat(h.tail, piece)
	}
	n := len(b)
	for k := 1; k <= min(3, n); k++ {
		if utf8.RuneStart(b[n-k]) {
			if !utf8.FullRune(b[n-k:]) {
				n -= k
			}
			break
		}
	}
	h.invalid = h.invalid || !utf8.Valid(b[:n])
	h.tail = append([]byte(nil), b[n:]...)
	for i := 0; i < len(piece) && !h.invalid; {
		if h.cr && piece[i] == '\n' {
			h.cr = false
			i++
			continue
		}
		n := bytes.IndexByte(piece[i:], '\r')
		if h.cr = n >= 0; !h.cr {
			h.Write(piece[i:])
			break
		}
		h.Write(piece[i : i+n])
		h.Write([]byte{'\n'})
		i += n + 1
	}
}

func (h *lineHash) sum() (string, bool) {
	return hex.EncodeToString(h.Sum(nil)), !h.invalid && len(h.tail) == 0
}
