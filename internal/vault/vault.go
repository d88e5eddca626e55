// Package vault keeps a key for each case, wrapped by the master key, in a file
// of its own; it seals and opens what belongs to a case. Destroying a case's key
// makes every copy of its sealed rows unreadable (security.md 26). What is sealed
// and where it is kept is the store's business.
package vault

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// Errors that a caller may want to tell apart.
var (
	// ErrNoKey says that a case has no key: it never had one, or the keys file is an older one.
	ErrNoKey = errors.New("no key")
	// ErrErased says that the key of a case was destroyed: what it sealed is gone for good.
	ErrErased = errors.New("key was destroyed")
	// ErrMaster says that the master key is missing or not the one that wrapped the keys.
	ErrMaster = errors.New("wrong master key")
	// ErrReplaced says that the keys file was exchanged for another one while it was open: nothing may be written to it.
	ErrReplaced = errors.New("keys file was replaced meanwhile; begin again")
)

// House is the id of the key for what belongs to no case: reminders, alarms.
const House int64 = 0

// The keys file is a header and then one slot an id, so that a key is found
// without a list in memory and is destroyed by overwriting its slot.
const (
	slotSize  = 64
	magic     = "klachtd keys 1\n"
	magic2    = "klachtd keys 2\n" // after a change of the master key: the second slot holds the key of the hashes
	masterLen = 32
)

// Fresh is the size of a keys file that holds no key of a case yet.
const Fresh = 2 * slotSize

// A Vault is an open keys file. It is safe for use by many goroutines as long
// as one at a time makes keys.
type Vault struct {
	keys   *os.File
	path   string
	wrap   Key    // wraps the case keys
	digest []byte // for keyed hashes
	check  []byte // what the header holds when this master key made it
	base   int64  // slots before that of the house
	dirty  bool   // keys were made since the last Sync
	copies string // the folder with copies of the keys file; "": none
}

