package command

import (
	"math/rand/v2"
	"strings"
	"testing"
)

const ours = "Nieuwe klacht [K2026-482931]"

func TestTypedReply(t *testing.T) {
	for _, tt := range []struct{ subject, want string }{
		{"RE: Nieuwe klacht [K2026-482931]", ""},
		{"RE: Nieuwe klacht [K2026-482931] #neem Bas", "#neem Bas"},
		{"#neem Bas RE: Nieuwe klacht [K2026-482931]", "#neem Bas"},
		{"Antw: #neem Bas Nieuwe klacht [K2026-482931]", "#neem Bas"},
		{"#neem Re: #ernst laag Nieuwe klacht [K2026-482931] #status", "#neem\n#ernst laag\n#status"},
		{"[EXTERN] Antw: [EXT] AW: Nieuwe klacht [K2026-482931] #neem", "#neem"},
		{"***SPAM*** SV: RE[2]: Nieuwe klacht [K2026-482931] #neem", "#neem"},
		{"RE : Nieuwe klacht [K2026-482931] #neem", "#neem"},
		{"Re\uff1aNieuwe klacht [K2026-482931] #neem", "#neem"},
		{"RE:NIEUWE  klacht\r\n [k2026-482931]#neem", "#neem"},
		{"Re: Nieuweklacht[K2026-482931] #neem", "#neem"},
		{"Re: Nieuwe\u00a0kl\u200bacht [K2026-482931] #neem", "#neem"},
		{"Nieuwe klacht [K2026-482931] #neem", "#neem"}, // a program that sets no prefix
		{"Vastaus: Nieuwe klacht [K2026-482931] #neem", "Vastaus:\n#neem"},
		{"Re: Nieuwe klacht [K2026-482931] #neem FW: #terug", "#neem"},
		{"Re: Nieuwe klacht [K2026-482931] #antwoord: x", "#antwoord: x"},

		{"FW: Nieuwe klacht [K2026-482931] #neem", ""},
		{"Doorst: Nieuwe klacht [K2026-482931] #neem", ""},
		{"RE: FW: Nieuwe klacht [K2026-482931] #neem", ""},
		{"[Fwd: Nieuwe klacht [K2026-482931] #neem]", ""},
		{"[Fwd] Nieuwe klacht [K2026-482931] #neem", ""},
		{"Nieuwe klacht [K2026-482931] #neem (fwd)", ""},
		{"#status FW: Nieuwe klacht [K2026-482931] #neem", "#status"},
		{"RE: #ingetrokken RE: Nieuwe klacht [K2026-482931]", ""},
		{"RE: #ingetrokken FW: Nieuwe klacht [K2026-482931]", ""},
		{"RE: Nieuwe klacht [K2026-482931] #ingetrokken RE: Nieuwe klacht [K2026-482931]", ""},

		{"#neem Bas", "#neem Bas"}, // the subject was replaced
		{"[EXTERN] #neem Bas", "#neem Bas"},
		{"Wil je dit doen? #neem", ""},
		{"RE: #neem", ""},
		{"RE: Nieuwe klacht #neem", ""}, // cut short
		{"RE: Nieuwe klacht [K2026-111111] #neem", ""},
		{"#status RE: iets anders #neem", "#status"},
		{"RE: Vernieuwe klacht [K2026-482931] #neem", ""}, // within a word
	} {
		if got := Typed(tt.subject, ours, true); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.subject, got, tt.want)
		}
	}
}

func TestTypedFresh(t *testing.T) {
	for _, tt := range []struct{ subject, want string }{
		{"#registreer jan@example.nl", "#registreer jan@example.nl"},
		{"[K2026-482931] #neem", "[K2026-482931] #neem"},
		{"K2026-482931 #neem", "K2026-482931 #neem"},
		{"[EXTERN] [K2026-482931] #neem", "[K2026-482931] #neem"},
		{"EXTERN: !neem [K2026-482931]", "!neem [K2026-482931]"},
		{"#neem [K2026-482931] RE: #ingetrokken", "#neem [K2026-482931]"},
		{"#status FW: #ingetrokken", "#status"},
		{"#status (fwd) #ingetrokken", "#status"},

		{"", ""},
		{"Klacht over mijn cursus #neem", ""},
		{"RE: [K2026-482931] #neem", ""},
		{"FW: #ingetrokken", ""},
		{"Doorst: #ingetrokken", ""},
		{"WG: #ingetrokken", ""},
		{"TR : #ingetrokken", ""},
		{"I: #ingetrokken", ""},
		{"Enc: #ingetrokken", ""},
		{"Onbekend: #ingetrokken", ""}, // a prefix that nobody knows
		{"[EXTERN] FW: #ingetrokken", ""},
		{"[Fwd: #ingetrokken]", ""},
		{"[Fwd] #ingetrokken", ""},
		{"[Weitergeleitet] #ingetrokken", ""},
		{"[lijst] #ingetrokken", ""}, // no gateway's word
		{"#ingetrokken (fwd)", ""},
		{"F\u200bW: #ingetrokken", ""},
		{"\u202eFW: #ingetrokken", ""},
		{"\uff26\uff37\uff1a #ingetrokken", ""},
		{"=?utf-8?q?=23neem?=", ""}, // was not decoded
		{"#neem " + strings.Repeat("Bas ", MaxSubject/4), ""},
	} {
		if got := Typed(tt.subject, "", false); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.subject, got, tt.want)
		}
		if got := Typed(tt.subject, ours, false); got != tt.want {
			t.Errorf("%q: what we sent is of no weight in a fresh mail: %q", tt.subject, got)
		}
	}
}

