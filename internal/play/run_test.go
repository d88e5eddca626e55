package play

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// world answers each mail with one of its own, and registers it.
type world struct {
	now     time.Time
	raw     []string
	sent    []Letter
	cases   []Entry
	refused []string
	said    []string
	down    error
}

func (w *world) Address() string         { return "klachten@academie.example" }
func (w *world) Clock(t time.Time) error { w.now = t; return w.down }
func (w *world) Refuse(address string)   { w.refused = append(w.refused, address) }
func (w *world) Say(line string)         { w.said = append(w.said, line) }
func (w *world) Cases() ([]Entry, error) { return w.cases, nil }
func (w *world) Became() (string, error) { return "registered", nil }

func (w *world) Release() error {
	w.sent = append(w.sent, Letter{To: "jan@voorbeeld.example", Subject: "Losgelaten"})
	return nil
}

func (w *world) Receive(raw []byte) error {
	w.raw = append(w.raw, string(raw))
	n := fmt.Sprintf("K2026-%06d", 100+len(w.raw))
	w.cases = append(w.cases, Entry{Number: n, Facts: map[string]string{"state": "new", "acknowledge": "kept", "react": "2026-03-27"}})
	w.sent = append(w.sent, Letter{To: "jan@voorbeeld.example", Subject: "Je klacht is ontvangen [" + n + "]",
		MessageID: fmt.Sprintf("brief%d@academie.example", len(w.raw)), Text: "Beste Jan,\nuiterlijk vrijdag\n27 maart hoor je van ons over " + n + ".\n"})
	return nil
}

func (w *world) Sent() ([]Letter, error) {
	sent := w.sent
	w.sent = nil
	return sent, nil
}

const begin = "# Proef\n-- at 2026-03-20 09:00 --\n-- mail --\nFrom: jan@voorbeeld.example\nSubject: Klacht\n\nKoud.\n"

