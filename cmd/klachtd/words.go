package main

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/alecthomas/kong"
)

// The parser's words for what is missing speak of its own parts.
var (
	noValue    = regexp.MustCompile(`^(--?[\w-]+).*: expected \S+ value but got "EOL" \(<EOL>\)$`)
	noArgument = regexp.MustCompile(`^expected "<([\w-]+)>(?: \.\.\.)?"$`)
)

// misused says what is wrong with the words of a command line, and where to read what
// they may be.
func misused(err error) error {
	where := "klachtd"
	var parsing *kong.ParseError
	if errors.As(err, &parsing) {
		if verb := parsing.Context.Selected(); verb != nil {
			where = verb.FullPath()
		}
	}
	why := noValue.ReplaceAllString(err.Error(), "$1: a value is missing")
	why = noArgument.ReplaceAllString(why, "<$1> is missing")
	return usage{fmt.Errorf("%s; see %s --help", why, where)}
}
