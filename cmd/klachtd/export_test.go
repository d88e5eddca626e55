package main

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"klachtd/internal/store"
)

// unpacked reads an export: its files by name.
func unpacked(t *testing.T, path string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(data)
	}
	return files
}

// security.md 9, 30: an export holds what is for the person, under names that no mail
// has chosen, readable by its owner alone; that it was made is on record.
func TestExport(t *testing.T) {
	o := newOffice(t)
	c := o.dossier("K2026-000009")
	path := filepath.Join(t.TempDir(), "jan.zip")
	if said := o.works("export", "K2026-000009", "-o", path); !strings.Contains(said, "EERST-LEZEN") {
		t.Errorf("said %q", said)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	files := unpacked(t, path)
	safe := regexp.MustCompile(`^(dossier\.html|dossier\.json|EERST-LEZEN-andere-personen\.txt|berichten/\d{3}-2026-11-23-(in|uit|notitie)\.eml)$`)
	for name, text := range files {
		if !safe.MatchString(name) {
			t.Errorf("a file %q", name)
		}
		if strings.Contains(strings.ToLower(text), "interne kanarie") {
			t.Errorf("%s holds what is internal", name)
		}
	}
	if len(files) != 6 { // two that came in, one to him, and three of ours
		t.Errorf("%d files: %v", len(files), files)
	}
	page := files["dossier.html"]
	for _, want := range []string{"<mark>Tess Trainer</mark>", "<mark>advocaat@kantoor.example</mark>", "<mark>piet@elders.example</mark>",
		"&lt;script&gt;", "Koud lokaal", "Klacht geregistreerd", "23 november 2026, 10:00"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q\n%s", want, page)
		}
	}
	for _, bad := range []string{"<script", "<b>lokaal", "http:", "https:", "<mark>jan@"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	people := files["EERST-LEZEN-andere-personen.txt"]
	if !strings.Contains(people, "- advocaat@kantoor.example  (bericht 2)") || strings.Contains(people, jan) || strings.Contains(people, "klachten@example.nl") {
		t.Errorf("%s", people)
	}
	var d struct {
		Number   string
		Messages []struct{ Direction string }
	}
	if err := json.Unmarshal([]byte(files["dossier.json"]), &d); err != nil || d.Number != c.Number || len(d.Messages) != 3 {
		t.Errorf("%+v, %v", d, err)
	}
	o.update(func(tx *store.Tx) error {
		list, err := tx.Exports(c.ID)
		if len(list) != 1 || list[0].Path != path {
			t.Errorf("on record: %+v", list)
		}
		return err
	})
	if rows := o.works("audit", "--case", "K2026-000009"); strings.Count(rows, "export") != 1 || strings.Contains(rows, "jan") {
		t.Errorf("%s", rows)
	}
}

func TestExportWithNotes(t *testing.T) {
	o := newOffice(t)
	o.dossier("K2026-000009")
	path := filepath.Join(t.TempDir(), "jan.zip")
	o.works("export", "K2026-000009", "--notes", "-o", path)
	files := unpacked(t, path)
	if len(files) != 7 || !strings.Contains(files["dossier.html"], "interne kanarie") || !strings.Contains(files["dossier.html"], "Met interne notities") || !strings.Contains(files["dossier.html"], "Interne notitie: interne kanarie") {
		t.Errorf("%d files\n%s", len(files), files["dossier.html"])
	}
}

// A file that is there is left alone, and a failure leaves nothing behind.
func TestExportRefuses(t *testing.T) {
	o := newOffice(t)
	o.dossier("K2026-000009")
	dir := t.TempDir()
	path := filepath.Join(dir, "jan.zip")
	if err := os.WriteFile(path, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	o.fails(1, "is there already", "export", "K2026-000009", "-o", path)
	o.fails(1, "there is no case", "export", "K2026-000014", "-o", filepath.Join(dir, "b.zip"))
	o.fails(2, "no case number", "export", "K12", "-o", filepath.Join(dir, "b.zip"))
	o.fails(1, "no such file", "export", "K2026-000009", "-o", filepath.Join(dir, "no", "b.zip"))
	o.fails(2, "--out", "export", "K2026-000009")
	if data, err := os.ReadFile(path); err != nil || string(data) != "mine" {
		t.Errorf("%q, %v", data, err)
	}
	o.works("export", "K2026-000009", "--force", "-o", path)
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	var left []string
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if err != nil || !slices.Equal(left, []string{"jan.zip"}) {
		t.Errorf("%v, %v", left, err)
	}
}

// With the case its exports go, and nothing else that stands in their place.
func TestUnlinkExport(t *testing.T) {
	o := newOffice(t)
	c := o.dossier("K2026-000009")
	dir := t.TempDir()
	var list []store.Export
	for _, name := range []string{"a.zip", "b.zip", "c.zip"} {
		o.works("export", "K2026-000009", "-o", filepath.Join(dir, name))
	}
	if err := os.WriteFile(filepath.Join(dir, "b.zip"), []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "c.zip")); err != nil {
		t.Fatal(err)
	}
	o.update(func(tx *store.Tx) (err error) {
		list, err = tx.Exports(c.ID)
		return err
	})
	for i, want := range []bool{true, false, false} {
		if got := unlinkExport(list[i].Path, list[i].SHA256); got != want {
			t.Errorf("%s: %v", list[i].Path, got)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "a.zip")); err == nil {
		t.Error("it is still there")
	}
	if _, err := os.Stat(filepath.Join(dir, "b.zip")); err != nil {
		t.Error(err)
	}
}
