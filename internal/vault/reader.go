package vault

import "strconv"

// A Reader returns the keys of many cases, one after the other: it reads the file
// in long pieces. A key that is made or destroyed meanwhile may not show; it is
// for one person at a time.
type Reader struct {
	v     *Vault
	buf   []byte
	first int64 // the offset of buf
	n     int   // of buf that is filled
	name  []byte
}

// ahead is how much a Reader reads at once.
const ahead = 1024 * slotSize

// Reader returns one for the whole file.
func (v *Vault) Reader() *Reader {
	return &Reader{v: v, buf: make([]byte, ahead), name: []byte("key ")}
}

// Key is as Vault.Key.
func (r *Reader) Key(id int64) (Key, error) {
	if o := r.v.at(id); o < r.first || o+sealedLen > r.first+int64(r.n) {
		n, err := r.v.keys.ReadAt(r.buf, o)
		if n < sealedLen && err != nil {
			return r.v.Key(id)
		}
		r.first, r.n = o, n
	}
	from := r.v.at(id) - r.first
	raw, err := r.v.wrap.Open(string(strconv.AppendInt(r.name, id, 10)), r.buf[from:from+sealedLen])
	if err != nil {
		return r.v.Key(id) // says what is wrong with it
	}
	return newKey(raw)
}