// What clients and gateways write before a subject.
var (
	replies  = []string{"Re: ", "RE: ", "re:", "Antw: ", "AW: ", "SV: ", "RE[2]: ", "Re^3: ", "Antwoord: ", "R: ", "RE : ", "Odp: ", "回复：", "Betr: "}
	forwards = []string{"FW: ", "Fwd: ", "fw:", "Doorst: ", "Doorgestuurd: ", "WG: ", "TR: ", "TR : ", "I: ", "VS: ", "Enc: ", "Fwd(2): ", "转发：", "[Fwd] "}
	gates    = []string{"", "", "", "[EXTERN] ", "[EXT]", "***SPAM*** ", "EXTERN: ", "[External Sender] ", "(extern) "}
	hostile  = []string{"#ingetrokken", "!ja AB12", "#ongedaan", "＃neem Bas", "[K2026-482931]", ours, strings.ToUpper(ours), "Klacht", "#️⃣stop",
		"RE: ", "FW:", "[EXTERN]", "(fwd)", "]", "[", "[Fwd: ", "\u200b", "\u202e", "\r\n ", ": ", "#", "!", "Onbekend: ", "Nieuwe klacht", "é", "\xff", "\x00"}
)

func one(r *rand.Rand, of []string) string { return of[r.IntN(len(of))] }

// words is what a complainant may write: a subject, a name, a text.
func words(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(7) {
		b.WriteString(one(r, hostile))
		b.WriteString(one(r, []string{"", " ", "  "}))
	}
	return b.String()
}

// hop is one more program that passes a subject on.
func hop(r *rand.Rand, prefixes []string, subject string) string {
	return one(r, gates) + one(r, prefixes) + one(r, gates) + subject
}

// typedBy is what staff may type in front, and how Parse shows it.
var typedBy = []struct{ typed, commands string }{
	{"", ""},
	{"#neem Bas ", "take=Bas"},
	{"!Oorzaak: planning ", "cause=planning"},
	{"[K2026-111111] #ernst laag #status ", "severity=laag status="},
}

// Whose words are these? (procedure.md 3): for any words of a complainant and any
// chain of replies and forwards, no command comes out that staff did not type.
func TestNoCommandOfOthers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	both := append(append([]string{}, replies...), forwards...)
	for range 10_000 {
		subject := words(r)
		for range 1 + r.IntN(4) {
			subject = hop(r, both, subject)
			if r.IntN(3) == 0 {
				subject += words(r) // he edits it in a later mail
			}
			if r.IntN(3) == 0 {
				subject = words(r) + subject
			}
		}
		subject = hop(r, both, subject) // staff answer or pass on his mail
		staff := typedBy[r.IntN(len(typedBy))]
		subject = staff.typed + subject
		if got := show(Parse(Typed(subject, "", false))); got != staff.commands && (got != "" || !endsForwarded([]rune(normal(subject)))) {
			t.Fatalf("%q: %q, typed was %q", subject, got, staff.commands)
		}
	}
}

// The same when a mail of ours stands in the thread, but was passed on, or his
// words stand before it.
func TestNoCommandOfOthersInThread(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	both := append(append([]string{}, replies...), forwards...)
	for range 10_000 {
		subject := hop(r, forwards, ours)
		if r.IntN(2) == 0 {
			subject = one(r, hostile[:4]) + " " + hop(r, replies, ours)
		}
		for range r.IntN(3) {
			subject = hop(r, both, words(r)+" "+subject) + " " + words(r)
		}
		staff := typedBy[r.IntN(len(typedBy))]
		subject = staff.typed + hop(r, both, subject)
		if got := show(Parse(Typed(subject, ours, true))); got != staff.commands && (got != "" || !endsForwarded([]rune(normal(subject)))) {
			t.Fatalf("%q: %q, typed was %q", subject, got, staff.commands)
		}
	}
}

// What staff type is read wherever it stands around the subject that we sent,
// whatever their program does with that.
func TestTypedIsRead(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	mangle := []func(string) string{
		strings.ToUpper, strings.ToLower, strings.TrimSpace,
		func(s string) string { return strings.ReplaceAll(s, " ", "") },
		func(s string) string { return strings.ReplaceAll(s, " ", "\r\n\t") },
		func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
	}
	for range 5_000 {
		head, mid, tail := typedBy[r.IntN(3)], typedBy[r.IntN(3)], typedBy[r.IntN(3)]
		prefix := ""
		for range 1 + r.IntN(3) {
			prefix = hop(r, replies, prefix)
		}
		subject := one(r, gates) + head.typed + prefix + mid.typed + mangle[r.IntN(len(mangle))](ours) + " " + tail.typed
		want := strings.Join(strings.Fields(head.commands+" "+mid.commands+" "+tail.commands), " ")
		if got := show(Parse(Typed(subject, ours, true))); got != want {
			t.Fatalf("%q: %q, want %q", subject, got, want)
		}
	}
}

// security.md 10. A reply prefix in front leaves nothing of a fresh mail.
func FuzzTyped(f *testing.F) {
	f.Add("RE: "+ours+" #neem", ours)
	f.Add("[EXTERN] #ingetrokken (fwd)", "")
	f.Add("[Fwd: ***[(<{", "İ")
	f.Add("#x Antw(3): #neem Nieuwe klacht", "nieuweklacht")
	f.Fuzz(func(t *testing.T, subject, sent string) {
		Typed(subject, sent, true)
		if got := Typed("RE: "+subject, sent, false); got != "" {
			t.Fatalf("%q: %q", subject, got)
		}
		if got := Typed("FW: "+subject, sent, true); len(Parse(got).Commands) > 0 && sent == ours {
			t.Fatalf("%q: %q", subject, got)
		}
		once := Typed(subject, sent, false)
		if again := Typed(once, sent, false); again != once {
			t.Fatalf("%q: %q, again %q", subject, once, again)
		}
	})
}
