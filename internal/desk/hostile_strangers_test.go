package desk_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/play"
)

const piet = "piet@elders.example" // who has nothing to do with it

// bare takes out of a mail what is drawn at random: ids, numbers, boundaries.
func bare(l play.Letter, numbers ...string) string {
	text := l.To + "\n" + string(l.Raw)
	for _, n := range numbers {
		text = strings.ReplaceAll(text, n, "NUMBER")
	}
	text = boundary.ReplaceAllString(text, "$1 BOUNDARY")
	text = anyID.ReplaceAllString(text, "<ID>")
	return regexp.MustCompile(`(?m)^Date: .*$`).ReplaceAllString(text, "Date:")
}

var (
	anyID    = regexp.MustCompile(`<[a-z0-9.]+@(?:academie|mail)\.example>`)
	boundary = regexp.MustCompile(`(boundary=|\n--)"?[A-Za-z0-9'()+_,./:=?-]{20,}"?`)
)

// security.md 18, 19: to somebody who is not its complainant a number that exists,
// is closed, is merged, is long gone or never was makes no difference, whatever
// he does with it, and neither does a Message-ID that leaked by a forward: the
// bytes of the answer are the same, and the case is untouched.
func TestStrangersLearnNothing(t *testing.T) {
	t.Parallel()
	s := besiege(t, true)
	open := s.complain("Klacht", "KANARIE over Tess.")
	ack, notice := s.last(jan), s.last(bas)
	closed := s.complain("Nog een", "KANARIE over iets anders.")
	s.mail(answer(bas, s.last(bas), "#geenklacht vraag"), "")
	s.now = s.now.Add(time.Hour)
	s.complain("Derde", "KANARIE over de koffie.")
	into := s.cases()[2].Number
	fourth := s.complain("Vierde", "KANARIE over de thee.")
	s.mail("From: <"+bas+">\nSubject: #samenvoegen "+fourth+" ["+into+"]\nReferences: <"+s.last(bas).MessageID+">", "")
	for _, code := range challenges(s.left()) {
		s.mail("From: <"+bas+">\nSubject: #ja "+code, "")
	}
	s.wait(time.Hour)
	before := s.cases()
	if before[1].State != complaint.Closed {
		t.Fatalf("%+v", before[1])
	}
	from := 0
	ask := func(head string) (string, play.Letter) {
		t.Helper()
		from++
		list := s.mail("From: <piet"+fmt.Sprintf("%04d", from)+"@elders.example>\n"+head, "Wat is de stand?")
		var mine []play.Letter
		for _, l := range list {
			if !slices.Contains([]string{bas, bea, dewi}, l.To) {
				mine = append(mine, l)
			}
		}
		cases := s.cases()
		if len(mine) != 1 || len(cases) != len(before)+from || s.became() != "registered" {
			t.Fatalf("%s: became %q, %d mails", head, s.became(), len(mine))
		}
		number := cases[len(cases)-1].Number
		return strings.ReplaceAll(bare(mine[0], number), fmt.Sprintf("piet%04d", from), "piet"), mine[0]
	}
	plain, _ := ask("Subject: Vraag")
	heads := []string{"Subject: Re: Antwoord op je klacht [%s]", "Subject: %s", "Subject: #status [%s]", "Subject: #ingetrokken %s", "Subject: Vraag\nIn-Reply-To: <%s@academie.example>",
		"Subject: Mijn antwoord: 1 [%s] code zzzzzzzzzz", "Subject: =?utf-8?Q?[%s]?=", "Subject: FW: [%s]\nReply-To: <" + jan + ">\nSender: <" + jan + ">"}
	for _, number := range []string{open, closed, into, fourth, invented(s), "K2025-000000", strings.ToLower(open), "K2026-000001"} {
		for _, head := range heads {
			got, l := ask(fmt.Sprintf(head, number))
			if got != plain {
				t.Errorf("%s with %s: another answer:\n%s\n---\n%s", head, number, got, plain)
			}
			if strings.Contains(strings.ToUpper(string(l.Raw)), strings.ToUpper(number)) {
				t.Errorf("%s: the answer names %s", head, number)
			}
		}
	}
	for _, leaked := range []play.Letter{ack, notice, s.last(dewi)} { // the whole thread was forwarded to him
		for _, head := range []string{"Subject: Re: %[2]s\nIn-Reply-To: <%[1]s>", "Subject: Vraag\nReferences: <a@b.example> <%[1]s>", "Subject: Vraag\nX-Microsoft-Original-Message-ID: <%[1]s>", "Subject: #antwoord %[2]s\nReferences: <%[1]s>"} {
			if got, l := ask(fmt.Sprintf(head, leaked.MessageID, leaked.Subject)); got != plain || strings.Contains(string(l.Raw), leaked.MessageID) {
				t.Errorf("%s: another answer:\n%s\n---\n%s", head, got, plain)
			}
		}
	}
	for i, c := range s.cases()[:len(before)] {
		if c.State != before[i].State || len(c.Outbound) != len(before[i].Outbound) || c.Handler != before[i].Handler || c.LastWord != before[i].LastWord {
			t.Errorf("%s changed: %+v", c.Number, c)
		}
	}
	for _, l := range s.all {
		if strings.HasSuffix(l.To, "@elders.example") && strings.Contains(string(l.Raw)+l.Text, "KANARIE") {
			t.Errorf("content to a stranger:\n%s", l.Text)
		}
	}
}

