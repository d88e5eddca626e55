package hostile

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// structures are about parts, boundaries and transfer encodings.
func structures() []kind {
	return []kind{
		{"MIME 10,000 deep", "a reader that calls itself runs out of stack or takes minutes", 3, Quarantined, deep},
		{"100,000 parts", "a reader that keeps a list of parts runs out of memory", 3, Quarantined, manyParts},
		{"just over the limits", "a limit that is checked too late is none", 4, Quarantined, justOver},
		{"just within the limits", "a limit that is checked too early loses mail", 4, Answered, justWithin},
		{"boundary tricks", "two readers that split a message differently see two messages", 18, Answered, boundaries},
		{"no structure", "a multipart that has no parts still has words", 6, Answered, unstructured},
		{"mail in mail", "attached messages are opened by nobody", 4, Answered, wrapped},
		{"broken encodings", "a decoder that stops loses what comes behind", 12, Answered, encodings},
		{"pieces and references", "what a message points to is not fetched", 5, Answered, pieces},
		{"30 MB of base64", "an attachment that is copied a few times fills the memory", 1, Answered, func(d *draw, _ int) []byte { return large(d, 30<<20) }},
		{"51 MiB", "more than is read at all", 1, Quarantined, func(d *draw, _ int) []byte { return large(d, 51<<20) }},
	}
}

func deep(d *draw, i int) []byte {
	var b strings.Builder
	kind := pick(i, "mixed", "alternative", "related")
	for n := range 10_000 {
		fmt.Fprintf(&b, "--b%d\nContent-Type: multipart/%s; boundary=b%d\n\n", n, kind, n+1)
	}
	return d.mail("Content-Type: multipart/mixed; boundary=b0", b.String())
}

func manyParts(d *draw, i int) []byte {
	part := pick(i, "--b\n\nx\n", "--b\nContent-Type: text/html\n\n<p>x\n", "--b\nContent-Disposition: attachment; filename=x\n\n\n")
	return d.mail("Content-Type: multipart/mixed; boundary=b", strings.Repeat(part, 100_000)+"--b--")
}

func justOver(d *draw, i int) []byte {
	switch i {
	case 0:
		return d.mail("Content-Type: multipart/mixed; boundary=b", strings.Repeat("--b\n\nx\n", 201)+"--b--")
	case 1:
		return d.mail(nest(11))
	case 2:
		return d.mail("X-Vul: "+strings.Repeat("x", 16<<10), "Tekst.")
	}
	return d.mail(strings.Repeat("X-Vul: "+strings.Repeat("x", 1000)+"\n", 262), "Tekst.")
}

func justWithin(d *draw, i int) []byte {
	switch i {
	case 0:
		return d.mail("Content-Type: multipart/mixed; boundary=b", strings.Repeat("--b\n\nx\n", 200)+"--b--")
	case 1:
		return d.mail(nest(9))
	case 2:
		return d.mail("X-Vul: "+strings.Repeat("x", 16<<10-10), "Tekst.")
	}
	return d.mail(strings.Repeat("X-Vul: "+strings.Repeat("x", 1000)+"\n", 250), "Tekst.")
}

// nest is a head and a body of so many multiparts in each other.
func nest(levels int) (head, body string) {
	for n := 1; n < levels; n++ {
		body += fmt.Sprintf("--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", n-1, n)
	}
	body += fmt.Sprintf("--b%d\n\nDiep.\n", levels-1)
	for n := levels - 1; n >= 0; n-- {
		body += fmt.Sprintf("--b%d--\n", n)
	}
	return "Content-Type: multipart/mixed; boundary=b0", body
}

