package vault

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func open(t *testing.T, dir string) *Vault {
	t.Helper()
	v, err := Open(filepath.Join(dir, "m"), filepath.Join(dir, "k"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}

// What is sealed opens after a restart, in its own place alone (security.md 26).
func TestSealOpen(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir)
	k, err := v.Make(7)
	if err != nil {
		t.Fatal(err)
	}
	sealed := k.Seal(nil, "message.text 7/1", []byte("kanarie"))
	if bytes.Contains(sealed, []byte("kanarie")) {
		t.Fatal("sealed text is readable")
	}
	if err := v.Sync(); err != nil {
		t.Fatal(err)
	}
	k, err = open(t, dir).Key(7)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.Open("message.text 7/1", sealed); err != nil || string(got) != "kanarie" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := k.Open("message.text 7/2", sealed); err == nil {
		t.Error("opened in another row")
	}
	other, err := v.Make(8)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Open("message.text 7/1", sealed); err == nil {
		t.Error("opened with the key of another case")
	}
}

func TestNoKey(t *testing.T) {
	v := open(t, t.TempDir())
	if _, err := v.Make(5); err != nil {
		t.Fatal(err)
	}
	for _, id := range []int64{3, 6} { // a hole in the file, and beyond its end
		if _, err := v.Key(id); !errors.Is(err, ErrNoKey) {
			t.Errorf("key %d: %v", id, err)
		}
	}
}

// A lost or foreign master key is refused and nothing is overwritten.
func TestMaster(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"missing": os.Remove,
		"short":   func(p string) error { return os.WriteFile(p, []byte("x"), 0o600) },
		"foreign": func(p string) error { return os.WriteFile(p, bytes.Repeat([]byte{1}, 32), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			m, k := filepath.Join(dir, "m"), filepath.Join(dir, "k")
			open(t, dir)
			before, err := os.ReadFile(k)
			if err != nil {
				t.Fatal(err)
			}
			if err := spoil(m); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(m, k); !errors.Is(err, ErrMaster) {
				t.Errorf("Open: %v", err)
			}
			if err := Check(m, k); !errors.Is(err, ErrMaster) {
				t.Errorf("Check: %v", err)
			}
			after, err := os.ReadFile(k)
			if err != nil || !bytes.Equal(before, after) {
				t.Errorf("keys changed (%v)", err)
			}
		})
	}
}

// The files are for their owner alone, whatever the umask (security.md 25).
func TestModes(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	for _, name := range []string{"m", "k"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}

func TestHash(t *testing.T) {
	v, w := open(t, t.TempDir()), open(t, t.TempDir())
	a := v.Hash("address", "a", "bc")
	for name, b := range map[string][]byte{
		"other parts":   v.Hash("address", "ab", "c"),
		"other purpose": v.Hash("content", "a", "bc"),
		"other house":   w.Hash("address", "a", "bc"),
	} {
		if bytes.Equal(a, b) {
			t.Errorf("%s: same hash", name)
		}
	}
	if !bytes.Equal(a, v.Hash("address", "a", "bc")) {
		t.Error("not the same twice")
	}
}

// A destroyed key opens nothing any more, after a restart neither, and is told
// apart from one that never was or is lost (security.md 26, 29).
func TestDestroy(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir)
	k, err := v.Make(5)
	if err != nil {
		t.Fatal(err)
	}
	sealed := k.Seal(nil, "x", []byte("kanarie"))
	if _, err := v.Make(6); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "k"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // it may be done again
		if err := v.Destroy(5); err != nil {
			t.Fatal(err)
		}
	}
	after, err := os.ReadFile(filepath.Join(dir, "k"))
	if err != nil {
		t.Fatal(err)
	}
	if slot := before[v.at(5) : v.at(5)+sealedLen]; bytes.Contains(after, slot[:16]) || len(after) != len(before) {
		t.Error("the key still stands in the file")
	}
	for _, v := range []*Vault{v, open(t, dir)} {
		if _, err := v.Key(5); !errors.Is(err, ErrErased) || errors.Is(err, ErrNoKey) {
			t.Errorf("key 5: %v", err)
		}
		if _, err := v.Key(4); !errors.Is(err, ErrNoKey) || errors.Is(err, ErrErased) {
			t.Errorf("key 4: %v", err)
		}
		other, err := v.Key(6)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Open("x", sealed); err == nil {
			t.Error("opened by another key")
		}
	}
	if err := v.Destroy(House); err == nil {
		t.Error("the key of the house was destroyed")
	}
}
