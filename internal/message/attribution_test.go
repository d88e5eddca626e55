package message

import (
	"strings"
	"testing"
)

// Above a quote with marks, what programs write goes and what people write stays.
func TestAttributionAboveQuote(t *testing.T) {
	for _, line := range []string{
		"Op ma 2 mrt 2026 om 10:11 schreef Jan <jan@x.example>:",
		"Op ma 2 mrt 2026 om 10:11 schreef Jan de Vries, Academie Voorbeeld <\njan@x.example>:",
		"Op 2 mrt. 2026 om 10:11 heeft Jan de Vries\n<jan@x.example> het volgende\ngeschreven:",
		"Op 12 sep 2008, om 17:29 heeft Jan de Vries het volgende geschreven:",
		"Jan <jan@x.example> heeft op 2 mrt. 2026 om 10:11 het volgende geschreven:",
		"Op 02-03-2026 om 10:11 schreef Jan via Academie:",
		"Op 2026-03-02 10:11, schreef Jan:",
		"Op Ma, 2 maart, 2026 10:11 am, schreef Jan:",
		"Jan schreef op ma 02-03-2026 om 10:11 [+0100]:",
		"Jan <jan@x.example> schreef:",
		"Jan <jan@x.example>\nschreef op 2 maart 2026 10:11:",
		"Jan de Vries schreef:",
		"On Mon, Mar 2, 2026 at 10:11\u202fAM Jan <jan@x.example> wrote:",
		"On Mon, Mar 2, 2026 at 10:11 AM\nJan <jan@x.example> wrote:",
		"On Mon, 2 Mar 2026, 10:11 a.m.\nJan, <jan@x.example> wrote:",
		"On 3/2/26, 10:11 AM, \"Jan\" <jan@x.example<mailto:jan@x.example>> wrote:",
		"On Tue, 3 Mar 2026, Jan wrote:",
		"*On 2 Mar 2026, at 10:11, Jan <jan@x.example> wrote:*",
		"Jan/Academie wrote on 02/03/2026 10:11:12 AM:",
		"Quoting Jan <jan@x.example>:",
		"Am 02.03.2026 um 10:11 schrieb Jan:",
		"Am Mo., 2. März 2026 um 10:11 Uhr schrieb Jan <jan@x.example>:",
		"Jan <jan@x.example> schrieb am Mo., 2. März 2026, 10:11:",
		"Zitat von Jan <jan@x.example>:",
		"Le lun. 2 mars 2026 à 10:11, Jan <jan@x.example> a écrit :",
		"Le 02/03/2026 à 10h11, Jan a\nécrit\u00a0:",
		"Jan a écrit le 02/03/2026 10:11 :",
		"02.03.2026, 10:11, \"Jan\" <jan@x.example>:",
		"Il giorno lun 2 mar 2026 alle ore 10:11 Jan <jan@x.example> ha scritto:",
		"-----Oorspronkelijk bericht-----",
		"Begin doorgestuurd bericht:",
	} {
		if got := newText("Prima zo.\n\n"+line+"\n\n> oud\n> ouder", true, false); got != "Prima zo." {
			t.Errorf("%q: got %q", line, got)
		}
	}
	for _, line := range []string{
		"Uw docent schreef:", "Hij schreef:", "Op 2 maart 2026 schreef uw docent:", "On Monday he wrote:", "U vraagt om 10:15:",
		"Dit is mijn antwoord daarop:", "Ik mailde jan@x.example op 2-3-2026 dit:", "Op uw vraag:", "Begin van de les:",
	} {
		want := "Prima zo.\n\n" + line
		if got := newText(want+"\n\n> oud\n> ouder", true, false); got != want {
			t.Errorf("%q: got %q", line, got)
		}
	}
}

