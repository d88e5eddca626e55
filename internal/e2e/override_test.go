package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestCheckTriesEveryTemplate: whichever mail the academy has reworded wrongly,
// check names its file and line, and a pass refuses (interface.md, check).
func TestCheckTriesEveryTemplate(t *testing.T) {
	t.Parallel()
	a := open(t, nil, nil, "klachten")
	a.set["templates"] = "brieven"
	a.set["imap.port"], a.set["smtp.port"] = nobodyListens(t), nobodyListens(t)
	files, err := filepath.Glob("../../templates/nl/*.txt")
	noError(t, err)
	files = slices.DeleteFunc(files, func(name string) bool { return filepath.Base(name) == "shared.txt" }) // no mail of its own
	if len(files) < 30 {
		t.Fatalf("%d templates", len(files))
	}
	for _, file := range files {
		name := "nl/" + filepath.Base(file)
		text, err := os.ReadFile(file)
		noError(t, err)
		wrong := strings.TrimRight(string(text), "\n") + "\n\n{{.Nothing}}\n"
		a.writeFile("brieven/"+name, wrong)
		says := name + ":" + strconv.Itoa(strings.Count(wrong, "\n")) + ":"
		if o := a.verb("check"); o.code != 1 || !strings.Contains(o.stdout, "error    templates: "+says) {
			t.Errorf("%s: status %d\n%s", says, o.code, o.stdout+o.stderr)
		}
		if o := a.verb("cycle"); o.code != 2 || len(o.complaints()) != 1 || !strings.Contains(o.stderr, says) {
			t.Errorf("cycle, %s: status %d\n%s", says, o.code, o.stderr)
		}
		noError(t, os.Remove(filepath.Join(a.dir, "brieven", name)))
	}
}
