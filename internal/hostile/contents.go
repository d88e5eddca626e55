package hostile

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
)

// words are about the text: its characters, its lines and its HTML.
func words() []kind {
	return []kind{
		{"NUL bytes", "C ends a string there, and a line may be cut", 5, Answered, func(d *draw, i int) []byte {
			return put(d.mail(pick(i, "Subject: een_twee", "X-Veld: _", "Content-Type: text/plain; charset=_utf-8", "Subject: a\nX_Y: z", "Subject: vol"), "Het _ lokaal _ was koud."+strings.Repeat("_", 1000)), "\x00")
		}},
		{"line ends", "bare CR and bare LF are a line to one reader and none to another", 6, Answered, lineEnds},
		{"charsets", "a table that is missing, or a shift that never ends", 16, Answered, charsets},
		{"long lines", "no line is too long to come in", 3, Answered, func(d *draw, i int) []byte {
			return d.mail("Subject: lang", strings.Repeat(pick(i, "x", "> ", "é"), 1<<20))
		}},
		{"odd letters", "what is shown is not what is written", 8, Answered, func(d *draw, i int) []byte {
			odd := pick(i, "\u202egpj.exe", "\u2066\u2067\u2068\u2069", strings.Repeat("z\u0310\u0311", 5000), "\u200b\u200c\u200d\ufeff", "\x1b[2J\x1b]0;titel\x07", "\U000e0041\U000e0042", strings.Repeat("👩‍👩‍👧‍👦", 2000), "\u009b31m\u0085\u2028")
			return d.mail("Subject: =?utf-8?B?"+base64.StdEncoding.EncodeToString([]byte(odd[:min(len(odd), 9000)]))+"?=\nContent-Type: text/plain; charset=utf-8", odd)
		}},
		{"HTML bombs", "a reader of HTML that builds a tree, or calls itself", 18, Answered, htmlBombs},
		{"HTML that fetches", "who fetches what a mail names tells its sender that, where and when it is read", 10, Answered, htmlBeacons},
		{"quotes without end", "what is new in a text must not take for ever to find", 8, Answered, func(d *draw, i int) []byte {
			return d.mail("Subject: Re: klacht", "Klacht.\n"+strings.Repeat(pick(i, ">\n\n", "--\n", "Van: x\n", "Op 1 schreef x:\n\n", "begin 644 a\n#AAAA\n", "-----Original Message-----\n", "Code: ABCDEFGHJKMNPQRSTVWXYZ0123\n", "Naam: x\n"), 50_000))
		}},
	}
}

func lineEnds(d *draw, i int) []byte {
	text := d.lines("Subject: regels\nContent-Type: text/plain", "Het was\nkoud.\n\n.\nEn de koffie op.")
	switch i {
	case 0:
		return []byte(text)
	case 1:
		return []byte(strings.ReplaceAll(text, "\n", "\r"))
	case 2:
		return []byte(strings.ReplaceAll(text, "\n", "\r\r\n"))
	case 3:
		head, body, _ := strings.Cut(text, "\n\n")
		return []byte(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + strings.ReplaceAll(body, "\n", "\r"))
	case 4:
		head, body, _ := strings.Cut(text, "\n\n")
		return []byte(head + "\n\n" + strings.ReplaceAll(body, "\n", "\r\n") + "\r\n.\r\nQUIT\r\n")
	}
	return []byte(strings.TrimRight(strings.ReplaceAll(text, "\n", "\r\n"), "\r\n"))
}

func charsets(d *draw, i int) []byte {
	name := pick(i, "utf-7", "utf-16", "utf-32", "iso-2022-jp", "iso-2022-kr", "gb18030", "hz-gb-2312", "onbekend", "", "\"\"", "utf-8\"", strings.Repeat("x", 9000), "../../etc/passwd", "ebcdic-us", "us-ascii", "utf-8; charset=utf-16")
	body := pick(i/2, string(d.noise(2000)), strings.Repeat("+", 5000)+"+AGE-", strings.Repeat("\x1b$B", 5000), strings.Repeat("\x0e\x0f~{", 5000), "\xff\xfe\x00\xd8\x00", strings.Repeat("\xf0\x9f\x98", 3000), "\xc0\xaf\xed\xa0\x80", "Het was koud.")
	return d.mail("Content-Type: text/plain; charset="+name, body)
}

func htmlBombs(d *draw, i int) []byte {
	const n = 60_000
	return d.mail("Content-Type: text/html; charset=utf-8", pick(i,
		strings.Repeat("<div>", n), strings.Repeat("<blockquote>a<br>", n), strings.Repeat("<ul><li>a", n), "<table>"+strings.Repeat("<tr><td colspan=9999999 rowspan=9999999>a", n),
		strings.Repeat(`<a href="https://a.example/">a`, n), "<p"+strings.Repeat(" a=b", n)+">x", strings.Repeat("<!-- ", n), strings.Repeat("<", n), strings.Repeat("&lt;&#1114112;&#x1F600;&amp", n),
		"<style>"+strings.Repeat("p{}", n), `<p style="`+strings.Repeat("display:none;", n)+`">x`, "<![CDATA["+strings.Repeat("]]", n), "<title>"+strings.Repeat("<title>", n), strings.Repeat("<table><tr><td>", n/2),
		strings.Repeat("<svg><math>", n), "<plaintext>"+strings.Repeat("</plaintext>", n), strings.Repeat("cid:", n), "<b>"+strings.Repeat("<p><i></b>", n))+"<p>Het was koud.")
}

