package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// TestStaffWork: a complaint from its arrival to its closing on Dovecot and
// Postfix, by buttons out of the mails that really went out. Once where the mail
// server says whose mail it is, with letters that are held back and a clock that
// is set; once where nobody says so, each command is asked about, and letters go at
// once. The JSON is what is promised after each step (security.md, Who sent this?;
// interface.md JSON).
func TestStaffWork(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"rfc8601", "none"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			d := peers.StartDovecot(t, peers.DovecotOptions{})
			p := peers.StartPostfix(t, d, peers.PostfixOptions{Domains: []string{"academie.example", "voorbeeld.example"}})
			a := open(t, d, nil, "klachten")
			a.set["smtp.port"] = strconv.Itoa(p.Port())
			a.set["schedule.delays"] = `"0 0 29 2 *"`
			o := staffOf(t, d, a, profile)
			if o.proven {
				a.set["procedure.undo_minutes"] = "5"
				o.now = time.Now().Add(time.Minute).Truncate(time.Second)
			}
			o.work()
		})
	}
}

func (o *office) work() {
	t, d, bas := o.t, o.d, o.mails("bas")
	d.Put(o.user, grievance("Jan Jansen <jan@voorbeeld.example>", "Het lokaal was koud."), time.Now())
	want(t, "registered", o.pass(1).Registered, 1)
	number := aNumber.FindString(field(t, o.got("jan", acknowledged, 1), "Subject"))
	o.got("bas", noticed, 1)
	o.got("dewi", copied, 1)
	o.stands(number, "in_progress", "category", nil, "reacted_at", nil)

	o.forged(number)
	o.replies(number)
	o.slips(number)

	o.press(handler, bas, "#betreft Tess", "")
	o.got("tess", copied, 1)
	one := o.contract(number)
	if c := one["concerned"].([]any); len(c) != 1 || c[0] != "tess@academie.example" {
		t.Errorf("concerned: %v", c)
	}
	o.closes(number)
}

// stands holds a case to its contract, and to a state and values.
func (o *office) stands(number, state string, pairs ...any) {
	o.t.Helper()
	one := o.contract(number)
	for i, pairs := 0, append([]any{"state", state}, pairs...); i+1 < len(pairs); i += 2 {
		if got := one[pairs[i].(string)]; got != pairs[i+1] {
			o.t.Errorf("%s: %v, want %v", pairs[i], got, pairs[i+1])
		}
	}
}

// forged: somebody writes in the name of Bas. Nothing runs, and nobody but staff
// hears of it.
func (o *office) forged(number string) {
	o.t.Helper()
	o.forge("From: <"+handler+">\nSubject: #antwoord ["+number+"]", "Uw klacht is onzin.")
	if s := o.pass(1); s.Commands != 0 || s.Refused != 1 {
		o.t.Errorf("forged: %+v", s)
	}
	if o.proven {
		o.got("bas", suspicious, 1)
		o.got("dewi", suspicious, 1)
	} else {
		o.got("bas", challenged, 1) // who does not answer it
	}
	o.stands(number, "in_progress", "closed_at", nil)
	want(o.t, "letters to jan after a forged command", o.d.Count("jan", ""), 1)
}

// replies: Bas writes to Jan. Where letters are held back he thinks better of the
// first one.
func (o *office) replies(number string) {
	o.t.Helper()
	bas := o.mails("bas")
	letter := "Beste Jan,\n\nIk zoek het uit.\n\nGroet, Bas"
	if !o.now.IsZero() {
		o.press(handler, bas, "#antwoord", "Beste Jan,\n\nDit had ik anders moeten zeggen.")
		o.got("bas", receipt, 1)
		o.stands(number, "in_progress", "reacted_at", nil)
		if until := o.held(number); until == "" {
			o.t.Error("a letter is held back, and the dossier does not say till when")
		}
		o.press(handler, bas, "#stop", "")
		o.got("bas", receipt, 2)
		want(o.t, "letters after one was taken back", o.pass(10).Sent, 0)
	}
	o.press(handler, bas, "#antwoord", letter)
	o.pass(10)
	reply := o.got("jan", answered, 1)
	if text := words(reply); !strings.Contains(text, "Ik zoek het uit.") || strings.Contains(text, "Code:") ||
		strings.Contains(text, "#antwoord") || strings.Contains(text, "anders moeten zeggen") {
		o.t.Errorf("the reply:\n%s", text)
	}
	if one := o.contract(number); one["reacted_at"] == nil || o.held(number) != "" {
		o.t.Errorf("after the reply: reacted_at %v", one["reacted_at"])
	}
	want(o.t, "letters to jan", o.d.Count("jan", ""), 2)
}

