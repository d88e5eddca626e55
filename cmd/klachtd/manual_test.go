package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestComplete(t *testing.T) {
	for _, c := range []struct{ words, first string }{
		{"re", "report"},
		{"cases --j", "--json"},
		{"show --c", "--config"},
		{"--", "--help"},
		{"cases --json x", ""},
		{"nonsense ", "run"},
	} {
		out := verb(t, append([]string{"complete", "--"}, strings.Split(c.words, " ")...)...)
		if got, _, _ := strings.Cut(out, "\n"); got != c.first {
			t.Errorf("complete %q = %q, want %q first", c.words, out, c.first)
		}
	}
}

// TestManual makes what a package carries: each verb and flag has its place in
// the page, and where there are shells and groff they find nothing to complain of.
func TestManual(t *testing.T) {
	dir := t.TempDir()
	verb(t, "manual", "--example", "../../config.example.yaml", "--date", "2026-11-23", "-o", dir)
	page := read(t, filepath.Join(dir, "man/man1/klachtd.1"))
	for _, want := range []string{`.SS \fBrun\fR`, `.SS \fBshow\fR \fI<number>\fR`, `\-\-open`, "/etc/klachtd/config.yaml"} {
		if !strings.Contains(page, want) {
			t.Errorf("klachtd.1 lacks %q", want)
		}
	}
	if strings.Contains(page, "manual") || strings.Contains(page, "complete\\fR") {
		t.Error("klachtd.1 names a hidden verb")
	}
	if !strings.Contains(read(t, filepath.Join(dir, "man/man5/klachtd.yaml.5")), "retention_months") {
		t.Error("klachtd.yaml.5 lacks a key")
	}
	for _, check := range [][]string{
		{"groff", "-man", "-Tutf8", "-ww", "-z", "man/man1/klachtd.1", "man/man5/klachtd.yaml.5"},
		{"bash", "-n", "bash-completion/completions/klachtd"},
		{"zsh", "-n", "zsh/vendor-completions/_klachtd"},
		{"fish", "-n", "fish/vendor_completions.d/klachtd.fish"},
	} {
		path, err := exec.LookPath(check[0])
		if err != nil {
			t.Logf("no %s here to try its file with", check[0])
			continue
		}
		cmd := exec.Command(path, check[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", strings.Join(check, " "), err, out)
		}
	}
}

// verb runs one and returns what it printed.
func verb(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr strings.Builder
	if code := execute(env{t.Context(), &stdout, &stderr, os.LookupEnv, time.Now}, args); code != 0 {
		t.Fatalf("klachtd %s: exit status %d: %s", strings.Join(args, " "), code, &stderr)
	}
	return stdout.String()
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
