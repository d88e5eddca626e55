package vault

import (
	"errors"
	"fmt"
	"os"
)

// Destroy overwrites the keys of cases, in the keys file and in every copy of it, on
// disk when it returns nil: whatever they sealed can never be opened again, in no
// copy that has not these keys with it (security.md 26). In their place stands a mark
// that ErrErased is made of, so that a destroyed key is never taken for a lost one.
// It may be repeated.
func (v *Vault) Destroy(ids ...int64) error {
	if err := v.stillThere(); err != nil {
		return fmt.Errorf("destroy key: %w", err)
	}
	if err := v.destroyIn(v.keys, ids, true); err != nil {
		return err
	}
	paths, err := v.copyPaths()
	if err != nil {
		return err
	}
	for _, path := range paths {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return fmt.Errorf("destroy key in copy: %w", err)
		}
		if err := errors.Join(v.destroyIn(f, ids, false), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// destroyIn writes the marks; grow: also behind the end, where there is no key yet.
func (v *Vault) destroyIn(f *os.File, ids []int64, grow bool) error {
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("destroy key: %w", err)
	}
	for _, id := range ids {
		if id == House {
			return errors.New("destroy key: that of the house is for all cases")
		}
		if !grow && v.at(id) >= info.Size() {
			continue
		}
		slot := v.wrap.Seal(make([]byte, 0, slotSize), grave(id), make([]byte, keyLen))
		if _, err := f.WriteAt(slot[:slotSize], v.at(id)); err != nil {
			return fmt.Errorf("destroy key: %w", err)
		}
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("destroy key: %w", err)
	}
	return nil
}

// Last is the highest id that ever had a key.
func (v *Vault) Last() (int64, error) {
	info, err := v.keys.Stat()
	if err != nil {
		return 0, fmt.Errorf("look at keys: %w", err)
	}
	return max(0, (info.Size()+slotSize-1)/slotSize-v.base-1), nil
}
