package arch

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestEachRuleBites breaks every rule once and expects the file, the line and
// the reason; and the same words where they are allowed.
func TestEachRuleBites(t *testing.T) {
	for _, tt := range []struct {
		name, file, src, want string // want "": allowed
	}{
		{"leaf imports a room", "internal/message/m.go",
			"// Package message.\npackage message\nimport _ \"klachtd/internal/store\"", "internal/message/m.go:3: message imports store: it may import no room"},
		{"route imports the store", "internal/route/r.go",
			"// Package route.\npackage route\nimport _ \"klachtd/internal/store\"", "internal/route/r.go:3: route imports store: it may import only message"},
		{"desk may import route", "internal/desk/d.go",
			"// Package desk.\npackage desk\nimport _ \"klachtd/internal/route\"", ""},
		{"desk may not open the vault", "internal/desk/d.go",
			"// Package desk.\npackage desk\nimport _ \"klachtd/internal/vault\"", "desk imports vault"},
		{"letter may import templates", "internal/letter/l.go",
			"// Package letter.\npackage letter\nimport _ \"klachtd/templates\"", ""},
		{"nobody imports cmd", "internal/e2e/e.go",
			"// Package e2e.\npackage e2e\nimport _ \"klachtd/cmd/klachtd\"", "e2e imports cmd"},
		{"shipped code and the peers", "cmd/klachtd/main.go",
			"// Klachtd.\npackage main\nimport _ \"klachtd/internal/peers\"", "cmd/klachtd/main.go:3: cmd imports peers, which is for tests alone"},
		{"the rules stay pure", "internal/complaint/c.go",
			"// Package complaint.\npackage complaint\nimport (\n\"time\"\n\"os\"\n)\nvar _ = os.Args\nvar _ time.Time", "internal/complaint/c.go:5: complaint imports os: it may import only errors fmt"},
		{"the rules and a library", "internal/complaint/c.go",
			"// Package complaint.\npackage complaint\nimport _ \"github.com/rickar/cal/v2\"", "complaint imports github.com/rickar/cal/v2"},
		{"SQL in the desk", "internal/desk/d.go",
			"// Package desk.\npackage desk\nimport _ \"database/sql\"", "internal/desk/d.go:3: desk imports database/sql: SQL is known to store alone"},
		{"SQL in cmd", "cmd/klachtd/main.go",
			"// Klachtd.\npackage main\nimport _ \"github.com/mattn/go-sqlite3\"", "SQL is known to store alone"},
		{"SQL in the store", "internal/store/s.go",
			"// Package store.\npackage store\nimport _ \"database/sql\"", ""},
		{"who unpacks", "internal/message/m.go",
			"// Package message.\npackage message\nimport _ \"archive/zip\"", "internal/message/m.go:3: message imports archive/zip: mail is not unpacked"},
		{"who fetches", "internal/desk/d.go",
			"// Package desk.\npackage desk\nimport _ \"net/http\"", "desk imports net/http"},
		{"an export packs", "cmd/klachtd/export.go",
			"// Klachtd.\npackage main\nimport _ \"archive/zip\"", ""},
		{"clock", "internal/desk/d.go",
			"// Package desk.\npackage desk\nimport \"time\"\n\nvar now = time.Now", "internal/desk/d.go:5: desk uses time.Now: only cmd may"},
		{"clock by another name", "internal/desk/d.go",
			"// Package desk.\npackage desk\nimport t \"time\"\nvar x = t.Since(t.Time{})", "internal/desk/d.go:4: desk uses time.Since"},
		{"clock by a dot", "internal/desk/d.go",
			"// Package desk.\npackage desk\nimport . \"time\"\nvar x = Now()", "internal/desk/d.go:3: desk imports time with a dot"},
		{"a variable called time", "internal/desk/d.go",
			"// Package desk.\npackage desk\nimport _ \"time\"\nfunc f(time struct{ Now int }) int { return time.Now }", ""},
		{"clock in cmd", "cmd/klachtd/main.go",
			"// Klachtd.\npackage main\nimport \"time\"\nvar now = time.Now", ""},
		{"clock in a test", "internal/desk/d_test.go",
			"// Package desk.\npackage desk\nimport \"time\"\nvar now = time.Now", ""},
		{"environment", "internal/config/c.go",
			"// Package config.\npackage config\nimport \"os\"\nvar x = os.Getenv(\"X\")", "internal/config/c.go:4: config uses os.Getenv"},
		{"exit", "internal/store/s.go",
			"// Package store.\npackage store\nimport \"os\"\nfunc f() { os.Exit(1) }", "internal/store/s.go:4: store uses os.Exit"},
		{"another program", "cmd/klachtd/main.go",
			"// Klachtd.\npackage main\nimport _ \"os/exec\"", "cmd/klachtd/main.go:3: cmd imports os/exec"},
		{"another program by hand", "cmd/klachtd/main.go",
			"// Klachtd.\npackage main\nimport \"syscall\"\nvar x = syscall.Exec", "cmd/klachtd/main.go:4: cmd uses syscall.Exec"},
		{"another program for the tests", "internal/peers/p.go",
			"// Package peers.\npackage peers\nimport _ \"os/exec\"", ""},
		{"a door", "internal/deliver/d.go",
			"// Package deliver.\npackage deliver\nimport \"net\"\nvar x = net.Listen", "internal/deliver/d.go:4: deliver uses net.Listen"},
		{"a door for the web", "cmd/klachtd/main.go",
			"// Klachtd.\npackage main\nimport \"net/http\"\nvar x = http.ListenAndServe", "cmd uses net/http.ListenAndServe"},
		{"a door of the demo", "internal/mailworld/m.go",
			"// Package mailworld.\npackage mailworld\nimport \"net\"\nvar x = net.Listen", ""},
		{"goroutine", "internal/desk/d.go",
			"// Package desk.\npackage desk\nfunc f() {\n\tgo f()\n}", "internal/desk/d.go:4: desk starts a goroutine"},
		{"goroutine of a group", "internal/desk/d.go",
			"// Package desk.\npackage desk\nimport \"sync\"\nvar wg sync.WaitGroup\nfunc f() { wg.Go(f) }", "internal/desk/d.go:5: desk starts a goroutine"},
		{"goroutine in deliver", "internal/deliver/d.go",
			"// Package deliver.\npackage deliver\nfunc f() { go f() }", ""},
		{"no package comment", "internal/vault/v.go",
			"package vault", "internal/vault/v.go:1: package internal/vault has no package comment"},
		{"unknown room", "internal/manager/m.go",
			"// Package manager.\npackage manager", "internal/manager/m.go:1: room \"manager\" is not in the plan"},
		{"a room within a room", "internal/store/rows/r.go",
			"// Package rows.\npackage rows", "room \"store/rows\" is not in the plan"},
		{"vague name", "internal/store/db_helpers.go",
			"// Package store.\npackage store", "internal/store/db_helpers.go:1: a file is named after what is in it"},
		{"vague name of a test", "internal/store/util_test.go",
			"// Package store.\npackage store", "not \"util\""},
		{"promise", "internal/store/s.go",
			"// Package store.\npackage store\n\n// FIXME soon", "internal/store/s.go:4: FIXME"},
		{"no Go at all", "internal/store/s.go",
			"// Package store.\npackage store\nfunc {", "internal/store/s.go:3:6"},
		{"testdata is not looked at", "internal/store/testdata/x.go", "not Go", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := check(fstest.MapFS{tt.file: {Data: []byte(tt.src)}})
			switch {
			case tt.want == "" && len(got) > 0:
				t.Errorf("got %q, want nothing", got)
			case tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)):
				t.Errorf("got %q, want one with %q", got, tt.want)
			}
		})
	}
}