func play(t *testing.T, text string) (*world, error) {
	t.Helper()
	p, err := Parse("proef.txt", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{}
	return w, Run(p, w)
}

func TestRun(t *testing.T) {
	w, err := play(t, begin+`
-- expect --
jan@voorbeeld.example  Je klacht is ontvangen [K1]
    says: uiterlijk vrijdag 27 maart
    says: over K1
    omits: zaterdag
-- became registered --
-- register --
K1  state new  acknowledge kept  react open
-- refuse piet@voorbeeld.example --
-- say Let op. --
-- reply JAN@voorbeeld.example --

over {K1} en {K9}
-- expect --
JAN@voorbeeld.example  Je klacht is ontvangen [K2]
-- bounce jan@voorbeeld.example --
-- expect --
jan@voorbeeld.example  Je klacht is ontvangen [K3]
-- release --
-- expect --
jan@voorbeeld.example  Losgelaten
`)
	if err != nil {
		t.Fatal(err)
	}
	if !w.now.Equal(time.Date(2026, 3, 20, 8, 0, 0, 0, time.UTC)) || len(w.refused) != 1 || len(w.said) != 1 || w.said[0] != "Let op." {
		t.Errorf("the world: %+v", w)
	}
	for i, words := range [][]string{
		{"From: jan@voorbeeld.example\r\n", "\r\nTo: <klachten@academie.example>\r\n", "\r\nMessage-ID: <", "\r\nDate: Fri, 20 Mar 2026 09:00:00 +0100\r\n", "\r\n\r\nKoud.\r\n"},
		{"Subject: Re: Je klacht is ontvangen [K2026-000101]\r\n", "In-Reply-To: <brief1@academie.example>\r\n", "over K2026-000101 en {K9}"},
		{"Return-Path: <>\r\n", "multipart/report", "\r\nMessage-ID: <brief2@academie.example>\r\n", "Action: failed"},
	} {
		for _, word := range words {
			if !strings.Contains(w.raw[i], word) {
				t.Errorf("mail %d has no %q:\n%s", i, word, w.raw[i])
			}
		}
		if strings.Count(w.raw[i], "\n") != strings.Count(w.raw[i], "\r\n") {
			t.Errorf("mail %d has a bare LF", i)
		}
	}
}

// A play that does not go as it says fails, and says where.
func TestRunFails(t *testing.T) {
	const good = "-- expect --\njan@voorbeeld.example  Je klacht is ontvangen [K1]\n" // lines 8 and 9
	for _, tt := range []struct{ name, text, want string }{
		{"a mail that no line expects, at the end", begin, "at the end: not expected after line 3:\n\tjan@voorbeeld.example  Je klacht is ontvangen [K1]"},
		{"a mail that no line expects, before the next step", begin + "-- mail --\nFrom: x@y.example\n\nx\n", "proef.txt:8: mail: before line 8: not expected"},
		{"a mail that no line expects, before the clock goes on", begin + "-- at 2026-03-21 09:00 --\n", "proef.txt:8: at: "},
		{"an empty expect", begin + "-- expect --\n", "not expected after line 3"},
		{"one more than came", begin + good + "bas@academie.example  Nieuwe klacht [K1]\n", `line 10: no mail to bas@academie.example "Nieuwe klacht [K1]"; nothing was sent`},
		{"the same twice", begin + good + "jan@voorbeeld.example  Je klacht is ontvangen [K1]\n", "line 10: no mail"},
		{"another subject", begin + "-- expect --\njan@voorbeeld.example  Je klacht is ontvangen\n", `line 9: no mail to jan@voorbeeld.example "Je klacht is ontvangen"; before line 8: not expected`},
		{"another number", begin + "-- expect --\njan@voorbeeld.example  Je klacht is ontvangen [K2]\n", "line 9: no mail"},
		{"somebody else", begin + "-- expect --\npiet@voorbeeld.example  Je klacht is ontvangen [K1]\n", "line 9: no mail to piet@voorbeeld.example"},
		{"words that are missing", begin + good + "    says: uiterlijk zaterdag\n", `line 9: the mail to jan@voorbeeld.example does not say "uiterlijk zaterdag" but:`},
		{"words that may not be there", begin + good + "    omits: vrijdag\n", `line 9: the mail to jan@voorbeeld.example says "vrijdag":`},
		{"another fact", begin + good + "-- register --\nK1  state closed\n", `line 11: K1: state is "new", not "closed"`},
		{"another day", begin + good + "-- register --\nK1  state new  react 2026-03-28\n", `line 11: K1: react is "2026-03-27", not "2026-03-28"`},
		{"open what is kept", begin + good + "-- register --\nK1  acknowledge open\n", `acknowledge is "kept", not "open"`},
		{"a fact that nobody knows", begin + good + "-- register --\nK1  staat nieuw\n", `nothing is known about "staat"`},
		{"a fact without a value", begin + good + "-- register --\nK1  state\n", `line 11: "state" has no value`},
		{"too few cases", begin + good + "-- register --\n", "0 cases are expected, there are 1"},
		{"too many cases", begin + good + "-- register --\nK1  state new\nK2  state new\n", "2 cases are expected, there are 1"},
		{"cases in another order", begin + good + "-- register --\nK2  state new\n", "want K1 first"},
		{"another fate", begin + good + "-- became spam --\n", `proef.txt:10: became: the message became "registered", not "spam"`},
		{"a reply to nothing", "# Proef\n-- at 2026-03-20 09:00 --\n-- reply jan@voorbeeld.example --\n", "proef.txt:3: reply: jan@voorbeeld.example got no mail"},
		{"a bounce of nothing", "# Proef\n-- at 2026-03-20 09:00 --\n-- bounce jan@voorbeeld.example --\n", "got no mail that could come back"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := play(t, tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

// A world that fails fails the play.
func TestWorldFails(t *testing.T) {
	p, err := Parse("proef.txt", begin, zone)
	if err != nil {
		t.Fatal(err)
	}
	down := errors.New("down")
	if err := Run(p, &world{down: down}); !errors.Is(err, down) || !strings.HasPrefix(err.Error(), "proef.txt:2: at: ") {
		t.Errorf("got %v", err)
	}
}

func TestLook(t *testing.T) {
	got := Look(complaint.Case{Number: "K2026-000101", State: complaint.InProgress, Handler: "bas@academie.example", ReactBy: "2026-03-27",
		Concerned: []complaint.Concern{{Address: "tess@academie.example"}, {Name: "Harm Smit"}},
		Dossier: complaint.Dossier{Category: complaint.Judgement{Value: "Locatie"}, Course: "Rij theorie",
			Form: map[string]complaint.FormValue{"gunstig moment": {Value: "na zes uur"}}},
		Promises: []complaint.Promise{
			{Kind: complaint.Acknowledge, Due: "2026-03-20", FulfilledAt: time.Unix(1, 0)},
			{Kind: complaint.Take, Due: "2026-03-24"},
			{Kind: complaint.React, Due: "2026-03-27", WaivedBy: "directeur@academie.example"},
			{Kind: complaint.Answer, Due: "2026-03-28"},
			{Kind: complaint.Answer, Due: "2026-03-27", FulfilledAt: time.Unix(1, 0)},
			{Kind: complaint.Feedback, Due: "2026-03-27", WaivedBy: "bas@academie.example"},
			{Kind: complaint.Feedback, Due: "2026-03-28", FulfilledAt: time.Unix(1, 0)},
		}})
	for fact, want := range map[string]string{"state": "in_progress", "handler": "bas@academie.example", "react_by": "2026-03-27",
		"acknowledge": "kept", "take": "2026-03-24", "react": "waived", "answer": "2026-03-28", "feedback": "kept",
		"category": "Locatie", "finding": "-", "resolution": "-", "course": "Rij_theorie",
		"concerned": "tess@academie.example,Harm_Smit", "form:gunstig_moment": "na_zes_uur"} {
		if got.Facts[fact] != want {
			t.Errorf("%s is %q, want %q", fact, got.Facts[fact], want)
		}
	}
}

// offer is a letter with two buttons and a code, as the academy writes them.
const offer = "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/plain\r\n\r\nmail ons\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
	`<a href=3D"mailto:klachten@academie.example?subject=3D%23afgehandeld%20%5BK2026-000101%5D&amp;body=3DOordeel%3A%0D%0ABericht%3A%0D%0A%0D%0ACode%3A%20ABC123">af</a>` + "\r\n" +
	`<a href=3D"mailto:klachten@academie.example?subject=3D%5BK2026-000101%5D%20%23wijs%20&amp;body=3D%0D%0A%0D%0ACode%3A%20DEF456">wijs</a>` + "\r\n--b--\r\n"

// Staff reply with a command, press buttons and confirm with a code.
func TestStaff(t *testing.T) {
	p, err := Parse("proef.txt", `# Proef
-- at 2026-03-20 09:00 --
-- command bas@academie.example #neem --
Ik doe het.
-- press bas@academie.example #afgehandeld --
Oordeel: deels
Beste Jan,
-- press bas@academie.example #wijs Bea --
-- confirm bas@academie.example --
-- press bea@academie.example bas@academie.example #wijs Bea --
-- confirm bea@academie.example bas@academie.example --
`, zone)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{}
	pl := &player{p: p, w: w, last: map[string]Letter{}, now: time.Unix(0, 0)}
	letter := Letter{To: "bas@academie.example", Subject: "Nieuwe klacht [K2026-000101]", MessageID: "brief@academie.example",
		Text: "mail ons: #ja 0A1B 2C3D", Raw: []byte(offer)}
	pl.last[letter.To], pl.all = letter, []Letter{letter}
	for i, words := range [][]string{
		{"Subject: Re: Nieuwe klacht [K2026-000101] #neem\r\n", "In-Reply-To: <brief@academie.example>\r\n", "\r\n\r\nIk doe het."},
		{"Subject: #afgehandeld [K2026-000101]\r\n", "Oordeel: deels\r\nBericht:\r\nBeste Jan,\r\n", "\r\nCode: ABC123"},
		{"Subject: [K2026-000101] #wijs Bea\r\n", "\r\nCode: DEF456"},
		{"From: <bas@academie.example>\r\nSubject: #ja 0A1B 2C3D\r\n"},
		{"From: <bea@academie.example>\r\nSubject: [K2026-000101] #wijs Bea\r\n", "\r\nCode: DEF456"},
		{"From: <bea@academie.example>\r\nSubject: #ja 0A1B 2C3D\r\n"},
	} {
		raw, err := pl.message(p.Steps[i+1])
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if !strings.Contains(string(raw), word) {
				t.Errorf("mail %d has no %q:\n%s", i, word, raw)
			}
		}
	}
	for _, s := range []Step{{Verb: Press, Arg: "bas@academie.example #neem"}, {Verb: Confirm, Arg: "bea@academie.example"},
		{Verb: Command, Arg: "bea@academie.example #neem"}} {
		if _, err := pl.message(s); err == nil {
			t.Errorf("%s %s: no error", s.Verb, s.Arg)
		}
	}
}
