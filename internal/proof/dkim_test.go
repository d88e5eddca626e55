package proof

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
)

// A signer signs as a mail server does, and is its DNS.
type signer struct {
	t     testing.TB
	rsa   crypto.Signer
	ed    crypto.Signer
	txt   map[string][]string
	mu    sync.Mutex // the library asks for several keys at once
	asked []string
}

func newSigner(t testing.TB, bits int) *signer {
	t.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	s := &signer{t: t, rsa: key, ed: ed, txt: map[string][]string{}}
	spki, err := x509.MarshalPKIXPublicKey(s.rsa.Public())
	if err != nil {
		t.Fatal(err)
	}
	s.publish("r", "v=DKIM1; k=rsa; p="+base64.StdEncoding.EncodeToString(spki))
	s.publish("test", "v=DKIM1; k=rsa; t=y:s; p="+base64.StdEncoding.EncodeToString(spki))
	s.publish("e", "v=DKIM1; k=ed25519; p="+base64.StdEncoding.EncodeToString(ed.Public().(ed25519.PublicKey)))
	return s
}

func (s *signer) publish(selector, record string) {
	for _, d := range []string{"example.nl", "boos.example", "sub.example.nl"} {
		s.txt[selector+"._domainkey."+d] = []string{record}
	}
}

func (s *signer) lookup(name string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, name)
	if strings.HasPrefix(name, "slow.") {
		return nil, &net.DNSError{Err: "timeout", IsTimeout: true, IsTemporary: true}
	}
	if txt, ok := s.txt[name]; ok {
		return txt, nil
	}
	return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
}

// sign puts a signature on top of a mail.
func (s *signer) sign(mail, domain, selector string, fields ...string) string {
	s.t.Helper()
	key := s.rsa
	if selector == "e" {
		key = s.ed
	}
	if fields == nil {
		fields = covered
	}
	var b bytes.Buffer
	err := dkim.Sign(&b, strings.NewReader(mail), &dkim.SignOptions{Domain: domain, Selector: selector, Signer: key,
		HeaderKeys: fields, HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed})
	if err != nil {
		s.t.Fatal(err)
	}
	return b.String()
}

const letter = "From: Bas <bas@example.nl>\r\nTo: klachten@example.nl\r\nSubject: #sluit\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\n" +
	"Message-ID: <a@example.nl>\r\nX-Note: none\r\n\r\nKlaar.\r\n\r\nBas\r\n"