// security.md 18, K: with a button's code that leaked by a forward a stranger does
// nothing, nor does he in the name of staff without the mail server's word; that
// it was used is on record.
func TestLeakedCode(t *testing.T) {
	t.Parallel()
	for _, proven := range []bool{true, false} {
		s := besiege(t, proven)
		number := s.complain("Klacht", "KANARIE over Tess.")
		subject, body := s.button(s.last(bas), "#antwoord")
		status, statusBody := s.button(s.last(bas), "#neem")
		issued := len(s.all)
		for _, from := range []string{mal, jan, "b.bakker@academie.example.kwaad.example"} {
			list := s.mail("From: Bas Bakker <"+from+">\nSubject: "+subject, "Geld terug.\n\n"+body)
			list = append(list, s.mail("From: Bas Bakker <"+from+">\nReply-To: <"+bas+">\nSubject: "+status, statusBody)...)
			for _, l := range list {
				if !slices.Contains([]string{bas, bea, dewi}, l.To) && !strings.HasPrefix(l.Subject, "Je klacht is ontvangen") || l.To == from && strings.Contains(string(l.Raw), "KANARIE") {
					t.Errorf("%s: %s to %s", from, l.Subject, l.To)
				}
			}
		}
		s.wait(time.Hour)
		for _, b := range []string{body, statusBody} {
			code := buttonCode.FindStringSubmatch(b)[1]
			for _, l := range s.all[issued:] {
				if strings.Contains(string(l.Raw)+l.Text, code) {
					t.Errorf("%s to %s sends the code on:\n%s", l.Subject, l.To, l.Text)
				}
			}
			for _, c := range s.cases() {
				for _, m := range s.kept(c.Number) {
					if strings.Contains(m.Text+m.Subject, code) {
						t.Errorf("kept with %s: %q", m.Subject, m.Text)
					}
				}
			}
		}
		if c := s.one(number); c.Handler != "" || len(c.Outbound) > 0 {
			t.Errorf("it ran: %+v", c)
		}
	}
}

// security.md 18: a sender of a domain of ours who is not in the staff list has a
// case, marked for the binnendienst; he is told no more than anybody.
func TestUnknownEmployee(t *testing.T) {
	t.Parallel()
	s := besiege(t, true)
	number := s.complain("Klacht", "KANARIE.")
	for _, from := range []string{"nieuw@academie.example", "Nieuw@ACADEMIE.example"} {
		list := s.mail("From: <"+from+">\nSubject: #status ["+number+"]", "Hoe staat het?")
		only(t, from, list, strings.Replace(from, "ACADEMIE", "academie", 1), bas, bea, dewi)
		for _, l := range list {
			switch {
			case l.To == bas && !strings.Contains(l.Text, "Medewerker?"):
				t.Errorf("not marked:\n%s", l.Text)
			case strings.EqualFold(l.To, from) && (strings.Contains(l.Text, number) || strings.Contains(l.Text, "KANARIE")):
				t.Errorf("told:\n%s", l.Text)
			}
		}
	}
	if n := len(s.cases()); n != 3 {
		t.Errorf("%d cases", n)
	}
}

