package config

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"
)

// validAddress reports whether s is an addr-spec as RFC 5321 4.1.2 lets it onto
// the wire, of the plain kind: a dot-atom, @ and a domain name. Quoted local
// parts, address literals and comments are legal and refused: nobody's own
// address needs them, and they are how commands get smuggled into SMTP.
func validAddress(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || len(s) > 254 || len(local) > 64 || !validDomain(domain) {
		return false
	}
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" || strings.ContainsFunc(atom, notAtext) {
			return false
		}
	}
	return true
}

// notAtext is the complement of atext in RFC 5322 3.2.3.
func notAtext(r rune) bool {
	return !isLetterOrDigit(r) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

// validDomain reports whether s is a domain name of letters, digits and hyphens (RFC 1035 2.3.1).
func validDomain(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return r != '-' && !isLetterOrDigit(r) }) {
			return false
		}
	}
	return true
}

// validHost also takes IP addresses without a zone, and the underscore, which
// container networks put in their names.
func validHost(s string) bool {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Zone() == ""
	}
	return validDomain(strings.ReplaceAll(s, "_", "x"))
}

// loopback reports whether host cannot be another machine: localhost, 127.0.0.0/8 or ::1.
func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback() || strings.EqualFold(host, "localhost")
}

// webURL parses a complete http or https address; nil when s is none.
func webURL(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || !validHost(u.Hostname()) {
		return nil
	}
	return u
}

func isLetterOrDigit(r rune) bool {
	return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// isControl counts Unicode's line and paragraph separators as control characters.
func isControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
}
