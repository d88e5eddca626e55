package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Error is one thing that is wrong with the configuration.
type Error struct {
	File    string // as it was named by the caller
	Line    int    // from 1; 0: the file as a whole
	Field   string // such as imap.tls or staff[0].email; empty: the file as a whole
	Problem string // what is wrong and what is allowed
}

// Error returns one line: config.yaml:12: imap.tls: "ssl" is not allowed; use implicit, starttls or none.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		b.WriteString(":" + strconv.Itoa(e.Line))
	}
	b.WriteString(": ")
	if e.Field != "" {
		b.WriteString(e.Field + ": ")
	}
	b.WriteString(e.Problem)
	return b.String()
}

// problems gathers what is wrong, and knows where each field was written.
type problems struct {
	file     string
	list     []*Error
	warnings []string
	fields   map[string]*node // what the file gives, by field
	said     map[string]bool  // fields with a problem: one is enough
	broken   map[string]bool  // fields without a usable value, nor one below them
}

func newProblems(file string) *problems {
	return &problems{
		file:   file,
		fields: map[string]*node{},
		said:   map[string]bool{},
		broken: map[string]bool{},
	}
}

// bad notes a problem of field, unless it follows from one that was noted already.
func (p *problems) bad(field, format string, args ...any) {
	if p.said[field] || p.spoilt(field) {
		return
	}
	p.said[field] = true
	p.at(p.line(field), field, format, args...)
}

// unusable is bad for a field whose value could not be read at all.
func (p *problems) unusable(field, format string, args ...any) {
	p.bad(field, format, args...)
	p.broken[field] = true
}

// at notes a problem on a line of its own.
func (p *problems) at(line int, field, format string, args ...any) {
	problem := fmt.Sprintf(format, args...)
	p.list = append(p.list, &Error{File: p.file, Line: line, Field: field, Problem: problem})
}

// warn notes what works but deserves a look.
func (p *problems) warn(field, format string, args ...any) {
	e := Error{File: p.file, Line: p.line(field), Field: field, Problem: fmt.Sprintf(format, args...)}
	p.warnings = append(p.warnings, e.Error())
}

// given reports whether the file has this field.
func (p *problems) given(field string) bool { return p.fields[field] != nil }

// spoilt reports whether field or what it is part of could not be read.
func (p *problems) spoilt(field string) bool {
	for ; field != ""; field = parent(field) {
		if p.broken[field] {
			return true
		}
	}
	return false
}

// line is where field is, else where it would belong: in the nearest group that is there.
func (p *problems) line(field string) int {
	for ; field != ""; field = parent(field) {
		if n := p.fields[field]; n != nil {
			return n.line
		}
	}
	return 1
}

// lines are those of the fields that are given.
func (p *problems) lines() map[string]int {
	lines := make(map[string]int, len(p.fields))
	for field, n := range p.fields {
		lines[field] = n.line
	}
	return lines
}

// quote shows a value as it is written in the file: never what an environment
// variable holds, which may be a secret in the wrong place.
func (p *problems) quote(field string) string {
	n := p.fields[field]
	switch {
	case n == nil:
		return "the default"
	case n.kind == kindText:
		return strconv.Quote(n.text)
	}
	return n.text
}

// err returns everything noted, in the order of the file.
func (p *problems) err() error {
	slices.SortStableFunc(p.list, func(a, b *Error) int { return cmp.Compare(a.Line, b.Line) })
	errs := make([]error, len(p.list))
	for i, e := range p.list {
		errs[i] = e
	}
	return errors.Join(errs...)
}

// parent is the field that this one is part of: staff for staff[0], staff[0] for staff[0].email.
func parent(field string) string {
	return field[:max(0, strings.LastIndexAny(field, ".["))]
}

// choice lists words for a reader: a, b or c.
func choice(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
