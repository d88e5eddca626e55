package route

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/proof"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// The house that the messages come to: Jan has a case, and so has Tess, who works there.
var (
	jans   = complaint.Case{ID: 1, Number: complaint.Number(2026, 0, 11), Complainant: complaint.Party{Address: "jan@voorbeeld.example"}}
	tess   = complaint.Case{ID: 2, Number: complaint.Number(2026, 0, 22), Complainant: complaint.Party{Address: "tess@academie.example"}}
	nobody = complaint.Number(2026, 0, 99)
	issued = map[string]Sent{
		"jan@brief.example":    {LetterID: 1, CaseID: 1, To: "jan@voorbeeld.example"},
		"bas@brief.example":    {LetterID: 2, CaseID: 1, To: "bas@academie.example", At: now.Add(-time.Hour), Roles: "binnendienst"},
		"tess@brief.example":   {LetterID: 3, CaseID: 2, To: "tess@academie.example", At: now.Add(-time.Hour), Roles: "trainer"},
		"alarm@brief.example":  {LetterID: 4, To: "bas@academie.example", At: now.Add(-time.Hour), Roles: "binnendienst"},
		"erased@brief.example": {LetterID: 5, CaseID: 77, To: "jan@voorbeeld.example"},
	}
)

func known() Known {
	return Known{
		Now: now, Received: now.Add(-time.Minute), Since: now.AddDate(0, -1, 0),
		Own: []string{"klachten@academie.example", "Klacht@academie.example"},
		Policy: complaint.Policy{Zone: time.UTC, Staff: []complaint.Person{
			{Name: "Dewi de Boer", Address: "directeur@academie.example", Roles: []complaint.Role{complaint.Directeur}},
			{Name: "Bas Bakker", Address: "bas@academie.example", Aliases: []string{"bas.bakker@elders.example"}, Roles: []complaint.Role{complaint.Binnendienst}},
			{Name: "Tess Trainer", Address: "tess@academie.example", Roles: []complaint.Role{complaint.Trainer}},
		}},
		Proof: Proof{
			Shown:      func(string) (bool, error) { return false, nil },
			Keyed:      func(purpose string, parts ...string) []byte { return []byte(purpose + strings.Join(parts, " ")) },
			Hash:       func(command string) string { return command },
			ByCode:     func(proof.Hash) (Sent, string, bool, error) { return Sent{}, "", false, nil },
			Executed:   func(string) (bool, error) { return false, nil },
			Counts:     func(string) (int, int, error) { return 0, 0, nil },
			Challenges: func(string) ([]proof.Challenge, error) { return nil, nil },
		},
		ByID: func(id string) (Sent, bool, error) { s, ok := issued[id]; return s, ok, nil },
		ByNumber: func(n string) (complaint.Case, bool, error) {
			for _, c := range []complaint.Case{jans, tess} {
				if c.Number == n {
					return c, true, nil
				}
			}
			return complaint.Case{}, false, nil
		},
		ByCase: func(id int64) (complaint.Case, bool, error) {
			for _, c := range []complaint.Case{jans, tess} {
				if c.ID == id {
					return c, true, nil
				}
			}
			return complaint.Case{}, false, nil
		},
	}
}

// parse makes a message of header lines; those that every mail has are filled in.
func parse(lines ...string) message.Message {
	head := strings.Join(lines, "\r\n")
	for name, value := range map[string]string{
		"From": "Jan <jan@voorbeeld.example>", "To": "klachten@academie.example", "Subject": "Klacht",
		"Message-ID": "<een@mail.example>", "Date": "Mon, 23 Nov 2026 08:59:00 +0000",
	} {
		if !strings.Contains("\r\n"+head, "\r\n"+name+":") {
			head = name + ": " + value + "\r\n" + head
		}
	}
	return message.Parse([]byte(strings.TrimRight(head, "\r\n") + "\r\n\r\nHet lokaal was koud.\r\n"))
}

