package letter

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/jba/templatecheck"

	"klachtd/internal/complaint"
)

// maxAcknowledgement is the largest that an acknowledgement may be, in bytes (security.md 14).
const maxAcknowledgement = 8000

var (
	errTooLarge = fmt.Errorf("the mail would be larger than %d bytes (security.md 14)", maxAcknowledgement)
	errNoWords  = errors.New("the mail would have no text")
)

// try words every mail of a kind that a template could make, once with plain and
// once with hostile values: a mistake shows at start, not at the first complaint.
func (b *edition) try(kind complaint.LetterKind) error {
	if err := b.checkFields(kind); err != nil {
		return err
	}
	for _, s := range samples(kind) {
		env := coded(b.buttons(s.l, s.c, sampleTime))
		for _, o := range sampleOriginals(kind) {
			p, _, err := b.fill(s.l, s.c, o, env)
			if err != nil {
				return atFile(err)
			}
			if len(p.blocks) == 0 {
				return fmt.Errorf("%s: %w", b.fileOf(string(kind)), errNoWords)
			}
			if kind != complaint.LetterAcknowledgement {
				continue
			}
			raw, err := b.compose(s.l, p, sampleEnvelope(), "")
			if err != nil {
				return fmt.Errorf("%s: %w", b.fileOf(string(kind)), err)
			}
			if len(raw) > maxAcknowledgement {
				return fmt.Errorf("%s: %w", b.fileOf(string(kind)), errTooLarge)
			}
		}
	}
	return nil
}

// checkFields finds a name that the data of a kind does not have, also in a branch
// that no sample takes.
func (b *edition) checkFields(kind complaint.LetterKind) error {
	s := samples(kind)[0]
	data, err := b.data(s.l, s.c, Original{}, coded(b.buttons(s.l, s.c, sampleTime)))
	if err != nil {
		return fmt.Errorf("%s: %w", b.fileOf(string(kind)), err)
	}
	if err := templatecheck.CheckText(b.mails[kind], data); err != nil {
		return fmt.Errorf("%w; this mail has %s", atFile(err), fields(data))
	}
	return nil
}

// fields names what a template can use of its data.
func fields(data any) string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.Indirect(reflect.ValueOf(data)).Type()) {
		if f.IsExported() {
			names = append(names, "."+f.Name)
		}
	}
	return strings.Join(names, " ")
}

// hostile is all that a value could want to be.
const hostile = "Jan\r\nBcc: x@evil.example\r\n\r\n# Titel\n## Kop\n- punt\n| a | b\n! let op\n> citaat\n? vraag:\n~ klein\n" +
	"*vet* {{.Number}} <a href=\"https://evil.example\">klik</a> [je|u] www.evil.example \x00\x1b[31m " +
	"\ue000\ue100mailto:x@evil.example\ue101klik\ue102 \u202egpj.exe\u2028\u0085 -- \n.\n=?utf-8?q?x?="

// sampleOriginals are messages to show, where a letter shows one.
func sampleOriginals(kind complaint.LetterKind) []Original {
	switch {
	case fromC(kind), kind == complaint.LetterConcerned, kind == complaint.LetterChoice:
		return []Original{sampleOriginal("Klacht"), sampleOriginal(hostile), {}}
	}
	return []Original{sampleOriginal(hostile)}
}

func sampleOriginal(words string) Original {
	list, _ := choose([]Attachment{{Name: words + ".pdf", ContentType: words, Size: 2_100_000, Data: []byte(words)},
		{Name: words + ".exe"}, {Name: "winmail.dat"}, {Name: "a.mov", Size: 1}, {Name: "b.mov", Size: maxAttached}})
	return Original{
		From: complaint.Party{Name: words, Address: words}, Subject: words, Text: words, At: sampleTime, MessageID: words,
		OthersInCc: []string{words, words}, Enclosed: Enclosure{list: list},
	}
}

var sampleTime = time.Date(2026, time.September, 30, 14, 5, 0, 0, time.UTC)

// coded is an envelope with the buttons of a letter and a code for each.
func coded(buttons []Button) Envelope {
	e := sampleEnvelope()
	e.ChallengeCode, e.Buttons = "7K2M9QXA", buttons
	for _, button := range buttons {
		if button.Confirm {
			e.Codes = append(e.Codes, e.ChallengeCode)
		} else {
			e.Codes = append(e.Codes, "0123456789ABCDEFGHJKMNPQRS")
		}
	}
	return e
}

func sampleEnvelope() Envelope {
	id := strings.Repeat("x", maxID-10) + "@y.example"
	return Envelope{ID: strings.Repeat("a", 26) + "@" + strings.Repeat("klachten.", 10) + "example", Date: sampleTime, InReplyTo: id}
}
