package arch

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// parsers are what reads what others wrote, each with the fuzz target that shows
// that it takes anything (line 10 of docs/security.md).
var parsers = map[string]string{
	"a message":                                 "message.FuzzParse",
	"fields of a header":                        "message.FuzzHeaders",
	"what is new in a reply":                    "message.FuzzNewText",
	"a file or folder of mail":                  "archive.FuzzRead",
	"an mbox":                                   "archive.FuzzSplit",
	"a subject: whose words":                    "command.FuzzTyped",
	"a subject: what words":                     "command.FuzzParse",
	"a choice":                                  "command.FuzzPick",
	"a date":                                    "command.FuzzParseDate",
	"orders, with the forms below them":         "route.FuzzOrders",
	"a form":                                    "form.FuzzParse",
	"a case number":                             "complaint.FuzzFindNumber",
	"an answer to the question, by a link":      "route.FuzzLinked",
	"an answer to the question, in words":       "route.FuzzFirstScore",
	"Authentication-Results":                    "proof.FuzzResults",
	"evidence in the header of a mail":          "proof.FuzzTransport",
	"DKIM-Signature, and keys":                  "proof.FuzzDKIM",
	"a line with a code":                        "proof.FuzzFindCode",
	"the configuration":                         "config.FuzzParse",
	"a template of one's own":                   "letter.FuzzTemplate",
	"a text of a mail on the page of an export": "export.FuzzMarked",
	"the list of erased cases":                  "vault.FuzzErasedList",
	"a value of a stranger in our own mail":     "letter.FuzzValue",
}

var target = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(f \*testing\.F\)`)

// TestParsersAreFuzzed: each target is there with a corpus that is committed, in
// the file or in testdata/fuzz, which `make test` runs; and there is no target of
// which nobody says what it is for.
func TestParsersAreFuzzed(t *testing.T) {
	there := map[string]bool{"complaint.FuzzLife": true} // the life of a case, no parser
	for _, name := range parsers {
		there[name] = false
	}
	err := fs.WalkDir(os.DirFS("../.."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") || path.Dir(name) == "internal/arch" {
			return err
		}
		src, err := os.ReadFile("../../" + name)
		for _, m := range target.FindAllStringSubmatch(string(src), -1) {
			full := path.Base(path.Dir(name)) + "." + m[1]
			if _, known := there[full]; !known {
				t.Errorf("%s: say in parsers what %s is for", name, full)
			}
			there[full] = strings.Contains(string(src), "f.Add(")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, ok := range there {
		if !ok {
			t.Errorf("%s: there is none, or it has no corpus", name)
		}
	}
}
