package letter

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
)

// A Sample is one of our mails with invented people in it, as it would go out.
type Sample struct {
	Name       string // of the mail, and where it has several faces which one: "notice-withheld"
	For        Audience
	File       string // of its template, as in the folder `templates:`
	Own        bool   // that file is the academy's
	Subject    string
	Text, HTML string
	Raw        []byte // the whole mail
}

// An Audience is for whom a mail is.
type Audience string

// The audiences, in the order in which templates/README.md has them.
const (
	ForComplainant Audience = "complainant"
	ForConcerned   Audience = "concerned" // the employee whom it is about
	ForStaff       Audience = "staff"     // who work on the case, and who see to klachtd
	ForCommander   Audience = "commander" // who gave a command, or may have
)

func audienceOf(k complaint.LetterKind) Audience {
	switch {
	case toComplainant(k):
		return ForComplainant
	case k == complaint.LetterConcerned || k == complaint.LetterOutcome:
		return ForConcerned
	}
	switch k {
	case complaint.LetterReceipt, complaint.LetterRefused, complaint.LetterHelp, complaint.LetterCard, complaint.LetterList,
		complaint.LetterChoice, complaint.LetterChallenge, complaint.LetterForged:
		return ForCommander
	}
	return ForStaff
}

// Gallery words each mail in a language, as the academy would send it: to look at
// before it goes live. The same book gives the same bytes.
func (b *Book) Gallery(in Language) ([]Sample, error) {
	base := b.editions[in]
	if base == nil {
		return nil, fmt.Errorf("gallery %s: %w", in, errLanguage)
	}
	e := *base
	e.academy.Names = func(address string) string {
		if name := staffName(address); name != "" || b.editions[in].academy.Names == nil {
			return name
		}
		return b.editions[in].academy.Names(address)
	}
	letters, err := galleryOf(in)
	if err != nil {
		return nil, err
	}
	var list []Sample
	for _, s := range letters {
		one, err := e.show(s)
		if err != nil {
			return nil, fmt.Errorf("gallery: %w", err)
		}
		list = append(list, one)
	}
	return list, nil
}

// OwnPieces reports whether the academy has pieces of its own that several mails
// of a language use.
func (b *Book) OwnPieces(in Language) bool {
	e := b.editions[in]
	return e != nil && e.own[e.fileOf(sharedName)]
}

// show words one mail of the gallery.
func (b *edition) show(s sample) (Sample, error) {
	env := coded(b.buttons(s.l, s.c, galleryTime))
	env.ID, env.Date, env.InReplyTo = s.name+"@klachtd.example", galleryTime, ""
	if s.l.Kind == complaint.LetterAcknowledgement {
		env.InReplyTo = s.o.MessageID
	}
	p, _, err := b.fill(s.l, s.c, s.o, env)
	if err != nil {
		return Sample{}, err
	}
	m, err := b.write(s.l, s.c, s.o, env)
	if err != nil {
		return Sample{}, err
	}
	if m.EnclosedAt > 0 {
		m.Raw = slices.Insert(m.Raw, m.EnclosedAt, s.o.Enclosed.Bytes()...)
	}
	file := b.fileOf(string(s.l.Kind))
	return Sample{Name: s.name, For: audienceOf(s.l.Kind), File: file, Own: b.own[file], Subject: m.Subject, Text: p.text(), HTML: p.html(), Raw: m.Raw}, nil
}

// A sample is a letter worth looking at.
type sample struct {
	name string
	l    complaint.Letter
	c    complaint.Case
	o    Original
}

// The people of the gallery.
var (
	bas  = complaint.Party{Name: "Bas Bakker", Address: "bas@academie.example"}
	noor = complaint.Party{Name: "Noor de Wit", Address: "noor@academie.example"}
	dewi = complaint.Party{Name: "Dewi de Boer", Address: "directeur@academie.example"}
	tess = complaint.Party{Name: "Tess Trainer", Address: "tess@academie.example"}
	jan  = complaint.Party{Name: "Jan Jansen", Address: "jan@voorbeeld.example"}
)

// galleryTime is when its mails are written.
var galleryTime = time.Date(2026, 11, 23, 8, 12, 1, 0, time.UTC)

// staffName is the gallery's list of staff.
func staffName(address string) string {
	for _, p := range []complaint.Party{bas, dewi, noor, tess} {
		if p.Address == address {
			return p.Name
		}
	}
	return ""
}

