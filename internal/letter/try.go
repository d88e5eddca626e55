package letter

import (
	"errors"
	"fmt"
	"strings"
	"time"

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
func (b *Book) try(kind complaint.LetterKind) error {
	for _, l := range samples(kind) {
		for _, o := range [...]Original{sampleOriginal("Klacht"), sampleOriginal(hostile), {}} {
			p, _, err := b.fill(l, sampleCase(l), o, b.coded(l, sampleCase(l)))
			if err != nil {
				return atFile(err)
			}
			if len(p.blocks) == 0 {
				return fmt.Errorf("%s: %w", fileOf(string(kind)), errNoWords)
			}
			if kind != complaint.LetterAcknowledgement {
				continue
			}
			raw, err := b.compose(l, p, sampleEnvelope(), "")
			if err != nil {
				return fmt.Errorf("%s: %w", fileOf(string(kind)), err)
			}
			if len(raw) > maxAcknowledgement {
				return fmt.Errorf("%s: %w", fileOf(string(kind)), errTooLarge)
			}
		}
	}
	return nil
}

// hostile is all that a value could want to be.
const hostile = "Jan\r\nBcc: x@evil.example\r\n\r\n# Titel\n## Kop\n- punt\n| a | b\n! let op\n> citaat\n? vraag:\n~ klein\n" +
	"*vet* {{.Number}} <a href=\"https://evil.example\">klik</a> [je|u] www.evil.example \x00\x1b[31m " +
	"\ue000\ue100mailto:x@evil.example\ue101klik\ue102 \u202egpj.exe\u2028\u0085 -- \n.\n=?utf-8?q?x?="

func sampleOriginal(words string) Original {
	list, _ := choose([]Attachment{{Name: words + ".pdf", ContentType: words, Size: 2_100_000, Data: []byte(words)},
		{Name: words + ".exe"}, {Name: "winmail.dat"}, {Name: "a.mov", Size: 1}, {Name: "b.mov", Size: maxAttached}})
	return Original{
		From: complaint.Party{Name: words, Address: words}, Subject: words, Text: words, At: sampleTime, MessageID: words,
		OthersInCc: []string{words, words}, Enclosed: Enclosure{list: list},
	}
}

var sampleTime = time.Date(2026, time.September, 30, 14, 5, 0, 0, time.UTC)

// sampleCase has the longest dates there are.
func sampleCase(l complaint.Letter) complaint.Case {
	c := complaint.Case{Number: complaint.Number(2026, 0, 48293), State: complaint.InProgress, Handler: l.To.Address,
		ReactBy: "2026-09-30", ResolveBy: "2026-09-23",
		Promises: []complaint.Promise{{Kind: complaint.Take, Due: "2026-09-30"}, {Kind: complaint.Answer, Due: "2026-09-30"}}}
	if l.AfterClose {
		c.State, c.ClosedAt = complaint.Closed, sampleTime
	}
	if l.Unproven {
		c.Handler, c.Promises = "", nil
	}
	return c
}

// coded is an envelope with a code for each button.
func (b *Book) coded(l complaint.Letter, c complaint.Case) Envelope {
	e := sampleEnvelope()
	e.ChallengeCode = "7K2M9QXA"
	for range b.Buttons(l, c) {
		e.Codes = append(e.Codes, "0123456789ABCDEFGHJKMNPQRS")
	}
	return e
}

func sampleEnvelope() Envelope {
	id := strings.Repeat("x", maxID-10) + "@y.example"
	return Envelope{ID: strings.Repeat("a", 26) + "@" + strings.Repeat("klachten.", 10) + "example", Date: sampleTime, InReplyTo: id}
}

// samples are letters that together take every way through the built-in template.
func samples(kind complaint.LetterKind) []complaint.Letter {
	l := complaint.Letter{Kind: kind, To: complaint.Party{Name: "Bas Bakker", Address: strings.Repeat("bas.", 15) + "bas@academie.example"}}
	with := func(change func(*complaint.Letter)) complaint.Letter {
		v := l
		change(&v)
		return v
	}
	list := []complaint.Letter{l}
	switch kind {
	case complaint.LetterNotice, complaint.LetterCopy:
		for _, w := range [...]complaint.Withheld{
			complaint.WithheldAutomatic, complaint.WithheldSender, complaint.WithheldOwn, complaint.WithheldNotAddressed, complaint.WithheldSpam,
			complaint.WithheldOld, complaint.WithheldHops, complaint.WithheldLimit, complaint.WithheldUnreadable,
		} {
			list = append(list, with(func(v *complaint.Letter) { v.Withheld, v.Unreadable = w, complaint.UnreadableSize }))
		}
		return append(list, with(func(v *complaint.Letter) {
			v.AckHeld, v.OwnDomain, v.AsksOwner, v.Unproven = true, true, true, true
			v.NamedNumber, v.Unreadable = complaint.Number(2026, 0, 11111), complaint.UnreadableBroken
		}))
	case complaint.LetterFollowup:
		return append(list, with(func(v *complaint.Letter) { v.Unproven = true }), with(func(v *complaint.Letter) { v.AfterClose = true }))
	case complaint.LetterUndelivered:
		for _, k := range kinds {
			for _, why := range [...]complaint.Failure{complaint.Refused, complaint.GivenUp, complaint.Bounced, complaint.Uncertain} {
				list = append(list, with(func(v *complaint.Letter) { v.Lost = complaint.Loss{Letter: k, To: hostile, Why: why} }))
			}
		}
	case complaint.LetterReminders:
		for n, p := range [...]complaint.PromiseKind{complaint.Acknowledge, complaint.CopyOwner, complaint.Take, complaint.React,
			complaint.Answer, complaint.Resolve, complaint.Delay} {
			list = append(list, with(func(v *complaint.Letter) {
				v.Filtered = n
				v.Reminders = []complaint.Reminder{{Number: complaint.Number(2026, 0, n), Promise: p, Due: "2026-09-30", Late: n%2 == 0, Severe: n%3 == 0}}
			}))
		}
	case complaint.LetterAlarm:
		for n, k := range [...]complaint.AlarmKind{complaint.AlarmQuarantine, complaint.AlarmHeld, complaint.AlarmOutbox} {
			list = append(list, with(func(v *complaint.Letter) { v.Alarm = complaint.Alarm{Kind: k, Count: n} }))
		}
	}
	return list
}
