package message

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// crlf and lf write the line ends of a mail anew.
func crlf(raw []byte) []byte { return bytes.ReplaceAll(lf(raw), []byte("\n"), []byte("\r\n")) }
func lf(raw []byte) []byte   { return bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")) }

// parse reads a mail that is written with LF, with CRLF and with CR too, and wants
// one outcome.
func parse(t *testing.T, raw string) Message {
	t.Helper()
	m := Parse([]byte(raw))
	if other := Parse(crlf([]byte(raw))); !reflect.DeepEqual(seen(other), seen(m)) {
		t.Errorf("as CRLF: %+v\nas LF: %+v", other, m)
	}
	if other := Parse(bytes.ReplaceAll([]byte(raw), []byte("\n"), []byte("\r"))); !strings.Contains(raw, "\r") && !reflect.DeepEqual(seen(other), seen(m)) {
		t.Errorf("as CR: %+v\nas LF: %+v", other, m)
	}
	return m
}

// seen is m without where its attachments are in the raw message.
func seen(m Message) Message {
	m.Attachments = slices.Clone(m.Attachments)
	for i := range m.Attachments {
		m.Attachments[i].content = content{}
	}
	return m
}

// A golden is what must be seen in a mail of testdata.
type golden struct {
	Inspection
	Certain      bool `json:"certain"`
	Suppress     bool `json:"suppress"`
	BounceFailed bool `json:"bounce_failed"`
	Receipt      bool `json:"receipt"`
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.eml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no mails: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimPrefix(file, "testdata/"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m := parse(t, string(lf(raw)))
			checkSane(t, m)
			got := golden{Inspection: Describe(filepath.Base(file), m), Certain: m.Certain, Suppress: m.Suppress,
				BounceFailed: m.BounceFailed, Receipt: m.Receipt}
			checkGolden(t, strings.TrimSuffix(file, ".eml")+".json", got)
		})
	}
}

func checkGolden(t *testing.T, file string, got golden) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(got); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, b.Bytes()) {
		t.Errorf("got\n%s\nwant\n%s", b.Bytes(), want)
	}
}
