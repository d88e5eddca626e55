package store

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"klachtd/internal/vault"
)

// snapshot is what stands in the state directory: each name with the time and
// the hash of its content.
func snapshot(t *testing.T, o Options) map[string]string {
	t.Helper()
	found := map[string]string{}
	entries, err := os.ReadDir(filepath.Dir(o.Path))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(filepath.Dir(o.Path), e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		found[e.Name()] = fmt.Sprintf("%v %d %v %x", info.Mode(), len(data), info.ModTime().UnixNano(), sha256.Sum256(data))
	}
	return found
}

func keys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// Look says the same as Open does, before it happens, and changes nothing.
func TestLookAgreesWithOpen(t *testing.T) {
	spoil := func(path string, at int64, data string) error {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		_, err = f.WriteAt([]byte(data), at)
		return errors.Join(err, f.Close())
	}
	for _, tt := range []struct {
		name  string
		spoil func(Files) error
		want  error // nil: both are content
	}{
		{"as it was left", func(Files) error { return nil }, nil},
		{"no folder yet", func(f Files) error { return os.RemoveAll(f.Dir) }, nil},
		{"an empty folder", func(f Files) error {
			return errors.Join(os.Remove(f.DB), os.Remove(f.Keys), os.Remove(f.Master), os.Remove(f.Lock))
		}, nil},
		{"keys without a database", func(f Files) error { return os.Remove(f.DB) }, ErrLost},
		{"others may read the file", func(f Files) error { return os.Chmod(f.DB, 0o644) }, ErrLax},
		{"others may look into the folder", func(f Files) error { return os.Chmod(f.Dir, 0o755) }, ErrLax},
		{"another master key", func(f Files) error { return spoil(f.Master, 0, "anders") }, vault.ErrMaster},
		{"no master key", func(f Files) error { return os.Remove(f.Master) }, vault.ErrMaster},
		{"a newer schema", func(f Files) error { return spoil(f.DB, 60, "\x00\x00\x00\x63") }, ErrNewer},
		{"no database at all", func(f Files) error { return spoil(f.DB, 0, "dit is geen database") }, ErrCorrupt},
		{"cut off", func(f Files) error { return os.Truncate(f.DB, 6000) }, ErrCorrupt},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			fill(h)
			h.close()
			if err := tt.spoil(h.o.Files()); err != nil {
				t.Fatal(err)
			}
			before := snapshot(t, h.o)
			_, lookErr := Look(h.o)
			if after := snapshot(t, h.o); !maps.Equal(before, after) {
				t.Errorf("Look changed %v into %v", before, after)
			}
			db, openErr := Open(h.o, time.Now)
			if openErr == nil {
				openErr = db.Close()
			}
			for who, err := range map[string]error{"Look": lookErr, "Open": openErr} {
				if tt.want == nil && err != nil || tt.want != nil && !errors.Is(err, tt.want) {
					t.Errorf("%s: %v, want %v", who, err, tt.want)
				}
			}
			// security.md 40: repairs nothing
			if after := snapshot(t, h.o); errors.Is(tt.want, ErrCorrupt) && before["klachtd.db"] != after["klachtd.db"] {
				t.Error("Open changed a damaged file")
			}
		})
	}
}

// What a crash left in the WAL is seen, and stays as it is.
func TestLookAfterCrash(t *testing.T) {
	h := newHouse(t)
	fill(h)
	o := Options{Path: filepath.Join(t.TempDir(), "klachtd.db"), Lock: true}
	if err := os.Chmod(filepath.Dir(o.Path), 0o700); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(h.o.Path))
	if err != nil {
		t.Fatal(err)
	}
	for _, withIndex := range []bool{true, false} {
		for _, e := range entries { // the files as they stand while h is at work
			data, err := os.ReadFile(filepath.Join(filepath.Dir(h.o.Path), e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			to := filepath.Join(filepath.Dir(o.Path), e.Name())
			if err := os.WriteFile(to, data, 0o600); err != nil {
				t.Fatal(err)
			}
			if !withIndex && filepath.Ext(to) == ".db-shm" {
				os.Remove(to)
			}
		}
		before := snapshot(t, o)
		s, err := Look(o)
		if err != nil || !s.Exists || s.Version != Version || s.InUse {
			t.Errorf("shm %v: Look: %+v, %v", withIndex, s, err)
		}
		after := snapshot(t, o)
		if !withIndex {
			delete(after, "klachtd.db-shm") // it cannot be read without one
		}
		if !maps.Equal(before, after) {
			t.Errorf("shm %v: Look changed %v into %v", withIndex, before, after)
		}
	}
	other := &house{t: t, clock: start, o: o}
	other.reopen()
	defer other.close()
	other.view(func(tx *Tx) error {
		if _, found, err := tx.CaseByNumber("K2026-000001"); err != nil || !found {
			t.Errorf("after the crash: %v, %v", found, err)
		}
		return nil
	})
}

// security.md 40: damage in the middle is found by Look, and by whoever reads it.
func TestDamagedPage(t *testing.T) {
	h := newHouse(t)
	for i := range 50 {
		h.addCase(fmt.Sprintf("K2026-%06d", i))
	}
	var page int64
	if err := h.conn.QueryRowContext(t.Context(), "SELECT rootpage FROM sqlite_schema WHERE name = 'cases'").Scan(&page); err != nil {
		t.Fatal(err)
	}
	h.close()
	f, err := os.OpenFile(h.o.Path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	junk := make([]byte, 4096)
	for i := range junk {
		junk[i] = 0xA5
	}
	if _, err = f.WriteAt(junk, (page-1)*4096); err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Look(h.o); !errors.Is(err, ErrCorrupt) {
		t.Errorf("Look: %v, want ErrCorrupt", err)
	}
	db, err := Open(h.o, time.Now)
	if err == nil {
		err = db.View(t.Context(), func(tx *Tx) error { _, _, err := tx.Case(1); return err })
		db.Close()
	}
	if !errors.Is(err, ErrCorrupt) {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
}
