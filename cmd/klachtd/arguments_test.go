package main

import (
	"regexp"
	"testing"

	"github.com/alecthomas/kong"
)

// security.md 24: no verb takes a secret as an argument, where everybody on the
// machine could read it; secrets come from the environment and from files.
func TestNoSecretInArguments(t *testing.T) {
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	secret := regexp.MustCompile(`(?i)pass|secret|token|key|credential|login|user`)
	seen := 0
	var look func(n *kong.Node)
	look = func(n *kong.Node) {
		for _, f := range n.Flags {
			if seen++; secret.MatchString(f.Name) {
				t.Errorf("%s --%s", n.Name, f.Name)
			}
		}
		for _, p := range n.Positional {
			if seen++; secret.MatchString(p.Name) {
				t.Errorf("%s %s", n.Name, p.Name)
			}
		}
		for _, c := range n.Children {
			look(c)
		}
	}
	look(parser.Model.Node)
	if seen < 10 {
		t.Errorf("only %d arguments were looked at", seen)
	}
}
