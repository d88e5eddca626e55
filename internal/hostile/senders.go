package hostile

import "strings"

// senders are about who wrote, and to whom an answer would go.
func senders() []kind {
	return []kind{
		{"not one sender", "whom to answer when nobody, or everybody, wrote (security.md 1)", 14, Unanswered, notOne},
		{"unusable senders", "addresses that say commands to the mail server (security.md 2)", 21, Unanswered, unusable},
		{"other addresses", "only From is who wrote; the rest is where somebody wants our mail to go", 6, Answered, func(d *draw, i int) []byte {
			return d.mail(pick(i, "Reply-To", "Sender", "Return-Path", "Errors-To", "Disposition-Notification-To", "Resent-From")+": <x@"+Victim+">", "Tekst.")
		}},
		{"our own address", "an answer to ourselves is the first of many", 2, Unanswered, func(d *draw, i int) []byte {
			return d.mail("From: "+pick(i, "<"+d.o.To+">", "<"+strings.ToUpper(d.o.To)+">"), "Tekst.")
		}},
		{"not to us", "who names us nowhere did not write to us", 3, Unanswered, func(d *draw, i int) []byte {
			return d.mail(pick(i, "To: undisclosed-recipients:;", "To: <x@"+Victim+">", "To: (<"+d.o.To+">)"), "Tekst.")
		}},
		{"lists and robots", "a machine behind a list answers us", 8, Unanswered, func(d *draw, i int) []byte {
			return d.mail(pick(i, "List-Id: <lijst.kwaad.example>", "Precedence: bulk", "X-Auto-Response-Suppress: OOF", "From: <noreply@kwaad.example>", "From: <lijst-bounces@kwaad.example>",
				"List-Unsubscribe: <mailto:x@"+Victim+">", "Precedence: JUNK", "From: <owner-lijst@kwaad.example>"), "Tekst.")
		}},
		{"loops", "a mail that has been round the world comes round again", 2, Unanswered, func(d *draw, i int) []byte {
			return d.mail(strings.Repeat("Received: from a by b; "+d.o.At.Format("Mon, 02 Jan 2006 15:04:05 -0700")+"\n", 26+i*200), "Tekst.")
		}},
		{"machines", "no person wrote it", 6, Filed, func(d *draw, i int) []byte {
			return d.mail(pick(i, "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated (x)", "Return-Path: <>\nFrom: <MAILER-DAEMON@kwaad.example>", "Auto-Submitted: x-onbekend",
				"Return-Path: <>\nPrecedence: bulk", "Auto-Submitted: AUTO-NOTIFIED; x=y"), "Tekst.")
		}},
		{"invented reports", "a bounce of a mail that was never sent changes nothing", 5, Filed, reports},
		{"marked as spam", "what the server marks is put away", 3, Spam, func(d *draw, i int) []byte {
			return d.mail(pick(i, "X-Spam-Flag: YES", "X-Spam-Status: Yes, score=99", "X-Spam: Yes"), "Koop nu.")
		}},
	}
}

func notOne(d *draw, i int) []byte {
	two := "<" + d.from + ">, <x@" + Victim + ">"
	return d.mail(pick(i, "-From", "From:", "From: <"+d.from+">\nFrom: <x@"+Victim+">", "From: "+two, "From: <"+d.from+"> <x@"+Victim+">", "From: ;", "From: <>",
		"From: groep: "+two+";", "From: groep:;", "From: <"+d.from+">\nfrom: <"+d.from+">", "From: "+d.from+" x@"+Victim, "From: <"+d.o.Staff+">, <"+d.from+">",
		"From: <"+d.o.Staff+">\nFrom: <"+d.from+">", "From: "+strings.Repeat("<x@"+Victim+">,", 600)), "Tekst van niemand.")
}

func unusable(d *draw, i int) []byte {
	return d.mail("From: "+pick(i, `<"x> ORCPT=rfc822;y"@kwaad.example>`, `<"x> NOTIFY=SUCCESS"@kwaad.example>`, `<"a b"@kwaad.example>`, "<a@[192.0.2.1]>", "<a@192.0.2.1>", "<a@[IPv6:::1]>",
		"<@route.example,@b:a b@kwaad.example>", "<a@kwaad.example SIZE=9>", "<é@kwaad.example>", "<a@bücher.example>", "<a..b@kwaad.example>", "<.a@kwaad.example>", "<a@-kwaad.example>",
		"<"+strings.Repeat("a", 65)+"@kwaad.example>", "<a@"+strings.Repeat("b.", 130)+"example>", "root", "<|/bin/sh@>", "<a@kwaad.example%0d%0aRCPT>", `<"a\"@b"@kwaad.example>`, "=?utf-8?Q?x=40"+Victim+"?=", "=?utf-8?B?PHhAc2xhY2h0b2ZmZXIuZXhhbXBsZT4NClJDUFQgVE86?="), "Tekst.")
}

func reports(d *draw, i int) []byte {
	const report = "Content-Type: multipart/report; report-type=%; boundary=b"
	status := "--b\n\nNiet bezorgd.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; x@" + Victim +
		"\nAction: failed\nStatus: 5.0.0\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <verzonnen@" + d.o.To[strings.IndexByte(d.o.To, '@')+1:] + ">\n--b--"
	head := strings.Replace(report, "%", pick(i, "delivery-status", "delivery-status", "disposition-notification", "delivery-status", "DELIVERY-STATUS"), 1)
	switch i {
	case 0:
		return d.mail(head, status)
	case 1:
		return d.mail(head+"\nReturn-Path: <>", strings.Replace(status, "Status: 5.0.0\n", strings.Repeat("Status: 5.0.0\n\nAction: failed\n", 5000), 1))
	case 2:
		return d.mail(head, strings.Replace(status, "message/delivery-status", "message/disposition-notification", 1))
	case 3:
		return d.mail(head, strings.ReplaceAll(status, "verzonnen", strings.Repeat("(", 50_000)))
	}
	return d.mail(head+"\nFrom: <mailer-daemon@kwaad.example>", status)
}
