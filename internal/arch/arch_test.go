package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "klachtd"

// TestPlan holds the house to the plan.
//
// security.md 8: no room that mail goes through can unpack, show or fetch.
func TestPlan(t *testing.T) {
	for _, v := range check(os.DirFS("../..")) {
		t.Error(v)
	}
}

// TestPictureShowsEveryRoom: each room of the plan has its sentence in
// docs/architecture.md, and the page names no other.
func TestPictureShowsEveryRoom(t *testing.T) {
	const page = "docs/architecture.md"
	text, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("^\\| `(?:internal/)?([a-z0-9/]+)` \\| (.*) \\|$")
	shown := map[string]bool{}
	for i, line := range strings.Split(string(text), "\n") {
		m := row.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		name := strings.TrimSuffix(m[1], "/klachtd")
		if _, ok := plan[name]; !ok {
			t.Errorf("%s:%d: room %q is not in the plan (internal/arch/plan_test.go)", page, i+1, name)
		}
		if strings.TrimSpace(m[2]) == "" {
			t.Errorf("%s:%d: room %q has no sentence", page, i+1, name)
		}
		shown[name] = true
	}
	for name := range plan {
		if !shown[name] {
			t.Errorf("%s: room %q has no row", page, name)
		}
	}
}

// check reads all Go files below the root and says what is against the plan,
// each as "file:line: rule".
func check(root fs.FS) []string {
	c := &checker{fset: token.NewFileSet(), documented: map[string]bool{}, firstFile: map[string]string{}}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			base := d.Name()
			if name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "bin" || base == "state") {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		return c.file(name, src)
	})
	if err != nil {
		c.found = append(c.found, err.Error())
	}
	for dir, file := range c.firstFile {
		if !c.documented[dir] {
			c.say(file, 1, "package %s has no package comment", dir)
		}
	}
	slices.Sort(c.found)
	return c.found
}

// A checker gathers what it finds over all files.
type checker struct {
	fset       *token.FileSet
	found      []string
	documented map[string]bool   // folder: has a package comment
	firstFile  map[string]string // folder: a file of it
}

func (c *checker) say(file string, line int, format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf("%s:%d: %s", file, line, fmt.Sprintf(format, args...)))
}

func (c *checker) file(name string, src []byte) error {
	f, err := parser.ParseFile(c.fset, name, src, parser.ParseComments)
	if err != nil {
		return err
	}
	test := strings.HasSuffix(name, "_test.go")
	dir := path.Dir(name)
	if _, ok := c.firstFile[dir]; !ok {
		c.firstFile[dir] = name
	}
	if f.Doc != nil {
		c.documented[dir] = true
	}
	c.fileName(name)
	c.promises(name, f)
	self := roomOf(dir)
	r, ok := plan[self]
	if !ok {
		c.say(name, 1, "room %q is not in the plan (internal/arch/plan_test.go) and has no sentence in docs/architecture.md", self)
		return nil
	}
	if test {
		return nil
	}
	c.imports(name, f, self, r)
	c.words(name, f, self, r)
	return nil
}

// roomOf gives the name of a folder in the plan.
func roomOf(dir string) string {
	if dir == "cmd" || strings.HasPrefix(dir, "cmd/") {
		return "cmd"
	}
	return strings.TrimPrefix(dir, "internal/")
}

func (c *checker) fileName(name string) {
	stem := strings.TrimSuffix(strings.TrimSuffix(path.Base(name), ".go"), "_test")
	for _, word := range strings.Split(stem, "_") {
		if slices.Contains(vagueNames, word) {
			c.say(name, 1, "a file is named after what is in it, not %q", word)
		}
	}
}

var promise = regexp.MustCompile(`\b(TODO|FIXME|XXX)\b`)

func (c *checker) promises(name string, f *ast.File) {
	for _, group := range f.Comments {
		for _, comment := range group.List {
			if word := promise.FindString(comment.Text); word != "" {
				c.say(name, c.line(comment), "%s: do it, or file an issue", word)
			}
		}
	}
}

func (c *checker) imports(name string, f *ast.File, self string, r room) {
	for _, spec := range f.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		line := c.line(spec)
		if !strings.HasPrefix(p, module+"/") {
			if slices.Contains(sqlPackages, p) && !r.maySQL {
				c.say(name, line, "%s imports %s: SQL is known to store alone", self, p)
			}
			if !r.tests && !slices.Contains(mayOpen, self) && slices.ContainsFunc(openers, func(o string) bool { return p == o || strings.HasSuffix(o, "/") && strings.HasPrefix(p, o) }) {
				c.say(name, line, "%s imports %s: mail is not unpacked, shown or fetched from", self, p)
			}
			if p == "os/exec" && !r.tests {
				c.say(name, line, "%s imports os/exec: what is shipped starts no other program", self)
			}
			if r.std != "" && !slices.Contains(strings.Fields(r.std), p) {
				c.say(name, line, "%s imports %s: it may import only %s", self, p, r.std)
			}
			continue
		}
		target := roomOf(strings.TrimPrefix(p, module+"/"))
		switch {
		case target == self:
		case plan[target].tests && !r.tests:
			c.say(name, line, "%s imports %s, which is for tests alone", self, target)
		case r.imports == everything && target != "cmd":
		case slices.Contains(strings.Fields(r.imports), target):
		case r.imports == "":
			c.say(name, line, "%s imports %s: it may import no room", self, target)
		default:
			c.say(name, line, "%s imports %s: it may import only %s", self, target, r.imports)
		}
	}
}

// words looks for what not every room may say: go, and functions that ask.
func (c *checker) words(name string, f *ast.File, self string, r room) {
	local := map[string]string{} // name in this file: package it stands for
	for _, spec := range f.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		as := path.Base(p)
		if spec.Name != nil {
			as = spec.Name.Name
		}
		if as == "." {
			c.say(name, c.line(spec), "%s imports %s with a dot: names must show where they come from", self, p)
		}
		local[as] = p
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			if !r.mayGo {
				c.say(name, c.line(n), "%s starts a goroutine: only cmd, mailbox, deliver and mailworld may", self)
			}
		case *ast.CallExpr:
			// sync.WaitGroup.Go and its like
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Go" && len(n.Args) == 1 && !r.mayGo {
				c.say(name, c.line(sel.Sel), "%s starts a goroutine: only cmd, mailbox, deliver and mailworld may", self)
			}
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if !ok || x.Obj != nil { // a variable of that name hides the package
				return true
			}
			full := local[x.Name] + "." + n.Sel.Name
			if slices.Contains(asks, full) && !r.mayAsk {
				c.say(name, c.line(n), "%s uses %s: only cmd may; take it as an argument", self, full)
			}
			if !r.tests && (slices.Contains(runs, full) || slices.Contains(listens, full) && !r.mayListen) {
				c.say(name, c.line(n), "%s uses %s: what is shipped starts no other program and opens no socket to connect to", self, full)
			}
		}
		return true
	})
}

func (c *checker) line(n ast.Node) int { return c.fset.Position(n.Pos()).Line }
