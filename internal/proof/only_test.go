package proof

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestOnlyHere: no other room reads what a message says about its own arrival, so
// foreign results are dropped before any logic (security.md 7). That message knows
// the names, to tell a header from a body, is no reading; X-Klachtd-* it drops.
func TestOnlyHere(t *testing.T) {
	reads := regexp.MustCompile(`(?i)(Get|Values|FieldsByKey|Fields|Text|==)\s*\(?\s*"(x-)?(authentication-results|arc-|received-spf|x-ms-exchange-organization-auth|x-klachtd-|dkim-signature)`)
	if !reads.MatchString(`h.Get("ARC-Seal")`) || !reads.MatchString(`f.name == "authentication-results"`) {
		t.Fatal("this test finds nothing")
	}
	root := os.DirFS("../..")
	seen := 0
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "internal/proof/"):
			return nil
		}
		seen++
		src, err := fs.ReadFile(root, name)
		if found := reads.Find(src); found != nil {
			t.Errorf("%s: %s", name, found)
		}
		return err
	})
	if err != nil || seen < 50 {
		t.Fatalf("%d files, %v", seen, err)
	}
}
