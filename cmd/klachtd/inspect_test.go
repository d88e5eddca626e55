//go:build linux

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file that is shortened while it is read is an error, and not the end of the process.
func TestInspectShortened(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.eml")
	if err := os.WriteFile(name, append([]byte("Subject: x\r\n\r\n"), bytes.Repeat([]byte("tekst\r\n"), 500_000)...), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, ok := mapFile(f, 3_000_000)
	if !ok {
		t.Fatal("not mapped")
	}
	defer m.close()
	if seen, err := describeMapped(name, m); err != nil || seen.Subject != "x" {
		t.Fatalf("%q, %v", seen.Subject, err)
	}
	if err := os.Truncate(name, 0); err != nil {
		t.Fatal(err)
	}
	m.forget()
	if _, err := describeMapped(name, m); err == nil || !strings.Contains(err.Error(), "changed while it was read") {
		t.Errorf("%v", err)
	}
}
