package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// TestReport: the management report of what is in the register, in each form, beside
// what else happens; a wrong word says what is allowed and writes nothing
// (interface.md report, security.md 22).
func TestReport(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	out := func(name string) string { return filepath.Join(a.dir, name) }
	if o := a.verb("report", "-o", out("r.html")); o.code != 1 || !strings.Contains(o.stderr, "there is no database yet") {
		t.Errorf("without a database: %d %s", o.code, o.stderr)
	}
	for _, from := range []string{"jan@voorbeeld.example", "piet@voorbeeld.example"} {
		d.Put(a.user, grievance(from, "Bibberkanarie in het lokaal."), time.Now())
	}
	want(t, "registered", a.cycle().Registered, 2)
	for _, ending := range []string{".html", ".xlsx", ".csv", ".json"} {
		if o := a.verb("report", "-o", out("r"+ending)); o.code != 0 {
			t.Fatalf("%s: %d %s", ending, o.code, o.stderr)
		}
		text, err := os.ReadFile(out("r" + ending))
		if err != nil || len(text) == 0 {
			t.Errorf("%s: %d bytes, %v", ending, len(text), err)
		}
		for _, word := range []string{"Bibberkanarie", "jan@", "piet@"} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s holds %q", ending, word)
			}
		}
	}
	var r struct {
		Received int `json:"received"`
	}
	text, _ := os.ReadFile(out("r.json"))
	if err := json.Unmarshal(text, &r); err != nil || r.Received != 2 {
		t.Errorf("received %d, %v in %.300s", r.Received, err, text)
	}
	for _, tt := range []struct{ words, want string }{
		{"-o " + out("r.pdf"), "must end in .html, .xlsx, .csv or .json"},
		{"-o " + out("n.html") + " --from gisteren", "--from gisteren: want a date like 2026-11-22"},
		{"-o " + out("n.html") + " --from 2026-02-01 --to 2026-01-01", "--from 2026-02-01 lies after --to 2026-01-01"},
	} {
		o := a.verb(append([]string{"report"}, strings.Fields(tt.words)...)...)
		if o.code != 2 || !strings.Contains(o.stderr, tt.want) {
			t.Errorf("%s: %d %s", tt.words, o.code, o.stderr)
		}
	}
	if _, err := os.Stat(out("n.html")); err == nil {
		t.Error("something was written all the same")
	}
}
