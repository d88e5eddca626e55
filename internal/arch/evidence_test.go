package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// TestSecurityLines: each numbered line of docs/security.md is named by the test
// or the scenario that proves it, as `security.md 19`, and no test names a line
// that is not there. `make evidence` prints the table, and `make test` at its end.
func TestSecurityLines(t *testing.T) {
	root := os.DirFS("../..")
	page, err := fs.ReadFile(root, "docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	proofs, err := evidence(root)
	if err != nil {
		t.Fatal(err)
	}
	lines := numbered(string(page))
	if len(lines) < 46 {
		t.Fatalf("only %d numbered lines", len(lines))
	}
	for i, n := range lines {
		proof := strings.Join(proofs[n], " ")
		switch {
		case n != i+1:
			t.Fatalf("line %d stands where %d should", n, i+1)
		case proof == "":
			t.Errorf("docs/security.md %d is named by no test and no scenario", n)
		}
		if testing.Verbose() {
			fmt.Printf("security.md %2d  %s\n", n, proof)
		}
	}
	for n, names := range proofs {
		if n > len(lines) {
			t.Errorf("%s: there is no line %d", names, n)
		}
	}
}

var numberedLine = regexp.MustCompile(`(?m)^(\d+)\. `)

func numbered(page string) (list []int) {
	for _, m := range numberedLine.FindAllStringSubmatch(page, -1) {
		n, _ := strconv.Atoi(m[1]) // two digits
		list = append(list, n)
	}
	return list
}

// evidence returns for each number who names it: `room.TestName`, or a scenario.
func evidence(root fs.FS) (map[int][]string, error) {
	found := map[int]map[string]bool{}
	add := func(name, comment string) {
		for _, n := range namedIn(comment) {
			if found[n] == nil {
				found[n] = map[string]bool{}
			}
			found[n][name] = true
		}
	}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && name != "." && (strings.HasPrefix(d.Name(), ".") || name == "internal/arch") {
				return fs.SkipDir
			}
			return err
		}
		scenario := path.Dir(name) == "internal/desk/testdata" && path.Ext(name) == ".txt"
		if !scenario && !strings.HasSuffix(name, "_test.go") {
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		if scenario {
			for line := range strings.Lines(string(src)) {
				if strings.HasPrefix(line, "#") {
					add(path.Base(name), line)
				}
			}
			return nil
		}
		return testsIn(name, src, add)
	})
	proofs := map[int][]string{}
	for n, names := range found {
		proofs[n] = slices.Sorted(maps.Keys(names))
	}
	return proofs, err
}

// testsIn gives the comments above and inside each test of a file.
func testsIn(name string, src []byte, add func(name, comment string)) error {
	f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments)
	if err != nil {
		return err
	}
	for _, decl := range f.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(fn.Name.Name, "Test") && !strings.HasPrefix(fn.Name.Name, "Fuzz") {
			continue
		}
		if fn.Doc != nil {
			add(path.Base(path.Dir(name))+"."+fn.Name.Name, fn.Doc.Text())
		}
		for _, c := range f.Comments {
			if fn.Pos() < c.Pos() && c.End() < fn.End() {
				add(path.Base(path.Dir(name))+"."+fn.Name.Name, c.Text())
			}
		}
	}
	return nil
}

// naming is how a line is named: its number, or several, and what stands without
// one (K; Who sent this?) between them.
var (
	naming = regexp.MustCompile(`security\.md,?((?:(?:,| and| to|) (?:\d{1,2}\b|[A-Z]\b))+)`)
	digits = regexp.MustCompile(`\d+`)
)

func namedIn(comment string) (list []int) {
	comment = strings.Join(strings.Fields(comment), " ")
	for _, m := range naming.FindAllStringSubmatch(comment, -1) {
		for _, d := range digits.FindAllString(m[1], -1) {
			n, _ := strconv.Atoi(d) // two digits
			list = append(list, n)
		}
	}
	return list
}

// What is a naming and what is none; a test of a file, above and inside.
func TestEvidence(t *testing.T) {
	for comment, want := range map[string]string{
		"security.md 19": "[19]", "(security.md 34, 36, 37).": "[34 36 37]", "security.md B, 11, 16, 17: filed": "[11 16 17]", "security.md 3, 21, K": "[3 21]",
		"security.md 18 and 19": "[18 19]", "loses nothing (security.md\n34)": "[34]", "security.md 12; see 13": "[12]", "security.md, K: of 45 days": "[]",
		"security.md": "[]", "security.md 2 to 3 mails": "[2 3]", "no security 4": "[]", "security.md 5. Then security.md 6": "[5 6]",
	} {
		if got := fmt.Sprint(namedIn(comment)); got != want {
			t.Errorf("%q: %s, want %s", comment, got, want)
		}
	}
	proofs, err := evidence(fstest.MapFS{
		"internal/desk/testdata/b.txt":   {Data: []byte("# title (security.md 7)\n-- at --\nsecurity.md 8\n")},
		"internal/letter/testdata/b.txt": {Data: []byte("# security.md 8\n")},
		"internal/letter/a_test.go":      {Data: []byte("package letter\n\n// security.md 9\nvar x int\n\n// security.md 7\nfunc TestA() {\n\t// security.md 10\n}\n\n// security.md 11\nfunc help() {}\n")},
		"internal/letter/a.go":           {Data: []byte("package letter\n\n// TestX is security.md 12\nfunc TestX() {}\n")},
	})
	if got := fmt.Sprint(proofs); err != nil || got != "map[7:[b.txt letter.TestA] 10:[letter.TestA]]" {
		t.Errorf("%s, %v", got, err)
	}
}
