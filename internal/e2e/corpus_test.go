package e2e

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"klachtd/internal/peers"
)

// Limits of security.md 5, for one message. A pass over several stays below them,
// so each of its messages does.
const (
	maxPeak = 256 // MiB
	maxCPU  = 5 * time.Second
)

// TestCorpus: hostile messages of every kind, made by seed, pass through the running
// daemon with a good one before and after those of a kind. Each is accounted for,
// each good one acknowledged, nothing that a message holds reaches a header of
// ours or the terminal (security.md 1 to 9).
func TestCorpus(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	klachtd := a.run()
	table := corpusTable{pid: klachtd.cmd.Process.Pid}
	for i, k := range corpus {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		before, first, last := s.Count(), fmt.Sprintf("eerste%d@voorbeeld.example", i), fmt.Sprintf("laatste%d@voorbeeld.example", i)
		d.Put(a.user, grievance(first, "Het lokaal was koud."), time.Now())
		for n := range k.n {
			d.Put(a.user, k.raw(r, n), time.Now())
		}
		d.Put(a.user, grievance(last, "De koffie was op."), time.Now())
		table.messages += k.n + 2
		if k.name == forgedStaff {
			table.refused = k.n
		}
		until(t, k.name+": all to be filed", func() bool { return table.count(d, a.user) == table.messages })
		until(t, k.name+": the good ones to be acknowledged", func() bool {
			return len(to(s, first, acknowledged)) == 1 && len(to(s, last, acknowledged)) == 1
		})
		for _, m := range s.Mails()[before:] {
			a.wellFormed(m)
			a.ownFields(m)
		}
		table.measure(t, k)
	}
	table.print(t)
	want(t, "cases", len(a.cases()), table.handled-table.refused+table.quarantined)
	klachtd.stop()
	a.printsSafely()
}

// A corpusTable is what the run came to.
type corpusTable struct {
	pid                                   int
	messages                              int
	refused                               int
	handled, automatic, spam, quarantined int
	cpu, slow                             time.Duration // in all; of a message
	slowOf                                string
}

// count is how many messages have left the inbox.
func (c *corpusTable) count(d *peers.Dovecot, user string) int {
	c.handled, c.automatic, c.spam, c.quarantined = d.Count(user, handled), d.Count(user, automatic), d.Count(user, spam), d.Count(user, quarantine)
	return c.handled + c.automatic + c.spam + c.quarantined
}

// measure holds what a kind took of the processor to what one message may take.
func (c *corpusTable) measure(t *testing.T, k hostileKind) {
	t.Helper()
	now := processor(t, c.pid)
	took := now - c.cpu
	c.cpu = now
	if took > maxCPU {
		t.Errorf("%s: %v of processor", k.name, took)
	}
	if each := took / time.Duration(k.n+2); each > c.slow {
		c.slow, c.slowOf = each, k.name
	}
}

// processor is the time that a process has had of the processors.
func processor(tb testing.TB, pid int) time.Duration {
	tb.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		tb.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), ") ") // the name may hold anything
	f := strings.Fields(rest)
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100 on Linux
}

// peak is the most memory that a process has had, in MiB.
func peak(tb testing.TB, pid int) int {
	tb.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		tb.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "VmHWM:")
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		tb.Fatal(err)
	}
	return kib >> 10
}

// print says what the run came to; `make test` has it written down and shows it.
func (c *corpusTable) print(t *testing.T) {
	most := peak(t, c.pid)
	text := fmt.Sprintf("hostile corpus  %d messages of %d kinds: %d registered, %d refused, %d filed, %d quarantined; peak memory %d MiB; slowest %v of processor a message (%s)\n",
		c.messages, len(corpus), c.handled-c.refused, c.refused, c.automatic+c.spam, c.quarantined, most, c.slow.Round(time.Millisecond), c.slowOf)
	t.Log(text)
	if path := os.Getenv("KLACHTD_CORPUS"); path != "" {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Error(err)
		}
	}
	if most > maxPeak {
		t.Errorf("peak memory %d MiB, want at most %d", most, maxPeak)
	}
	if bad := c.messages - 2*len(corpus); bad < 250 {
		t.Errorf("only %d hostile messages", bad)
	}
}

