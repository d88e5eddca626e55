package desk_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sentences counts the sentences of the procedure, part by part.
var sentences = []struct {
	part  string
	count int
}{
	{"opening", 5}, {"steps", 6}, {"ad 1", 5}, {"ad 2", 7}, {"ad 3", 5}, {"ad 4", 2}, {"ad 5", 6}, {"ad 6", 2}, {"ad 7", 1},
}

// awkwardCases is how many there are in procedure.md 8, the change of subject in
// `read receipts, recall messages, calendar invitations` counted as three and the
// minute before and after midnight as one, and the three about the question how
// content the cursist is.
const awkwardCases = 36

// Every sentence of the procedure and every awkward case has its proof in
// docs/procedure.md 9 and 10, or says in fixed words why it has none.
func TestProcedureIsProved(t *testing.T) {
	page, err := os.ReadFile("../../docs/procedure.md")
	if err != nil {
		t.Fatal(err)
	}
	proofs := proofsIn(t)
	named := map[string]bool{}
	check := func(row []string) {
		for _, problem := range unproved(row[len(row)-1], proofs, named) {
			t.Errorf("%s: %s", row[0], problem)
		}
	}
	rows := table(string(page), "## 9. ")
	var want []string
	for _, s := range sentences {
		for n := range s.count {
			want = append(want, fmt.Sprintf("%s, sentence %d", s.part, n+1))
		}
	}
	var got []string
	for _, row := range rows {
		got = append(got, row[0])
		if len(row) != 3 || row[1] == "" {
			t.Errorf("%s: want place, what it asks and proof", row[0])
		}
		check(row)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the sentences are\n%q\nnot\n%q", got, want)
	}
	cases := table(string(page), "## 10. ")
	for _, row := range cases {
		check(row)
	}
	if len(cases) != awkwardCases {
		t.Errorf("%d awkward cases, want %d", len(cases), awkwardCases)
	}
	for _, name := range slices.Sorted(maps.Keys(proofs)) {
		if strings.HasSuffix(name, ".txt") && !named[name] {
			t.Errorf("the scenario %s proves no sentence and no awkward case", name)
		}
	}
}

// A proof that is wrong is found.
func TestUnproved(t *testing.T) {
	known := map[string]bool{"a.txt": true, "TestA": true}
	for proof, wrong := range map[string]bool{
		"`a.txt`": false, "`a.txt`, `TestA`": false, "`a.txt`; later: signals": false, "people: the learning": false,
		"": true, "`b.txt`": true, "`a.txt`, `TestB`": true, "a.txt": true, "later:": true, "later: everything": true, "people: will see": true, "nobody knows": true, "`a.txt`; soon": true, "`a.txt`;": true,
	} {
		if got := unproved(proof, known, map[string]bool{}); (len(got) > 0) != wrong {
			t.Errorf("%q: %q", proof, got)
		}
	}
}

// quoted is a proof: a file with a scenario, or a Go test.
var quoted = regexp.MustCompile("^`([a-z0-9-]+\\.txt|Test[A-Za-z0-9]+)`$")

// excuses are why there is none, or none for all of it; there are no others.
var excuses = []string{
	"people: a premise, nothing is asked", "people: the asking itself", "people: the solution itself", "people: why it matters", "people: the learning",
	"later: analysis", "later: digest and report", "later: signals",
}

// unproved says what is wrong with a proof, and notes in named what it names.
func unproved(proof string, known, named map[string]bool) (problems []string) {
	for part := range strings.SplitSeq(proof, ";") {
		if part = strings.TrimSpace(part); slices.Contains(excuses, part) {
			continue
		}
		for name := range strings.SplitSeq(part, ",") {
			m := quoted.FindStringSubmatch(strings.TrimSpace(name))
			switch {
			case m == nil:
				problems = append(problems, fmt.Sprintf("%q is no proof and no reason", cmp.Or(name, proof)))
			case !known[m[1]]:
				problems = append(problems, m[1]+" does not exist")
			default:
				named[m[1]] = true
			}
		}
	}
	return problems
}

// table returns the rows of the table in a chapter, without its head.
func table(page, chapter string) (rows [][]string) {
	_, text, _ := strings.Cut(page, "\n"+chapter)
	text, _, _ = strings.Cut(text, "\n## ")
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		var row []string
		for cell := range strings.SplitSeq(strings.Trim(line, "| "), " | ") {
			row = append(row, strings.TrimSpace(cell))
		}
		rows = append(rows, row)
	}
	return rows[min(2, len(rows)):]
}

var testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)

// proofsIn returns the scenarios and the names of all Go tests of the module.
func proofsIn(t *testing.T) map[string]bool {
	known := map[string]bool{}
	files, err := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		known[filepath.Base(file)] = true
	}
	if err != nil || len(known) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range testFunc.FindAllSubmatch(text, -1) {
			known[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}
