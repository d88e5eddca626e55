package proof

import (
	"fmt"
	"slices"
	"strings"
)

// A Fit is a profile that would take a message as proof of its sender.
type Fit struct {
	Profile       Profile
	AuthservID    string // rfc8601: of the server that wrote the results
	ReceivedAbove int    // rfc8601: Received fields above them
	Reason        Reason
}

// String says it as the configuration would.
func (f Fit) String() string {
	if f.Profile == ProfileRFC8601 {
		return fmt.Sprintf("%s with authserv_ids: [%s] and received_above: %d (%s)", f.Profile, f.AuthservID, f.ReceivedAbove, f.Reason)
	}
	return fmt.Sprintf("%s (%s)", f.Profile, f.Reason)
}

// Fits says which profiles a message fits that truly came from this sender, for
// whoever sets up the configuration: with rfc8601, what it would need. It is never
// used to judge a message: what a message says of itself is not learned.
func Fits(raw []byte, s Sender, c Config) []Fit {
	var list []Fit
	for _, p := range []Profile{ProfileRFC8601, ProfileM365, ProfileGoogle, ProfileDKIM} {
		f := Fit{Profile: p}
		c.Profile = p
		if p == ProfileRFC8601 {
			f.AuthservID, f.ReceivedAbove, _ = TopResults(raw)
			c.AuthservIDs, c.ReceivedAbove = []string{f.AuthservID}, f.ReceivedAbove
		}
		found := Transport(raw, s, c)
		if f.Reason = found.Reason; found.Evidence == Pass {
			list = append(list, f)
		}
	}
	return list
}

// TopResults finds the topmost Authentication-Results that has nothing above it but
// what final delivery adds: the server that wrote it, in lower case, and how many
// Received stand above; ok is false when there is none.
func TopResults(raw []byte) (id string, received int, ok bool) {
	fields, ok := readFields(raw)
	if !ok {
		return "", 0, false
	}
	at, received, reason := deliveredAbove(fields)
	if reason != "" {
		return "", 0, false
	}
	r, ok := readResults(fields[at].value)
	return r.id, received, ok && r.id != ""
}

// Forged returns header blocks that somebody outside could write to pass as this
// sender under this configuration; none of them may pass. Each is what he writes,
// below what the server adds for any mail.
func Forged(from string, c Config) [][]byte {
	domain := domainOf(from)
	id := "mx.google.com"
	if c.Profile == ProfileRFC8601 && len(c.AuthservIDs) > 0 {
		id = c.AuthservIDs[0]
	}
	pass := "dmarc=pass header.from=" + domain + "; dkim=pass header.d=" + domain + "; auth=pass smtp.auth=" + from
	hops := strings.Repeat("Received: from a.example by b.example\r\n", c.ReceivedAbove+1)
	var list [][]byte
	for _, head := range []string{
		"",
		hops + "Authentication-Results: " + id + "; " + pass + "\r\n", // below our own hops
		"Authentication-Results: forged.invalid; " + pass + "\r\n",
		"Authentication-Results: forged.invalid (" + id + "); " + pass + "\r\n",
		"Authentication-Results: " + id + "; spf=none (x; " + pass + ")\r\n",
		"Authentication-Results: " + id + "; spf=none reason=\"x; " + pass + "\"\r\n",
		"Authentication-Results: " + id + "; dmarc=fail header.from=" + domain + "\r\nAuthentication-Results: " + id + "; " + pass + "\r\n",
		"Authentication-Results: " + id + "; dmarc=pass header.from=forged.invalid\r\n",
		"ARC-Authentication-Results: i=1; " + id + "; " + pass + "\r\n",
		"Subject: x\r\nAuthentication-Results: " + id + "; " + pass + "\r\n",
		"Authentication-Results: dmarc=pass header.from=" + domain + "; compauth=pass reason=130\r\n",
		"X-MS-Exchange-Organization-AuthAs: Anonymous\r\nX-MS-Exchange-Organization-AuthAs: Internal\r\n",
		"DKIM-Signature: v=1; a=rsa-sha256; d=" + domain + "; s=x; h=from:to:subject:date:message-id; bh=eA==; b=eA==\r\n",
	} {
		if c.Profile == ProfileGoogle && strings.HasPrefix(head, "Received:") {
			continue // Google puts its own above anything: its place is what counts, not the number of hops
		}
		list = append(list, []byte(head+"From: <"+from+">\r\n\r\n"))
	}
	return slices.Clip(list)
}
