package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMisused: wrong words get a line that says which, and where to read on.
func TestMisused(t *testing.T) {
	for words, want := range map[string]string{
		"show":                "<number> is missing; see klachtd show --help",
		"import":              "<paths> is missing; see klachtd import --help",
		"report -o":           "--out: a value is missing; see klachtd report --help",
		"run -c":              "--config: a value is missing; see klachtd run --help",
		"report":              "missing flags: --out=FILE; see klachtd report --help",
		"show x --josn":       `unknown flag --josn, did you mean "--json"?; see klachtd show --help`,
		"caes":                `unexpected argument caes, did you mean one of "cases", "card"?; see klachtd --help`,
		"cases there":         "unexpected argument there; see klachtd cases --help",
		"key":                 `expected "rotate"; see klachtd key --help`,
		"person --jsn a@b.nl": `unknown flag --jsn, did you mean "--json"?; see klachtd person --help`,
	} {
		var stdout, stderr bytes.Buffer
		code := execute(env{t.Context(), &stdout, &stderr, os.LookupEnv, time.Now}, strings.Fields(words))
		if got := stderr.String(); code != 2 || got != "klachtd: "+want+"\n" || stdout.Len() > 0 {
			t.Errorf("%s: %d, %q, %q", words, code, got, stdout.String())
		}
	}
}
