package desk_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/store"
)

var update = flag.Bool("update", false, "write the goldens anew")

// digested is an academy on the Monday of its digest, and the week before it.
func digested(t *testing.T, a pretended, then ...func(*world, []complaint.Case)) (w *world, text string, raw []byte) {
	t.Helper()
	w = newWorld(t, nil)
	w.now = time.Date(2026, 11, 16, 8, 0, 0, 0, amsterdam)
	if err := w.desk.Digest(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.AddDate(0, 0, 7)
	if a.cases > 0 {
		list := a.made(w.now)
		w.register(list)
		for _, f := range then {
			f(w, list)
		}
	}
	text, raw = w.weekly()
	return w, text, raw
}

// weekly is the digest of now.
func (w *world) weekly() (text string, raw []byte) {
	w.t.Helper()
	if err := w.desk.Digest(w.t.Context(), w.now); err != nil {
		w.t.Fatal(err)
	}
	if err := w.deliver(); err != nil {
		w.t.Fatal(err)
	}
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		sent, err := tx.SentAfter(0)
		if err != nil {
			return err
		}
		for _, l := range sent {
			if l.CreatedAt.Equal(w.now) && strings.Contains(l.Subject, "weekoverzicht") {
				raw, err = tx.Body(l)
			}
		}
		return err
	})
	if err != nil || raw == nil {
		w.t.Fatal("no digest", err)
	}
	return codes.ReplaceAllString(message.Parse(raw).Text, "$1…"), raw
}

// codes are words that are other ones each time.
var codes = regexp.MustCompile(`(Code: |controlegetal )\w+`)

// digests are academies to look at: an empty one, one with five complaints as most
// are, a busy one, and one in which little is done in time.
var digests = map[string]pretended{
	"empty":   {},
	"small":   {cases: 5, days: 60, seed: 4, late: 0.05},
	"busy":    {cases: 60, days: 360, seed: 5, late: 0.05},
	"trouble": {cases: 60, days: 130, seed: 6, late: 0.6, planned: 0.7},
}

// The digest of four academies as it is (procedure.md 5).
func TestDigests(t *testing.T) {
	for name, a := range digests {
		_, text, raw := digested(t, a)
		if dir := os.Getenv("KLACHTD_LOOK"); dir != "" { // to be looked at
			if err := os.WriteFile(filepath.Join(dir, "digest-"+name+".eml"), raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		file := filepath.Join("testdata", "digests", name+".golden")
		if *update {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if text != string(want) {
			t.Errorf("%s: the digest is\n%s\nand was\n%s", name, text, want)
		}
	}
}

// An empty week is five lines at most: salutation and signature are in every mail.
func TestEmptyWeekIsShort(t *testing.T) {
	_, text, _ := digested(t, digests["empty"])
	n := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	if n > 5 {
		t.Errorf("%d lines:\n%s", n, text)
	}
}
