package main

import (
	"bytes"
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A fuse is a context that ends when it is asked for the nth time whether it has ended.
type fuse struct {
	context.Context
	cut  context.CancelFunc
	left atomic.Int64
}

func newFuse(n int) *fuse {
	f := &fuse{}
	f.Context, f.cut = context.WithCancel(context.Background())
	f.left.Store(int64(n))
	return f
}

func (f *fuse) burn() {
	if f.left.Add(-1) == 0 {
		f.cut()
	}
}

func (f *fuse) Err() error {
	f.burn()
	return f.Context.Err()
}

func (f *fuse) Done() <-chan struct{} {
	f.burn()
	return f.Context.Done()
}

// files are the names under the folder of an office, without the lock and SQLite's own.
func (o *office) files() (names []string) {
	o.t.Helper()
	err := filepath.WalkDir(filepath.Dir(o.path), func(path string, d fs.DirEntry, err error) error {
		if name := d.Name(); err == nil && !d.IsDir() && !slices.Contains([]string{".db-wal", ".db-shm", ".lock"}, filepath.Ext(name)) {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return names
}

// Each verb that may take long is interrupted at every place where it looks whether
// it is to stop: it says so on one line, leaves no file behind, harms nothing, and
// can be run again.
func TestInterrupted(t *testing.T) {
	const number = "K2026-482935"
	verbs := map[string]func(o *office) []string{
		"export":  func(o *office) []string { return []string{"export", number, "-o", o.beside("dossier.zip")} },
		"backup":  func(o *office) []string { return []string{"backup", "-o", o.beside("copy.db")} },
		"rotate":  func(*office) []string { return []string{"key", "rotate"} },
		"restore": func(o *office) []string { return []string{"restore", "--older", o.beside("old.db")} },
	}
	for name, verb := range verbs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, most := 1, 100
			for ; n < most && interruptedAt(t, n, number, verb); n++ {
			}
			if n == 1 || n == most {
				t.Errorf("stopped %d times", n-1)
			}
		})
	}
}

// interruptedAt stops a verb at the nth look and reports whether it got that far.
func interruptedAt(t *testing.T, n int, number string, verb func(*office) []string) bool {
	o := newOffice(t)
	o.dossier(number)
	o.works("backup", "-o", o.beside("old.db"))
	before := o.files()
	var out, reason bytes.Buffer
	f := newFuse(n)
	defer f.cut()
	args := append(verb(o), "-c", o.path)
	code := execute(env{f, &out, &reason, func(string) (string, bool) { return "", false }, func() time.Time { return o.now }}, args)
	if code == 0 {
		return f.Context.Err() != nil // it was as good as done
	}
	if said := reason.String(); code != 1 || strings.Count(said, "\n") != 1 || !strings.Contains(said, "stopped") || out.Len() > 0 {
		t.Errorf("at %d: status %d, %q, %q", n, code, said, out.String())
	}
	if after := o.files(); !slices.Equal(before, after) {
		t.Errorf("at %d: files %q, not %q", n, after, before)
	}
	if words := o.works("show", number); !strings.Contains(words, number) {
		t.Errorf("at %d: %q", n, words)
	}
	o.works("audit", "verify")
	o.works(verb(o)...)
	return true
}

// beside names a file in the folder of the configuration.
func (o *office) beside(name string) string { return filepath.Join(filepath.Dir(o.path), name) }