// ownFields are all that may stand at the head of a mail of ours (security.md 3).
var ownFields = []string{"auto-submitted", "content-transfer-encoding", "content-type", "date", "from", "in-reply-to", "message-id", "mime-version",
	"references", "subject", "to", "x-auto-response-suppress"}

func (a *academy) ownFields(m peers.Mail) {
	a.tb.Helper()
	head, _, _ := strings.Cut(string(m.Raw), "\r\n\r\n")
	seen := map[string]bool{}
	for row := range strings.SplitSeq(head, "\r\n") {
		if strings.HasPrefix(row, " ") || strings.HasPrefix(row, "\t") {
			continue
		}
		name, _, _ := strings.Cut(strings.ToLower(row), ":")
		if !slices.Contains(ownFields, name) || seen[name] {
			a.tb.Errorf("to %v: the field %q", m.To, row)
		}
		seen[name] = true
	}
}

// printsSafely: what the command line prints of the register and of each case
// holds no control and no bidi character (security.md 9).
func (a *academy) printsSafely() {
	a.tb.Helper()
	outs := []string{a.verb("cases").stdout}
	for i, c := range a.cases() {
		if i%20 == 0 {
			outs = append(outs, a.verb("show", c.Number).stdout)
		}
	}
	for _, out := range outs {
		if i := strings.IndexFunc(out, func(r rune) bool {
			return r != '\n' && r != '\t' && unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
		}); i >= 0 {
			a.tb.Errorf("printed %.40q", out[i:])
		}
	}
}

// A kind of hostile message, with how many of them there are.
type hostileKind struct {
	name string
	n    int
	raw  func(r *rand.Rand, n int) []byte
}

// from is a head with a sender of its own.
func from(r *rand.Rand, more string) string {
	return fmt.Sprintf("From: kwaad%d@voorbeeld.example\n%s", r.Uint32(), strings.TrimRight(more, "\n"))
}

func pick[T any](list []T, n int) T { return list[n%len(list)] }

// forgedStaff are no complaints: commands, none of which is carried out.
const forgedStaff = "staff, forged"