func classify(t *testing.T, m message.Message, k Known) Verdict {
	t.Helper()
	v, err := Classify(m, k)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPlainComplaint(t *testing.T) {
	v := classify(t, parse(), known())
	want := Verdict{What: Complaint, Folder: Handled, Kind: complaint.External,
		From: complaint.Party{Name: "Jan", Address: "jan@voorbeeld.example"}}
	if fmt.Sprint(v) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", v, want)
	}
}

// security.md 11, and 1, 2: registered, and not answered by itself.
func TestWithheld(t *testing.T) {
	for _, tt := range []struct {
		name   string
		lines  []string
		change func(*Known)
		want   complaint.Withheld
	}{
		{name: "List-Id", lines: []string{"List-Id: <lijst.voorbeeld.example>"}, want: complaint.WithheldAutomatic},
		{name: "List-Help alone", lines: []string{"List-Help: <mailto:x@voorbeeld.example>"}, want: complaint.WithheldAutomatic},
		{name: "Precedence bulk", lines: []string{"Precedence: bulk"}, want: complaint.WithheldAutomatic},
		{name: "Precedence list", lines: []string{"Precedence: list"}, want: complaint.WithheldAutomatic},
		{name: "Precedence junk", lines: []string{"Precedence: Junk"}, want: complaint.WithheldAutomatic},
		{name: "suppress all", lines: []string{"X-Auto-Response-Suppress: All"}, want: complaint.WithheldAutomatic},
		{name: "suppress AutoReply", lines: []string{"X-Auto-Response-Suppress: DR, AutoReply"}, want: complaint.WithheldAutomatic},
		{name: "suppress OOF", lines: []string{"X-Auto-Response-Suppress: OOF"}, want: complaint.WithheldAutomatic},
		{name: "null return path", lines: []string{"Return-Path: <>"}, want: complaint.WithheldAutomatic},
		{name: "a robot", lines: []string{"From: noreply@formulier.example"}, want: complaint.WithheldAutomatic},
		{name: "postmaster", lines: []string{"From: postmaster@voorbeeld.example"}, want: complaint.WithheldAutomatic},
		{name: "owner-lijst", lines: []string{"From: owner-lijst@voorbeeld.example"}, want: complaint.WithheldAutomatic},
		{name: "lijst-request", lines: []string{"From: lijst-request@voorbeeld.example"}, want: complaint.WithheldAutomatic},
		{name: "lijst-bounces", lines: []string{"From: lijst-bounces@voorbeeld.example"}, want: complaint.WithheldAutomatic},
		{name: "our own address", lines: []string{"From: KLACHT@academie.example"}, want: complaint.WithheldOwn},
		{name: "to somebody else", lines: []string{"To: iedereen@voorbeeld.example"}, want: complaint.WithheldNotAddressed},
		{name: "to nobody", lines: []string{"To: undisclosed-recipients:;"}, want: complaint.WithheldNotAddressed},
		{name: "in Cc is enough", lines: []string{"To: iedereen@voorbeeld.example", "Cc: klacht@academie.example"}},
		{name: "48 hours", change: func(k *Known) { k.Received = k.Now.Add(-48 * time.Hour) }},
		{name: "over 48 hours", change: func(k *Known) { k.Received = k.Now.Add(-48*time.Hour - time.Second) }, want: complaint.WithheldOld},
		{name: "at imap.since", change: func(k *Known) { k.Since = k.Received }},
		{name: "before imap.since", change: func(k *Known) { k.Since = k.Received.Add(time.Second) }, want: complaint.WithheldOld},
		{name: "25 hops", lines: hops(25)},
		{name: "26 hops", lines: hops(26), want: complaint.WithheldHops},
		{name: "no From", lines: []string{"From: "}, want: complaint.WithheldSender},
		{name: "two senders", lines: []string{"From: jan@voorbeeld.example, piet@voorbeeld.example"}, want: complaint.WithheldSender},
		{name: "two From fields", lines: []string{"From: jan@voorbeeld.example", "From: piet@voorbeeld.example"}, want: complaint.WithheldSender},
		{name: "an address with a tail", lines: []string{`From: "x> ORCPT=rfc822;y"@voorbeeld.example`}, want: complaint.WithheldSender},
		{name: "a local name", lines: []string{"From: root"}, want: complaint.WithheldSender},
		{name: "Auto-Submitted: no", lines: []string{"Auto-Submitted: no"}},
		{name: "Reply-To is nobody", lines: []string{"Reply-To: noreply@voorbeeld.example"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := known()
			if tt.change != nil {
				tt.change(&k)
			}
			v := classify(t, parse(tt.lines...), k)
			if v.What != Complaint || v.Folder != Handled || v.Withheld != tt.want {
				t.Errorf("%s in %s, withheld %q; want registered, %q", v.What, v.Folder, v.Withheld, tt.want)
			}
			if v.Withheld == complaint.WithheldSender && v.From.Address != "" {
				t.Errorf("%q could be written to", v.From.Address)
			}
		})
	}
}

