package vault

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Copies of the keys file are klachtd.keys.20261123T164405Z: the moment in UTC.
const (
	copyPrefix = "klachtd.keys."
	copyStamp  = "20060102T150405Z"
)

// KeepCopies says in which folder copies of the keys file are; it need not be there.
// From now on Destroy reaches them too.
func (v *Vault) KeepCopies(dir string) { v.copies = dir }

// copyPaths are the copies that are there, those that were cut off in the making too.
func (v *Vault) copyPaths() ([]string, error) {
	if v.copies == "" {
		return nil, nil
	}
	list, err := os.ReadDir(v.copies)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("look for copies of the keys: %w", err)
	}
	var paths []string
	for _, e := range list {
		if strings.HasPrefix(e.Name(), copyPrefix) && e.Type().IsRegular() {
			paths = append(paths, filepath.Join(v.copies, e.Name()))
		}
	}
	return paths, nil
}

// Copy puts a copy of the keys file into the folder of copies, 0600 in 0700, on disk
// when it returns nil. Nobody may make or destroy keys meanwhile.
func (v *Vault) Copy(now time.Time) error {
	if err := os.MkdirAll(v.copies, 0o700); err != nil {
		return fmt.Errorf("copy keys: %w", err)
	}
	path := filepath.Join(v.copies, copyPrefix+now.UTC().Format(copyStamp))
	info, err := v.keys.Stat()
	if err != nil {
		return fmt.Errorf("copy keys: %w", err)
	}
	if err := replace(path, io.NewSectionReader(v.keys, 0, info.Size())); err != nil {
		return fmt.Errorf("copy keys: %w", err)
	}
	return nil
}

// Prune removes copies that were made before then, and those that belong to another
// master key, which nobody can use any more. It returns how many are left.
func (v *Vault) Prune(before time.Time) (left int, err error) {
	paths, err := v.copyPaths()
	if err != nil {
		return 0, err
	}
	for _, path := range paths {
		made, err := time.Parse(copyStamp, strings.TrimPrefix(filepath.Base(path), copyPrefix))
		if err == nil && !made.Before(before) && v.ours(path) {
			left++
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return left, fmt.Errorf("remove copy of the keys: %w", err)
		}
	}
	if len(paths) > left {
		return left, syncDir(v.copies)
	}
	return left, nil
}

// ours reports whether a copy belongs to the master key and to the layout of the keys file.
func (v *Vault) ours(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	other := Vault{keys: f, path: path, wrap: v.wrap, check: v.check, base: 1}
	head := make([]byte, 2*slotSize)
	n, _ := f.ReadAt(head, 0) // of a file that is cut off, what there is
	return n >= slotSize && other.known(head[:n]) == nil && other.base == v.base
}

// replace writes a file beside path and puts it in its place, on disk when it returns nil.
func replace(path string, from io.Reader) error {
	half := path + ".part"
	f, err := os.OpenFile(half, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(half))
	}
	if err := os.Rename(half, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}
