// Package play reads scenarios that anybody in the office can follow: a mail
// comes in, time passes, mails are expected; a mail that no line expects fails
// the play. It is played on a World: the desk's tests and the demo each have one.
package play

import (
	"fmt"
	"strings"
	"time"
)

// A Play is a scenario file: blocks that begin with a line like
//
//	-- at 2026-03-20 09:00 --
//
// and hold the lines up to the next one. What stands before the first block,
// and lines that begin with # between blocks, are for the reader.
type Play struct {
	Name    string
	Title   string // the first line of the file
	Academy map[string]string
	Steps   []Step
}

// A Step is one block.
type Step struct {
	Line   int
	Verb   Verb
	Arg    string // what stands after the verb
	Body   string
	Moment time.Time // At
	Expect []Expected
	Others bool // of an expect: other mails may have been sent as well
}

// A Verb says what a block does.
type Verb string

// The verbs.
const (
	At       Verb = "at"       // the clock goes to this moment, in the academy's zone; jobs that are due run
	Mail     Verb = "mail"     // a message comes in; missing headers are filled in
	Reply    Verb = "reply"    // ADDRESS answers the last mail that it got
	Command  Verb = "command"  // ADDRESS answers the last mail that it got, with the rest typed behind the subject
	Press    Verb = "press"    // ADDRESS presses the button that begins with the rest, in the last mail that has one, and types the value that it leaves open; with a second address: in the last mail to that one
	Confirm  Verb = "confirm"  // ADDRESS answers the last mail that asked for it, or asked the second address, with #ja and the code in it
	Bounce   Verb = "bounce"   // the last mail to ADDRESS comes back as undeliverable
	Refuse   Verb = "refuse"   // from now on the mail server refuses mail to ADDRESS
	Release  Verb = "release"  // klachtd release
	Expect   Verb = "expect"   // these mails were sent since the last expect, and no others
	Register Verb = "register" // how cases stand: number, state and what else is to be looked at
	Became   Verb = "became"   // what the last message became
	Say      Verb = "say"      // a line for the audience of a demo
)

var verbs = map[Verb]bool{At: true, Mail: true, Reply: true, Command: true, Press: true, Confirm: true, Bounce: true, Refuse: true, Release: true,
	Expect: true, Register: true, Became: true, Say: true}

// An Expected is a mail that must have been sent: to whom, its subject, words
// that must stand in its text, and words that must not.
type Expected struct {
	Line    int
	To      string
	Subject string
	Says    []string
	Omits   []string
}

// layout is how moments are written, in the academy's zone.
const layout = "2006-01-02 15:04"

// Parse reads a play. An error names file and line.
func Parse(name, text string, zone *time.Location) (Play, error) {
	p := Play{Name: name, Academy: map[string]string{}}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	p.Title = strings.TrimSpace(strings.TrimLeft(lines[0], "# "))
	for i := 0; i < len(lines); {
		head, ok := block(lines[i])
		if !ok {
			if s := strings.TrimSpace(lines[i]); s != "" && !strings.HasPrefix(s, "#") {
				return p, fmt.Errorf("%s:%d: %q stands in no block", name, i+1, s)
			}
			i++
			continue
		}
		at := i + 1
		for i++; i < len(lines); i++ {
			if _, next := block(lines[i]); next {
				break
			}
		}
		body := strings.Join(lines[at:i], "\n")
		if err := p.add(at, head, body, zone); err != nil {
			return p, fmt.Errorf("%s:%d: %w", name, at, err)
		}
	}
	return p, nil
}

// block returns what stands between the dashes of a block's first line.
func block(line string) (string, bool) {
	head, ok := strings.CutPrefix(strings.TrimRight(line, " "), "-- ")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(head, " --")
}

func (p *Play) add(line int, head, body string, zone *time.Location) (err error) {
	verb, arg, _ := strings.Cut(head, " ")
	s := Step{Line: line, Verb: Verb(verb), Arg: strings.TrimSpace(arg), Body: body}
	switch {
	case verb == "academy":
		for _, l := range fields(body) {
			key, value, ok := strings.Cut(l.text, ":")
			if !ok {
				return fmt.Errorf("%q: want key: value", l.text)
			}
			p.Academy[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
		return nil
	case !verbs[s.Verb]:
		return fmt.Errorf("there is no block %q", verb)
	case s.Verb == At:
		if s.Moment, err = time.ParseInLocation(layout, s.Arg, zone); err != nil {
			return fmt.Errorf("%q is no moment like 2026-03-20 09:00", s.Arg)
		}
	case s.Verb == Expect:
		if s.Expect, s.Others, err = expected(line, body); err != nil {
			return err
		}
	}
	p.Steps = append(p.Steps, s)
	return nil
}

type field struct {
	n    int // lines below the head
	text string
}

// fields returns the lines of a body without comments and empty ones.
func fields(body string) []field {
	var list []field
	for n, l := range strings.Split(body, "\n") {
		if s := strings.TrimRight(l, " "); strings.TrimSpace(s) != "" && !strings.HasPrefix(s, "#") {
			list = append(list, field{n + 1, s})
		}
	}
	return list
}

// expected reads lines like
//
//	jan@voorbeeld.example  Klacht ontvangen [K1]
//	    says: uiterlijk vrijdag 27 maart 2026
//	    omits: 06 12345678
//	...
//
// the last of which is for a demo that leaps over months: others may have been sent too.
func expected(line int, body string) (list []Expected, others bool, err error) {
	for _, f := range fields(body) {
		text := strings.TrimSpace(f.text)
		if text == "..." {
			others = true
			continue
		}
		says, isSays := strings.CutPrefix(text, "says:")
		omits, isOmits := strings.CutPrefix(text, "omits:")
		if isSays || isOmits {
			if len(list) == 0 {
				return nil, false, fmt.Errorf("%q before the first mail", text)
			}
			last := &list[len(list)-1]
			if isSays {
				last.Says = append(last.Says, strings.TrimSpace(says))
			} else {
				last.Omits = append(last.Omits, strings.TrimSpace(omits))
			}
			continue
		}
		to, subject, ok := strings.Cut(text, " ")
		if !ok || !strings.Contains(to, "@") {
			return nil, false, fmt.Errorf("%q: want an address and a subject", text)
		}
		list = append(list, Expected{Line: line + f.n, To: to, Subject: strings.TrimSpace(subject)})
	}
	return list, others, nil
}