// held is till when a letter of a case is held back.
func (o *office) held(number string) string {
	for _, m := range objects(o.contract(number)["messages"]) {
		if until, is := m["held_until"].(string); is {
			return until
		}
	}
	return ""
}

// slips: a mistyped command is not carried out, and its correction is a button.
func (o *office) slips(number string) {
	o.t.Helper()
	bas := o.mails("bas")
	o.answers("bas", o.got("bas", noticed, 1), "#categorie Locatei", "")
	if s := o.pass(1); s.Commands != 0 || s.Refused != 1 {
		o.t.Errorf("a slip: %+v", s)
	}
	o.got("bas", notDone, 1)
	o.stands(number, "in_progress", "category", nil)
	o.press(handler, bas, "#categorie Locatie", "")
	o.stands(number, "in_progress", "category", "Locatie")
	want(o.t, "letters to jan after a slip", o.d.Count("jan", ""), 2)
}

// answers sends a reply to a mail of ours, with a command typed behind its subject.
func (o *office) answers(user string, raw []byte, typed, body string) {
	o.t.Helper()
	o.put(fmt.Sprintf("From: <%s@academie.example>\nSubject: Re: %s %s\nIn-Reply-To: %s", user, field(o.t, raw, "Subject"), typed,
		field(o.t, raw, "Message-ID")), body)
}

// closes: Bas closes the case with the form that the button opens, and the
// directeur, who proves nothing by a subject that she types, says what was behind it.
func (o *office) closes(number string) {
	o.t.Helper()
	t := o.t
	o.press(handler, o.mails("bas"), "#afgehandeld", "Oordeel: deels\nKosten: 40 euro\nBeste Jan,\n\nDe verwarming is gemaakt.\n\nGroet, Bas")
	o.pass(10)
	if text := words(o.got("jan", closing, 1)); !strings.Contains(text, "De verwarming is gemaakt.") ||
		strings.Contains(text, "40 euro") || strings.Contains(text, "Oordeel:") {
		t.Errorf("the closing:\n%s", text)
	}
	o.got("tess", "Een klacht is afgehandeld", 1)
	o.stands(number, "closed", "category", "Locatie", "resolution", "unresolved", "cause", nil)

	o.put("From: <"+directeur+">\nSubject: ["+number+"] #oorzaak Middelen", "Te weinig onderhoud.")
	if s := o.pass(1); s.Commands != 0 || s.Refused != 1 {
		t.Errorf("without a token: %+v", s)
	}
	o.got("dewi", challenged, 1)
	o.stands(number, "closed", "cause", nil)
	o.confirm(directeur, o.mails("dewi"))
	o.stands(number, "closed", "cause", "Middelen")
	o.recorded(number)
}

// recorded looks at what is on record in the end.
func (o *office) recorded(number string) {
	o.t.Helper()
	t, one := o.t, o.show(number)
	for _, kind := range []string{"acknowledge", "copy_owner", "take", "react", "copy_concerned", "resolve", "feedback", "internal_feedback", "cause"} {
		if !one.kept(kind) {
			t.Errorf("%s is not kept: %+v", kind, one.Promises)
		}
	}
	values := o.contract(number)["form"].(map[string]any)
	for label, value := range map[string]string{"oordeel": "deels", "kosten": "40 euro", "categorie": "Locatie", "oorzaak": "Middelen",
		"toelichting oorzaak": "Te weinig onderhoud.", "behandelaar": handler, "nummer": number} {
		if values[label] != value {
			t.Errorf("form: %s: %v, want %s", label, values[label], value)
		}
	}
	text := o.verb("show", number).stdout
	for _, says := range []string{"category    Locatie", "finding     deels", "cause       Middelen", "handler     " + handler, "kosten", "taken back"} {
		if !strings.Contains(text, says) && (says != "taken back" || !o.now.IsZero()) {
			t.Errorf("show does not say %q:\n%s", says, text)
		}
	}
	want(t, "letters to jan", o.d.Count("jan", ""), 3)
	o.kept(o.d.Mails("jan", "")[1:])
	want(t, "letters to tess", o.d.Count("tess", ""), 2)
	if f := filed(o.d, o.user); !strings.HasPrefix(f, "inbox 0,") || !strings.HasSuffix(f, "automatic 0, spam 0, quarantine 0") {
		t.Error(f)
	}
}

// kept: what Jan was written lies in our Sent folder too, once, but for the
// acknowledgement (smtp.save_sent).
func (o *office) kept(letters [][]byte) {
	o.t.Helper()
	copies := map[string]int{}
	for _, raw := range o.d.Mails(o.user, "Sent") {
		copies[field(o.t, raw, "Message-ID")]++
	}
	want(o.t, "copies in Sent", len(copies), len(letters))
	for _, raw := range letters {
		want(o.t, "copies of a letter in Sent", copies[field(o.t, raw, "Message-ID")], 1)
	}
}
