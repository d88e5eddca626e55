package peers

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// unpackedFolder is where .ci/unpack-peers puts the servers that cannot be
// installed beside Dovecot and Postfix; from the root of the repository.
const unpackedFolder = ".tools/peers"

// unpacked finds a program in that folder; without it the test is skipped. The
// variables are what it needs to find its libraries there.
func unpacked(tb testing.TB, name string) (path string, env []string) {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if up := filepath.Dir(dir); up != dir {
			dir = up
			continue
		}
		tb.Fatal("no go.mod above the test")
	}
	root := filepath.Join(dir, unpackedFolder)
	path = filepath.Join(root, name)
	if _, err := os.Stat(path); err != nil {
		skip(tb, filepath.Base(name)+" is not unpacked ("+filepath.Join(unpackedFolder, name)+")")
	}
	var libraries []string
	for _, pattern := range []string{"usr/lib/*-linux-*", "lib/*-linux-*"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			tb.Fatal(err)
		}
		libraries = append(libraries, found...)
	}
	return path, []string{"LD_LIBRARY_PATH=" + strings.Join(libraries, ":")}
}