// Without marks, all that follows goes, so it must be a program's beyond doubt.
func TestAttributionWithoutMarks(t *testing.T) {
	for _, line := range []string{
		"On Monday, March 2, 2026 at 10:11:12 AM GMT+1, Jan <jan@x.example> wrote:",
		"Op maandag 2 maart 2026 om 10:11:12 CET schreef Jan <jan@x.example>: ",
		"Op ma 2 mrt 2026 om 10:11 schreef\nJan <jan@x.example>:",
		"Le lundi 2 mars 2026 à 10:11:12 UTC+1, Jan <jan@x.example> a écrit :",
		"Am Montag, 2. März 2026 um 10:11:12 MEZ hat Jan <jan@x.example> geschrieben:",
		"On 3/2/2026 10:11 AM, Jan de Vries wrote:",
		"Op 2 mrt. 2026 om 10:11 heeft Jan de Vries het volgende geschreven:",
		"---- On Mon, 02 Mar 2026 10:11:12 +0100 Jan <jan@x.example> wrote ---",
		">>> Jan <jan@x.example> 2-3-2026 10:11 >>>",
		"____________________\nOn Mon, Mar 2, 2026 at 10:11 AM Jan <jan@x.example> wrote:",
		"Jan <jan@x.example> hat am 02.03.2026 10:11 CET geschrieben:",
		"Op ma, mrt. 2, 2026 om 10:11, Jan<jan@x.example> schreef:",
	} {
		if got := newText("Prima zo.\n\n"+line+"\n\noud\n\nouder", true, false); got != "Prima zo." {
			t.Errorf("%q: got %q", line, got)
		}
	}
	for _, line := range []string{
		"Op 2 maart 2026 om 10:15 schreef uw docent mij het volgende:",
		"Op 2 maart 2026 om 10:15 schreef ik aan jan@x.example:",
		"Op 2 maart 2026 om 10:15 zei de trainer, en daarna schreef Piet:",
		"Op 12.10.2026 schreef Jan:",
		"Op 2 maart schreef Jan de Vries:",
		"On the 3rd of March 2026 at 10:15 the trainer wrote me this:",
		"Jan de Vries schreef:",
		"Am 2. März 2026 um 10:15 hat mir der Trainer geschrieben:",
	} {
		text := "Beste,\n\n" + line + "\n\nU hoeft niet meer te komen.\n\nDat kan niet."
		for _, answer := range []bool{false, true} {
			if got := newText(text, answer, false); got != text {
				t.Errorf("%q, answer %v: got %q", line, answer, got)
			}
		}
	}
}

func TestMoments(t *testing.T) {
	for s, want := range map[string][3]bool{ // clock, date, year
		"10:11": {true, false, false}, "om 9.05 uur": {true, false, false}, "à 10h11": {true, false, false}, "10:11:12AM": {true, false, false},
		"12.10.2026": {false, true, true}, "2-3-26": {false, true, false}, "2026-03-02T10:11": {true, true, true}, "2/3/2026, 10:11": {true, true, true},
		"+0100": {false, false, false}, "25:99": {false, false, false}, "1:2": {false, false, false}, "020-1234567": {false, false, false},
		"maart 2026": {false, false, true}, "20261": {false, false, false}, "": {false, false, false}, "10:": {false, false, false}, "10:1": {false, false, false},
		"2-3": {false, false, false}, "2-": {false, false, false}, "art. 3.15 lid 2": {true, false, false}, "2026-3": {false, false, true},
	} {
		if got := [3]bool{hasClock(s), hasDate(s), hasYear(s)}; got != want {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
	}
	if long := strings.Repeat("9", 1000); hasYear(long) || hasDate(long+"-1-2026"+long) {
		t.Error("a long number is a date")
	}
}

func TestSubjectPrefix(t *testing.T) {
	for subject, want := range map[string][2]bool{ // answers, passes on
		"Re: klacht": {true, false}, "RE : plainte": {true, false}, "AW: Beschwerde": {true, false}, "Antw: klacht": {true, false},
		"Antw.: klacht": {true, false}, "Betr: klacht": {true, false}, "Re[2]: klacht": {true, false}, "AW (3): klacht": {true, false},
		"[EXTERN] Re: klacht": {true, false}, "[x] [y] FW: klacht": {false, true}, "Fwd: klacht": {false, true}, "WG: klacht": {false, true},
		"TR : plainte": {false, true}, "Doorst: klacht": {false, true}, "RE: FW: klacht": {true, false}, "FW: RE: klacht": {false, true},
		"Betreft: klacht": {false, false}, "Reiskosten: klacht": {false, false}, "Klacht over re: iets": {false, false}, "": {false, false}, "[x": {false, false},
	} {
		if got := [2]bool{replies(Message{Subject: subject}), forwards(subject)}; got != want {
			t.Errorf("%q: got %v, want %v", subject, got, want)
		}
	}
}
