package proof

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"
)

// security.md 10: signatures and keys of all kinds. A pass says that the five
// fields and the body are those that were signed; LF and CRLF are the same mail.
func FuzzDKIM(f *testing.F) {
	s := newSigner(f, 1024)
	s.ed = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) // the same each time
	s.publish("e", "v=DKIM1; k=ed25519; p="+base64.StdEncoding.EncodeToString(s.ed.Public().(ed25519.PublicKey)))
	good := s.sign(letter, "example.nl", "e")
	for _, mail := range []string{good, letter, s.sign(good, "boos.example", "e"), s.sign(letter, "example.nl", "e", "From", "Subject"), strings.Replace(good, "Klaar", "Geld", 1),
		strings.Replace(good, "d=example.nl", "d=EXAMPLE.nl; l=3", 1), "Subject: #antwoord\r\n" + good, strings.ReplaceAll(good, "\r\n", "\n"), "DKIM-Signature: v=1; a=rsa-sha256; d=example.nl; s=x; h=from; bh=; b=\r\n" + letter} {
		f.Add(mail, "v=DKIM1; k=rsa; p=")
	}
	f.Add(strings.Replace(good, "s=e", "s=other", 1), "v=DKIM1; k=ed25519; p=AAAA; t=y")
	signed := squeezed("Subject: #sluit\r\n", "Klaar.\r\n\r\nBas\r\n")
	f.Fuzz(func(t *testing.T, mail, record string) {
		config := Config{Profile: ProfileDKIM, LookupTXT: func(name string) ([]string, error) {
			if txt, ok := s.txt[name]; ok {
				return txt, nil
			}
			return []string{record}, nil
		}}
		got := Transport([]byte(mail), bas, config)
		if strings.Count(mail, "\r") == 0 && len(mail) < maxField/2 {
			if crlf := Transport(withCRLF([]byte(mail)), bas, config); crlf != got {
				t.Fatalf("LF %+v, CRLF %+v", got, crlf)
			}
		}
		if got.Evidence != Pass || strings.Contains(record, "p=") && !strings.Contains(mail, "s=e;") { // a key of the fuzzer's own making
			return
		}
		for _, part := range signed {
			if !strings.Contains(strings.ToLower(strings.Join(strings.Fields(mail), "")), part) {
				t.Fatalf("a pass without %q:\n%s", part, mail)
			}
		}
	})
}

// squeezed are texts as relaxed canonicalization cannot change them.
func squeezed(list ...string) []string {
	for i, s := range list {
		list[i] = strings.ToLower(strings.Join(strings.Fields(s), ""))
	}
	return list
}
