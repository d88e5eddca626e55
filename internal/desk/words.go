package desk

import (
	"crypto/rand"
	"io"
	"slices"
	"strings"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/message"
	"klachtd/internal/proof"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// namesDirecteur looks for the directeur's surname or full name in what the
// sender wrote, outside the salutation (procedure.md 2).
func (d *Desk) namesDirecteur(m message.Message) bool {
	words := strings.Fields(strings.ToLower(d.o.Policy.Directeur().Name))
	if len(words) == 0 {
		return false
	}
	surname, text := words[len(words)-1], strings.ToLower(m.Subject+"\n"+m.NewText)
	if !strings.Contains(text, surname) {
		return false
	}
	for line := range strings.Lines(text) {
		if !salutation(line) && mentions(line, surname) {
			return true
		}
	}
	return false
}

func salutation(line string) bool {
	line = strings.TrimSpace(line)
	for _, start := range []string{"beste ", "geachte ", "hallo ", "hoi ", "dag ", "goedemorgen", "goedemiddag", "goedenavond", "dear ", "hi ", "t.a.v.", "aan "} {
		if strings.HasPrefix(line, start) {
			return len(line) < 80
		}
	}
	return false
}

// mentions reports whether word stands in line as a word of its own.
func mentions(line, word string) bool {
	return slices.Contains(strings.FieldsFunc(line, func(r rune) bool {
		return strings.ContainsRune(" \t\r\n.,;:!?()[]\"'’-/", r)
	}), word)
}

// original is what the letters may show of the message.
func original(a *arrived, v route.Verdict) (letter.Original, error) {
	along, err := a.enclosed()
	return letter.Original{From: v.From, Subject: a.m.Subject, Text: proof.RemoveCodes(a.m.Text), At: a.Received,
		MessageID: a.m.MessageID, OthersInCc: v.OthersInCc, Enclosed: along}, err
}

// enclosed is what was attached, for those who get a copy: encoded once, and only
// when somebody gets one.
func (a *arrived) enclosed() (letter.Enclosure, error) {
	if a.along == nil {
		e, err := enclose(a.m)
		if err != nil {
			return e, err
		}
		a.along = &e
	}
	return *a.along, nil
}

// enclose makes the attachments ready to go along with letters.
func enclose(m message.Message) (letter.Enclosure, error) {
	if len(m.Attachments) == 0 {
		return letter.Enclosure{}, nil
	}
	return encloseThese(m.Attachments)
}

// encloseFiles is enclose for what staff send along on purpose: the pictures in a
// signature are not (procedure.md 3, #antwoord).
func encloseFiles(m message.Message) (letter.Enclosure, error) {
	list := slices.DeleteFunc(slices.Clone(m.Attachments), func(f message.Attachment) bool { return f.Inline })
	if len(list) == 0 {
		return letter.Enclosure{}, nil
	}
	return encloseThese(list)
}

func encloseThese(files []message.Attachment) (letter.Enclosure, error) {
	list := make([]letter.Attachment, len(files))
	for i, f := range files {
		list[i] = letter.Attachment{Name: f.Name, ContentType: f.ContentType, Size: f.Size,
			Read: func() []byte { return content(f) }}
	}
	return letter.Enclose(list, rand.Reader)
}

// content is what a file holds; the letters ask for no more than goes along.
func content(f message.Attachment) []byte {
	data := make([]byte, f.Size)
	n, _ := io.ReadFull(f.Open(), data) // out of memory: it fails nowhere but at its end
	return data[:n]
}

// kept is what is remembered of the message.
func (d *Desk) kept(a *arrived, v route.Verdict, caseID int64, direction string) store.Message {
	m := store.Message{CaseID: caseID, Direction: direction, At: a.Received, From: v.From.Address,
		To: []string{}, Subject: a.m.Subject, MessageID: a.m.MessageID, Text: proof.RemoveCodes(a.m.Text),
		Attachments: []store.Attachment{}, Raw: a.Raw}
	for _, t := range slices.Concat(a.m.To, a.m.Cc) {
		m.To = append(m.To, t.Address)
	}
	for _, f := range a.m.Attachments {
		m.Attachments = append(m.Attachments, store.Attachment{Name: f.Name, ContentType: f.ContentType, Size: f.Size, SHA256: f.SHA256})
	}
	return m
}

// source is what a letter shows of mails: the one at hand, the one whose files go
// along, or the complaint itself.
func (d *Desk) source(tx *store.Tx, l complaint.Letter, c complaint.Case, o letter.Original) (letter.Original, error) {
	want := ""
	switch {
	case l.Kind == complaint.LetterConcerned || l.Kind == complaint.LetterCopyAsk:
	case l.Files == 0 && !l.Kind.Automatic():
		o.Enclosed = letter.Enclosure{} // what came with #akkoord is for nobody else
		return o, nil
	case l.Source == "" || l.Source == o.MessageID || l.Files == 0:
		return o, nil
	default:
		want = l.Source
	}
	err := tx.RawMessages(c.ID, func(raw []byte) (bool, error) {
		m := message.Parse(raw)
		if want != "" && m.MessageID != want {
			return false, nil
		}
		o = letter.Original{Subject: m.Subject, Text: proof.RemoveCodes(m.Text), At: c.ReceivedAt, MessageID: m.MessageID}
		if len(m.From) == 1 {
			o.From = complaint.Party(m.From[0])
		}
		var err error
		if want != "" {
			o.Enclosed, err = encloseFiles(m)
		}
		return true, err
	})
	return o, err
}
