package proof

import (
	"testing"
	"time"
)

var (
	noon  = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	staff = []Member{{Address: "dewi@example.nl"}, {Address: "Bas@example.nl", Aliases: []string{"b.bakker@example.org"}}}
)

func ask(a Asked, e Evidence, token bool) Request {
	return Request{FromFields: 1, From: []string{"bas@example.nl"}, Staff: staff, Received: noon, Now: noon,
		Asked: a, Transport: Finding{e, Reason("T " + e.String())}, HasToken: token, Challenge: Unknown}
}

// TestDecide is the whole table: what is asked, T and K (security.md, A command
// runs; Reading; a challenge; T = fail; A note).
func TestDecide(t *testing.T) {
	want := map[Asked][6]Action{ // none, pass, fail; then the same with a token
		Note:     {Unproven, Keep, Unproven, Keep, Keep, Unproven},
		Reading:  {Ask, Answer, Refuse, Answer, Answer, Refuse},
		Command:  {Ask, Ask, Refuse, Ask, Run, Refuse},
		Register: {Ask, Run, Refuse, Ask, Run, Refuse},
		Confirm:  {WrongCode, WrongCode, Refuse, WrongCode, WrongCode, Refuse},
	}
	for a, row := range want {
		for i, action := range row {
			r := ask(a, Evidence(i%3), i >= 3)
			o := Decide(r)
			if o.Action != action || o.Person != "Bas@example.nl" || o.Reason == "" {
				t.Errorf("asked %d, T %v, token %v: %+v, want %s", a, r.Transport.Evidence, r.HasToken, o, action)
			}
			// The right code runs whatever T is, but for a fail.
			if r.Challenge = OK; a == Confirm && (Decide(r).Action == Run) != (r.Transport.Evidence != Fail) {
				t.Errorf("T %v and the right code: %+v", r.Transport.Evidence, Decide(r))
			}
			// A token that does not hold is none.
			if r = ask(a, Evidence(i%3), true); i < 3 {
				r.Token = Expired
				if got := Decide(r).Action; got != action {
					t.Errorf("asked %d, T %v, an expired token: %s, want %s", a, r.Transport.Evidence, got, action)
				}
			}
		}
	}
}

// TestGate: line "Gate" of security.md.
func TestGate(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*Request)
		action Action
		reason Reason
	}{
		{"open", func(*Request) {}, Run, ByToken},
		{"any case", func(r *Request) { r.From[0] = "BAS@EXAMPLE.NL" }, Run, ByToken},
		{"alias", func(r *Request) { r.From[0] = "B.Bakker@example.org" }, Run, ByToken},
		{"no From", func(r *Request) { r.FromFields, r.From = 0, nil }, NotStaff, NotOneFrom},
		{"two From", func(r *Request) { r.FromFields = 2 }, NotStaff, NotOneFrom},
		{"two mailboxes", func(r *Request) { r.From = append(r.From, "dewi@example.nl") }, NotStaff, NotOneFrom},
		{"twice the same", func(r *Request) { r.From = append(r.From, r.From[0]) }, NotStaff, NotOneFrom},
		{"stranger", func(r *Request) { r.From[0] = "jan@example.org" }, NotStaff, NoStaff},
		{"own domain", func(r *Request) { r.From[0] = "kees@example.nl" }, NotStaff, NoStaff},
		{"subaddress", func(r *Request) { r.From[0] = "bas+x@example.nl" }, NotStaff, NoStaff},
		{"begins alike", func(r *Request) { r.From[0] = "bas@example.nl.boos.example" }, NotStaff, NoStaff},
		{"quoted", func(r *Request) { r.From[0] = `"bas"@example.nl` }, NotStaff, BadAddress},
		{"two signs", func(r *Request) { r.From[0] = "bas@example.nl@boos.example" }, NotStaff, BadAddress},
		{"letters like ours", func(r *Request) { r.From[0] = "ba\u017f@example.nl" }, NotStaff, BadAddress},
		{"empty", func(r *Request) { r.From[0] = "" }, NotStaff, BadAddress},
		{"automatic", func(r *Request) { r.Automatic = true }, Ignore, IsAutomatic},
		{"ran before", func(r *Request) { r.Executed = true }, Ignore, RanBefore},
		{"seven days", func(r *Request) { r.Received = noon.AddDate(0, 0, -7) }, Run, ByToken},
		{"older", func(r *Request) { r.Received = noon.AddDate(0, 0, -7).Add(-1) }, Ignore, TooOld},
		{"far ahead", func(r *Request) { r.Received = noon.AddDate(0, 0, 8) }, Ignore, TooOld},
		{"old and failing", func(r *Request) { r.Received, r.Transport.Evidence = noon.AddDate(0, 0, -8), Fail }, Ignore, TooOld},
	} {
		r := ask(Command, Pass, true)
		tt.change(&r)
		if o := Decide(r); o.Action != tt.action || o.Reason != tt.reason || (o.Person == "") != (tt.action == NotStaff) {
			t.Errorf("%s: %+v, want %s (%s)", tt.name, o, tt.action, tt.reason)
		}
	}
	old := ask(Note, Pass, false)
	old.Received, old.Executed = noon.AddDate(0, -1, 0), true
	if o := Decide(old); o.Action != Keep {
		t.Errorf("a note has no age: %+v", o)
	}
	if old.Automatic = true; Decide(old).Action != Ignore {
		t.Error("an automatic note is kept")
	}
}

// TestLimits: three challenges a person an hour, one notice of a fail a day, the
// rest is counted; use by another From is audited.
func TestLimits(t *testing.T) {
	for n, want := range map[int]Action{0: Ask, 2: Ask, 3: Count, 9: Count} {
		for _, a := range []Asked{Reading, Command, Register} {
			r := ask(a, None, false)
			if r.Challenges = n; Decide(r).Action != want {
				t.Errorf("%d challenges, asked %d: %+v, want %s", n, a, Decide(r), want)
			}
		}
	}
	full := ask(Command, Pass, true)
	if full.Challenges = 9; Decide(full).Action != Run {
		t.Error("what is proven needs no challenge")
	}
	for n, notice := range map[int]bool{0: true, 1: false, 5: false} {
		r := ask(Command, Fail, true)
		r.FailNotices = n
		if o := Decide(r); o.Action != Refuse || o.Notice != notice {
			t.Errorf("%d notices: %+v", n, o)
		}
	}
	for e, notice := range map[Evidence]bool{None: false, Pass: true} {
		if o := Decide(ask(Confirm, e, false)); o.Notice != notice {
			t.Errorf("wrong code, T %v: %+v", e, o)
		}
	}
	if o := Decide(ask(Note, Fail, false)); o.Notice {
		t.Error("a note commands nothing: no notice")
	}
	for _, a := range []Asked{Note, Reading, Command} {
		r := ask(a, Pass, true)
		if r.Token = OtherPerson; Decide(r).Audit != OtherPerson {
			t.Errorf("asked %d: the use of somebody else's token is not audited", a)
		}
		if r.Token = Expired; Decide(r).Audit != "" {
			t.Error("an old token is nothing to audit")
		}
	}
}
