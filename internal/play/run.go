package play

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"klachtd/internal/complaint"
)

// A World is where a play is played.
type World interface {
	// Clock sets the time and lets run what is due.
	Clock(t time.Time) error
	// Receive puts a message in the mailbox and has it handled and answered.
	Receive(raw []byte) error
	// Sent returns the mails that were accepted since the last call, in order.
	Sent() ([]Letter, error)
	// Refuse makes the mail server refuse mail to an address.
	Refuse(address string)
	// Release is `klachtd release`.
	Release() error
	// Cases returns the register, a line a case, in the order of registration.
	Cases() ([]Entry, error)
	// Became says what the last message became.
	Became() (string, error)
	// Say shows a line to the audience.
	Say(line string)
	// Address is the mailbox's own.
	Address() string
}

// A Letter is a mail that was sent.
type Letter struct {
	To, Subject, MessageID, Text string
	Raw                          []byte
}

// An Entry is a case in the register: its number and words like
// "state in_progress" by which a play looks at it.
type Entry struct {
	Number string
	Facts  map[string]string
}

// Look is how a play sees a case, in words without spaces; "" is written "-". A
// promise is "kept", "waived", or the last day of its term; of several of a kind
// it is the first open one, else the last.
func Look(c complaint.Case) Entry {
	facts := map[string]string{"state": string(c.State), "kind": string(c.Kind), "from": c.Complainant.Address,
		"owner": c.Owner, "handler": c.Handler, "react_by": string(c.ReactBy), "resolve_by": string(c.ResolveBy),
		"expected_on": string(c.ExpectedOn), "severity": string(c.Severity), "category": c.Category.Value,
		"finding": c.Finding.Value, "cause": c.Cause.Value, "proposed_cause": c.ProposedCause.Value, "course": c.Course,
		"resolution": string(c.Resolution), "erase_on": string(c.EraseOn), "talks": strconv.Itoa(len(c.Talks)),
		"responses": strconv.Itoa(len(c.Responses)), "breaches": strconv.Itoa(len(c.Breaches))}
	facts["score"] = ""
	if n := c.Satisfaction(); n > 0 {
		facts["score"] = strconv.Itoa(n)
	}
	var concerned []string
	for _, m := range c.Concerned {
		concerned = append(concerned, cmp.Or(m.Address, m.Name))
	}
	facts["concerned"] = strings.Join(concerned, ",")
	for label, v := range c.Form {
		facts["form:"+word(label)] = v.Value
	}
	for _, p := range c.Promises {
		if first := c.Promise(p.Kind); first.Open() {
			p = *first
		}
		facts[string(p.Kind)] = promised(p)
	}
	for name, value := range facts {
		facts[name] = cmp.Or(word(value), "-")
	}
	return Entry{Number: c.Number, Facts: facts}
}

func promised(p complaint.Promise) string {
	switch {
	case p.Open():
		return string(p.Due)
	case p.WaivedBy != "":
		return "waived"
	}
	return "kept"
}

// word writes text as one word: spaces become underscores.
func word(text string) string { return strings.Join(strings.Fields(text), "_") }

// player is the state of a play under way.
type player struct {
	p        Play
	w        World
	now      time.Time
	n        int               // messages so far
	last     map[string]Letter // the last mail to each address
	all      []Letter          // every mail, in order
	sent     []Letter          // since the last expect
	numbers  []string          // K1, K2, … in the order of registration; erased ones keep theirs
	sentFrom int               // line of the step after which mails were seen
}

// Run plays a play and returns what did not go as it says: the first deviation,
// with file and line.
func Run(p Play, w World) error {
	pl := &player{p: p, w: w, last: map[string]Letter{}}
	for _, s := range p.Steps {
		if err := pl.step(s); err != nil {
			return fmt.Errorf("%s:%d: %s: %w", p.Name, s.Line, s.Verb, err)
		}
	}
	return pl.unexpected(0)
}

func (pl *player) step(s Step) error {
	switch s.Verb {
	case Expect:
		return pl.expect(s)
	case Register:
		return pl.register(s)
	case Became:
		return pl.became(s)
	case Say:
		pl.w.Say(strings.TrimSpace(s.Arg + " " + strings.TrimSpace(s.Body)))
		return nil
	case Refuse:
		pl.w.Refuse(s.Arg)
		return nil
	}
	if err := pl.unexpected(s.Line); err != nil {
		return err
	}
	var err error
	switch s.Verb {
	case At:
		pl.now = s.Moment
		err = pl.w.Clock(s.Moment)
	case Release:
		err = pl.w.Release()
	default:
		var raw []byte
		if raw, err = pl.message(s); err == nil {
			err = pl.w.Receive(raw)
		}
	}
	pl.sentFrom = s.Line
	return errors.Join(err, pl.look())
}

