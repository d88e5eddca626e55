package main

import (
	"slices"
	"strings"
)

// The domains of the mail servers that do more than others: what is sent by way of
// them they put into Sent themselves, and what is removed they keep for a while.
var (
	microsoftServers = []string{"office365.com", "outlook.com"}
	googleServers    = []string{"gmail.com", "googlemail.com", "google.com"}
)

// within reports whether a host is one of a provider's.
func within(host string, domains []string) bool {
	host = "." + strings.TrimSuffix(strings.ToLower(host), ".")
	return slices.ContainsFunc(domains, func(domain string) bool { return strings.HasSuffix(host, "."+domain) })
}

// keepsSent reports whether an SMTP server keeps copies of what it sends, where the
// folder Sent then proves what was sent (security.md 37).
func keepsSent(host string) bool {
	return within(host, microsoftServers) || within(host, googleServers)
}