// A scene is what the letters of the gallery are about: what people wrote, in one
// language, and what they attached.
type scene struct {
	saying
	enclosed Enclosure
}

// galleryOf are the letters of the gallery with what people write in a language.
func galleryOf(in Language) ([]sample, error) {
	s, err := sceneOf(in)
	if err != nil {
		return nil, err
	}
	return slices.Concat(s.intake(), s.toComplainant(), s.toStaff(), s.toAftercare(), s.answers()), nil
}

func sceneOf(in Language) (scene, error) {
	enclosed, err := Enclose([]Attachment{
		{Name: "rooster één.pdf", ContentType: "application/pdf", Size: 20_480, Data: bytes.Repeat([]byte("%PDF"), 5_120)},
		{Name: "opname.exe", ContentType: "application/octet-stream", Size: 2_150_000, Data: []byte("MZx")},
		{Name: "winmail.dat", ContentType: "application/ms-tnef", Size: 12, Data: []byte("x\x9f>\x22tnef12345")},
		{Name: "les.mov", ContentType: "video/quicktime", Size: 12_300_000},
	}, strings.NewReader(strings.Repeat("b", 30)))
	if err != nil {
		return scene{}, fmt.Errorf("gallery: %w", err)
	}
	return scene{sayings[in], enclosed}, nil
}

// original is what Jan wrote, with all that he attached; calm is it without.
func (s scene) original() Original {
	o := s.calm()
	o.Enclosed, o.OthersInCc = s.enclosed, []string{"Piet Pietersen <piet@voorbeeld.example>"}
	return o
}

func (s scene) calm() Original {
	return Original{From: jan, Subject: s.subject, MessageID: "abc.1@voorbeeld.example",
		At: time.Date(2026, 11, 23, 8, 2, 0, 0, time.UTC), Text: strings.ReplaceAll(s.text, "\n", "\r\n")}
}

// openCase is one that nobody has taken yet.
func openCase() complaint.Case {
	return complaint.Case{Number: "K2026-482931", Kind: complaint.External, ReactBy: "2026-11-30", ResolveBy: "2026-12-21", Complainant: jan,
		Promises: []complaint.Promise{{Kind: complaint.Take, Due: "2026-11-25"}, {Kind: complaint.Answer, Due: "2026-11-30"}}}
}

// busyCase is one in which people have been at work for three weeks.
func (s scene) busyCase() complaint.Case {
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
	return complaint.Case{
		Number: "K2026-482931", Kind: complaint.External, State: complaint.InProgress, Severity: complaint.Normal, Complainant: jan,
		Owner: dewi.Address, Handler: bas.Address, ReceivedAt: at(2, 8), ReactedAt: at(4, 10),
		ReactBy: "2026-11-09", ResolveBy: "2026-11-30", ExpectedOn: "2026-12-14",
		Concerned: []complaint.Concern{{Name: tess.Name, Address: tess.Address, Copy: complaint.CopySent}},
		Promises: []complaint.Promise{{Kind: complaint.Resolve, Due: "2026-12-14"}, {Kind: complaint.Answer, Due: "2026-11-20"},
			{Kind: complaint.Take, Due: "2026-11-04", FulfilledAt: at(3, 9)}},
		Dossier: complaint.Dossier{
			Course: s.course, Category: complaint.Judgement{Value: s.category, By: bas.Address}, ProposedCause: complaint.Judgement{Value: s.cause},
			Form:          map[string]complaint.FormValue{"telefoon": {Value: "06 12 34 56 78"}},
			Talks:         []complaint.Remark{{By: bas.Address, At: at(5, 9), Day: "2026-11-05"}},
			Responses:     []complaint.Remark{{By: tess.Address, At: at(9, 9)}},
			Consultations: []complaint.Consultation{{By: bas.Address, At: at(10, 9), AnsweredBy: dewi.Address, AnsweredAt: at(11, 9)}},
			Extensions:    []complaint.Extension{{By: bas.Address, On: "2026-11-16", Until: "2026-12-14"}},
			Outbound:      []complaint.Outbound{{Ref: 1, Kind: complaint.LetterReply, By: bas.Address, AcceptedAt: at(4, 10)}},
		},
	}
}

func orders(kinds ...complaint.OrderKind) []complaint.Order {
	var list []complaint.Order
	for _, k := range kinds {
		list = append(list, complaint.Order{Kind: k})
	}
	return list
}
