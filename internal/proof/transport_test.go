package proof

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The people of these tests. Tess works for a school that writes from elsewhere.
var (
	bas  = Sender{Address: "bas@example.nl", Logins: []string{"bas@example.nl", "b.bakker@example.nl"}}
	tess = Sender{Address: "tess@elders.example"}
)

// Configurations of the same academy at several hosts.
var (
	own     = Config{Profile: ProfileRFC8601, AuthservIDs: []string{"mx.example.nl"}, ReceivedAbove: 1}
	own2    = Config{Profile: ProfileRFC8601, AuthservIDs: []string{"mx.example.nl"}, ReceivedAbove: 2}
	m365    = Config{Profile: ProfileM365, Domains: []string{"Example.nl"}}
	google  = Config{Profile: ProfileGoogle}
	fast    = Config{Profile: ProfileRFC8601, AuthservIDs: []string{"mx1.messagingengine.com"}, ReceivedAbove: 3}
	icloud  = Config{Profile: ProfileRFC8601, AuthservIDs: []string{"bimi.icloud.com", "dmarc.icloud.com"}, ReceivedAbove: 2}
	nothing = Config{Profile: ProfileNone, AuthservIDs: []string{"mx.example.nl"}, ReceivedAbove: 20, Domains: []string{"example.nl"}}
)

// twice runs a test with LF and with CRLF.
func twice(t *testing.T, raw string, f func(t *testing.T, raw []byte)) {
	t.Helper()
	raw = strings.ReplaceAll(raw, "\r\n", "\n")
	t.Run("LF", func(t *testing.T) { t.Helper(); f(t, []byte(raw)) })
	t.Run("CRLF", func(t *testing.T) { t.Helper(); f(t, []byte(strings.ReplaceAll(raw, "\n", "\r\n"))) })
}

func expect(t *testing.T, got, want Finding) {
	t.Helper()
	if got != want {
		t.Errorf("got %v (%s), want %v (%s)", got.Evidence, got.Reason, want.Evidence, want.Reason)
	}
}

