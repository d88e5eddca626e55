package proof

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// covered are the fields that a signature must cover. Each may be there once at
// most: a signature is about the lowest ones, a reader takes the topmost.
var covered = []string{"from", "to", "subject", "date", "message-id"}

// Bounds of the work (security.md 5): each signature of the sender's domain costs a
// hash over the body, those of others nothing, as their keys are not asked for.
const (
	maxSignatures    = 10 // those further down count for nothing
	maxOwnSignatures = 4
)

// dkim verifies the signatures itself (RFC 6376, RFC 8301, RFC 8463). Only a wrong
// signature of the sender's domain is a fail. One that expired, that has no key, or
// whose key could not be asked for is none: a forger gains nothing by it.
func (q question) dkim() Finding {
	var signatures []map[string]string
	own := 0
	for _, f := range q.fields {
		if f.name == "dkim-signature" && len(signatures) < maxSignatures {
			signatures = append(signatures, tags(f.value))
			if strings.EqualFold(signatures[len(signatures)-1]["d"], q.domain) {
				own++
			}
		}
	}
	if own == 0 || own > maxOwnSignatures {
		return Finding{None, NoSignature}
	}
	if slices.ContainsFunc(covered, func(name string) bool { return count(q.fields, name) > 1 }) {
		return Finding{None, Twice}
	}
	list, err := dkim.VerifyWithOptions(bytes.NewReader(withCRLF(q.raw)),
		&dkim.VerifyOptions{LookupTXT: q.keys, MaxVerifications: maxSignatures})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) || len(list) != len(signatures) {
		return Finding{None, Unverified}
	}
	best := Finding{None, Unverified}
	for i, v := range list {
		_, partial := signatures[i]["l"] // the library calls this a fail, and it is none
		switch {
		case !strings.EqualFold(v.Domain, q.domain) || partial && v.Err != nil:
		case v.Err != nil && !dkim.IsTempFail(v.Err) && !dkim.IsPermFail(v.Err):
			return Finding{Fail, DKIMFailed}
		case v.Err != nil:
		case partial || !covers(v.HeaderKeys):
			if best.Evidence == None {
				best.Reason = Unsigned
			}
		default:
			best = Finding{Pass, ByDKIM}
		}
	}
	return best
}

func covers(keys []string) bool {
	return !slices.ContainsFunc(covered, func(name string) bool {
		return !slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, name) })
	})
}

// tags reads the tags of a DKIM-Signature (RFC 6376 3.2), without white space.
func tags(value string) map[string]string {
	found := map[string]string{}
	for part := range strings.SplitSeq(value, ";") {
		name, value, _ := strings.Cut(part, "=")
		found[strings.TrimSpace(name)] = strings.Join(strings.Fields(value), "")
	}
	return found
}

// selectorLetters of RFC 6376 3.1, and the underscore that some take.
const selectorLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_."

// Why a key is not asked for or not taken.
var (
	errForeign = errors.New("a key of another domain")
	errTesting = errors.New("a key for testing")
)

// keys asks for a key of the sender's domain; what a stranger's signature names is
// never looked up. A key in testing mode is as good as none (RFC 6376 3.6.1).
func (q question) keys(name string) ([]string, error) {
	name = strings.ToLower(name)
	selector, own := strings.CutSuffix(name, "._domainkey."+q.domain)
	if !own || q.config.LookupTXT == nil || len(name) > 253 || strings.Trim(selector, selectorLetters) != "" {
		return nil, errForeign
	}
	records, err := q.config.LookupTXT(name)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		if slices.Contains(strings.Split(tags(r)["t"], ":"), "y") {
			return nil, errTesting
		}
	}
	return records, nil
}

// withCRLF gives each line the end that was signed.
func withCRLF(raw []byte) []byte {
	if bytes.Count(raw, []byte{'\n'}) == bytes.Count(raw, []byte("\r\n")) {
		return raw
	}
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte{'\n'})
	return bytes.ReplaceAll(raw, []byte{'\n'}, []byte("\r\n"))
}