func boundaries(d *draw, i int) []byte {
	const text = "\nContent-Type: text/plain\n\nMijn klacht.\n"
	const hidden = "\nContent-Type: text/plain\n\n#afgehandeld\n"
	for n, c := range [][2]string{
		{`boundary=aa`, "--a" + hidden + "--aa" + text + "--aa--\n--a--"},
		{`boundary=a; boundary=b`, "--a" + text + "--b" + hidden + "--a--\n--b--"},
		{`boundary="a` + "\n" + ` b"`, "--a b" + text + "--a b--"},
		{`boundary=""`, "--" + text + "----"},
		{`boundary="a\"b"`, `--a"b` + text + `--a"b--`},
		{`boundary=` + strings.Repeat("x", 8000), "--" + strings.Repeat("x", 8000) + text},
		{`boundary=a`, "--a" + text + "--a--\n--a" + hidden + "--a--"},
		{`boundary=a`, "--a \t" + text + "--a-- \t"},
		{`boundary=a`, text + "zonder grens"},
		{`boundary*0=a; boundary*1=b`, "--ab" + text + "--ab--"},
		{`boundary*=us-ascii''a%20b`, "--a b" + text + "--a b--"},
		{`boundary=a`, "--a\nContent-Type: multipart/mixed; boundary=a\n\n--a" + text + "--a--\n--a--"},
		{`boundary=(x)a`, "--a" + text + "--a--"},
		{`boundary="a;b"`, "--a;b" + text + "--a;b--"},
		{`boundary=a`, "--a\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte("\n--a\n\n#afgehandeld")) + "\n--a--"},
		{`boundary=a`, "--a" + text + "--a-"},
		{`BOUNDARY = a`, "--a" + text + "--a--"},
		{`boundary=a`, strings.Repeat("--aa\n--a-\n -- a\n", 5000) + "--a" + text + "--a--"},
	} {
		if n == i {
			return d.mail("Content-Type: multipart/mixed; "+c[0], c[1])
		}
	}
	return nil
}

func unstructured(d *draw, i int) []byte {
	return d.mail(pick(i, "Content-Type: multipart/mixed", "Content-Type: multipart/alternative; boundary=weg", "Content-Type: multipart/", "Content-Type: ;;;=",
		"Content-Type: text/plain; text/html; multipart/mixed", "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64"), "Mijn klacht zonder delen.")
}

func wrapped(d *draw, i int) []byte {
	const inner = "Content-Type: message/rfc822\n\nFrom: <binnen@" + Victim + ">\nSubject: #afgehandeld\nAuto-Submitted: auto-replied\n\nBinnenste.\n"
	switch i {
	case 0:
		return d.mixed("mixed", strings.Repeat("Content-Type: message/rfc822\n\n", 2000)+"einde")
	case 1:
		return d.mixed("mixed", inner, inner, inner)
	case 2:
		return d.mixed("digest", "\nFrom: <binnen@"+Victim+">\n\nBinnenste.")
	}
	return d.mixed("mixed", "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"+base64.StdEncoding.EncodeToString([]byte(inner)))
}

func encodings(d *draw, i int) []byte {
	for n, c := range [][2]string{
		{"base64", "SGV0IGxva2FhbCB3YXMga291ZC4" + "!@#$%^&*()" + "AAA="},
		{"base64", strings.Repeat("A=", 50_000)},
		{"base64", "geen base64, gewoon tekst: het was koud"},
		{"quoted-printable", "Het was koud =ZZ =0 = =\n=\n=3"},
		{"quoted-printable", strings.Repeat("=0D=0A", 50_000)},
		{"quoted-printable", strings.Repeat(" ", 100_000) + "=20"},
		{"x-uuencode", "begin 644 ../../etc/passwd\n#AAAA\n`\nend"},
		{"x-onbekend", "Het was koud."},
		{"base64, 7bit", "SGV0IHdhcyBrb3VkLg=="},
		{"8bit\nContent-Transfer-Encoding: base64", "Het was koud."},
		{"binary", string(d.noise(5000))},
		{"x-yenc", strings.Repeat("=ybegin line=1 size=1 name=../a\na\n", 3000)},
	} {
		if n == i {
			return d.mail("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "+c[0], c[1])
		}
	}
	return nil
}

func pieces(d *draw, i int) []byte {
	away := "http://" + d.o.Beacon + "/deel"
	switch i {
	case 0:
		return d.mail("Content-Type: message/partial; id=a; number=1; total=9", "Subject: binnen\n\nHet was koud.")
	case 1:
		return d.mail("Content-Type: message/partial; id=a; number=2; total=9", "Het tweede stuk.")
	case 2:
		return d.mixed("mixed", "Content-Type: message/external-body; access-type=URL; URL=\""+away+"\"\n\nContent-Type: text/plain\n\n")
	case 3:
		return d.mixed("mixed", "Content-Type: message/external-body; access-type=local-file; name=\"/etc/passwd\"\n\n\n")
	}
	return d.mixed("mixed", "Content-Type: text/plain\nContent-Location: "+away+"\nContent-Base: "+away+"\n\nZie elders.")
}

// large is a mail with one attachment that makes it about n bytes.
func large(d *draw, n int) []byte {
	row := base64.StdEncoding.EncodeToString(d.noise(57)) + "\n"
	return d.mixed("mixed", "Content-Type: application/pdf; name=groot.pdf\nContent-Transfer-Encoding: base64\n\n"+strings.Repeat(row, n/(len(row)+1)))
}