func header(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "headers", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestServers: headers as the servers of the world write them, before the profile
// that is meant for them and before others (security.md, T).
func TestServers(t *testing.T) {
	for _, tt := range []struct {
		file   string
		sender Sender
		config Config
		want   Finding
	}{
		// Exchange writes nothing of use for mail inside a tenant but AuthAs.
		{"m365-internal", bas, m365, Finding{Pass, ByInternal}},
		{"m365-internal", bas, Config{Profile: ProfileM365, Domains: []string{"ander.example"}}, Finding{None, NotOnTop}},
		{"m365-internal", bas, own, Finding{None, NotOnTop}},
		{"m365-external", tess, m365, Finding{Pass, ByDMARC}},
		{"m365-external", bas, m365, Finding{None, NotAligned}},
		{"m365-external", tess, google, Finding{None, ForeignID}},
		{"m365-spoofed", tess, m365, Finding{Fail, DMARCFailed}},
		{"m365-no-policy", tess, m365, Finding{None, NoPass}},
		{"google", bas, google, Finding{Pass, ByDMARC}},
		{"google", tess, google, Finding{None, NotAligned}},
		{"google", bas, m365, Finding{None, ForeignID}},
		{"google-dkim-alone", bas, google, Finding{Pass, ByDKIM}},
		{"google-default-key", bas, google, Finding{None, NoPass}}, // signed, by a domain of Google's
		// Fastmail and iCloud put fields of their own above their results.
		{"fastmail", bas, fast, Finding{None, NotOnTop}},
		{"icloud", bas, icloud, Finding{None, NotOnTop}},
		{"rspamd", bas, own, Finding{None, NotOnTop}}, // LMTP's Received and Postfix's
		{"rspamd", bas, own2, Finding{Pass, ByDMARC}},
		{"rspamd", tess, own2, Finding{None, NotAligned}},
		{"rspamd-login", bas, own, Finding{Pass, ByLogin}},
		{"rspamd-login", Sender{Address: "tess@example.nl"}, own, Finding{None, NotAligned}},
		{"opendmarc", bas, own, Finding{Pass, ByDMARC}},
		{"opendmarc-fail", bas, own, Finding{Fail, DMARCFailed}},
		{"exim", bas, own, Finding{None, NotOnTop}}, // Delivery-date is none of the fields that security.md names
		{"opendmarc", bas, nothing, Finding{None, NoProfile}},
		{"m365-internal", bas, nothing, Finding{None, NoProfile}},
		{"google", bas, Config{}, Finding{None, NoProfile}},
		{"google", bas, Config{Profile: ProfileDKIM}, Finding{None, Unverified}}, // nobody to ask for keys
	} {
		t.Run(tt.file+" "+string(tt.config.Profile), func(t *testing.T) {
			twice(t, header(t, tt.file), func(t *testing.T, raw []byte) {
				expect(t, Transport(raw, tt.sender, tt.config), tt.want)
			})
		})
	}
}

// from ends each of the headers below.
const from = "From: Bas <bas@example.nl>\nSubject: #sluit\n\n"

const (
	arMX   = "Authentication-Results: mx.example.nl; "
	passes = "dmarc=pass header.from=example.nl"
	hop    = "Received: from a.example by b.example; Mon, 2 Nov 2026 10:00:00 +0100\n"
)

// TestRFC8601 is the profile's line of security.md, word by word.
func TestRFC8601(t *testing.T) {
	for _, tt := range []struct {
		name, head string
		want       Finding
	}{
		{"on top", arMX + passes + "\n", Finding{Pass, ByDMARC}},
		{"below final delivery", "Return-Path: <x@y.example>\nDelivered-To: k\nX-Original-To: k\nEnvelope-To: k\n" + hop + arMX + passes + "\n", Finding{Pass, ByDMARC}},
		{"a Received too many", hop + hop + arMX + passes + "\n", Finding{None, NotOnTop}},
		{"a hundred Received", strings.Repeat(hop, 100) + arMX + passes + "\n", Finding{None, NotOnTop}},
		{"below another field", "X-Spam: no\n" + arMX + passes + "\n", Finding{None, NotOnTop}},
		{"below From", "From: x@y.example\n" + arMX + passes + "\n", Finding{None, NotOneFrom}},
		{"below Subject", "Subject: x\n" + arMX + passes + "\n", Finding{None, NotOnTop}},
		{"below foreign results", "Authentication-Results: mx.boos.example; spf=pass\n" + arMX + passes + "\n", Finding{None, ForeignID}},
		{"foreign", "Authentication-Results: mx.boos.example; " + passes + "\n", Finding{None, ForeignID}},
		{"an id that begins alike", "Authentication-Results: mx.example.nl.boos.example; " + passes + "\n", Finding{None, ForeignID}},
		{"own id as a comment", "Authentication-Results: (mx.example.nl) mx.boos.example; " + passes + "\n", Finding{None, ForeignID}},
		{"own id as a version", "Authentication-Results: mx.boos.example mx.example.nl; " + passes + "\n", Finding{None, BrokenResults}},
		{"no id", "Authentication-Results: " + passes + "\n", Finding{None, ForeignID}},
		{"none at all", "Return-Path: <x@y.example>\n" + hop, Finding{None, NoResults}},
		{"ARC", "ARC-Authentication-Results: i=1; mx.example.nl; " + passes + "\n", Finding{None, NoResults}},
		{"ARC above", "ARC-Seal: i=1\n" + arMX + passes + "\n", Finding{None, NotOnTop}},
		{"arc=pass", arMX + "arc=pass header.from=example.nl\n", Finding{None, NoPass}},
		{"another name", "X-Authentication-Results: mx.example.nl; " + passes + "\n", Finding{None, NoResults}},
		{"forged below, out of the block", arMX + "spf=none\n" + hop + arMX + passes + "\n", Finding{None, NoPass}},
		{"forged below, behind foreign ones", arMX + "spf=none\nAuthentication-Results: x.example; spf=none\n" + arMX + passes + "\n", Finding{None, NoPass}},
		{"a fail below the block", arMX + passes + "\nX: y\n" + arMX + "dmarc=fail header.from=example.nl\n", Finding{Pass, ByDMARC}},
		// A fail beats any pass; duplicates in a block make it none.
		{"fail", arMX + "dmarc=fail header.from=example.nl\n", Finding{Fail, DMARCFailed}},
		{"fail, then pass", arMX + "dmarc=fail header.from=example.nl\n" + arMX + passes + "\n", Finding{Fail, DMARCFailed}},
		{"pass, then fail", arMX + passes + "; dmarc=fail header.from=example.nl\n", Finding{Fail, DMARCFailed}},
		{"fail of another domain", arMX + passes + "; dmarc=fail header.from=x.example\n", Finding{Fail, DMARCFailed}},
		{"fail beside a login", arMX + "auth=pass smtp.auth=bas@example.nl; dmarc=fail\n", Finding{Fail, DMARCFailed}},
		{"failed login", arMX + passes + "; auth=fail smtp.auth=bas@example.nl\n", Finding{Fail, AuthFailed}},
		{"twice in one", arMX + passes + "; " + passes + "\n", Finding{None, Twice}},
		{"twice in two", arMX + passes + "\n" + arMX + passes + "\n", Finding{None, Twice}},
		{"none, then pass", arMX + "dmarc=none header.from=example.nl\n" + arMX + passes + "\n", Finding{None, Twice}},
		{"login twice", arMX + "auth=pass smtp.auth=tess@example.nl; auth=pass smtp.auth=bas@example.nl\n", Finding{None, Twice}},
		{"two signatures are none", arMX + "dkim=pass header.d=a.example; dkim=fail header.d=b.example; " + passes + "\n", Finding{Pass, ByDMARC}},
		{"dmarc weighs spf and dkim", arMX + "spf=fail smtp.mailfrom=x.example; dkim=fail header.d=example.nl; " + passes + "\n", Finding{Pass, ByDMARC}},
		{"without dmarc", arMX + "spf=pass smtp.mailfrom=example.nl; dkim=pass header.d=example.nl\n", Finding{None, NoPass}},
		{"no verdict", arMX + "dmarc=temperror header.from=example.nl\n", Finding{None, NoPass}},
		{"a word like pass", arMX + "dmarc=passed header.from=example.nl\n", Finding{None, NoPass}},
		// aligned with the From domain
		{"another domain", arMX + "dmarc=pass header.from=boos.example\n", Finding{None, NotAligned}},
		{"a subdomain", arMX + "dmarc=pass header.from=x.example.nl\n", Finding{None, NotAligned}},
		{"no domain", arMX + "dmarc=pass\n", Finding{None, NotAligned}},
		{"two domains", arMX + passes + " header.from=boos.example\n", Finding{None, NotAligned}},
		{"domain of the envelope", arMX + "dmarc=pass smtp.mailfrom=example.nl\n", Finding{None, NotAligned}},
		{"an address", arMX + "dmarc=pass header.from=bas@example.nl\n", Finding{Pass, ByDMARC}},
		{"an address within", arMX + "dmarc=pass header.from=\"bas@example.nl\"@boos.example\n", Finding{None, NotAligned}},
		// auth=pass with this person's login
		{"login", arMX + "auth=pass smtp.auth=bas@example.nl\n", Finding{Pass, ByLogin}},
		{"login by an alias", arMX + "auth=pass (plain) smtp.auth=B.Bakker@Example.NL\n", Finding{Pass, ByLogin}},
		{"a colleague's login", arMX + "auth=pass smtp.auth=tess@example.nl smtp.mailfrom=bas@example.nl\n", Finding{None, NotAligned}},
		{"no login", arMX + "auth=pass\n", Finding{None, NotAligned}},
		{"a login of no one", arMX + "auth=pass smtp.auth=\"\"\n", Finding{None, NotAligned}},
		{"half a login", arMX + "auth=pass smtp.auth=bas\n", Finding{None, NotAligned}},
		// how it may be written (RFC 8601 2.2)
		{"any case", "AUTHENTICATION-RESULTS: MX.EXAMPLE.NL; DMARC=PASS Header.From=EXAMPLE.nl\n", Finding{Pass, ByDMARC}},
		{"version", "Authentication-Results: mx.example.nl 1; " + passes + "\n", Finding{Pass, ByDMARC}},
		{"version 2", "Authentication-Results: mx.example.nl 2; " + passes + "\n", Finding{None, BrokenResults}},
		{"none", "Authentication-Results: mx.example.nl; none\n", Finding{None, NoPass}},
		{"none with a version", "Authentication-Results: mx.example.nl 1; none\n", Finding{None, NoPass}},
		{"id alone", "Authentication-Results: mx.example.nl\n", Finding{None, NoPass}},
		{"empty", "Authentication-Results:\n", Finding{None, BrokenResults}},
		{"comments everywhere", "Authentication-Results: (a) mx.example.nl (b) 1 (c); (d) dmarc (e) = (f) pass (g) header (h) . (i) from (j) = (k) example.nl (l)\n", Finding{Pass, ByDMARC}},
		{"nested comments", arMX + "dmarc=pass (a (b; dmarc=fail) \\) c) header.from=example.nl\n", Finding{Pass, ByDMARC}},
		{"a pass in a comment", arMX + "dmarc=none (see; " + passes + ")\n", Finding{None, NoPass}},
		{"a pass in nested comments", arMX + "dmarc=none (a (b) ; " + passes + ")\n", Finding{None, NoPass}},
		{"a pass behind an escaped bracket", arMX + "spf=none (\\) ; " + passes + ")\n", Finding{None, NoPass}},
		{"a pass in quotes", arMX + "spf=none reason=\"x; " + passes + "\"\n", Finding{None, NoPass}},
		{"a pass behind an escaped quote", arMX + "spf=none reason=\"\\\"; " + passes + "\"\n", Finding{None, NoPass}},
		{"a comment left open", arMX + passes + "; spf=none (x\n", Finding{None, BrokenResults}},
		{"a quote left open", arMX + passes + "; spf=none reason=\"x\n", Finding{None, BrokenResults}},
		{"a bracket too many", arMX + passes + ") ; spf=none\n", Finding{None, BrokenResults}},
		{"loose words", arMX + passes + " boos.example\n", Finding{None, BrokenResults}},
		{"quoted values", arMX + "dmarc=\"pass\" header.from=\"example.nl\"\n", Finding{Pass, ByDMARC}},
		{"quoted id", "Authentication-Results: \"mx.example.nl\"; " + passes + "\n", Finding{Pass, ByDMARC}},
		{"folded", "Authentication-Results:\n mx.example.nl;\n\tdmarc=pass\n  (p=none)\n header.from=example.nl;\n", Finding{Pass, ByDMARC}},
		{"method version", arMX + "dmarc/1=pass header.from=example.nl\n", Finding{Pass, ByDMARC}},
		{"method of a later version", arMX + "dmarc/2=pass header.from=example.nl\n", Finding{None, NoPass}},
		{"envelope with signs in it", arMX + "spf=pass smtp.mailfrom=b+1=jan=x.example@y.example; " + passes + "\n", Finding{Pass, ByDMARC}},
		{"null sender", arMX + "spf=none smtp.mailfrom=<> smtp.helo=x.example; " + passes + "\n", Finding{Pass, ByDMARC}},
		{"a property that looks like a method", arMX + "dkim=fail dmarc=pass header.from=example.nl\n", Finding{None, NoPass}},
		{"white space before the colon", "Authentication-Results : mx.example.nl; " + passes + "\n", Finding{Pass, ByDMARC}},
		// headers that two readers could read in two ways
		{"second From", arMX + passes + "\nFrom: baas@example.nl\n", Finding{None, NotOneFrom}},
		{"no field", arMX + passes + "\nhallo\n", Finding{None, BrokenHeader}},
		{"NUL", arMX + passes + "\nX: a\x00b\n", Finding{None, BrokenHeader}},
		{"lone CR", arMX + passes + "\nX: a\rFrom: b\n", Finding{None, BrokenHeader}},
		{"continuation on top", " x\n" + arMX + passes + "\n", Finding{None, BrokenHeader}},
		{"field over 16 KiB", arMX + passes + "\nX: " + strings.Repeat("a", maxField) + "\n", Finding{None, BrokenHeader}},
		{"folded field over 16 KiB", arMX + passes + "\nX: " + strings.Repeat("a\n b", maxField/4) + "\n", Finding{None, BrokenHeader}},
		{"header over 256 KiB", arMX + passes + "\n" + strings.Repeat("X: "+strings.Repeat("a", 1000)+"\n", 262) + "\n", Finding{None, BrokenHeader}},
		{"results in the body", "\n" + arMX + passes + "\n", Finding{None, BrokenHeader}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			twice(t, tt.head+from, func(t *testing.T, raw []byte) {
				expect(t, Transport(raw, bas, own), tt.want)
			})
		})
	}
	expect(t, Transport([]byte("\n"+arMX+passes+"\n"+from), bas, own), Finding{None, BrokenHeader})
	expect(t, Transport([]byte(arMX+passes+"\n"+from), Sender{Address: "nobody"}, own), Finding{None, NotOneFrom})
	expect(t, Transport([]byte(arMX+passes+"\n"+from), bas, Config{Profile: ProfileRFC8601}), Finding{None, ForeignID})
	expect(t, Transport([]byte(hop+arMX+passes+"\n"+from), bas, Config{Profile: ProfileRFC8601, AuthservIDs: own.AuthservIDs}), Finding{None, NotOnTop})
}

