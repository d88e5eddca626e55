package hostile

import (
	"fmt"
	"strings"
)

// headers are about what stands above the text, apart from who sent it.
func headers() []kind {
	return []kind{
		{"1 MB of header", "header blocks are read before anything is known of a message", 4, Quarantined, megabyte},
		{"References of 100,000 ids", "each id is a question to the database", 2, Quarantined, func(d *draw, i int) []byte {
			return d.mail(pick(i, "References", "In-Reply-To")+":"+strings.Repeat("\n <a@b>", 100_000), "Tekst.")
		}},
		{"many ids", "below the limit they are still many", 3, Answered, func(d *draw, i int) []byte {
			return d.mail(pick(i, "References", "In-Reply-To", "X-Microsoft-Original-Message-ID")+": "+strings.Repeat("<a@b>\n ", 2000)+"<a@b>", "Tekst.")
		}},
		{"address bombs", "libraries take minutes over parentheses and groups (libraries.md 4)", 4, Quarantined, func(d *draw, i int) []byte {
			return d.mail(pick(i, "Cc", "Resent-To", "Reply-To", "Sender")+": "+pick(i, strings.Repeat("(", 100_000), strings.Repeat("a:", 50_000), strings.Repeat("<", 100_000), strings.Repeat(`"\`, 50_000)), "Tekst.")
		}},
		{"small address bombs", "within the limit of a field they may take their time, but not a lot", 6, Answered, func(d *draw, i int) []byte {
			return d.mail("Cc: "+pick(i, strings.Repeat("(", 16_000), strings.Repeat("a:", 8000), strings.Repeat("<a@b>,", 2500), strings.Repeat(`"x" `, 4000), "a@"+strings.Repeat(" .", 8000), strings.Repeat("=?utf-8?q?,?=", 1200)), "Tekst.")
		}},
		{"encoded words", "RFC 2047 as it is not meant", 14, Answered, encodedWords},
		{"header injection", "an encoded word, decoded, is a new line of our header", 14, Answered, injections},
		{"parameters", "RFC 2231 as it is not meant", 14, Answered, parameters},
		{"Message-IDs", "an id of the sender goes into our own header", 10, Answered, messageIDs},
		{"dates", "a date from the year 292277026596 has to be a date", 6, Answered, func(d *draw, i int) []byte {
			return d.mail("Date: "+pick(i, "", "Sun, 31 Dec 292277026596 23:59:59 +9999", "0", strings.Repeat("Mon, ", 3000), "2026-02-30T25:61:61", "Thu, 1 Jan 1970 00:00:00 -0000 "+strings.Repeat("(", 9000)), "Tekst.")
		}},
		{"fields that are none", "what has no name cannot be asked for", 8, Answered, func(d *draw, i int) []byte {
			return d.mail(pick(i, ": leeg", "Zonder dubbele punt", "X Y: z", strings.Repeat("N", 900)+": lang", "Sübject: x", "Subject\x00: y", " vervolg van niets", "Subject : spatie\nSubject: twee\nSubject: drie"), "Tekst.")
		}},
	}
}

func megabyte(d *draw, i int) []byte {
	switch i {
	case 0:
		return d.mail(strings.Repeat("X-Vul: "+strings.Repeat("x", 900)+"\n", 1150), "Tekst.")
	case 1:
		return d.mail("Subject: "+strings.Repeat("x", 1<<20), "Tekst.")
	case 2:
		return d.mail("X-Vul: a\n"+strings.Repeat(" "+strings.Repeat("x", 70)+"\n", 15_000), "Tekst.")
	}
	return d.mail(strings.Repeat("a: b\n", 200_000), "Tekst.")
}

func encodedWords(d *draw, i int) []byte {
	return d.mail("Subject: "+pick(i,
		"=?utf-8?Q?onaf", "=?utf-8?B?SGV0IHdhcyBrb3Vk", "=?utf-8?X?a?=", "=?onbekend?Q?a=FF?=", "=?utf-8?Q?=?utf-8?Q?a?=?=",
		"=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "=?utf-7?Q?+AGEAPA-?=", "=?iso-2022-jp?B?"+strings.Repeat("GyRC", 3000)+"?=", strings.Repeat("=?utf-8?q?", 1500),
		strings.Repeat("=?utf-8?Q?=00?= ", 900), "=?utf-16?B?/v8AIwBhAGYAZwBlAGgAYQBuAGQAZQBsAGQ=?=", "=?utf-8?B?4oCu4oCu4oCu?= omgekeerd",
		"=?"+strings.Repeat("x", 15_000)+"?Q?a?=", "=?utf-8*nl?Q?a?= =?utf-8?q??="), "Tekst.")
}

func injections(d *draw, i int) []byte {
	const evil = "=0D=0ABcc: x@" + Victim + "=0D=0AX-Klachtd-Case: 1=0D=0A=0D=0A"
	word := "=?utf-8?Q?" + strings.ReplaceAll(evil, " ", "_") + "?="
	switch i {
	case 0:
		return d.mail("Subject: "+word, "Tekst.")
	case 1:
		return d.mail("From: "+word+" <"+d.from+">", "Tekst.")
	case 2:
		return d.mail(`From: "`+word+`" <`+d.from+">", "Tekst.")
	case 3:
		return d.mail("Cc: "+word+" <x@"+Victim+">", "Tekst.")
	case 4:
		return d.mixed("mixed", "Content-Type: application/pdf; name=\""+word+".pdf\"\nContent-Disposition: attachment\n\nx")
	case 5:
		return d.mixed("mixed", "Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''a%0D%0ABcc%3A%20x%40"+Victim+".pdf\n\nx")
	case 6:
		return d.mail("Message-ID: <a=0D=0ABcc:x@"+Victim+">", "Tekst.")
	case 7:
		return d.mail("Message-ID: "+word, "Tekst.")
	case 8:
		return put(d.mail("Subject: een_Bcc: x@"+Victim, "Tekst."), "\r")
	case 9:
		return put(d.mail("Subject: een_Bcc: x@"+Victim, "Tekst."), "\x00\x0b\x0c\x1b\x85")
	case 10:
		return d.mail("Subject: =?utf-8?B?DQpCY2M6IHhAc2xhY2h0b2ZmZXIuZXhhbXBsZQ0KDQo=?=", "Tekst.")
	case 11:
		return d.mail("Subject: a\u2028Bcc: x@"+Victim+"\u2029\u0085b", "Tekst.")
	case 12:
		return d.mail("Reply-To: "+word+" <x@"+Victim+">\nReturn-Path: <x@"+Victim+">", "Naam: Jan\r\nBcc: x@"+Victim+"\r\n.\r\nMAIL FROM:<x@"+Victim+">")
	}
	return d.mail("X-Microsoft-Original-Message-ID: <a@b>"+word+"\nIn-Reply-To: <a@b"+word+">", "Tekst.")
}

func parameters(d *draw, i int) []byte {
	var many strings.Builder
	for n := range 600 {
		fmt.Fprintf(&many, "; filename*%d*=%%41", n)
	}
	return d.mixed("mixed", "Content-Type: application/octet-stream\nContent-Disposition: attachment; "+pick(i,
		"filename*0*=utf-8''a; filename*2*=c; filename=b", "filename*=utf-8''%", "filename*=utf-8''%zz%00%0d%0a", "filename*=onbekend'nl'%ff",
		"filename*='''", "filename*1*=b; filename*0*=a; filename*0*=c", "filename*99999999999999999999*=x", "filename*-1*=x", strings.TrimPrefix(many.String(), "; "),
		strings.Repeat(";", 8000)+"filename=a", strings.Repeat("a=b;", 3000), `filename="`+strings.Repeat(`\"`, 7000), "filename*=utf-16''%d8%00%d8%00", "filename="+strings.Repeat(`"a`, 5000))+"\n\nx")
}

func messageIDs(d *draw, i int) []byte {
	return d.mail("Message-ID: "+pick(i, strings.Repeat("(", 16_000), "<"+strings.Repeat("a", 5000)+"@b>", "<>", "<a@b> <c@d>", "<a b@c>", "<é@ü.example>",
		"<a@b>\n\tBcc: x@"+Victim, "<%s%n{{.}}@b>", `<"a\"b"@c>`, "<a@b"+strings.Repeat(">", 5000)), "Tekst.")
}
