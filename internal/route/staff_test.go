package route

import (
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/proof"
)

// security.md, K: what a mail holds of ours proves its sender only when it was
// issued to him, for this case and this command, and still holds.
func TestTokens(t *testing.T) {
	const code = "0123456789ABCDEFGHJKMNPQRS"
	bas := Sent{LetterID: 9, CaseID: 1, To: "bas@academie.example", At: now.Add(-time.Hour), Roles: "binnendienst"}
	with := func(change func(*Sent)) Sent { s := bas; change(&s); return s }
	closed := jans
	closed.ClosedAt = now.Add(-30 * time.Minute)
	for _, tt := range []struct {
		name    string
		sent    Sent
		command string // that the code is good for; "": it is the letter that is answered
		subject string
		c       complaint.Case
		why     proof.Reason
	}{
		{"his letter", bas, "", "#neem", jans, proof.OK},
		{"his button", bas, "#neem", "#neem", jans, proof.OK},
		{"his button, in English", bas, "#neem", "#take", jans, proof.OK},
		{"another person's letter", with(func(s *Sent) { s.To = "tess@academie.example" }), "", "#neem", jans, proof.OtherPerson},
		{"another person's button", with(func(s *Sent) { s.To = "tess@academie.example" }), "#neem", "#neem", jans, proof.OtherPerson},
		{"of another case", with(func(s *Sent) { s.CaseID = 2 }), "", "#neem [" + jans.Number + "]", jans, proof.OtherCase},
		{"of no case", with(func(s *Sent) { s.CaseID = 0 }), "", "#neem [" + jans.Number + "]", jans, proof.OtherCase},
		{"a button for another command", bas, "#neem", "#ingetrokken", jans, proof.OtherCommand},
		{"a button for another value", bas, "#wijs Bas Bos", "#wijs Bas Bakker", jans, proof.OtherCommand},
		{"a button and one command more", bas, "#neem", "#neem #ernst laag", jans, proof.OtherCommand},
		{"an open button", bas, "#wijs …", "#wijs Bas Bos", jans, proof.OK},
		{"an open button for another word", bas, "#wijs …", "#categorie Inhoud", jans, proof.OtherCommand},
		{"an open button and one command more", bas, "#wijs …", "#wijs Bas Bos #ernst laag", jans, proof.OtherCommand},
		{"on the last day", with(func(s *Sent) { s.At = now.AddDate(0, 0, -proof.TokenDays).Add(time.Minute) }), "", "#neem", jans, proof.OK},
		{"too old", with(func(s *Sent) { s.At = now.AddDate(0, 0, -proof.TokenDays) }), "", "#neem", jans, proof.Expired},
		{"of before his role changed", with(func(s *Sent) { s.Roles = "trainer" }), "", "#neem", jans, proof.EndedToken},
		{"of before the closing", bas, "", "#heropen", closed, proof.EndedToken},
		{"a button of before the closing", bas, "#heropen", "#heropen", closed, proof.EndedToken},
		{"of the closing itself", with(func(s *Sent) { s.At = closed.ClosedAt }), "", "#heropen", closed, proof.OK},
	} {
		k := busy()
		k.ByCase = func(id int64) (complaint.Case, bool, error) {
			c := tt.c
			c.ID = id
			return c, true, nil
		}
		k.ByNumber = func(string) (complaint.Case, bool, error) { return tt.c, true, nil }
		m := from(tt.subject, "Tekst.", "In-Reply-To: <brief@brief.example>")
		k.ByID = func(id string) (Sent, bool, error) {
			s := tt.sent
			s.MessageID = id
			return s, id == "brief@brief.example", nil
		}
		if tt.command != "" {
			k.ByID = func(string) (Sent, bool, error) { return Sent{}, false, nil }
			k.Proof.ByCode = func(h proof.Hash) (Sent, string, bool, error) {
				return tt.sent, tt.command, h == proof.HashCode(code), nil
			}
			m = from(tt.subject, "Tekst.\n\nCode: "+code)
		}
		k.Proof.Transport = proof.Finding{Evidence: proof.Pass}
		v := classify(t, m, k)
		if ran := v.What == Command; ran != (tt.why == proof.OK) {
			t.Errorf("%s: %s, %s", tt.name, v.What, v.Reason)
		}
		refers, err := k.refers(m)
		if err != nil {
			t.Fatal(err)
		}
		has, why, err := k.token(v.Ask, refers, tt.command != "", code)
		if !has || why != tt.why || err != nil {
			t.Errorf("%s: %v, %q, %v; want %q", tt.name, has, why, err, tt.why)
		}
		if strings.Contains(v.Ask.Body, code) {
			t.Errorf("%s: the code stands in the text", tt.name)
		}
	}
}

