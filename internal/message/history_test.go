package message

import (
	"strings"
	"testing"
)

// A header that a program put in the text ends the new words; "|" is a line end.
func TestHeaderInText(t *testing.T) {
	const outlook = "Van: Jan <jan@x.example>|Verzonden: maandag 2 maart 2026 10:11|Aan: Anna Bos|Onderwerp: klacht"
	for _, header := range []string{
		outlook,
		"From: Jan <jan@x.example>|Sent: Monday, March 2, 2026 10:11 AM|Subject: complaint",
		"Von: Jan|Gesendet: Montag, 2. März 2026 10:11|An: Anna|Betreff: Beschwerde",
		"De : Jan <jan@x.example>|Envoyé : lundi 2 mars 2026 10:11|À : Anna|Cc : Piet|Objet : plainte",
		"*Van:* Jan <jan@x.example>|*Verzonden:* maandag 2 maart 2026 10:11|*Aan:* Anna|*Onderwerp:* klacht",
		"**From:** Jan <jan@x.example>|**Date:** Monday, 2 March 2026 at 10:11|**To:** Anna|**Subject:** complaint",
		"    Van: Jan [mailto:jan@x.example] |    Verzonden: maandag 2 maart 2026 10:11|    Aan: 'Anna'|    Onderwerp: klacht",
		"Van: Jan <jan@x.example>||Verzonden: maandag 2 maart 2026 10:11||Aan: Anna||Onderwerp: klacht",
		"Van:|Jan <jan@x.example>|Datum:|2-3-2026 10:11|Aan:|Anna Bos|Onderwerp:|klacht",
		"Gesendet: Montag, 2. März 2026 um 10:11 Uhr|Von: \"Jan\" <jan@x.example>|An: Anna|Betreff: Beschwerde",
		"Date: Mon, 2 Mar 2026 10:11:12 +0100|Subject: complaint|From: jan@x.example|To: anna@x.example",
		"Van: Jan <jan@x.example> Verzonden: maandag 2 maart 2026 10:11 Aan: Anna Bos Onderwerp: klacht over de zaal",
		"De : Jan <jan@x.example> Envoyé : lundi 2 mars 2026 10:11 À : Anna Bos Objet : plainte",
		"From: Jan <jan@x.example>|Sent: Monday, March 2, 2026 10:11 AM|To: Anna Bos <anna@x.example>; Bas Bakker <bas@x.example>; Tess|Trainer <tess@x.example>|Subject: a subject that is so long that the|" +
			"program broke it",
		"-------- Original message --------From: Jan <jan@x.example> Date: 3/2/26  10:11  (GMT+01:00) To: Anna Bos <anna@x.example> Subject: complaint oud",
		"_______________________________|Van: Jan|Datum: maandag|Aan: Anna|Onderwerp: klacht",
		"Van: Jan|Verzonden: maandag|Aan: Anna|Onderwerp: klacht",
		"De: Jan <jan@x.example>|Enviado: lunes, 2 de marzo de 2026 10:11|Para: Anna|Asunto: queja",
		"Od: Jan <jan@x.example>|Wysłano: poniedziałek, 2 marca 2026 10:11|Do: Anna|Temat: skarga",
	} {
		for _, answer := range []bool{true, false} {
			if !answer && strings.HasPrefix(header, "___") {
				continue // there it is Sent that tells
			}
			text := strings.ReplaceAll("Prima zo.||"+header+"||oud||ouder", "|", "\n")
			if got := newText(text, answer, false); got != "Prima zo." {
				t.Errorf("%q, answer %v: got %q", header, answer, got)
			}
		}
	}
	for _, own := range []string{
		"Van: mijn werkgever hoorde ik niets.||Aan: wie moet ik betalen?",
		"Mijn reis:|Van: Utrecht|Naar: Amsterdam|Datum: 2 maart|Tijd: 10:11",
		"Graag aanpassen:|Van: Anna Bos|Aan: Anna de Vries|Per: 2 maart",
		"Van: ik|Datum: weet ik niet",
		"De: 3 lessen vielen uit.|An: nobody",
		"Van het formulier:||Van: Anna <anna@x.example>|Datum: 2-3-2026 10:11|Onderwerp: klacht||Bericht:|De zaal was koud.",
		"Van: Anna Bos, anna@post.example|Aan: Academie|Datum: 2 maart 2026|Onderwerp: klacht||De zaal was koud.",
		"Onderwerp: klacht|Datum: 2-3-2026 10:11|Locatie: Utrecht",
	} {
		text := "Beste,\n\n" + strings.ReplaceAll(own, "|", "\n") + "\n\nGroet, Anna"
		for _, answer := range []bool{true, false} {
			if answer && strings.Contains(own, "Bericht:") {
				continue // nobody answers with a form
			}
			if got := newText(text, answer, false); got != text {
				t.Errorf("%q, answer %v: got %q", own, answer, got)
			}
		}
	}
}

