package proof

import (
	"slices"
	"strings"
)

const resultsField = "authentication-results"

// rfc8601 looks at the topmost contiguous block of Authentication-Results whose
// authserv-id is our server's, with nothing above it but what final delivery adds.
func (q question) rfc8601() Finding {
	at, received, reason := deliveredAbove(q.fields)
	if reason == "" && received > q.config.ReceivedAbove {
		reason = NotOnTop
	}
	if reason != "" {
		return Finding{None, reason}
	}
	own := func(id string) bool {
		return id != "" && slices.ContainsFunc(q.config.AuthservIDs, func(o string) bool { return strings.EqualFold(o, id) })
	}
	list, _, reason := block(q.fields[at:], own)
	if reason != "" {
		return Finding{None, reason}
	}
	dmarc, auth := of(list, "dmarc"), of(list, "auth")
	switch {
	case failed(dmarc):
		return Finding{Fail, DMARCFailed}
	case failed(auth):
		return Finding{Fail, AuthFailed}
	case len(dmarc) > 1 || len(auth) > 1:
		return Finding{None, Twice}
	case passed(dmarc) && q.aligned(dmarc[0].one("header.from")):
		return Finding{Pass, ByDMARC}
	case passed(auth) && q.sender.isLogin(auth[0].one("smtp.auth")):
		return Finding{Pass, ByLogin}
	case passed(dmarc) || passed(auth):
		return Finding{None, NotAligned}
	}
	return Finding{None, NoPass}
}

// deliveredAbove finds the first Authentication-Results and counts the Received
// above it. Anything but the fields of final delivery may be the sender's own.
func deliveredAbove(fields []field) (at, received int, reason Reason) {
	for i, f := range fields {
		switch f.name {
		case resultsField:
			return i, received, ""
		case "received":
			received++
		case "return-path", "delivered-to", "x-original-to", "envelope-to":
		default:
			if count(fields, resultsField) == 0 {
				return 0, 0, NoResults
			}
			return 0, 0, NotOnTop
		}
	}
	return 0, 0, NoResults
}

// block reads the Authentication-Results at the top of fields, as long as they
// follow each other and are our own, and counts them. One that cannot be read
// spoils the block: it may be ours.
func block(fields []field, own func(id string) bool) (list []statement, size int, reason Reason) {
	for ; size < len(fields) && fields[size].name == resultsField; size++ {
		r, ok := readResults(fields[size].value)
		if !ok {
			return nil, 0, BrokenResults
		}
		if !own(r.id) {
			break
		}
		list = append(list, r.statements...)
	}
	if size == 0 {
		return nil, 0, ForeignID
	}
	return list, size, ""
}

// m365 takes Exchange Online's word. It removes X-MS-Exchange-Organization-* from
// what comes from outside, puts its results above what the sender wrote, and
// names no authserv-id.
func (q question) m365() Finding {
	list, _, reason := topBlock(q.fields, "")
	dmarc, compauth := of(list, "dmarc"), of(list, "compauth")
	as, internal := 0, false
	for _, f := range q.fields {
		if f.name == "x-ms-exchange-organization-authas" {
			as++
			internal = strings.EqualFold(f.value, "Internal")
		}
	}
	ours := slices.ContainsFunc(q.config.Domains, func(d string) bool { return strings.EqualFold(d, q.domain) })
	switch {
	case failed(dmarc):
		return Finding{Fail, DMARCFailed}
	case failed(compauth):
		return Finding{Fail, CompauthFailed}
	case as > 1 || len(dmarc) > 1 || len(compauth) > 1:
		return Finding{None, Twice}
	case internal && ours && reason != BrokenResults: // which might have said fail
		return Finding{Pass, ByInternal}
	case reason != "":
		return Finding{None, reason}
	case !passed(dmarc) || !passed(compauth) || !trustworthy(compauth[0].one("reason")):
		return Finding{None, NoPass}
	case !q.aligned(dmarc[0].one("header.from")):
		return Finding{None, NotAligned}
	}
	return Finding{Pass, ByDMARC}
}

// trustworthy reasons of compauth: 1xx passed, 7xx passed by what is known of the
// sender; 130 took an ARC chain's word over a failing dmarc.
func trustworthy(reason string) bool {
	return len(reason) == 3 && (reason[0] == '1' || reason[0] == '7') && reason != "130" &&
		strings.Trim(reason, "0123456789") == ""
}

// google takes the word of mx.google.com, which writes one field: another one right
// below it is the sender's.
func (q question) google() Finding {
	list, size, reason := topBlock(q.fields, "mx.google.com")
	if reason != "" {
		return Finding{None, reason}
	}
	dmarc := of(list, "dmarc")
	dkim := slices.DeleteFunc(of(list, "dkim"), func(s statement) bool { return !q.signedBy(s) })
	switch {
	case failed(dmarc):
		return Finding{Fail, DMARCFailed}
	case failed(dkim):
		return Finding{Fail, DKIMFailed}
	case size > 1 || len(dmarc) > 1:
		return Finding{None, Twice}
	case passed(dmarc) && q.aligned(dmarc[0].one("header.from")):
		return Finding{Pass, ByDMARC}
	case slices.ContainsFunc(dkim, func(s statement) bool { return s.result == "pass" }):
		return Finding{Pass, ByDKIM}
	case passed(dmarc):
		return Finding{None, NotAligned}
	}
	return Finding{None, NoPass}
}

// topBlock reads the topmost Authentication-Results, which must be of this server
// and above everything that a sender writes.
func topBlock(fields []field, id string) (list []statement, size int, reason Reason) {
	for i, f := range fields {
		if f.name == resultsField {
			return block(fields[i:], func(found string) bool { return found == id })
		}
		if written[f.name] {
			break
		}
	}
	if count(fields, resultsField) > 0 {
		return nil, 0, NotOnTop
	}
	return nil, 0, NoResults
}

// written are fields that come with the message: what stands below one of them is
// the sender's. Trace fields of the many machines above them vary.
var written = map[string]bool{
	"from": true, "sender": true, "reply-to": true, "to": true, "cc": true, "bcc": true, "subject": true, "date": true,
	"message-id": true, "in-reply-to": true, "references": true, "comments": true, "keywords": true, "mime-version": true,
	"content-type": true, "content-transfer-encoding": true, "content-language": true, "dkim-signature": true,
	"thread-topic": true, "thread-index": true, "user-agent": true, "x-mailer": true,
}

// aligned: the domain that the result is about is that of the sender, exactly.
func (q question) aligned(from string) bool {
	if strings.Contains(from, "@") {
		from = domainOf(from)
	}
	return strings.EqualFold(from, q.domain)
}

// signedBy: the signature is the sender's domain's; Google names it by header.i.
func (q question) signedBy(s statement) bool {
	d, i := s.one("header.d"), s.one("header.i")
	return d != "" && strings.EqualFold(d, q.domain) || d == "" && i != "" && domainOf(i) == q.domain
}

func of(list []statement, method string) []statement {
	var found []statement
	for _, s := range list {
		if s.method == method {
			found = append(found, s)
		}
	}
	return found
}

func failed(list []statement) bool {
	return slices.ContainsFunc(list, func(s statement) bool { return s.result == "fail" })
}

func passed(list []statement) bool { return len(list) == 1 && list[0].result == "pass" }