func htmlBeacons(d *draw, i int) []byte {
	at := "http://" + d.o.Beacon + "/gelezen"
	page := pick(i, `<img src="%">`, `<link rel=stylesheet href="%">`, `<script src="%"></script>`, `<iframe src="%"></iframe>`, `<meta http-equiv=refresh content="0;url=%">`,
		`<style>@import url(%);body{background:url("%")}</style>`, `<object data="%"></object><embed src="%">`, `<svg><image href="%"/><use href="%#a"/></svg>`, `<form action="%"><input type=image src="%"></form>`, `<video poster="%" src="%"><base href="%">`)
	return d.mixed("related", "Content-Type: text/html; charset=utf-8\n\n<p>Mijn klacht.</p>"+strings.ReplaceAll(page, "%", at)+"<a href=\""+at+"\">hier</a> "+at)
}

// contents are about what is attached.
func contents() []kind {
	return []kind{
		{"file names", "a name that is a path writes where it likes; one that is turned round hides what runs", 16, Answered, fileNames},
		{"programs", "what runs is passed on to nobody", 10, Answered, programs},
		{"packed bombs", "10 MB of nothing pack into a few kB", 3, Answered, packed},
		{"TNEF", "Outlook's parcel, whole, broken and empty", 4, Answered, func(d *draw, i int) []byte {
			sizes := []string{"\x78\x9f\x3e\x22\x01\x00\x01\x06\x90\x08\x00\x04\x00\x00\x00\x00\x00\x01", "\x78\x9f\x3e\x22\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "", string(d.noise(5000))}
			return d.attached("application/ms-tnef", pick(i, "winmail.dat", "WINMAIL.DAT", "", "../winmail.dat"), []byte(sizes[i%4]))
		}},
		{"S/MIME and PGP", "what is sealed stays sealed", 6, Answered, sealed},
		{"calendars and cards", "they are read by nobody", 4, Answered, func(d *draw, i int) []byte {
			return d.mixed("alternative", "Content-Type: text/"+pick(i, "calendar; method=CANCEL", "vcard", "calendar; method=REPLY", "x-vcard")+"\n\n"+
				pick(i, "BEGIN:VCALENDAR\nMETHOD:CANCEL\n"+strings.Repeat("BEGIN:VEVENT\n", 20_000), "BEGIN:VCARD\nEMAIL:x@"+Victim+"\nPHOTO;VALUE=uri:http://"+d.o.Beacon+"/\nEND:VCARD"))
		}},
	}
}

// attached is a mail with one attachment.
func (d *draw) attached(contentType, name string, data []byte) []byte {
	return d.mixed("mixed", fmt.Sprintf("Content-Type: %s\nContent-Disposition: attachment; filename=\"%s\"\nContent-Transfer-Encoding: base64\n\n%s",
		contentType, name, base64.StdEncoding.EncodeToString(data)))
}

func fileNames(d *draw, i int) []byte {
	return d.attached("application/pdf", pick(i, "../../../../tmp/klachtd-uit-de-mail", "/etc/cron.d/klachtd", `..\\..\\autostart.pdf`, "..", ".", "", ".bashrc", "NUL", "CON.pdf", "a\u202efdp.exe", "=?utf-8?B?4oCuZmRwLmV4ZQ==?=",
		strings.Repeat("é", 2000)+".pdf", "a;b\\\"c`$(id)`.pdf", "-rf", "klachtd.db", "\u2066bestand\u2069\u200f.pdf"), []byte("inhoud"))
}

func programs(d *draw, i int) []byte {
	data := append([]byte(Program), d.noise(300)...)
	if i >= 8 {
		return d.attached(pick(i, "application/x-msdownload", "application/x-sh"), "onschuldig.pdf", data)
	}
	return d.attached("application/pdf", pick(i, "rekening.pdf.exe", "rekening.EXE. ", "foto\u202egpj.scr", "=?utf-8?Q?brief.js?=", "map/../a.bat", "x.lnk", "y.iso", "z.vbs..."), data)
}

func packed(d *draw, i int) []byte {
	inner := bytes.Repeat([]byte{0}, 10<<20)
	for range i + 1 { // a zip in a zip in a zip
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create("../../bom.bin")
		if err == nil {
			_, err = w.Write(inner)
		}
		if err != nil || z.Close() != nil {
			panic("a zip in memory cannot fail")
		}
		inner = b.Bytes()
	}
	return d.attached("application/zip", "bom.zip", inner)
}

func sealed(d *draw, i int) []byte {
	noise := base64.StdEncoding.EncodeToString(d.noise(900))
	switch i {
	case 0:
		return d.mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64", noise)
	case 1:
		return d.mail("Content-Type: application/pkcs7-mime; smime-type=signed-data\nContent-Transfer-Encoding: base64", noise)
	case 2:
		return d.mixed("signed; protocol=\"application/pkcs7-signature\"; micalg=md5", "Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\n"+noise)
	case 3:
		return d.mixed("encrypted; protocol=\"application/pgp-encrypted\"", "Content-Type: application/pgp-encrypted\n\nVersion: 1", "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n"+noise)
	case 4:
		return d.mail("Subject: pgp", "-----BEGIN PGP SIGNED MESSAGE-----\n- -----BEGIN PGP SIGNED MESSAGE-----\nHet was koud.\n-----BEGIN PGP SIGNATURE-----\n"+noise)
	}
	return d.mail("Content-Type: application/pkcs7-mime; name=\"../../smime.p7m\"", "geen base64")
}
