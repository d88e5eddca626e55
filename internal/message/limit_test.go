package message

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// security.md 4: over the limits a mail is still read, and says what is wrong; at
// the limit itself nothing is.
func TestLimits(t *testing.T) {
	deep := func(levels int) string {
		var b strings.Builder
		for i := range levels {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
		}
		return b.String() + "\nDiepe tekst.\n"
	}
	parts := func(n int) string {
		return "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nDeel.\n", n) + "--b--\n"
	}
	const from = "From: jan@post.example\nSubject: Klacht\n"
	for _, tt := range []struct {
		name, raw, problem, text string
		limit                    bool
	}{
		{"header block", from + strings.Repeat("X-Vul: "+strings.Repeat("x", 900)+"\n", 400) + "\nTekst.", headerTooLarge, "Tekst.", true},
		{"field", from + "X-Vul: " + strings.Repeat("x", 20<<10) + "\n\nTekst.", fieldTooLarge, "Tekst.", true},
		{"folded field", from + "X-Vul: a\n" + strings.Repeat(" "+strings.Repeat("x", 900)+"\n", 40) + "\nTekst.", fieldTooLarge, "Tekst.", true},
		{"parts", from + parts(250), tooManyParts, "Deel.", true},
		{"header block of 256 KiB", block(maxHeader), "", "Tekst.", false},
		{"one byte more", block(maxHeader + 1), headerTooLarge, "Tekst.", true},
		{"field of 16 KiB", from + "X: " + strings.Repeat("x", maxField-3) + "\n\nTekst.", "", "Tekst.", false},
		{"a field one byte longer", from + "X: " + strings.Repeat("x", maxField-2) + "\n\nTekst.", fieldTooLarge, "Tekst.", true},
		{"201 parts", from + parts(201), tooManyParts, "Deel.", true},
		{"depth 11", from + deep(11) + closeAll(11), tooDeep, "Diepe tekst.", true},
		{"200 parts", from + parts(200), "", "Deel.", false},
		{"depth", from + deep(12), tooDeep, "Diepe tekst.", true},
		{"depth 10", from + deep(10) + closeAll(10), "", "Diepe tekst.", false},
		{"text", from + "\n" + strings.Repeat("tekst\n", maxText/5), textTooLong, "tekst", true},
		{"empty", "", noMessage, "", false},
	} {
		m := parse(t, tt.raw)
		if m.Problem != tt.problem || m.Limit != tt.limit || !strings.HasPrefix(m.Text, tt.text) {
			t.Errorf("%s: got problem %q, limit %v, text %.30q", tt.name, m.Problem, m.Limit, m.Text)
		}
		if tt.raw != "" && m.Subject != "Klacht" {
			t.Errorf("%s: lost the subject", tt.name)
		}
	}
	for n, problem := range map[int]string{maxMessage: "", maxMessage + 1: tooLarge} {
		if m := Parse([]byte(sized(n))); m.Problem != problem || m.Limit != (problem != "") || m.Text != "Tekst." || len(m.Attachments) != 1 {
			t.Errorf("%d bytes: got problem %q, limit %v, text %.30q", n, m.Problem, m.Limit, m.Text)
		}
	}
}

// block is a mail with a header block of n bytes, in lines that end with LF.
func block(n int) string {
	const head, line = "From: jan@post.example\nSubject: Klacht\n", 1000
	b := head + strings.Repeat("X: "+strings.Repeat("x", line-4)+"\n", (n-len(head)-10)/line)
	return b + "X: " + strings.Repeat("x", n-len(b)-4) + "\n\nTekst."
}

// sized is a mail of n bytes, most of them an attachment's.
func sized(n int) string {
	const head = "From: jan@post.example\nSubject: Klacht\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nTekst.\n--b\nContent-Type: x/y\n\n"
	const end = "\n--b--\n"
	return head + strings.Repeat("x", n-len(head)-len(end)) + end
}

func closeAll(levels int) string {
	var b strings.Builder
	for i := levels - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "\n--b%d--\n", i)
	}
	return b.String()
}

