package config

import (
	"strings"
	"testing"
)

// security.md 2
func TestValidAddress(t *testing.T) {
	for _, tt := range []struct {
		address string
		want    bool
	}{
		{"bas@example.nl", true},
		{"Bas.Bakker+klacht@sub.example.nl", true},
		{"o'neil@localhost", true},
		{strings.Repeat("a", 64) + "@example.nl", true},
		{strings.Repeat("a", 65) + "@example.nl", false},
		{"a@" + strings.Repeat("a.", 126) + "nl", false},
		{"", false},
		{"bas", false},
		{"@example.nl", false},
		{"bas@", false},
		{".bas@example.nl", false},
		{"bas.@example.nl", false},
		{"b..s@example.nl", false},
		{"bas@-example.nl", false},
		{"bas@example.nl.", false},
		{"bas@exa_mple.nl", false},
		{"bas@[127.0.0.1]", false},
		{`"x> ORCPT=..."@example.nl`, false},
		{`"bas"@example.nl`, false},
		{"bas@example.nl\r\nRCPT TO:<x@y>", false},
		{"<bas@example.nl>", false},
		{"bas @example.nl", false},
		{"bas@a@example.nl", false},
		{"bäs@example.nl", false},
		{"bas@exämple.nl", false},
	} {
		if got := validAddress(tt.address); got != tt.want {
			t.Errorf("%q: got %v", tt.address, got)
		}
	}
}

// security.md 24
func TestHosts(t *testing.T) {
	for _, tt := range []struct {
		host            string
		valid, loopback bool
	}{
		{"imap.example.nl", true, false},
		{"mail_server", true, false},
		{"localhost", true, true},
		{"LocalHost", true, true},
		{"127.0.0.1", true, true},
		{"127.255.0.9", true, true},
		{"::1", true, true},
		{"::ffff:127.0.0.1", true, true},
		{"128.0.0.1", true, false},
		{"::2", true, false},
		{"127.0.0.1.example.nl", true, false},
		{"localhost.example.nl", true, false},
		{"[::1]", false, false},
		{"fe80::1%eth0", false, false},
		{"imap.example.nl:993", false, false},
		{"https://imap.example.nl", false, false},
		{"a b", false, false},
		{"", false, false},
	} {
		if v, l := validHost(tt.host), loopback(tt.host); v != tt.valid || l != tt.loopback {
			t.Errorf("%q: valid %v, loopback %v", tt.host, v, l)
		}
	}
}
