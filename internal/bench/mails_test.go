package bench

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shared is where a checkout may find mails and a bare pipeline to compare with.
// Both can be named: BENCH_SHARED=DIR.
func shared() string {
	if dir := os.Getenv("BENCH_SHARED"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "..", "shared", "bench")
}

// mails are n distinct complaints: those of the shared generator, else ours.
func mails(tb testing.TB, n int) [][]byte {
	gen := filepath.Join(shared(), "gen.py")
	if _, err := os.Stat(gen); err != nil {
		return ownMails(n)
	}
	dir := tb.TempDir()
	if out, err := exec.Command("python3", gen, fmt.Sprint(n), dir).CombinedOutput(); err != nil {
		tb.Logf("%s: %v\n%s", gen, err, out)
		return ownMails(n)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil || len(names) != n {
		tb.Fatalf("%d mails instead of %d: %v", len(names), n, err)
	}
	slices.Sort(names)
	list := make([][]byte, n)
	for i, name := range names {
		if list[i], err = os.ReadFile(name); err != nil {
			tb.Fatal(err)
		}
	}
	return list
}

// ownMails have about the same mix: 60% text, 30% with HTML, 10% with a file of
// 30 to 200 KB; 15% are replies. The same n gives the same bytes.
func ownMails(n int) [][]byte {
	r := rand.New(rand.NewPCG(1, 1))
	list := make([][]byte, n)
	for i := range list {
		var b bytes.Buffer
		fmt.Fprintf(&b, "Received: from mail.voorbeeld%d.example by mx.academie.example; Wed, 1 Apr 2026 09:00:00 +0200\n", i%14)
		fmt.Fprintf(&b, "From: Cursist %d <cursist%d@voorbeeld%d.example>\nTo: <klachten@academie.example>\n", i, i, i%14)
		subject := fmt.Sprintf("Klacht over cursus %d", i)
		if r.IntN(100) < 15 {
			subject = "Re: " + subject
			fmt.Fprintf(&b, "In-Reply-To: <eerder.%d@voorbeeld.example>\n", i)
		}
		fmt.Fprintf(&b, "Subject: %s\nMessage-ID: <bench.%d@voorbeeld%d.example>\nDate: Wed, 1 Apr 2026 09:00:00 +0200\nMIME-Version: 1.0\n", subject, i, i%14)
		text := fmt.Sprintf("Beste academie,\n\nNummer %d. %s\n\nGroet,\nCursist %d\n", i,
			strings.Repeat("De trainer kwam te laat en het lokaal was koud. ", 10+r.IntN(60)), i)
		html := "<html><body><p>" + strings.ReplaceAll(text, "\n\n", "</p>\n<p>") + "</p></body></html>"
		switch k := r.IntN(10); {
		case k < 6:
			fmt.Fprintf(&b, "Content-Type: text/plain; charset=utf-8\n\n%s", text)
		case k < 9:
			fmt.Fprintf(&b, "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n%s\n--b\nContent-Type: text/html; charset=utf-8\n\n%s\n--b--\n", text, html)
		default:
			file := make([]byte, 30_000+r.IntN(170_000))
			for j := range file {
				file[j] = byte(r.Uint32())
			}
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n%s\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"factuur.pdf\"\nContent-Transfer-Encoding: base64\n\n", text)
			code := base64.StdEncoding.EncodeToString(file)
			for len(code) > 76 {
				b.WriteString(code[:76] + "\n")
				code = code[76:]
			}
			b.WriteString(code + "\n--b--\n")
		}
		list[i] = bytes.ReplaceAll(b.Bytes(), []byte("\n"), []byte("\r\n"))
	}
	return list
}