// What was quadratic elsewhere is linear here (security.md 5, libraries.md 4). The
// bound is no figure: it tells what takes a moment from what takes minutes.
func TestHostileSizes(t *testing.T) {
	const n = 1 << 20
	nested := strings.Repeat("Content-Type: multipart/mixed; boundary=a\n\n--a\n", 10000)
	htmlHead := "Content-Type: text/html\n\n"
	for name, raw := range map[string]string{
		"parentheses in id":    "Message-ID: " + strings.Repeat("(", n),
		"parentheses in to":    "To: " + strings.Repeat("(", n),
		"many small fields":    strings.Repeat("To: (((((<a@b>,\n", n/16),
		"half words":           "Subject: " + strings.Repeat("=?utf-8?q?", n/10),
		"nested multiparts":    nested,
		"100,000 parts":        "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 100000),
		"almost boundaries":    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + strings.Repeat("--bb\n", n/5),
		"parameters":           "Content-Type: text/plain" + strings.Repeat("; a*0*=x", n/8),
		"quotes in text":       "Subject: Re: x\n\n" + strings.Repeat(">\n\n", n/3),
		"signatures":           "Subject: x\n\n" + strings.Repeat("--\n", n/3),
		"headers in text":      "Subject: x\n\n" + strings.Repeat("Van: x\n", n/7),
		"attributions":         "Subject: x\n\n" + strings.Repeat("Op 1 schreef x:\n\n", n/17),
		"uuencode":             "Subject: x\n\n" + strings.Repeat("begin 644 a\n#AAAA\n", n/18),
		"nested tags":          htmlHead + strings.Repeat("<div>", n/5),
		"nested quotes":        htmlHead + strings.Repeat("<blockquote>a<br>", n/17),
		"nested lists":         htmlHead + strings.Repeat("<ul><li>a", n/9),
		"wide table":           htmlHead + "<table>" + strings.Repeat("<tr><td colspan=9999999>a", n/25),
		"links":                htmlHead + strings.Repeat(`<a href="https://a.example/">a`, n/30),
		"attributes":           htmlHead + "<p" + strings.Repeat(" a=b", n/4) + ">x",
		"comments":             htmlHead + strings.Repeat("<!-- ", n/5),
		"open tags":            htmlHead + strings.Repeat("<", n),
		"cids":                 htmlHead + strings.Repeat("cid:", n/4),
		"utf-7":                "Content-Type: text/plain; charset=utf-7\n\n" + strings.Repeat("+", n),
		"base64 pads":          "Content-Transfer-Encoding: base64\n\n" + strings.Repeat("A=", n/2),
		"soft line breaks":     "Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("=\n", n/2),
		"white space":          "Subject: x\n\n" + strings.Repeat(" ", n),
		"flowed":               "Content-Type: text/plain; format=flowed\n\n" + strings.Repeat("> a \n>> b \n", n/11),
		"flowed depth":         "Content-Type: text/plain; format=flowed\n\n" + strings.Repeat(">", n),
		"header without end":   strings.Repeat("a: b\n", n/5),
		"100,000 references":   "References: " + strings.Repeat("<a@b>\n ", 100000) + "\n\nx",
		"a field of 1 MB":      "Subject: " + strings.Repeat("x", n),
		"a name of 1 MB":       strings.Repeat("x", n) + ": y\n\nz",
		"spaces in address":    "To: a@" + strings.Repeat(" .", n/2) + "\nFrom: <a@" + strings.Repeat("(", 9000) + ">\n\nx",
		"quotes in a name":     "Content-Disposition: attachment; filename=" + strings.Repeat(`"a`, 8000) + "\n\nx",
		"stray in base64":      "Content-Transfer-Encoding: base64\n\nAAAA\n" + strings.Repeat("A!", n/2),
		"blanks in qp":         "Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat(strings.Repeat(" ", 1000)+"x", n/1000),
		"equals and blanks":    "Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("= ", n/2),
		"CRs":                  "Subject: x\n\n" + strings.Repeat("\r", n),
		"yenc":                 "Subject: x\n\n" + strings.Repeat("=ybegin line=1 size=1 name=a\na\n", n/32),
		"yenc without end":     "Subject: x\n\n" + strings.Repeat("a\n=ybegin name\n", n/16),
		"cut uuencode":         "Subject: x\n\n" + strings.Repeat("begin 644 a\nM"+strings.Repeat("A", 60)+"\n\n!\n", n/80),
		"partial in partial":   strings.Repeat("Content-Type: message/partial; number=1\n\n", n/42),
		"styles":               htmlHead + strings.Repeat(`<p style="font-size:0"><b style="white-space:pre">`, n/50),
		"style of 1 MB":        htmlHead + `<p style="` + strings.Repeat("display:x;", n/10) + `">x`,
		"escapes":              "Subject: " + strings.Repeat("\x1b$B", 5000) + "\n\n" + strings.Repeat("\x1b$B!", n/4),
		"shifts":               "Content-Type: text/plain; charset=iso-2022-kr\n\n" + strings.Repeat("\x0e\x1b$)C", n/5),
		"report words":         "From: mailer-daemon@x.example\n\n" + strings.Repeat("from: message-id:\n", n/18),
		"guessed boundary":     "Content-Type: multipart/mixed\n\n" + strings.Repeat("--x\n", n/4),
		"delimiters in a line": "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + strings.Repeat("--b", n/3),
		"no boundary":          "Content-Type: multipart/mixed; boundary=q\nContent-Transfer-Encoding: base64\n\n" + strings.Repeat("LS1x\n", n/5),
		"delivery status":      "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" + strings.Repeat("\n", n),
	} {
		start := time.Now()
		m := Parse([]byte(raw))
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if len(m.Text) > 12*n {
			t.Errorf("%s: %d bytes gave %d bytes of text", name, len(raw), len(m.Text))
		}
	}
}
