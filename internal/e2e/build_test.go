package e2e

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binary is the klachtd that all tests run. It is built with failpoints: a step
// costs a function call, and the rest is what is shipped.
var binary string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "klachtd-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "klachtd")
	build := exec.Command("go", "build", "-buildvcs=false", "-tags", "failpoints", "-o", binary, "klachtd/cmd/klachtd")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "e2e: cannot build klachtd: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}