func hops(n int) []string {
	return slices.Repeat([]string{"Received: from a.example by b.example; Mon, 23 Nov 2026 08:59:00 +0000"}, n)
}

// security.md B, 11, 16, 17: filed, not registered and not answered.
func TestMachine(t *testing.T) {
	for _, tt := range []struct {
		name   string
		m      message.Message
		what   What
		reason string
		caseID int64
		failed bool
	}{
		{"a mail of ours", parse("Message-ID: <jan@brief.example>"), Automatic, "a mail of ours", 0, false},
		{"our own, come back as spam", parse("Message-ID: <bas@brief.example>", "X-Spam-Flag: YES"), Automatic, "a mail of ours", 0, false},
		{"auto-replied", parse("Auto-Submitted: auto-replied"), Automatic, "automatic mail", 0, false},
		{"auto-replied to us", parse("Auto-Submitted: auto-replied", "In-Reply-To: <jan@brief.example>"), Automatic, "automatic mail", 0, false},
		{"out of office without a sign", parse("Return-Path: <>", "Subject: Automatisch antwoord: Klacht"), Automatic, "automatic mail", 0, false},
		{"read receipt", message.Message{Receipt: true, Certain: true}, Automatic, "read receipt", 0, false},
		{"report about ours", message.Message{Bounce: true, Certain: true, BounceFor: "jan@brief.example", BounceFailed: true}, Bounce, "about a mail of ours", 1, true},
		{"delayed", message.Message{Bounce: true, Certain: true, BounceFor: "jan@brief.example"}, Bounce, "about a mail of ours", 1, false},
		{"about an alarm", message.Message{Bounce: true, Certain: true, BounceFor: "alarm@brief.example", BounceFailed: true}, Bounce, "about a mail of ours", 0, true},
		{"about somebody else's", message.Message{Bounce: true, Certain: true, BounceFor: "x@elders.example", BounceFailed: true}, Bounce, "about no mail of ours", 0, false},
		{"about nothing", message.Message{Bounce: true, Certain: true, BounceFailed: true}, Bounce, "about no mail of ours", 0, false},
		{"a report with our id in References alone", message.Message{Bounce: true, Certain: true, References: []string{"jan@brief.example"}}, Bounce, "about no mail of ours", 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := classify(t, tt.m, known())
			if v.What != tt.what || v.Reason != tt.reason || v.Folder != Auto || v.CaseID != tt.caseID || v.Failed != tt.failed {
				t.Errorf("got %+v", v)
			}
		})
	}
}

