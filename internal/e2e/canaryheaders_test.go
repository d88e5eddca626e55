package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"klachtd/internal/peers"
)

// headers are fields that something in the house reads, and one that nothing reads.
var headers = strings.Fields("From To Cc Sender Reply-To Return-Path Subject Date Message-ID In-Reply-To References Received Content-Type Content-Transfer-Encoding " +
	"Content-Disposition Auto-Submitted Precedence List-Id X-Spam-Flag Authentication-Results DKIM-Signature X-Microsoft-Original-Message-ID X-Iets")

// shapes are what a value may look like to a parser that quotes what it cannot read.
var shapes = []string{"Kanariekop", "\"Kanarienaam\\\" <kanarieadres", "=?kanariekop?Q?Kanariekop=ZZ?= <kanarieadres@voorbeeld.example>", "multipart/mixed; boundary=Kanariekop; charset=\"kanariekop",
	"mx.academie.example; dmarc=kanariekop (kanariekop", "Mon, 99 Kanariekop 2026"}

// TestCanaryHeaders: a word in every header, well and badly formed, in a file name,
// in what staff type, in delivery reports, and in every answer of the mail server
// stands in no line of the log of a pass, of the daemon or of an import, at the
// level debug, and in no file that is left (security.md 23).
func TestCanaryHeaders(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	for _, profile := range []string{"rfc8601", "none"} {
		a := open(t, d, s, "kop-"+profile)
		o := staffOf(t, d, a, profile)
		temp := t.TempDir()
		env := []string{"TMPDIR=" + temp, "SQLITE_TMPDIR=" + temp}
		archive := t.TempDir()
		for i, name := range headers {
			for j, shape := range shapes {
				head := name + ": " + shape
				if name != "From" {
					head = "From: Kanarienaam <kanarieadres" + fmt.Sprint(i%3) + "@voorbeeld.example>\n" + head
				}
				raw := letter(head, "Kanarietekst\n--Kanariekop\nContent-Type: kanarievijand; name=\"../kanariebestand\"\n\nKanarieinhoud\n--Kanariekop\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename*=kanariekop'x'%ZZkanariebestand\n\n!Kanarieinhoud!")
				if j%2 == i%2 {
					d.Put(a.user, raw, time.Now())
				}
				noError(t, os.WriteFile(filepath.Join(archive, fmt.Sprintf("%d-%d.eml", i, j)), raw, 0o600))
			}
		}
		for _, typed := range []string{"#registreer Kanarienaam <kanarieadres@voorbeeld.example>", "#registreer Kanarienaam <kanarieadres", "#wijs Kanarienaam", "#neem Kanarieonderwerp", "#ja Kanarieid [K2026-482931]", "#kanariekop"} {
			o.put("From: Bas Bakker <"+handler+">\nSubject: "+typed, "Omschrijving: Kanarietekst\nE-mail: kanarieadres\nOntvangen op: Kanarietekst\nCode: KANARIEID")
		}
		s.OnRcpt(func(_, to string) error { // the server quotes, for now and for good
			if strings.HasSuffix(to, "1@voorbeeld.example") {
				return peers.Refusal(550, smtp.EnhancedCode{5, 1, 1}, "Kanarienaam <"+to+">: Kanarieonderwerp")
			}
			return peers.Refusal(451, smtp.EnhancedCode{4, 3, 0}, "later: "+to+" Kanarieonderwerp")
		})
		pass := a.verbWith(env, "cycle", "--json")
		if pass.code != 0 {
			t.Fatalf("status %d\n%s", pass.code, pass.stderr)
		}
		noCanary(t, "the log of a pass, "+profile, pass.stdout+pass.stderr)
		k := a.run(env...)
		k.idles(1)
		d.Put(a.user, canaryMail(), time.Now())
		k.filed(1)
		k.stop()
		noCanary(t, "the log of the daemon, "+profile, k.log.String())
		in := a.verbWith(env, "import", archive)
		noCanary(t, "what import says besides, "+profile, in.stderr)
		if in.code == 2 {
			t.Errorf("import: %s", in.stderr)
		}
		a.nothingReadable(temp)
		s.OnRcpt(nil)
	}
}
