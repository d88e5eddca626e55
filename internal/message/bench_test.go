package message

import (
	"bytes"
	"encoding/base64"
	"os"
	"runtime"
	"strings"
	"testing"
)

// A mail of about 5 KB, as most complaints are.
func typicalMail() []byte {
	paragraph := "Op 12 oktober heb ik de cursus gevolgd en ik ben er niet tevreden over, omdat de zaal te klein was. "
	return crlf([]byte("Return-Path: <jan@post.example>\nReceived: from mx.post.example by mx.academie.example; Mon, 2 Nov 2026 10:00:00 +0100\n" +
		"Received: from [192.0.2.1] by mx.post.example; Mon, 2 Nov 2026 09:59:58 +0100\n" +
		"From: =?utf-8?Q?Jan_de_Vri=C3=ABs?= <jan@post.example>\nTo: Klachten <klachten@academie.example>\n" +
		"Subject: =?utf-8?Q?Klacht_over_de_zaal_=E2=80=93_cursus?=\nDate: Mon, 2 Nov 2026 10:00:00 +0100\n" +
		"Message-ID: <abc.123@post.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" +
		"Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat(paragraph+"=\n", 40)))
}

func BenchmarkParse(b *testing.B) {
	raw := typicalMail()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(raw)
	}
}

// BenchmarkCorpus reads the .eml files of a folder named by KLACHTD_BENCH_MAILS.
func BenchmarkCorpus(b *testing.B) {
	mails := readFolder(b, os.Getenv("KLACHTD_BENCH_MAILS"))
	for i := 0; b.Loop(); i++ {
		Parse(mails[i%len(mails)])
	}
}

func readFolder(b *testing.B, dir string) (mails [][]byte) {
	if dir == "" {
		b.Skip("KLACHTD_BENCH_MAILS is not set")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".eml") {
			raw, err := os.ReadFile(dir + "/" + e.Name())
			if err != nil {
				b.Fatal(err)
			}
			mails = append(mails, raw)
		}
	}
	return mails
}

func bigMail(size int) []byte {
	data := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("PDF"), size/4))
	var lines strings.Builder
	for i := 0; i < len(data); i += 76 {
		lines.WriteString(data[i:min(i+76, len(data))] + "\r\n")
	}
	return []byte("From: jan@post.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nZie bijlage.\r\n" +
		"--b\r\nContent-Type: application/pdf; name=brief.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		lines.String() + "--b--\r\n")
}

func BenchmarkAttachment30MB(b *testing.B) {
	raw := bigMail(30 << 20)
	b.ReportAllocs()
	for b.Loop() {
		Parse(raw)
	}
}

// 30 MB take little memory beside the raw message, whatever they are encoded in,
// and can be read again.
func TestMemoryOfAttachment(t *testing.T) {
	encoded := bigMail(12 << 20)
	for name, raw := range map[string][]byte{
		"base64":           encoded,
		"quoted-printable": bytes.Replace(encoded, []byte("Encoding: base64"), []byte("Encoding: quoted-printable"), 1),
		"7bit":             bytes.Replace(encoded, []byte("Encoding: base64"), []byte("Encoding: 7bit"), 1),
		"text":             bytes.Replace(encoded, []byte("application/pdf;"), []byte("text/csv;"), 1),
		"rfc822":           bytes.Replace(encoded, []byte("application/pdf;"), []byte("message/rfc822;"), 1),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m := Parse(raw)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 8<<20 {
			t.Errorf("%s: allocated %d KB for a mail of %d MB", name, got>>10, len(raw)>>20)
		}
		if len(m.Attachments) != 1 || m.Problem != "" {
			t.Fatalf("%s: got %d attachments, problem %q", name, len(m.Attachments), m.Problem)
		}
		checkOpen(t, m.Attachments[0])
	}
}