// A code that was never given out is not the same as none; one good token
// among others is enough.
func TestTokensTogether(t *testing.T) {
	k := busy()
	m := from("#neem", "Code: 0123456789ABCDEFGHJKMNPQRS", "References: <tess@brief.example> <jan@brief.example> <bas@brief.example>")
	refers, err := k.refers(m)
	if err != nil {
		t.Fatal(err)
	}
	by, _ := k.Policy.Employee("bas@academie.example")
	a := &Ask{By: by, Case: jans, Command: "#neem"}
	if has, why, err := k.token(a, refers, true, "0123456789ABCDEFGHJKMNPQRS"); !has || why != proof.OK || err != nil {
		t.Errorf("got %v, %q, %v", has, why, err)
	}
	if has, why, err := k.token(a, nil, true, "0123456789ABCDEFGHJKMNPQRS"); !has || why != proof.Unknown || err != nil {
		t.Errorf("an unknown code: %v, %q, %v", has, why, err)
	}
	if has, _, err := k.token(a, nil, false, ""); has || err != nil {
		t.Errorf("nothing at all: %v, %v", has, err)
	}
}

// What a code is bound to does not depend on language, case or number.
func TestBound(t *testing.T) {
	for _, tt := range []struct {
		words string
		open  bool
		want  string
	}{
		{"#neem", false, "#neem"}, {"#TAKE", false, "#neem"}, {"#take [" + jans.Number + "]", false, "#neem"},
		{"#wijs Bas Bos", false, "#wijs Bas Bos"}, {"#assign", true, "#wijs …"}, {"#wijs Bas Bos", true, "#wijs …"},
		{"#neem #status", true, "#neem #status"}, {"", false, ""},
	} {
		if got := Bound(tt.words, tt.open); got != tt.want {
			t.Errorf("%q, open %v: %q, want %q", tt.words, tt.open, got, tt.want)
		}
	}
}

// security.md, Who sent this?: the table, as a mail meets it.
func TestProven(t *testing.T) {
	pass, none, fail := proof.Finding{Evidence: proof.Pass}, proof.Finding{}, proof.Finding{Evidence: proof.Fail, Reason: "dmarc fail"}
	const token = "In-Reply-To: <bas@brief.example>"
	for _, tt := range []struct {
		name, subject string
		lines         []string
		transport     proof.Finding
		what          What
		reason        string
	}{
		{"both", "#neem", []string{token}, pass, Command, ""},
		{"transport alone", "#neem " + jans.Number, nil, pass, Refusal, "no token"},
		{"token alone", "#neem", []string{token}, none, Refusal, "no evidence"},
		{"reading with the token", "#status", []string{token}, none, Command, ""},
		{"reading by transport", "#status " + jans.Number, nil, pass, Command, ""},
		{"reading with nothing", "#status " + jans.Number, nil, none, Refusal, "no evidence"},
		{"a failed proof", "#status", []string{token}, fail, Refusal, "dmarc fail"},
		{"a fresh registration", "#registreer Karel", nil, pass, Command, ""},
		{"one with nothing", "#registreer Karel", nil, none, Refusal, "no evidence"},
		{"a note with the token", "klacht", []string{token}, none, Note, ""},
		{"a note with nothing", "klacht " + jans.Number, nil, none, Note, "sender unproven"},
		{"a note with a failed proof", "klacht", []string{token}, fail, Note, "sender unproven"},
		{"about nothing", "De printer", nil, pass, Asking, ""},
		{"old", "#neem", []string{token, "X-Old: yes"}, pass, Automatic, "older than seven days"},
		{"a robot of his", "#neem", []string{token, "Auto-Submitted: auto-generated"}, pass, Automatic, "automatic mail"},
	} {
		k := busy()
		k.Proof.Transport = tt.transport
		if strings.Contains(strings.Join(tt.lines, ""), "X-Old") {
			k.Received = now.AddDate(0, 0, -8)
		}
		v := classify(t, from(tt.subject, "Tekst.", tt.lines...), k)
		if v.What != tt.what || v.Reason != tt.reason {
			t.Errorf("%s: %s %q, want %s %q", tt.name, v.What, v.Reason, tt.what, tt.reason)
		}
	}
}

// An archive is read and never obeyed (interface.md, import).
func TestArchivedCommands(t *testing.T) {
	k := busy()
	k.Archived, k.Proof.Transport = true, proof.Finding{Evidence: proof.Pass}
	if v := classify(t, from("#neem", "Tekst.", "In-Reply-To: <bas@brief.example>"), k); v.What != Note || v.Proven {
		t.Errorf("got %+v", v)
	}
}

// A command about one's own complaint is a command; anything else is the
// complainant's word.
func TestOwnComplaint(t *testing.T) {
	for subject, want := range map[string]What{
		"#ingetrokken " + tess.Number: Refusal, "Re: klacht " + tess.Number: Followup, "FW: #ingetrokken " + tess.Number: Followup,
	} {
		m := from(subject, "Tekst.")
		m.From[0].Address = "tess@academie.example"
		if v := classify(t, m, busy()); v.What != want || v.CaseID != 2 {
			t.Errorf("%s: %+v", subject, v)
		}
	}
}