// TestBelowTheBlock: what stands below the block is dropped before parsing, so
// nothing that a sender writes there changes an answer (security.md 7).
func TestBelowTheBlock(t *testing.T) {
	hostile := []string{
		arMX + passes, arMX + "dmarc=fail", "Authentication-Results: (((", "Authentication-Results: mx.google.com; " + passes,
		"ARC-Seal: i=1; cv=pass", "ARC-Authentication-Results: i=1; mx.example.nl; " + passes, "X-Klachtd-Proof: pass",
		"X-Klachtd-Person: bas@example.nl", "Received-SPF: pass", "X-MS-Exchange-Organization-AuthAs: Internal",
	}
	for _, top := range []string{"spf=none", passes, "dmarc=fail header.from=example.nl", "auth=pass smtp.auth=bas@example.nl"} {
		plain := arMX + top + "\nX-Mailer: x\n"
		want := Transport([]byte(plain+from), bas, own)
		for _, field := range hostile {
			expect(t, Transport([]byte(plain+field+"\n"+from), bas, own), want)
		}
	}
}

// TestM365 is the profile's line of security.md, word by word.
func TestM365(t *testing.T) {
	const internal = "X-MS-Exchange-Organization-AuthAs: Internal\n"
	results := func(dmarc, compauth string) string {
		return "Authentication-Results: spf=pass (sender IP is 203.0.113.5)\n smtp.mailfrom=example.nl; dkim=none header.d=none;" + dmarc + ";" + compauth + "\n"
	}
	for _, tt := range []struct {
		name, head string
		want       Finding
	}{
		{"internal", internal, Finding{Pass, ByInternal}},
		{"any case", "x-ms-exchange-organization-authas:internal\n", Finding{Pass, ByInternal}},
		{"internal, below what the client wrote", "Subject: x\nauthentication-results: dkim=none;dmarc=none header.from=example.nl\n" + internal, Finding{Pass, ByInternal}},
		{"anonymous", "X-MS-Exchange-Organization-AuthAs: Anonymous\n", Finding{None, NoResults}},
		{"both", internal + "X-MS-Exchange-Organization-AuthAs: Anonymous\n", Finding{None, Twice}},
		{"internal twice", internal + internal, Finding{None, Twice}},
		{"another field", "X-MS-Exchange-CrossTenant-AuthAs: Internal\n", Finding{None, NoResults}},
		{"internal and more", "X-MS-Exchange-Organization-AuthAs: Internal, Anonymous\n", Finding{None, NoResults}},
		{"internal and a fail", results("dmarc=fail header.from=example.nl", "compauth=none") + internal, Finding{Fail, DMARCFailed}},
		{"internal and something unreadable", "Authentication-Results: dmarc=fail (\n" + internal, Finding{None, BrokenResults}},
		{"100", results(passes, "compauth=pass reason=100"), Finding{Pass, ByDMARC}},
		{"109", results(passes, "compauth=pass reason=109"), Finding{Pass, ByDMARC}},
		{"703", results(passes, "compauth=pass reason=703"), Finding{Pass, ByDMARC}},
		{"130: ARC", results(passes, "compauth=pass reason=130"), Finding{None, NoPass}},
		{"softpass", results(passes, "compauth=softpass reason=202"), Finding{None, NoPass}},
		{"softpass with a good reason", results(passes, "compauth=softpass reason=100"), Finding{None, NoPass}},
		{"none 405", results(passes, "compauth=none reason=405"), Finding{None, NoPass}},
		{"reason 1", results(passes, "compauth=pass reason=1"), Finding{None, NoPass}},
		{"reason 1000", results(passes, "compauth=pass reason=1000"), Finding{None, NoPass}},
		{"reason 1xx", results(passes, "compauth=pass reason=1xx"), Finding{None, NoPass}},
		{"two reasons", results(passes, "compauth=pass reason=130 reason=100"), Finding{None, NoPass}},
		{"no compauth", results(passes, ""), Finding{None, NoPass}},
		{"compauth alone", results("dmarc=none header.from=example.nl", "compauth=pass reason=100"), Finding{None, NoPass}},
		{"compauth fails", results(passes, "compauth=fail reason=601"), Finding{Fail, CompauthFailed}},
		{"compauth twice", results(passes, "compauth=pass reason=100;compauth=pass reason=100"), Finding{None, Twice}},
		{"not aligned", results("dmarc=pass header.from=boos.example", "compauth=pass reason=100"), Finding{None, NotAligned}},
		{"with an id", "Authentication-Results: mx.boos.example; " + passes + ";compauth=pass reason=100\n", Finding{None, ForeignID}},
		{"recipient's domain", "Authentication-Results: spf=pass smtp.mailfrom=x.example; example.nl; " + passes + ";compauth=pass reason=100\n", Finding{Pass, ByDMARC}},
		{"forged right below", results("dmarc=none", "compauth=none reason=451") + results(passes, "compauth=pass reason=100"), Finding{None, Twice}},
		{"forged further below", results("dmarc=none", "compauth=none reason=451") + hop + results(passes, "compauth=pass reason=100"), Finding{None, NoPass}},
		{"below what the sender wrote", "MIME-Version: 1.0\n" + results(passes, "compauth=pass reason=100"), Finding{None, NotOnTop}},
		{"ARC", "ARC-Authentication-Results: i=1; " + passes + "; compauth=pass reason=100\n", Finding{None, NoResults}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			twice(t, tt.head+from, func(t *testing.T, raw []byte) {
				expect(t, Transport(raw, bas, m365), tt.want)
			})
		})
	}
	expect(t, Transport([]byte(internal+"From: <bas@sub.example.nl>\n\n"), Sender{Address: "bas@sub.example.nl"}, m365), Finding{None, NoResults})
	expect(t, Transport([]byte(internal+from), bas, Config{Profile: ProfileM365}), Finding{None, NoResults})
}