// Open opens the keys file with the master key of masterPath. When neither is
// there yet both are made, 0600; one without the other is refused and nothing is
// overwritten. A change of the master key that was cut off half-way is no obstacle.
func Open(masterPath, keysPath string) (*Vault, error) {
	master, err := readMaster(masterPath, keysPath)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(keysPath, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open keys: %w", err)
	}
	v, err := unlock(f, keysPath, master)
	if errors.Is(err, ErrMaster) {
		if next, half := readNext(masterPath); half {
			v, err = unlock(f, keysPath, next)
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return v, nil
}

// Check reports whether Open would work, and changes nothing. Both files
// missing is a first start, and fine.
func Check(masterPath, keysPath string) error {
	if missing(keysPath) {
		return nil // a first start, or a master key that was put there beforehand
	}
	if _, err := readMaster(masterPath, keysPath); err != nil {
		return err
	}
	if info, err := os.Stat(keysPath); err != nil {
		return fmt.Errorf("open keys: %w", err)
	} else if info.Size() < slotSize {
		return fmt.Errorf("read %s: cut off in its first line", keysPath)
	}
	v, err := Open(masterPath, keysPath)
	if err != nil {
		return err
	}
	return v.Close()
}

// unlock holds an open keys file against a master key; a new one gets its header.
func unlock(f *os.File, path string, master []byte) (*Vault, error) {
	v, err := derive(master)
	if err != nil {
		return nil, err
	}
	v.keys, v.path = f, path
	return v, v.header()
}

// readMaster reads the master key, or makes it when there are no keys yet.
func readMaster(masterPath, keysPath string) ([]byte, error) {
	master, err := os.ReadFile(masterPath)
	switch {
	case err == nil && len(master) == masterLen:
		return master, nil
	case err == nil:
		return nil, fmt.Errorf("%w: %s holds %d bytes, not %d", ErrMaster, masterPath, len(master), masterLen)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read master key: %w", err)
	case !missing(keysPath):
		return nil, fmt.Errorf("%w: %s is missing while %s is there; put the master key back", ErrMaster, masterPath, keysPath)
	}
	master = make([]byte, masterLen)
	if _, err := rand.Read(master); err != nil {
		return nil, fmt.Errorf("make master key: %w", err)
	}
	if err := writeNew(masterPath, master); err != nil {
		return nil, fmt.Errorf("make master key: %w", err)
	}
	return master, nil
}

func missing(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// writeNew makes a file that must not be there yet, and has it on disk when it returns.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		_ = os.Remove(path) // half a key would stand in the way of the next start
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// derive makes the working keys from the master key (RFC 5869): one wraps case
// keys, one is for keyed hashes.
func derive(master []byte) (*Vault, error) {
	wrap, err := hkdf.Key(sha256.New, master, nil, "klachtd wrap 1", keyLen)
	if err != nil {
		return nil, fmt.Errorf("derive keys: %w", err)
	}
	digest, err := hkdf.Key(sha256.New, master, nil, "klachtd digest 1", keyLen)
	if err != nil {
		return nil, fmt.Errorf("derive keys: %w", err)
	}
	key, err := newKey(wrap)
	if err != nil {
		return nil, err
	}
	v := &Vault{wrap: key, digest: digest, base: 1}
	v.check = v.Hash("keys file")
	return v, nil
}

// header writes the first slot of a new file, or holds that of an old one
// against the master key.
func (v *Vault) header() error {
	head := make([]byte, 2*slotSize)
	n, err := v.keys.ReadAt(head, 0)
	if n >= slotSize {
		return v.known(head[:n])
	} else if n > 0 {
		return fmt.Errorf("read %s: cut off in its first line: %w", v.path, err)
	}
	copy(head, magic)
	copy(head[len(magic):], v.check)
	if _, err := v.keys.WriteAt(head[:slotSize], 0); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	v.dirty = true
	if _, err := v.Make(House); err != nil {
		return err
	}
	if err := v.Sync(); err != nil {
		return err
	}
	return syncDir(filepath.Dir(v.path))
}

// known holds a header against the master key, and takes the key of the hashes
// out of it where that is older than the master key.
func (v *Vault) known(head []byte) error {
	kind := string(head[:len(magic)])
	if kind != magic && kind != magic2 {
		return fmt.Errorf("%s is no keys file of this version", v.path)
	}
	if !hmac.Equal(head[len(magic):len(magic)+sha256.Size], v.check) {
		return fmt.Errorf("%w: it is not the one that made the keys file", ErrMaster)
	}
	if kind == magic {
		return nil
	}
	if len(head) < slotSize+sealedLen {
		return fmt.Errorf("read %s: cut off in its second line", v.path)
	}
	digest, err := v.wrap.Open(digestPlace, head[slotSize:slotSize+sealedLen])
	if err != nil {
		return fmt.Errorf("unwrap key of the hashes: %w", err)
	}
	v.digest, v.base = digest, 2
	return nil
}

const digestPlace = "key of the hashes"

// Make makes a new key for an id, in place of one that was there. It is on disk
// after Sync.
func (v *Vault) Make(id int64) (Key, error) {
	raw := make([]byte, keyLen)
	if _, err := rand.Read(raw); err != nil {
		return Key{}, fmt.Errorf("make key: %w", err)
	}
	slot := make([]byte, 0, slotSize)
	slot = v.wrap.Seal(slot, place(id), raw)
	if _, err := v.keys.WriteAt(slot[:slotSize], v.at(id)); err != nil {
		return Key{}, fmt.Errorf("write key: %w", err)
	}
	v.dirty = true
	return newKey(raw)
}

// Sync puts the keys made so far on disk. It must come before the commit of
// what they sealed.
func (v *Vault) Sync() error {
	if !v.dirty {
		return nil
	}
	if err := v.stillThere(); err != nil {
		return err
	}
	if err := v.keys.Sync(); err != nil {
		return fmt.Errorf("sync keys: %w", err)
	}
	v.dirty = false
	return nil
}

// Key returns the key of an id, or ErrNoKey.
func (v *Vault) Key(id int64) (Key, error) {
	slot := make([]byte, sealedLen)
	if n, err := v.keys.ReadAt(slot, v.at(id)); n < sealedLen {
		return Key{}, fmt.Errorf("%w for case %d: %w", ErrNoKey, id, err)
	}
	if empty(slot) {
		return Key{}, fmt.Errorf("%w for case %d", ErrNoKey, id)
	}
	raw, err := v.wrap.Open(place(id), slot)
	if err != nil {
		if _, err := v.wrap.Open(grave(id), slot); err == nil {
			return Key{}, fmt.Errorf("case %d: %w", id, ErrErased)
		}
		return Key{}, fmt.Errorf("unwrap key of case %d: %w", id, err)
	}
	return newKey(raw)
}

// stillThere is an error when the open file is not the one at its path any more.
func (v *Vault) stillThere() error {
	mine, err := v.keys.Stat()
	if err != nil {
		return fmt.Errorf("look at keys: %w", err)
	}
	if there, err := os.Stat(v.path); err != nil || !os.SameFile(mine, there) {
		return ErrReplaced
	}
	return nil
}

// Hash returns a keyed hash over the parts, so that something can be found again
// without being readable. The purpose keeps hashes for different ends apart.
func (v *Vault) Hash(purpose string, parts ...string) []byte {
	text := appendPart(make([]byte, 0, 128), purpose)
	for _, p := range parts {
		text = appendPart(text, p)
	}
	h := hmac.New(sha256.New, v.digest)
	h.Write(text)
	return h.Sum(nil)
}

// appendPart writes a part with its length before it, so that no two lists of
// parts are the same text.
func appendPart(text []byte, part string) []byte {
	text = strconv.AppendInt(text, int64(len(part)), 10)
	return append(append(text, ':'), part...)
}

// Close closes the file.
func (v *Vault) Close() error { return v.keys.Close() }

func (v *Vault) at(id int64) int64 { return slotSize * (id + v.base) }

func place(id int64) string { return fmt.Sprintf("key %d", id) }

func grave(id int64) string { return fmt.Sprintf("destroyed key %d", id) }

func empty(slot []byte) bool {
	for _, b := range slot {
		if b != 0 {
			return false
		}
	}
	return true
}
