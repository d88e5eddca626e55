//go:build !unsealed

package vault

import (
	"crypto/aes"
	"crypto/cipher"
)

// newAEAD is AES-256-GCM with a random nonce a value.
func newAEAD(raw []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