// TestGoogle is the profile's line of security.md, word by word.
func TestGoogle(t *testing.T) {
	const mx = "Authentication-Results: mx.google.com; "
	for _, tt := range []struct {
		name, head string
		want       Finding
	}{
		{"dmarc", "X-Received: a\nARC-Seal: i=1\n" + hop + mx + passes + "\n", Finding{Pass, ByDMARC}},
		{"dkim by i=", mx + "dkim=pass header.i=@example.nl\n", Finding{Pass, ByDKIM}},
		{"dkim by d=", mx + "dkim=pass header.d=example.nl header.i=@sub.example.nl\n", Finding{Pass, ByDKIM}},
		{"dkim of a subdomain", mx + "dkim=pass header.i=@sub.example.nl\n", Finding{None, NoPass}},
		{"dkim of another", mx + "dkim=pass header.i=@boos.example\n", Finding{None, NoPass}},
		{"d= outranks i=", mx + "dkim=pass header.d=boos.example header.i=@example.nl\n", Finding{None, NoPass}},
		{"several signatures", mx + "dkim=pass header.i=@esp.example; dkim=pass header.i=@example.nl\n", Finding{Pass, ByDKIM}},
		{"another's broken signature", mx + "dkim=fail header.i=@esp.example; " + passes + "\n", Finding{Pass, ByDMARC}},
		{"own broken signature", mx + "dkim=fail header.i=@example.nl; " + passes + "\n", Finding{Fail, DKIMFailed}},
		{"dmarc fails", mx + "dkim=pass header.i=@example.nl; dmarc=fail header.from=example.nl\n", Finding{Fail, DMARCFailed}},
		{"spf alone", mx + "spf=pass smtp.mailfrom=bas@example.nl\n", Finding{None, NoPass}},
		{"two fields", mx + "spf=pass\n" + mx + "dkim=pass header.i=@example.nl\n", Finding{None, Twice}},
		{"dmarc twice", mx + passes + "; " + passes + "\n", Finding{None, Twice}},
		{"foreign on top", "Authentication-Results: x.example; spf=pass\n" + mx + passes + "\n", Finding{None, ForeignID}},
		{"forged below", mx + "spf=pass\nX: y\n" + mx + passes + "\n", Finding{None, NoPass}},
		{"below a signature", "DKIM-Signature: v=1\n" + mx + passes + "\n", Finding{None, NotOnTop}},
		{"another id", "Authentication-Results: mx.google.com.boos.example; " + passes + "\n", Finding{None, ForeignID}},
		{"ARC", "ARC-Authentication-Results: i=1; mx.google.com; " + passes + "\n", Finding{None, NoResults}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			twice(t, tt.head+from, func(t *testing.T, raw []byte) {
				expect(t, Transport(raw, bas, google), tt.want)
			})
		})
	}
}