// TestDKIM is the profile's line of security.md, word by word.
func TestDKIM(t *testing.T) {
	s := newSigner(t, 1024)
	good := s.sign(letter, "example.nl", "r")
	tag := func(mail, name, value string) string { return strings.Replace(mail, name, value, 1) }
	for _, tt := range []struct {
		name, mail string
		want       Finding
	}{
		{"RSA", good, Finding{Pass, ByDKIM}},
		{"Ed25519", s.sign(letter, "example.nl", "e"), Finding{Pass, ByDKIM}},
		{"both", s.sign(good, "example.nl", "e"), Finding{Pass, ByDKIM}},
		{"any case of the domain", s.sign(letter, "Example.NL", "r"), Finding{Pass, ByDKIM}},
		{"not signed", letter, Finding{None, NoSignature}},
		{"another domain", s.sign(letter, "boos.example", "r"), Finding{None, NoSignature}},
		{"a subdomain", s.sign(letter, "sub.example.nl", "r"), Finding{None, NoSignature}},
		{"another domain's too", s.sign(good, "boos.example", "r"), Finding{Pass, ByDKIM}},
		{"another domain's, broken", s.sign(tag(good, "X-Note: none", "X-Note: one"), "boos.example", "r"), Finding{Pass, ByDKIM}},
		{"a field added", "X-Spam: no\r\n" + good, Finding{Pass, ByDKIM}},
		// h= covers From, To, Subject, Date, Message-ID
		{"subject not covered", s.sign(letter, "example.nl", "r", "From", "To", "Date", "Message-ID"), Finding{None, Unsigned}},
		{"message-id not covered", s.sign(letter, "example.nl", "r", "From", "To", "Date", "Subject"), Finding{None, Unsigned}},
		{"to not covered", s.sign(letter, "example.nl", "r", "From", "Message-ID", "Date", "Subject"), Finding{None, Unsigned}},
		{"date not covered", s.sign(letter, "example.nl", "r", "From", "To", "Message-ID", "Subject"), Finding{None, Unsigned}},
		{"one short, one whole", s.sign(s.sign(letter, "example.nl", "r", "From"), "example.nl", "e"), Finding{Pass, ByDKIM}},
		{"one whole, one short", s.sign(good, "example.nl", "e", "From"), Finding{Pass, ByDKIM}},
		// a wrong signature is a fail, and beats a good one
		{"body changed", tag(good, "Klaar.", "Niet klaar."), Finding{Fail, DKIMFailed}},
		{"text added", good + "Nog iets.\r\n", Finding{Fail, DKIMFailed}},
		{"subject changed", tag(good, "#sluit", "#wis"), Finding{Fail, DKIMFailed}},
		{"good beside wrong", s.sign(tag(good, "#sluit", "#wis"), "example.nl", "e"), Finding{Fail, DKIMFailed}},
		// a field on top that the signature is not about
		{"second subject", "Subject: #wis\r\n" + good, Finding{None, Twice}},
		{"second to", "To: x@example.nl\r\n" + good, Finding{None, Twice}},
		{"second from", "From: x@example.nl\r\n" + good, Finding{None, NotOneFrom}},
		{"second message-id", "message-id : <b@example.nl>\r\n" + good, Finding{None, Twice}},
		// l=, weak or missing keys, DNS
		{"l=", tag(good, "v=1;", "v=1; l=5;"), Finding{None, Unverified}},
		{"no key", tag(good, "s=r;", "s=q;"), Finding{None, Unverified}},
		{"DNS does not answer", tag(good, "s=r;", "s=slow;"), Finding{None, Unverified}},
		{"key for testing", s.sign(letter, "example.nl", "test"), Finding{None, Unverified}},
		{"key of a strange name", tag(good, "s=r;", "s=r/../x;"), Finding{None, Unverified}},
		{"sha1", tag(good, "a=rsa-sha256", "a=rsa-sha1"), Finding{None, Unverified}},
		{"expired", tag(good, "v=1;", "v=1; x=1000000000;"), Finding{None, Unverified}},
		{"nonsense", "DKIM-Signature: d=example.nl\r\n" + letter, Finding{None, Unverified}},
		{"domain twice", "DKIM-Signature: d=boos.example; d=example.nl\r\n" + letter, Finding{None, Unverified}},
		{"four", strings.Repeat(strings.TrimSuffix(good, letter), 3) + good, Finding{Pass, ByDKIM}},
		{"more than four", strings.Repeat(strings.TrimSuffix(good, letter), 4) + good, Finding{None, NoSignature}},
		{"past the tenth", strings.Repeat("DKIM-Signature: d=boos.example\r\n", 10) + good, Finding{None, NoSignature}},
		{"the tenth", strings.Repeat("DKIM-Signature: d=boos.example\r\n", 9) + good, Finding{Pass, ByDKIM}},
		{"more behind it", strings.Replace(good, "From:", strings.Repeat("DKIM-Signature: d=boos.example\r\n", 20)+"From:", 1), Finding{Pass, ByDKIM}},
		{"header alone", strings.TrimSuffix(strings.SplitAfter(good, "\r\n\r\n")[0], "\r\n"), Finding{None, Unverified}},
		{"cut off", strings.SplitAfter(good, "Klaar.\r\n")[0], Finding{Fail, DKIMFailed}}, // a caller that has part of a message must not ask
		{"results are not asked", arMX + passes + "\r\n" + letter, Finding{None, NoSignature}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			twice(t, tt.mail, func(t *testing.T, raw []byte) {
				before := bytes.Clone(raw)
				expect(t, Transport(raw, bas, Config{Profile: ProfileDKIM, LookupTXT: s.lookup}), tt.want)
				if !bytes.Equal(raw, before) {
					t.Error("the message was changed")
				}
			})
		})
	}
	if i := slices.IndexFunc(s.asked, func(n string) bool { return !strings.HasSuffix(n, "._domainkey.example.nl") }); i >= 0 {
		t.Errorf("asked for a stranger's key: %s", s.asked[i])
	}
	expect(t, Transport([]byte(good), bas, Config{Profile: ProfileDKIM}), Finding{None, Unverified})
	broken := func(string) ([]string, error) { return nil, errors.New("no network") }
	expect(t, Transport([]byte(good), bas, Config{Profile: ProfileDKIM, LookupTXT: broken}), Finding{None, Unverified})
	fits := Fits([]byte(good), bas, Config{LookupTXT: s.lookup})
	if len(fits) != 1 || fits[0].String() != "dkim (signature of the domain)" {
		t.Errorf("fits %v", fits)
	}
}

// TestWeakKey: RSA of 1024 bits or more (RFC 8301 3.2).
func TestWeakKey(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0") // else Go itself makes and takes none so small
	for bits, want := range map[int]Finding{1024: {Pass, ByDKIM}, 768: {None, Unverified}} {
		s := newSigner(t, bits)
		mail := []byte(s.sign(letter, "example.nl", "r"))
		expect(t, Transport(mail, bas, Config{Profile: ProfileDKIM, LookupTXT: s.lookup}), want)
	}
}