// What is passed on without a word is what the sender has to say.
func TestPassedOn(t *testing.T) {
	const gmail = "---------- Forwarded message ---------\nVan: Jan <jan@x.example>\nDate: ma 2 mrt 2026 om 10:11\nSubject: klacht\nTo: <anna@x.example>\n\n"
	const outlook = "Van: Jan <jan@x.example>\nVerzonden: maandag 2 maart 2026 10:11\nAan: Anna\nOnderwerp: klacht\n\n"
	for _, tt := range []struct {
		name, text      string
		answer, forward bool
		want            string
	}{
		{"gmail", gmail + "De zaal.\n\nOp ma 1 mrt 2026 om 10:11 schreef K <k@x.example>:\n> oud", false, true, "De zaal.\n\nOp ma 1 mrt 2026 om 10:11 schreef K <k@x.example>:\n> oud"},
		{"subject changed", gmail + "De zaal.", false, false, "De zaal."},
		{"in an answer", gmail + "De zaal.", true, false, "De zaal."},
		{"outlook", outlook + "De zaal.\n\n-- \nJan", true, true, "De zaal.\n\n-- \nJan"},
		{"under a signature", "\n-- \nAnna\n\n" + gmail + "De zaal.", false, true, "De zaal."},
		{"under a telephone's line", "Verstuurd vanaf mijn iPhone\n\n" + gmail + "De zaal.", false, true, "De zaal."},
		{"words above", "Zie dit.\n\n" + gmail + "De zaal.", false, true, "Zie dit."},
		{"words above, outlook", "Zie dit.\n\n" + outlook + "De zaal.", false, true, "Zie dit."},
		{"quoted words above", "Zie dit.\n\nBegin forwarded message:\n\n> From: Jan <jan@x.example>\n> Subject: x\n> Date: 2 March 2026 at 10:11:12 CET\n> \n> De zaal.", false, true, "Zie dit."},
		{"empty answer", outlook + "De zaal.", true, false, ""},
		{"a letter's own head", "Van: Anna\nAan: Academie\nDatum: 2 maart 2026\nOnderwerp: klacht\n\nDe zaal.", false, false, "Van: Anna\nAan: Academie\nDatum: 2 maart 2026\nOnderwerp: klacht\n\nDe zaal."},
		{"squeezed", "-------- Original message --------From: Jan <jan@x.example> Date: 3/2/26  10:11  (GMT+01:00) To: Anna Subject: klacht De zaal.\n\nKoud.", false, true,
			"-------- Original message --------From: Jan <jan@x.example> Date: 3/2/26  10:11  (GMT+01:00) To: Anna Subject: klacht De zaal.\n\nKoud."},
		{"lotus", "----- Doorgestuurd door Jan/Academie op 02-03-2026 10:11 -----\n\nVan:\tJan/Academie\nAan:\tAnna/Academie\nDatum:\t02-03-2026 10:11\nOnderwerp:\tklacht\n\nDe zaal.", false, false, "De zaal."},
	} {
		if got := newText(tt.text, tt.answer, tt.forward); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// HTML names what is older even where its words are in no language known here.
func TestOlderInHTML(t *testing.T) {
	const head = "Subject: Re: x\nIn-Reply-To: <a@b>\nContent-Type: text/html; charset=utf-8\n\n"
	for _, older := range []string{
		`<hr><div id="divRplyFwdMsg">Kto: Jan<br>Co: x</div><div>oud</div>`, `<hr><div id=x_x_divRplyFwdMsg>a</div>oud`,
		`<div id="mail-editor-reference-message-container"><p>oud</p></div>`, `<div class="a ms-outlook-mobile-reference-message">oud</div>`,
		`<div class="ydp1234yahoo_quoted">oud</div>`, `<SPAN ID="OLK_SRC_BODY_SECTION"><p>oud</p></SPAN>`, `<div class="zmail_extra"><p>oud</p></div>`,
	} {
		m := parse(t, head+"<div>Prima zo.</div>"+older)
		if m.NewText != "Prima zo." || !strings.Contains(m.Text, "oud") && !strings.Contains(m.Text, "a") || strings.ContainsRune(m.Text, olderMark) {
			t.Errorf("%s: got %q of %q", older, m.NewText, m.Text)
		}
	}
	for html, want := range map[string]string{
		`<div id="divRplyFwdMsg"></div><div>Prima zo.</div>`:                                                    "",
		`<p>Een.</p><blockquote style="margin: 0 0 0 40px; border: none"><p>Twee.</p></blockquote><p>Drie.</p>`: "Een.\n\nTwee.\n\nDrie.",
		`<p>Een.</p><blockquote type="cite"><div id="divRplyFwdMsg">oud</div></blockquote><p>Twee.</p>`:         "Een.\n\nTwee.",
		`<p>Een.</p></blockquote></blockquote><blockquote>oud</blockquote><p>Twee.</p>`:                         "Een.\n\nTwee.",
		"<pre>Een.\n\ufdd0Twee.</pre>": "Een.",
	} {
		if m := parse(t, head+html); m.NewText != want {
			t.Errorf("%s: got %q", html, m.NewText)
		}
	}
	if m := parse(t, strings.ReplaceAll(head, "Re: x\nIn-Reply-To: <a@b>", "x")+`<div id="divRplyFwdMsg"></div><div>Prima zo.</div>`); m.NewText != "Prima zo." {
		t.Errorf("answers nothing: got %q", m.NewText)
	}
}