// TestForged: the samples that `check` runs pass nowhere, and are not refused for a
// fault of their own.
func TestForged(t *testing.T) {
	for _, c := range []Config{own, own2, m365, google, nothing, {Profile: ProfileDKIM}} {
		for i, raw := range Forged(bas.Address, c) {
			if f := Transport(raw, bas, c); f.Evidence == Pass || f.Reason == BrokenHeader || f.Reason == NotOneFrom {
				t.Errorf("%s: sample %d: %v (%s)", c.Profile, i, f.Evidence, f.Reason)
			}
		}
	}
}

// TestFits: what a true message says about the configuration it needs (interface.md, check --probe).
func TestFits(t *testing.T) {
	for _, tt := range []struct {
		file   string
		sender Sender
		want   string
	}{
		{"opendmarc", bas, "rfc8601 with authserv_ids: [mx.example.nl] and received_above: 1 (dmarc pass)"},
		{"rspamd", bas, "rfc8601 with authserv_ids: [mx.example.nl] and received_above: 2 (dmarc pass)"},
		{"rspamd-login", bas, "rfc8601 with authserv_ids: [mx.example.nl] and received_above: 1 (login of the sender)"},
		{"google", bas, "google (dmarc pass)"},
		{"m365-internal", bas, "m365 (sent inside the organisation)"},
		{"m365-external", tess, "m365 (dmarc pass)"},
		{"m365-spoofed", tess, ""},
		{"opendmarc-fail", bas, ""},
		{"fastmail", bas, ""},
	} {
		twice(t, header(t, tt.file), func(t *testing.T, raw []byte) {
			var got []string
			for _, f := range Fits(raw, tt.sender, Config{Domains: []string{"example.nl"}}) {
				got = append(got, f.String())
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("%s: fits %q, want %q", tt.file, s, tt.want)
			}
		})
	}
}

