package letter

import (
	"strings"
	"testing"

	"klachtd/internal/complaint"
)

// canaries is a case and a letter of a kind in which everything is filled in; each
// word tells where it stood.
func canaries(k complaint.LetterKind, to complaint.Party) sample {
	at := envelope.Date
	said := []complaint.Remark{{By: "CANARY-talker", At: at, Text: "CANARY-said"}}
	judged := complaint.Judgement{Value: "CANARY-value", Text: "CANARY-why", By: "CANARY-judge"}
	c := play(Dutch).busyCase()
	c.Subject, c.Course, c.Category, c.Cause, c.ProposedCause, c.SeverityBy = "CANARY-subject", "CANARY-course", judged, judged, judged, judged
	c.Talks, c.Responses, c.ResolutionWhy, c.RegisteredBy = said, said, "CANARY-resolution", ""
	c.Consultations = []complaint.Consultation{{By: "CANARY-asker", At: at, Question: "CANARY-question", Answer: "CANARY-answer"}}
	c.Extensions = []complaint.Extension{{Reason: "CANARY-reason", Until: "2026-12-20", On: "2026-12-01"}}
	c.Closings = []complaint.Closing{{By: "CANARY-closer", At: at, Text: "CANARY-closing"}}
	c.Put = &complaint.Closing{Text: "CANARY-put"}
	c.Form = map[string]complaint.FormValue{"omschrijving": {Value: "CANARY-form"}, "telefoon": {Value: "06 87 65 43 21"}}
	c.Concerned = append(c.Concerned, complaint.Concern{Name: "CANARY-other", Address: "canary-other@academie.example", Text: "CANARY-copy", Why: "CANARY-wait"})
	l := complaint.Letter{Kind: k, To: to, By: bas.Address, Body: "BODY", Comment: "CANARY-comment", Day: "2026-12-28", Finding: complaint.Partly,
		Handler: "CANARY-handler", Next: orders(complaint.OrderResponse), About: c.Concerned,
		Receipt:  complaint.Receipt{Lines: []complaint.Line{{Old: "CANARY-old", New: "CANARY-new"}}, Card: true},
		Items:    []complaint.Item{{Number: "K2026-111118", Handler: "CANARY-item"}},
		Refusals: []complaint.Refusal{{Order: complaint.Order{Words: "CANARY-words"}, Allowed: []string{"CANARY-allowed"}}}}
	o := play(Dutch).original()
	o.Subject, o.OthersInCc, o.MessageID = "CANARY-original", []string{"CANARY-cc"}, "canary@mail.example"
	return sample{string(k), l, c, o}
}

// security.md 20: what goes to C holds what a person typed and fixed words, and
// nothing of earlier mail, notes or the register.
func TestNothingLeaksToTheComplainant(t *testing.T) {
	b := newBook(t, false)
	for _, k := range kinds {
		if !toComplainant(k) {
			continue
		}
		s := canaries(k, jan)
		s.o.Text, s.l.Refusals, s.l.Next = "CANARY-text", nil, nil
		raw := write(t, b, s)
		o := open(t, raw)
		for _, part := range []string{o.head, o.text, o.html} {
			if i := strings.Index(strings.ToUpper(part), "CANARY"); i >= 0 && !strings.Contains(part, "<canary@mail.example>") {
				t.Errorf("%s: %s", k, part[i:min(len(part), i+40)])
			}
		}
		if want := k == complaint.LetterReply || k == complaint.LetterDelay || k == complaint.LetterClosing; strings.Contains(o.text, "BODY") != want || len(o.files) > 0 {
			t.Errorf("%s: what was typed, files %q:\n%s", k, o.files, o.text)
		}
	}
}

// procedure.md 2: M reads the copy, never the case; in full without contact data.
func TestTheConcernedReadsTheCopyAlone(t *testing.T) {
	b := newBook(t, false)
	for _, form := range []complaint.CopyForm{complaint.CopyNotice, complaint.CopyRedacted, complaint.CopyFull, ""} {
		for _, k := range []complaint.LetterKind{complaint.LetterConcerned, complaint.LetterOutcome} {
			s := canaries(k, tess)
			s.l.Copy, s.l.Refusals = form, nil
			if form == complaint.CopyFull || form == "" {
				s.l.Body = ""
			}
			s.o.Text = "LES te laat. Bel +31 6 1234 5678, 06-12345678 of 06 87 65 43 21, of mail <jan@voorbeeld.example>. Op 01-12-2026 om 10.30 uur, les 2."
			o := open(t, write(t, b, s))
			for _, part := range []string{o.text, o.html} {
				if i := strings.Index(strings.ToUpper(part), "CANARY"); i >= 0 {
					t.Errorf("%s %s: %s", k, form, part[i:min(len(part), i+40)])
				}
				for _, contact := range []string{"+31", "06-1", "8765", "65 43", "jan@", "voorbeeld.example", "voorbeeld.&#8203;example"} {
					if strings.Contains(part, contact) {
						t.Errorf("%s %s: holds %q", k, form, contact)
					}
				}
			}
			full := k == complaint.LetterConcerned && (form == complaint.CopyFull || form == "")
			if strings.Contains(o.text, "LES te laat") != full || strings.Contains(o.text, "01-12-2026 om 10.30 uur, les 2.") != full || strings.Contains(o.text, "Jan Jansen") != full || len(o.files) > 0 {
				t.Errorf("%s %s: %s %q", k, form, o.text, o.files)
			}
			if redacted := k == complaint.LetterConcerned && form == complaint.CopyRedacted; strings.Contains(o.text, "BODY") != redacted {
				t.Errorf("%s %s: %s", k, form, o.text)
			}
		}
	}
	s := canaries(complaint.LetterConcerned, tess) // what came with the command is no complaint
	s.l.Body, s.l.Refusals, s.o.From, s.o.Text = "", nil, bas, "NOTE of the office"
	if o := open(t, write(t, b, s)); strings.Contains(o.text, "NOTE") {
		t.Errorf("an employee's words stand in for the complaint:\n%s", o.text)
	}
	s.c.RegisteredBy = bas.Address
	if o := open(t, write(t, b, s)); strings.Contains(o.text, "NOTE") || !strings.Contains(o.text, "CANARY-form") {
		t.Errorf("registered by staff:\n%s", o.text)
	}
}

// A challenge says the command in words and nothing of the complaint
// (security.md, "Who sent this?"), nor does a notice of a false sender.
func TestChallengeHoldsNoContent(t *testing.T) {
	b := newBook(t, false)
	for _, k := range []complaint.LetterKind{complaint.LetterChallenge, complaint.LetterForged} {
		s := canaries(k, bas)
		s.l.Receipt.Lines = []complaint.Line{{Order: complaint.Order{Kind: complaint.OrderAssign, Person: noor}}}
		o := open(t, write(t, b, s))
		for _, part := range []string{o.text, o.html} {
			if i := strings.Index(strings.ToUpper(part), "CANARY"); i >= 0 || strings.Contains(part, "Jan") || strings.Contains(part, "BODY") || strings.Contains(part, `href="http`) {
				t.Errorf("%s:\n%s", k, part)
			}
		}
		if k == complaint.LetterChallenge && !strings.Contains(o.text, "Geef aan Noor de Wit") {
			t.Errorf("no command in words:\n%s", o.text)
		}
	}
}
