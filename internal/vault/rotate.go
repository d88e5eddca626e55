package vault

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// next is where a new master key waits until the keys file is wrapped by it.
func next(path string) string { return path + ".new" }

// readNext reads a new master key of which the change was cut off.
func readNext(masterPath string) ([]byte, bool) {
	key, err := os.ReadFile(next(masterPath))
	return key, err == nil && len(key) == masterLen
}

// Settle ends a change of the master key that was cut off: one that had come as far
// as the keys file is brought to its end, any other is given up. Nobody else may have
// the lock.
func Settle(masterPath, keysPath string) error {
	if missing(next(masterPath)) && missing(next(keysPath)) {
		return nil
	}
	key, whole := readNext(masterPath)
	if whole && !missing(keysPath) {
		if v, err := derive(key); err != nil {
			return err
		} else if head, err := readHead(keysPath); err == nil && v.known(head) == nil {
			return errors.Join(drop(next(keysPath)), install(masterPath))
		}
	}
	return errors.Join(drop(next(masterPath)), drop(next(keysPath)))
}

func readHead(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 2*slotSize)
	n, err := f.ReadAt(head, 0)
	if n < slotSize {
		return nil, err
	}
	return head[:n], nil
}

func drop(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", path, err)
	}
	return nil
}

// install puts the new master key in the place of the old one, which is overwritten first.
func install(masterPath string) error {
	f, err := os.OpenFile(masterPath, os.O_WRONLY, 0)
	if err == nil {
		_, err = f.Write(make([]byte, masterLen))
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("overwrite the old master key: %w", err)
	}
	if err := os.Rename(next(masterPath), masterPath); err != nil {
		return fmt.Errorf("put the new master key in place: %w", err)
	}
	return syncDir(filepath.Dir(masterPath))
}

// Rotate makes a new master key and wraps all keys with it; the old one is removed
// once the new keys file is on disk. Cut off at any step, Open works with what is
// there. With to, the new key is written to that file instead and the old one left
// alone, for a master key that somebody else puts in place; one that is there
// already is used. Nobody may make or destroy keys meanwhile; afterwards this Vault
// has to be closed. step is called between the steps; nil: nothing.
func (v *Vault) Rotate(masterPath, to string, step func(string)) error {
	if step == nil {
		step = func(string) {}
	}
	at := next(masterPath)
	if to != "" {
		at = to
	} else if err := replaceable(masterPath); err != nil {
		return err
	}
	fresh, err := newMaster(at, to != "")
	if err != nil {
		return err
	}
	step("vault: new master key")
	file, err := v.rewrapped(fresh)
	if err != nil {
		return err
	}
	if err := os.WriteFile(next(v.path), nil, 0o600); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	step("vault: new keys begun")
	if err := replace(next(v.path), bytes.NewReader(file)); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	step("vault: new keys")
	if err := os.Rename(next(v.path), v.path); err != nil {
		return fmt.Errorf("put the new keys in place: %w", err)
	}
	if err := syncDir(filepath.Dir(v.path)); err != nil {
		return fmt.Errorf("put the new keys in place: %w", err)
	}
	step("vault: keys in place")
	if to == "" {
		if err := install(masterPath); err != nil {
			return err
		}
	}
	step("vault: master key in place")
	return nil
}

// replaceable refuses a link: it would be replaced, and the old key stay where it points.
func replaceable(masterPath string) error {
	info, err := os.Lstat(masterPath)
	if err != nil {
		return fmt.Errorf("look at the master key: %w", err)
	} else if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is a link, or no file: name the file itself in database.master_key_file", masterPath)
	}
	return nil
}

// newMaster makes a master key, on disk when it returns; given: one that is there is used.
func newMaster(path string, given bool) ([]byte, error) {
	if key, err := os.ReadFile(path); err == nil && given {
		if len(key) != masterLen {
			return nil, fmt.Errorf("%w: %s holds %d bytes, not %d", ErrMaster, path, len(key), masterLen)
		}
		return key, nil
	}
	key := make([]byte, masterLen)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make master key: %w", err)
	}
	if err := writeNew(path, key); err != nil {
		return nil, fmt.Errorf("make master key: %w", err)
	}
	return key, nil
}

// rewrapped is the keys file as the new master key wraps it. The key of the hashes
// stays: what is known by a hash would else be unknown.
func (v *Vault) rewrapped(master []byte) ([]byte, error) {
	n, err := derive(master)
	if err != nil {
		return nil, err
	}
	n.base = 2
	last, err := v.Last()
	if err != nil {
		return nil, err
	}
	file := make([]byte, n.at(last+1))
	copy(file, magic2)
	copy(file[len(magic2):], n.check)
	copy(file[slotSize:], n.wrap.Seal(nil, digestPlace, v.digest))
	slot := make([]byte, sealedLen)
	for id := int64(0); id <= last; id++ {
		if got, err := v.keys.ReadAt(slot, v.at(id)); got < sealedLen {
			return nil, fmt.Errorf("read keys: %w", err)
		}
		if empty(slot) {
			continue
		}
		for _, what := range []string{place(id), grave(id)} {
			raw, err := v.wrap.Open(what, slot)
			if err == nil {
				copy(file[n.at(id):], n.wrap.Seal(nil, what, raw))
			}
		}
		if empty(file[n.at(id) : n.at(id)+sealedLen]) {
			return nil, fmt.Errorf("unwrap key of case %d: %w", id, ErrMaster)
		}
	}
	return file, nil
}
