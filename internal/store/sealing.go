package store

import (
	"encoding/json"
	"fmt"

	"klachtd/internal/vault"
)

// key returns the key of a case, or of the house for 0.
func (tx *Tx) key(id int64) (vault.Key, error) {
	if k, ok := tx.keys[id]; ok {
		return k, nil
	}
	k, err := tx.db.vault.Key(id)
	if err == nil {
		tx.keys[id] = k
	}
	return k, err
}

// seal seals v as JSON for a place of this case.
func (tx *Tx) seal(id int64, place string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", place, err)
	}
	return tx.sealBytes(id, place, plain)
}

func (tx *Tx) sealBytes(id int64, place string, plain []byte) ([]byte, error) {
	k, err := tx.key(id)
	if err != nil {
		return nil, err
	}
	return k.Seal(make([]byte, 0, len(plain)+32), place, plain), nil
}

// sealOnce is sealBytes for what is written at once: the next call uses the same
// memory again, unless it was much.
func (tx *Tx) sealOnce(id int64, place string, plain []byte) ([]byte, error) {
	k, err := tx.key(id)
	if err != nil {
		return nil, err
	}
	sealed := k.Seal(tx.db.sealed[:0], place, plain)
	if len(plain) <= chunkSize {
		tx.db.sealed = sealed
	}
	return sealed, nil
}

// open is the way back of seal.
func (tx *Tx) open(id int64, place string, sealed []byte, v any) error {
	plain, err := tx.openBytes(id, place, sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return fmt.Errorf("open %s: not as it was written", place) // the error would quote it
	}
	return nil
}

func (tx *Tx) openBytes(id int64, place string, sealed []byte) ([]byte, error) {
	k, err := tx.key(id)
	if err != nil {
		return nil, err
	}
	return k.Open(place, sealed)
}

// place names table, column and row for what is sealed there.
func place(what string, id int64) string { return fmt.Sprintf("%s %d", what, id) }
