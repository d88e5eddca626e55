package e2e

import (
	"bytes"
	"io/fs"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder is what is in a folder, by name with slashes.
func folder(tb testing.TB, dir string) map[string]string {
	tb.Helper()
	files := map[string]string{}
	noError(tb, fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var data []byte
			data, err = os.ReadFile(filepath.Join(dir, name))
			files[name] = string(data)
		}
		return err
	}))
	return files
}

// TestTemplates: an academy sees each mail as it would go out, in its language or
// in both, with its own words shown as such (interface.md The command, templates).
func TestTemplates(t *testing.T) {
	t.Parallel()
	a := open(t, nil, nil, "klachten")
	a.set["academy.language"] = "en"
	a.set["academy.name"] = "Academie <Proef>"
	a.set["templates"] = "brieven"
	a.writeFile("brieven/en/reply.txt", "Subject: We answer [{{.Number}}]\n\n= {{.Text}}\n\nYours, {{academy.Name}}\n")
	out := filepath.Join(a.dir, "uit", "mails")
	o := a.verb("templates", "-o", out)
	if o.code != 0 || o.stderr != "" || !strings.Contains(o.stdout, "mails of Academie <Proef>, 1 of them in words of its own: open "+filepath.Join(out, "index.html")) {
		t.Fatalf("status %d\n%s%s", o.code, o.stdout, o.stderr)
	}
	one := folder(t, out)
	index := one["index.html"]
	for _, words := range []string{"Academie &lt;Proef&gt;", "We have received your complaint", `href="en/reply.eml"`, "<b>yours</b> en/reply.txt"} {
		if !strings.Contains(index, words) {
			t.Errorf("the index has no %q", words)
		}
	}
	want(t, "own words", strings.Count(index, "<b>yours</b>"), 1)
	mails := 0
	for name, text := range one {
		base, isMail := strings.CutSuffix(name, ".eml")
		if !isMail {
			continue
		}
		mails++
		m, err := mail.ReadMessage(strings.NewReader(text))
		if err != nil || m.Header.Get("To") == "" || !strings.HasPrefix(base, "en/") || !strings.Contains(index, m.Header.Get("Subject")) ||
			one[base+".txt"] == "" || !strings.Contains(one[base+".html"], `<html lang="en">`) {
			t.Errorf("%s: %v", name, err)
		}
	}
	want(t, "files", len(one), 3*mails+2)

	noError(t, os.WriteFile(filepath.Join(out, "mine.txt"), []byte("mine"), 0o600))
	if o = a.verb("templates", "--both", "-o", out); o.code != 0 {
		t.Fatalf("both: status %d\n%s", o.code, o.stderr)
	}
	both := folder(t, out)
	want(t, "files of both", len(both), 6*mails+3)
	if !strings.Contains(both["nl/acknowledgement.html"], `<html lang="nl">`) || both["en/acknowledgement.eml"] != one["en/acknowledgement.eml"] {
		t.Error("not in both, or not the same twice")
	}
	if o = a.verb("templates", "-o", out); o.code != 0 {
		t.Fatalf("again: status %d\n%s", o.code, o.stderr)
	}
	again := folder(t, out)
	if again["mine.txt"] != "mine" {
		t.Error("a file of somebody else is gone")
	}
	delete(again, "mine.txt")
	want(t, "files again", len(again), len(one))
	if _, err := os.Stat(a.state("")); err == nil {
		t.Error("it made the state folder")
	}
}

// TestTemplatesRefuses: nothing that somebody else put there is written over, and
// nothing is written when the words of the academy are wrong.
func TestTemplatesRefuses(t *testing.T) {
	t.Parallel()
	none := []string{"KLACHTD_CONFIG="}
	out := filepath.Join(t.TempDir(), "mails")
	if o := run(t, none, "templates", "-o", out); o.code != 0 || !strings.Contains(o.stdout, "an invented academy") {
		t.Fatalf("without a configuration: status %d\n%s%s", o.code, o.stdout, o.stderr)
	}
	mine := folder(t, out)
	for name, prepare := range map[string]func(dir string){
		"holds files": func(dir string) { noError(t, os.WriteFile(filepath.Join(dir, "a.txt"), nil, 0o600)) },
		"nl/reply.txt was not made by": func(dir string) {
			noError(t, os.MkdirAll(filepath.Join(dir, "nl"), 0o700))
			put(t, dir, "nl/reply.txt", "mine")
			put(t, dir, ".klachtd-templates", "index.html\n")
		},
		"../uit: ": func(dir string) { put(t, dir, ".klachtd-templates", "../uit\n") },
	} {
		dir := t.TempDir()
		prepare(dir)
		before := folder(t, dir)
		o := run(t, none, "templates", "-o", dir)
		if o.code == 0 || len(o.complaints()) != 1 || !strings.Contains(o.stderr, name) || len(folder(t, dir)) != len(before) {
			t.Errorf("%s: status %d, %q", name, o.code, o.stderr)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	put(t, filepath.Dir(file), "file", "")
	for _, args := range [][]string{{"templates"}, {"templates", "-o", file}, {"templates", "-o", out, "-c", file + ".yaml"}} {
		if o := run(t, none, args...); o.code != 2 || len(o.complaints()) != 1 {
			t.Errorf("%q: status %d, %q", args, o.code, o.stderr)
		}
	}
	a := open(t, nil, nil, "klachten")
	a.set["templates"] = "brieven"
	a.mode("brieven", 0o700)
	if o := a.verb("templates", "-o", filepath.Join(a.dir, "brieven")); o.code != 2 || !strings.Contains(o.stderr, "templates:") {
		t.Errorf("its own templates: status %d, %q", o.code, o.stderr)
	}
	a.writeFile("brieven/en/reply.txt", "Subject: x\n\n{{.Nothing}}\n")
	if o := a.verb("templates", "-o", out); o.code != 2 || !strings.Contains(o.stderr, "en/reply.txt:3:") {
		t.Errorf("a template that is none: status %d, %q", o.code, o.stderr)
	}
	for name, text := range folder(t, out) {
		if !bytes.Equal([]byte(text), []byte(mine[name])) {
			t.Errorf("%s was changed", name)
		}
	}
}

func put(tb testing.TB, dir, name, text string) {
	tb.Helper()
	noError(tb, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
}