// security.md 18, 20: mail to the complainant goes to the address that is stored,
// whatever later mail in his name says, and to nobody whom he had in copy; and it
// quotes nothing that was written before.
func TestStoredAddress(t *testing.T) {
	t.Parallel()
	s := besiege(t, true)
	s.mail("From: Jan <"+jan+">\nReply-To: <"+mal+">\nSender: <"+mal+">\nReturn-Path: <"+mal+">\nCc: <"+piet+">, <"+tom+">\nSubject: Klacht", "KANARIEEEN.")
	number := s.cases()[0].Number
	s.mail("From: <JAN@Voorbeeld.example>\nReply-To: <"+mal+">\nCc: <"+piet+">\nIn-Reply-To: <"+s.last(jan).MessageID+">\nSubject: Re: ["+number+"]", "E-mail: "+mal+"\nKANARIETWEE.")
	s.mail("From: <"+mal+">\nSubject: ["+number+"]", "Ik ben Jan, mail me hier. KANARIEDRIE.")
	s.now = s.now.Add(time.Hour)
	notice := s.last(bas)
	for _, l := range slices.Backward(s.all) {
		if l.To == bas && strings.Contains(l.Subject, number) {
			notice = l
			break
		}
	}
	s.mail(answer(bas, notice, "#antwoord"), "Beste Jan, excuses.\n\nOp 2 november 2026 schreef Jan <"+jan+">:\n> KANARIEEEN.")
	s.wait(time.Hour)
	letters := 0
	for _, l := range s.all {
		switch {
		case l.To == jan:
			letters++
			if strings.Contains(string(l.Raw), "KANARIE") || strings.Contains(l.Text, "KANARIE") {
				t.Errorf("%s quotes:\n%s", l.Subject, l.Text)
			}
			m := message.Parse(l.Raw)
			if len(m.To) != 1 || len(m.Cc)+len(m.ReplyTo) > 0 {
				t.Errorf("%s: To %v Cc %v", l.Subject, m.To, m.Cc)
			}
		case l.To == mal && !strings.HasPrefix(l.Subject, "Je klacht is ontvangen"), l.To == piet, l.To == tom:
			t.Errorf("%s to %s", l.Subject, l.To)
		}
	}
	if letters != 2 {
		t.Errorf("%d letters to the complainant", letters)
	}
	if c := s.one(number); c.Complainant.Address != jan {
		t.Errorf("he is now %q", c.Complainant.Address)
	}
}

// security.md 23: a word in any header, as it should be or not, in a body and in
// file names that no parser likes, stands in no line of the log at any level and
// goes to nobody outside.
func TestCanaryInEveryHeader(t *testing.T) {
	t.Parallel()
	s := besiege(t, true)
	fields := []string{"From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Return-Path", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Received", "MIME-Version",
		"Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID", "Auto-Submitted", "Precedence", "List-Id", "X-Auto-Response-Suppress", "X-Spam-Flag",
		"Authentication-Results", "ARC-Authentication-Results", "DKIM-Signature", "X-MS-Exchange-Organization-AuthAs", "X-Microsoft-Original-Message-ID", "Thread-Topic", "X-Iets"}
	values := []string{"KANARIE", "Kanarie <kanarie@kanarie.example>", "\"kanarie\\\" <kanarie", "=?kanarie?Q?kanarie=ZZ?=", "=?utf-8?B?kanarie!?=", "<kanarie@kanarie.example", "kanarie/kanarie; name=\"kanarie", "multipart/mixed; boundary=kanarie; charset=kanarie",
		"text/plain; charset=kanarie", "mx.academie.example; dmarc=kanarie header.from=kanarie", "Mon, 99 Kan 2026 kanarie", "\x00kanarie\x80\xff", "#neem kanarie", "#registreer kanarie <kanarie", "#ja KANARIE1 [K2026-482931]"}
	for i, field := range fields {
		s.now = s.now.Add(time.Hour)
		for j, value := range values {
			if (i+j)%3 != 0 && j > 1 { // each field meets every third, each value every third field
				continue
			}
			head := field + ": " + value
			if i%2 == 0 && field != "From" {
				head = "From: Bas <" + bas + ">\n" + head
			} else if field != "From" {
				head = "From: Jan <" + jan + ">\n" + head
			}
			s.mail(head, "Kanarie.\n--kanarie\nContent-Type: kanarie; name=\"../kanarie\x01\"\n\nkanarie\n--kanarie\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename*=kanarie'kanarie'%ZZkanarie\n\n!kanarie!\n")
		}
	}
	if log := strings.ToLower(s.log.String()); strings.Contains(log, "kanarie") {
		at := strings.Index(log, "kanarie")
		t.Errorf("the log: …%s…", log[max(0, at-200):min(len(log), at+100)])
	}
	for _, l := range s.all {
		if l.To == jan && strings.Contains(strings.ToLower(string(l.Raw)+l.Text), "kanarie") && !strings.Contains(string(l.Raw), "<kanarie@kanarie.example>") {
			t.Errorf("%s to the complainant:\n%s", l.Subject, l.Raw)
		}
		if strings.Contains(strings.ToLower(l.Subject), "kanarie") || !slices.Contains([]string{jan, bas, bea, dewi, beheer, "kanarie@kanarie.example"}, l.To) {
			t.Errorf("%s to %s", l.Subject, l.To)
		}
	}
	if len(s.cases()) < 20 {
		t.Errorf("only %d were registered", len(s.cases()))
	}
}