// security.md 10: every parser has a fuzz target.
func FuzzTransport(f *testing.F) {
	files, err := filepath.Glob("testdata/headers/*.eml")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(arMX + "dmarc=pass (a (b; dmarc=fail) \\) c) header . from=\"example.nl\"\n" + from))
	f.Fuzz(func(t *testing.T, raw []byte) {
		crlf := withCRLF(raw)
		for _, c := range []Config{own2, m365, google} {
			got := Transport(raw, bas, c)
			if bytes.Count(raw, []byte{'\r'}) == 0 && len(raw) < maxField/2 && Transport(crlf, bas, c) != got {
				t.Fatalf("%s: LF and CRLF differ", c.Profile)
			}
			if got.Evidence == Pass && !bytes.Contains(bytes.ToLower(raw), []byte("pass")) && !bytes.Contains(bytes.ToLower(raw), []byte("internal")) {
				t.Fatalf("%s: a pass out of nothing", c.Profile)
			}
			if own := []byte("Authentication-Results: boos.example; none\n"); c.Profile != ProfileM365 && Transport(append(own, raw...), bas, c).Evidence != None {
				t.Fatalf("%s: evidence below a foreign server's", c.Profile)
			}
		}
		Fits(raw, bas, own)
	})
}

func FuzzResults(f *testing.F) {
	for _, v := range []string{"mx.example.nl 1; none", "spf=pass (a (b) \\) c) smtp.mailfrom=<>;dmarc=pass action=none header.from=x", `"a\"b"; dkim/1 = pass header . d = "x;y"`, "x; (", `x; a="`, "a;b;c=d e=f g"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		r, ok := readResults(v)
		if !ok && (r.id != "" || r.statements != nil) {
			t.Fatal("something out of a field that cannot be read")
		}
		// a comment says nothing, whatever is in it
		if s, fine := readResults("(" + strings.NewReplacer("(", "", ")", "", "\\", "").Replace(v) + ") x; a=b"); !fine || s.id != "x" || len(s.statements) != 1 {
			t.Fatalf("a comment counted: %+v", s)
		}
		// nor does a quoted string
		quoted := strings.Map(func(r rune) rune {
			if r == '"' || r == '\\' || r < ' ' || r == 0x7f {
				return -1
			}
			return r
		}, v)
		if s, fine := readResults(`x; a=b reason="` + quoted + `"`); !fine || len(s.statements) != 1 || len(s.statements[0].properties) != 1 {
			t.Fatalf("a quote counted: %+v", s)
		}
	})
}
