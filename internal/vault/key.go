package vault

import (
	"crypto/cipher"
	"fmt"
)

const (
	keyLen    = 32
	overhead  = 12 + 16 // nonce and tag
	sealedLen = keyLen + overhead
)

// A Key seals and opens what belongs to one case: AES-256-GCM with a random
// nonce a value, which NIST SP 800-38D allows for 2^32 values a key.
type Key struct{ aead cipher.AEAD }

func newKey(raw []byte) (Key, error) {
	aead, err := newAEAD(raw)
	if err != nil {
		return Key{}, fmt.Errorf("key: %w", err)
	}
	return Key{aead}, nil
}

// Seal appends the sealed plain text to dst. place says where it will stand
// (table, column, row): it opens there and nowhere else (security.md 26).
func (k Key) Seal(dst []byte, place string, plain []byte) []byte {
	return k.aead.Seal(dst, nil, plain, []byte(place))
}

// Open returns the plain text of what was sealed for this place.
func (k Key) Open(place string, sealed []byte) ([]byte, error) {
	plain, err := k.aead.Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", place, err)
	}
	return plain, nil
}