// security.md 18, 19: who joins which case, and how surely; one that was erased is
// as one that never was.
func TestJoining(t *testing.T) {
	token := func(id string) string { return "In-Reply-To: <" + id + "@brief.example>" }
	subject := func(c complaint.Case) string { return "Subject: Re: uw klacht [" + strings.ToLower(c.Number) + "]" }
	for _, tt := range []struct {
		name   string
		lines  []string
		what   What
		caseID int64
		proven bool
		named  string // a number that is told the binnendienst
	}{
		{name: "his token", lines: []string{token("jan")}, what: Followup, caseID: 1, proven: true},
		{name: "his token in References", lines: []string{"References: <a@x.example> <jan@brief.example>"}, what: Followup, caseID: 1, proven: true},
		{name: "behind Exchange Online", lines: []string{"X-Microsoft-Original-Message-ID: <jan@brief.example>"}, what: Followup, caseID: 1, proven: true},
		{name: "his address in capitals", lines: []string{"From: JAN@Voorbeeld.example", token("jan")}, what: Followup, caseID: 1, proven: true},
		{name: "his token, marked as spam", lines: []string{token("jan"), "X-Spam-Flag: YES"}, what: Followup, caseID: 1, proven: true},
		{name: "his number", lines: []string{subject(jans)}, what: Followup, caseID: 1},
		{name: "his number, marked as spam", lines: []string{subject(jans), "X-Spam-Flag: YES"}, what: Followup, caseID: 1},
		{name: "the token of somebody else's letter", lines: []string{token("bas"), subject(jans)}, what: Followup, caseID: 1},
		{name: "of an erased case", lines: []string{token("erased")}, what: Complaint},
		{name: "a stranger with a token of an erased case", lines: []string{"From: piet@elders.example", token("erased")}, what: Complaint},
		{name: "a stranger's number", lines: []string{"From: piet@elders.example", subject(jans)}, what: Complaint, named: jans.Number},
		{name: "a stranger with a token", lines: []string{"From: piet@elders.example", token("jan")}, what: Complaint, named: jans.Number},
		{name: "a number of nobody", lines: []string{"Subject: " + nobody}, what: Complaint, named: nobody},
		{name: "a mistyped number", lines: []string{"Subject: K2026-000001"}, what: Complaint},
		{name: "two senders with his token", lines: []string{"From: jan@voorbeeld.example, x@elders.example", token("jan")}, what: Complaint, named: jans.Number},
		{name: "Reply-To is no identity", lines: []string{"From: piet@elders.example", "Reply-To: jan@voorbeeld.example", token("jan")}, what: Complaint, named: jans.Number},

		{name: "staff with their token", lines: []string{"From: bas@academie.example", token("bas")}, what: Note, caseID: 1, proven: true},
		{name: "staff by an alias", lines: []string{"From: bas.bakker@elders.example", token("bas")}, what: Note, caseID: 1, proven: true},
		{name: "staff with another's token", lines: []string{"From: tess@academie.example", token("bas")}, what: Note, caseID: 1},
		{name: "staff with both", lines: []string{"From: bas@academie.example", "References: <jan@brief.example> <bas@brief.example>"}, what: Note, caseID: 1, proven: true},
		{name: "staff with the number", lines: []string{"From: bas@academie.example", subject(jans)}, what: Note, caseID: 1},
		{name: "staff with an alarm", lines: []string{"From: bas@academie.example", token("alarm")}, what: Asking, proven: true},
		{name: "staff, marked as spam", lines: []string{"From: bas@academie.example", subject(jans), "X-Spam-Flag: YES"}, what: Note, caseID: 1},
		{name: "an employee about his own", lines: []string{"From: tess@academie.example", token("tess")}, what: Followup, caseID: 2, proven: true},
		{name: "an employee about his own, by number", lines: []string{"From: tess@academie.example", subject(tess)}, what: Followup, caseID: 2},
		{name: "another employee about it", lines: []string{"From: bas@academie.example", subject(tess)}, what: Note, caseID: 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := classify(t, parse(tt.lines...), known())
			if v.What != tt.what || v.CaseID != tt.caseID || v.Proven != tt.proven || v.NamedNumber != tt.named || v.Folder != Handled {
				t.Errorf("got %+v", v)
			}
			if joined := tt.what != Complaint; joined && v.Proven == (v.Reason == "sender unproven") {
				t.Errorf("proven %v, reason %q", v.Proven, v.Reason)
			}
			if staff := tt.what == Note || tt.what == Asking; staff == (v.By == "") {
				t.Errorf("%s by %q", v.What, v.By)
			}
		})
	}
}