// corpus are the kinds.
var corpus = []hostileKind{
	{"MIME, deep", 9, func(r *rand.Rand, n int) []byte {
		return nested(pick([]int{9, 10, 11, 50, 100, 500, 1000, 5000, 10_000}, n))
	}},
	{"MIME, many parts", 7, func(r *rand.Rand, n int) []byte {
		parts := pick([]int{199, 200, 201, 1000, 10_000, 50_000, 100_000}, n)
		return letter(from(r, "Subject: Veel\nContent-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: 7bit"), strings.Repeat("--b\n\nx\n", parts)+"--b--")
	}},
	{"boundaries", 10, func(r *rand.Rand, n int) []byte {
		kind := pick([]string{`boundary=""`, `boundary`, `boundary="b`, `boundary=b; boundary=c`, `boundary="b "`, `boundary=` + strings.Repeat("b", 5000),
			`boundary*=utf-8''b`, `boundary*0=b; boundary*1=b`, "boundary=\"b\x00\"", `boundary="--"`}, n)
		return letter(from(r, "Subject: Grens\nContent-Type: multipart/mixed; "+kind), "--b\n\neen\n--b--\n--c\n\ntwee\n--c--\n----\n\ndrie")
	}},
	{"large headers", 8, func(r *rand.Rand, n int) []byte {
		line := strings.Repeat("x", 900)
		return letter(from(r, "Subject: Groot\n"+strings.Repeat(pick([]string{"X-Vol: ", "Received: ", "X-A:", "Comments: "}, n)+line+"\n", pick([]int{280, 300, 1200, 1150}, n/2))), "Tekst.")
	}},
	{"one large field", 8, func(r *rand.Rand, n int) []byte {
		return letter(from(r, pick([]string{"Subject", "References", "X-Veld", "To"}, n)+": "+strings.Repeat(pick([]string{"x", "(", "=?", "\"\\"}, n/2), 20_000)), "Tekst.")
	}},
	{"References", 4, func(r *rand.Rand, n int) []byte {
		ids := strings.Repeat(" <a@b.example>\n", pick([]int{100, 900, 10_000, 100_000}, n))
		return letter(from(r, "Subject: Draad\nReferences:"+ids), "Tekst.")
	}},
	{"control characters", 10, func(r *rand.Rand, n int) []byte {
		c := pick([]string{"\x00", "\x01", "\x1b[2J", "\x07", "\x7f", "\u0085", "\u2028", "\x0b", "\x0c", "\x08"}, n)
		return letter(from(r, "Subject: a"+c+"b\nX-"+c+": y"), "Tekst "+c+" met "+c+" tekens.")
	}},
	{"bare CR and LF", 9, func(r *rand.Rand, n int) []byte {
		raw := string(grievance(fmt.Sprintf("regel%d@voorbeeld.example", r.Uint32()), "Regel een.\nRegel twee.\nBcc: x@evil.example\n\n.\nEinde."))
		return []byte(strings.ReplaceAll(raw, "\r\n", pick([]string{"\n", "\r", "\n\r", "\r\r\n", "\r\n\r", "\n\n", "\u2028", "\v", "\r\n "}, n)))
	}},
	{"transfer encodings", 10, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: Vorm\nContent-Transfer-Encoding: "+pick([]string{"base64", "quoted-printable", "x-uuencode", "BASE64 ", "8bit; x", "", "base64, base64", "binary", "gzip", "7bit\nContent-Transfer-Encoding: base64"}, n)),
			pick([]string{"====", "=ZZ=\n=3D=0", strings.Repeat("=", 10_000), "QUJD!!!!QUJD", "begin 644 x\n#86)C\n`\nend"}, n))
	}},
	{"charsets", 12, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: Teken\nContent-Type: text/plain; charset="+pick([]string{"utf-7", "utf-16", "utf-32", "x-unknown", "\"\"", "iso-2022-jp", "cp037", "utf-8; charset=utf-16", "unicode-1-1-utf-7", "../../etc/passwd", "%s%n", "iso-8859-1"}, n)),
			"+ADw-script+AD4- \x1b$B\xff\xfe<\x00s\x00c\x00")
	}},
	{"encoded words", 12, func(r *rand.Rand, n int) []byte {
		return letter(fmt.Sprintf("From: =?utf-8?q?Jan?= <kwaad%d@voorbeeld.example>\nSubject: ", r.Uint32())+pick([]string{"=?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=", "=?utf-8?q?=0D=0ABcc:_x@evil.example?=",
			"=?utf-8?q?" + strings.Repeat("a", 5000) + "?=", "=?utf-8?q?a?= =?utf-8?b?w?=", "=?utf-8?x?a?=", "=?x?q?=FF?=", "=?utf-8?b?4?==?utf-8?b?oKw?=", strings.Repeat("=?utf-8?q?a?=", 1000),
			"=?utf-8?q?=E2=80=AEexe.gpj?=", "=?utf-8?q?=00?=", "=?utf-8*nl?q?trots?=", "=?UTF-8?Q?#ingetrokken?="}, n), "Tekst.")
	}},
	{"parameters (RFC 2231)", 10, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: Naam\nContent-Type: multipart/mixed; boundary=b"), "--b\nContent-Type: application/pdf\nContent-Disposition: attachment; "+
			pick([]string{`filename="../../../etc/cron.d/x"`, `filename*=utf-8''..%2f..%2fetc%2fpasswd`, `filename*0=a; filename*1=b; filename*9999999=c`, `filename="con.txt"`, "filename=\"a\u202egpj.exe\"",
				`filename="` + strings.Repeat("n", 9000) + `"`, `filename*=''%00%0d%0a`, `filename="a\"; x=\"b"`, `filename="=?utf-8?q?=0D=0AX:_y?="`, `filename*0*=x'y'%ZZ; filename*0=z`}, n)+"\n\nJVBER\n--b--")
	}},
	{"senders", 14, func(r *rand.Rand, n int) []byte {
		return letter("Subject: Afzender\nFrom: "+pick([]string{"", "<>", "a@b@c.example", "\"x> ORCPT=rfc822;y\"@voorbeeld.example", "a@[127.0.0.1]", "jan@voorbeeld.example, piet@voorbeeld.example", "groep: jan@voorbeeld.example;",
			"jan@voorbeeld.example\nFrom: bas@academie.example", "\"bas@academie.example\" <x@evil.example>", "bas@academie.example\u200b", "klachten@academie.example", "bas@АСАdemie.example", "jan@voorbeeld.example\x00@evil.example", "@voorbeeld.example:jan@evil.example"}, n), "Tekst.")
	}},
	{"address bombs", 6, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: Velen\n"+pick([]string{"To", "Cc", "Reply-To"}, n)+": "+strings.Repeat(pick([]string{"a@b.example,\n ", "((((a)))) <a@b.example>,\n ", "g: "}, n/2), 5000)+"x@y.example"), "Tekst.")
	}},
	{"comments", 6, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: Haken\n"+pick([]string{"Message-ID", "Date", "To"}, n)+": "+strings.Repeat(pick([]string{"(", "\"", "<"}, n/2), 15_000)), "Tekst.")
	}},
	{"HTML", 10, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: Opmaak\nContent-Type: text/html; charset=utf-8"), pick([]string{strings.Repeat("<div>", 100_000), strings.Repeat("<table><tr><td>", 30_000), "<" + strings.Repeat("a", 500_000),
			strings.Repeat("&amp;", 100_000), "<script>alert(1)</script><img src=http://evil.example/x>", "<style>" + strings.Repeat("x{}", 100_000), "<!--" + strings.Repeat("-", 300_000), strings.Repeat("<a href='", 50_000),
			"<p style=\"display:none\">#ingetrokken</p>Klacht", strings.Repeat("&#x202e;", 20_000)}, n))
	}},
	{"large bodies", 2, func(r *rand.Rand, n int) []byte {
		film := strings.Repeat(strings.Repeat("QUJD", 19)+"\n", 30<<20/77)
		return letter(from(r, "Subject: Film\nContent-Type: multipart/mixed; boundary=b"), "--b\n\nZie de film.\n--b\nContent-Type: "+pick([]string{"video/mp4", "text/plain"}, n)+"\nContent-Transfer-Encoding: base64\n\n"+film+"--b--")
	}},
	{"too large", 1, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: Te groot"), strings.Repeat(strings.Repeat("x", 1023)+"\n", 51<<10))
	}},
	{"long lines", 5, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: Lang"), strings.Repeat(pick([]string{"x", "> ", "é", "=3D", "a "}, n), 400_000))
	}},
	{"winmail, S/MIME, PGP", 8, func(r *rand.Rand, n int) []byte {
		kind := pick([]string{"application/ms-tnef; name=winmail.dat", "application/pkcs7-mime; smime-type=enveloped-data", "multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b", "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b",
			"message/rfc822", "message/partial; id=x; number=1; total=9", "message/external-body; access-type=local-file; name=\"/etc/passwd\"", "text/calendar; method=REQUEST"}, n)
		return letter(from(r, "Subject: Verpakt\nContent-Type: "+kind+"\nContent-Transfer-Encoding: base64"), base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x\x9f>\"", 3000))))
	}},
	{"fake tags and commands", 12, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: "+pick([]string{"[K2026-000000] #afgehandeld", "#registreer", "#ja AAAA-AAAA", "#ingetrokken", "Re: [K2026-482931] Akkoord", "[K2026-482931][K2026-111118]", "#" + strings.Repeat("a", 9000), "＃ingetrokken", "#\u200bingetrokken",
			"FW: #wissen", "Mijn antwoord: 1 [K2026-000000] code aaaaaaaaaa", "#stop 1 #ongedaan 1"}, n)+"\nX-Klachtd-Case: 1\nAuthentication-Results: mx.academie.example; dmarc=pass header.from=academie.example"), "Code: AAAAAAAAAAAAAAAAAAAAAAAAAA\n#afgehandeld\nNaam: x")
	}},
	{forgedStaff, 8, func(r *rand.Rand, n int) []byte {
		return letter("From: "+pick([]string{handler, directeur}, n)+"\nSubject: "+pick([]string{"#overzicht", "#registreer", "[K2026-000000] #antwoord", "#avg wissen"}, n/2)+"\nMessage-ID: <"+fmt.Sprint(r.Uint64())+"@evil.example>", "Stuur alles naar x@evil.example")
	}},
	{"machines", 10, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: Machine\n"+pick([]string{"Auto-Submitted: auto-replied", "Return-Path: <>", "Precedence: bulk", "List-Id: <x.example>", "X-Auto-Response-Suppress: All", "Auto-Submitted: (c) auto-generated", "X-Autoreply: yes", "Auto-Submitted: no\nAuto-Submitted: auto-replied",
			"Content-Type: multipart/report; report-type=delivery-status; boundary=b", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b"}, n)), "--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; x@evil.example\nAction: failed\n\n--b--")
	}},
	{"dates and ids", 10, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: Datum\n"+pick([]string{"Date: ", "Date: Thu, 32 Foo 99999 99:99:99 +9999", "Date: " + strings.Repeat("9", 10_000), "Message-ID: ", "Message-ID: <a@b> <c@d>", "Message-ID: <" + strings.Repeat("x", 5000) + "@y.example>", "Message-ID: <a\x00@b.example>",
			"In-Reply-To: <" + strings.Repeat("a@", 3000) + ">", "Date: Mon, 01 Jan 0001 00:00:00 +0000", "Message-ID: <a@b.example>\nMessage-ID: <c@d.example>"}, n)), "Tekst.")
	}},
	{"text that looks like ours", 8, func(r *rand.Rand, n int) []byte {
		return letter(from(r, "Subject: Vorm"), pick([]string{"{{.Number}} {{template \"buttons\" .}}", "| a | b\n# Kop\n+ knop | mailto:x@evil.example | x", strings.Repeat("Cursus: x\n", 20_000), "*vet* [je|u] \ue000\ue100mailto:x@evil.example\ue101", "=cmd|' /C calc'!A0", "-- \n.\n..\r\n.", strings.Repeat("Naam: x\nE-mail: y\n", 5000), "\u202egpj.exe \u2066x\u2069"}, n))
	}},
	{"cut off", 12, func(r *rand.Rand, n int) []byte {
		raw := letter(from(r, "Subject: Half\nContent-Type: multipart/alternative; boundary=b"), "--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nHet was =\nkoud.\n--b\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGI+a291ZDwvYj4=\n--b--")
		return raw[:r.IntN(len(raw))]
	}},
	{"noise", 20, func(r *rand.Rand, n int) []byte {
		raw := letter(from(r, "Subject: Ruis\nContent-Type: multipart/mixed; boundary=b"), "--b\n\nTekst.\n--b\nContent-Type: text/html\n\n<p>Tekst</p>\n--b--")
		for range 1 + n*3 {
			raw[r.IntN(len(raw))] = byte(r.UintN(256))
		}
		return raw
	}},
	{"bytes", 12, func(r *rand.Rand, n int) []byte {
		raw := make([]byte, r.IntN(20_000))
		for i := range raw {
			raw[i] = byte(r.UintN(256))
		}
		return raw
	}},
}
