package vault

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// filled is a vault with a key for case 1 and a destroyed one of case 2.
func filled(t *testing.T, dir string) (v *Vault, sealed, hash []byte) {
	t.Helper()
	v = open(t, dir)
	v.KeepCopies(filepath.Join(dir, "copies"))
	k, err := v.Make(1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Make(2); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(v.Sync(), v.Destroy(2)); err != nil {
		t.Fatal(err)
	}
	return v, k.Seal(nil, "here", []byte("kanarie")), v.Hash("content", "x")
}

// usable is the proof that nothing was lost, whichever master key it is now.
func usable(t *testing.T, dir string, sealed, hash []byte) {
	t.Helper()
	v, err := Open(filepath.Join(dir, "m"), filepath.Join(dir, "k"))
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	k, err := v.Key(1)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.Open("here", sealed); err != nil || string(got) != "kanarie" {
		t.Errorf("opened %q, %v", got, err)
	}
	if _, err := v.Key(2); !errors.Is(err, ErrErased) {
		t.Errorf("the destroyed key: %v", err)
	}
	if _, err := v.Key(House); err != nil {
		t.Error(err)
	}
	if !bytes.Equal(v.Hash("content", "x"), hash) {
		t.Error("what is known by a hash is unknown now")
	}
	if k, err := v.Make(3); err != nil || v.Sync() != nil {
		t.Error(err)
	} else if _, err := k.Open("x", k.Seal(nil, "x", nil)); err != nil {
		t.Error(err)
	}
}

// security.md 26: the master key can be changed; the old one opens nothing any more.
func TestRotate(t *testing.T) {
	dir := t.TempDir()
	v, sealed, hash := filled(t, dir)
	old := read(t, filepath.Join(dir, "m"))
	for range 2 { // and changed again
		if err := v.Rotate(filepath.Join(dir, "m"), "", nil); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Make(4); err != nil {
			t.Fatal(err)
		}
		if err := v.Sync(); !errors.Is(err, ErrReplaced) {
			t.Errorf("keys are written to a file that was replaced: %v", err)
		}
		if err := v.Destroy(1); !errors.Is(err, ErrReplaced) {
			t.Errorf("keys are destroyed in a file that was replaced: %v", err)
		}
		v.Close()
		usable(t, dir, sealed, hash)
		v = open(t, dir)
	}
	names(t, dir, "k", "m")
	if err := os.WriteFile(filepath.Join(dir, "m"), old, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(dir, "m"), filepath.Join(dir, "k")); !errors.Is(err, ErrMaster) {
		t.Errorf("with the old master key: %v", err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// names are the files of a folder, all 0600.
func names(t *testing.T, dir string, want ...string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, e.Name())
		if info, err := e.Info(); err != nil || !e.IsDir() && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", e.Name(), info.Mode(), err)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s holds %q, want %q", dir, got, want)
	}
}

// A crash at each step leaves a state that opens, before and after it is settled,
// and a change that then goes through.
func TestRotateCutOff(t *testing.T) {
	for _, at := range []string{"new master key", "new keys begun", "new keys", "keys in place", "old key overwritten", "master key in place"} {
		t.Run(at, func(t *testing.T) {
			dir := t.TempDir()
			v, sealed, hash := filled(t, dir)
			defer func() {
				if p := recover(); p != nil && p != any(at) {
					panic(p)
				}
				if at == "old key overwritten" {
					if err := os.WriteFile(filepath.Join(dir, "m"), make([]byte, masterLen), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				usable(t, dir, sealed, hash)
				if err := Settle(filepath.Join(dir, "m"), filepath.Join(dir, "k")); err != nil {
					t.Fatal(err)
				}
				names(t, dir, "k", "m")
				usable(t, dir, sealed, hash)
				if err := open(t, dir).Rotate(filepath.Join(dir, "m"), "", nil); err != nil {
					t.Fatal(err)
				}
				usable(t, dir, sealed, hash)
			}()
			stop := at
			if at == "old key overwritten" {
				stop = "keys in place"
			}
			err := v.Rotate(filepath.Join(dir, "m"), "", func(step string) {
				if step == "vault: "+stop {
					panic(at)
				}
			})
			t.Fatalf("no step %q: %v", at, err)
		})
	}
}

// A master key that somebody else puts in place is written where he wants it.
func TestRotateElsewhere(t *testing.T) {
	dir := t.TempDir()
	v, sealed, hash := filled(t, dir)
	old := read(t, filepath.Join(dir, "m"))
	to := filepath.Join(t.TempDir(), "new")
	if err := v.Rotate(filepath.Join(dir, "m"), to, nil); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, filepath.Join(dir, "m")), old) {
		t.Error("the old master key was touched")
	}
	if err := Check(filepath.Join(dir, "m"), filepath.Join(dir, "k")); !errors.Is(err, ErrMaster) {
		t.Errorf("with the old one: %v", err)
	}
	if err := os.Rename(to, filepath.Join(dir, "m")); err != nil {
		t.Fatal(err)
	}
	usable(t, dir, sealed, hash)
}

// security.md 26: the keys have a backup of their own, and a key that is destroyed
// is destroyed in that too.
func TestCopies(t *testing.T) {
	dir := t.TempDir()
	v, sealed, hash := filled(t, dir)
	copies := filepath.Join(dir, "copies")
	for n := range 3 {
		if err := v.Copy(day.AddDate(0, 0, n)); err != nil {
			t.Fatal(err)
		}
	}
	names(t, copies, "klachtd.keys.20261123T090000Z", "klachtd.keys.20261124T090000Z", "klachtd.keys.20261125T090000Z")
	if left, err := v.Prune(day.AddDate(0, 0, 1)); err != nil || left != 2 {
		t.Errorf("%d are left, %v", left, err)
	}
	restored := t.TempDir() // one of them is as good as the file
	for from, to := range map[string]string{filepath.Join(dir, "m"): "m", filepath.Join(copies, "klachtd.keys.20261124T090000Z"): "k"} {
		if err := os.WriteFile(filepath.Join(restored, to), read(t, from), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	usable(t, restored, sealed, hash)
	slot := bytes.Clone(read(t, filepath.Join(dir, "k"))[v.at(1):v.at(2)])
	if err := v.Destroy(1); err != nil {
		t.Fatal(err)
	}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && bytes.Contains(read(t, path), slot[:16]) {
			t.Errorf("the key still stands in %s", path)
		}
		return err
	})
	if err := v.Rotate(filepath.Join(dir, "m"), "", nil); err != nil {
		t.Fatal(err)
	}
	w := open(t, dir)
	w.KeepCopies(copies)
	if left, err := w.Prune(day); err != nil || left != 0 {
		t.Errorf("%d copies of the old master key are left, %v", left, err)
	}
}

// security.md 28: what was erased is remembered outside the database, and not what was only begun.
func TestErasedList(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir)
	if list, err := v.Erased(); err != nil || list != nil {
		t.Errorf("%v, %v", list, err)
	}
	err := errors.Join(v.AddErasing(Erased{ID: 3, Number: []byte{1}, Contents: [][]byte{{2}, {3}}}),
		v.AddErasing(Erased{ID: 4, Number: []byte{9}}), v.SetErased(3, 5))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "klachtd.erased"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString("erasing 6 ab") // cut off
	if err := errors.Join(err, f.Close(), v.SetErased(4)); err != nil {
		t.Fatal(err)
	}
	list, err := open(t, dir).Erased()
	if err != nil || len(list) != 3 || list[0].ID != 3 || len(list[0].Contents) != 2 || list[0].Number[0] != 1 || list[1].ID != 5 || list[2].Number[0] != 9 {
		t.Errorf("%v, %v", list, err)
	}
}

// security.md 10: whatever stands in the list, what can be read of it is read.
func FuzzErasedList(f *testing.F) {
	f.Add("erasing 3 01 02 03\nerased 3\n")
	f.Add("erased 5\nerasing 5 ff\nerased 5\nerased")
	f.Add("erasing -1 zz\nerased 99999999999999999999\n\n\x00 erased 0\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := readErased(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.ID <= House {
				t.Fatalf("case %d", e.ID)
			}
		}
	})
}