// look takes in what was sent and registered.
func (pl *player) look() error {
	sent, err := pl.w.Sent()
	if err != nil {
		return err
	}
	for _, l := range sent {
		pl.last[strings.ToLower(l.To)] = l
	}
	pl.sent, pl.all = append(pl.sent, sent...), append(pl.all, sent...)
	cases, err := pl.w.Cases()
	for _, c := range cases {
		if !slices.Contains(pl.numbers, c.Number) {
			pl.numbers = append(pl.numbers, c.Number)
		}
	}
	return err
}

// unexpected complains about mails that no line has spoken for.
func (pl *player) unexpected(line int) error {
	if len(pl.sent) == 0 {
		return nil
	}
	var list []string
	for _, l := range pl.sent {
		list = append(list, fmt.Sprintf("%s  %s", l.To, pl.short(l.Subject)))
	}
	before := "at the end"
	if line > 0 {
		before = fmt.Sprintf("before line %d", line)
	}
	return fmt.Errorf("%s: not expected after line %d:\n\t%s", before, pl.sentFrom, strings.Join(list, "\n\t"))
}

func (pl *player) expect(s Step) error {
	for _, e := range s.Expect {
		i := -1
		for k, l := range pl.sent {
			if strings.EqualFold(l.To, e.To) && pl.short(l.Subject) == e.Subject {
				i = k
				break
			}
		}
		if i < 0 {
			got := pl.unexpected(s.Line)
			if got == nil {
				got = errors.New("nothing was sent")
			}
			return fmt.Errorf("line %d: no mail to %s %q; %w", e.Line, e.To, e.Subject, got)
		}
		text := pl.short(strings.Join(strings.Fields(pl.sent[i].Text), " "))
		for _, says := range e.Says {
			if !strings.Contains(text, strings.Join(strings.Fields(says), " ")) {
				return fmt.Errorf("line %d: the mail to %s does not say %q but:\n%s", e.Line, e.To, says, pl.sent[i].Text)
			}
		}
		for _, omits := range e.Omits {
			if strings.Contains(text, strings.Join(strings.Fields(omits), " ")) {
				return fmt.Errorf("line %d: the mail to %s says %q:\n%s", e.Line, e.To, omits, pl.sent[i].Text)
			}
		}
		pl.sent = append(pl.sent[:i:i], pl.sent[i+1:]...)
	}
	if s.Others {
		pl.sent = nil
	}
	return pl.unexpected(s.Line)
}

// register compares lines like "K1  state new  react_by 2026-03-27". A case
// that no line names is as wrong as one that differs.
func (pl *player) register(s Step) error {
	cases, err := pl.w.Cases()
	if err != nil {
		return err
	}
	lines := fields(s.Body)
	if len(lines) != len(cases) {
		return fmt.Errorf("%d cases are expected, there are %d", len(lines), len(cases))
	}
	for i, f := range lines {
		words := strings.Fields(f.text)
		if want := pl.short(cases[i].Number); words[0] != want {
			return fmt.Errorf("line %d: want %s first", s.Line+f.n, want)
		}
		if len(words)%2 == 0 {
			return fmt.Errorf("line %d: %q has no value", s.Line+f.n, words[len(words)-1])
		}
		for k := 1; k+1 < len(words); k += 2 {
			got, known := cases[i].Facts[words[k]]
			if !known && words[k+1] == "-" {
				continue // nothing is known, as it should be
			}
			if !known {
				return fmt.Errorf("line %d: nothing is known about %q", s.Line+f.n, words[k])
			}
			if words[k+1] == "open" && got != "kept" && got != "waived" {
				continue // whatever its day
			}
			if got != words[k+1] {
				return fmt.Errorf("line %d: %s: %s is %q, not %q", s.Line+f.n, words[0], words[k], got, words[k+1])
			}
		}
	}
	return nil
}

func (pl *player) became(s Step) error {
	got, err := pl.w.Became()
	if err != nil {
		return err
	}
	if want := s.Arg; got != want {
		return fmt.Errorf("the message became %q, not %q", got, want)
	}
	return nil
}

// short writes K1 for the first number, K2 for the second.
func (pl *player) short(text string) string {
	for i, n := range pl.numbers {
		text = strings.ReplaceAll(text, n, fmt.Sprintf("K%d", i+1))
	}
	return text
}

var label = regexp.MustCompile(`\{K(\d+)\}`)

// long is the way back, for what stands as {K1} in a mail.
func (pl *player) long(text string) string {
	return label.ReplaceAllStringFunc(text, func(m string) string {
		for i, n := range pl.numbers {
			if m == fmt.Sprintf("{K%d}", i+1) {
				return n
			}
		}
		return m
	})
}
