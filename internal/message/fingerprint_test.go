package message

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

const fingerprinted = `From: Anna Bos <anna@post.example>
Subject: Klacht over de zaal
Date: Mon, 2 Nov 2026 10:00:00 +0100
Message-ID: <m1@post.example>
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

De zaal was te klein, één stoel te weinig.
--b
Content-Type: text/csv; name=a.csv

a;b
c;d
--b--
`

// security.md 32: the content key holds over what happens on the way.
func TestFingerprint(t *testing.T) {
	want := Parse([]byte(fingerprinted)).Fingerprint
	body := "De zaal was te klein, één stoel te weinig."
	same := map[string]string{
		"CRLF":  string(crlf([]byte(fingerprinted))),
		"trace": "Received: from a by b; Mon, 2 Nov 2026 10:00:09 +0100\nX-Spam-Status: No\n" + fingerprinted,
		"folded": strings.Replace(strings.Replace(fingerprinted, "Klacht over", "Klacht\n over", 1),
			"Anna Bos <", "=?utf-8?Q?Anna?=\n =?utf-8?Q?_Bos?= <", 1),
		"zone": strings.Replace(fingerprinted, "10:00:00 +0100", "09:00:00 +0000", 1),
		"base64": strings.Replace(strings.Replace(fingerprinted, "charset=utf-8\n", "charset=utf-8\nContent-Transfer-Encoding: base64\n", 1),
			body, base64.StdEncoding.EncodeToString([]byte(body)), 1),
		"quoted-printable": strings.Replace(strings.Replace(fingerprinted, "charset=utf-8\n", "charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n", 1),
			"één", "=C3=A9=C3=A9=\nn", 1),
		"base64 of CRLF text": strings.Replace(fingerprinted, "name=a.csv\n\na;b\nc;d",
			"name=a.csv\nContent-Transfer-Encoding: base64\n\n"+base64.StdEncoding.EncodeToString([]byte("a;b\r\nc;d")), 1),
	}
	for name, raw := range same {
		if got := Parse([]byte(raw)).Fingerprint; got != want {
			t.Errorf("%s: another fingerprint", name)
		}
	}
	for _, change := range [][2]string{
		{"Anna", "Anne"}, {"anna@", "anne@"}, {"zaal\n", "stoel\n"}, {"10:00:00", "10:00:01"}, {"<m1@", "<m2@"},
		{"te klein", "te groot"}, {"c;d", "c;e"},
	} {
		if got := Parse([]byte(strings.Replace(fingerprinted, change[0], change[1], 1))).Fingerprint; got == want {
			t.Errorf("%q: the same fingerprint", change[1])
		}
	}
}

// security.md 7: what only klachtd writes is gone before any logic.
func TestOwnFieldsAreDropped(t *testing.T) {
	var m Message
	e := readEntity(&m, []byte("x-KLACHTD-Token: a\n b\nSubject: c\nX-Klachtd-Case: d\n\ntext"), true)
	if got := e.header.Len(); got != 1 || e.header.Get("Subject") != "c" {
		t.Errorf("%d fields left", got)
	}
}

// security.md 23: Problem is a fixed word and never the input.
func TestProblemQuotesNothing(t *testing.T) {
	const canary = "kanarie-4711"
	for _, raw := range []string{
		canary, "Subject: x\n" + canary + "\nFrom: y\n\n", "Content-Transfer-Encoding: " + canary + "\n\nx",
		"Content-Type: text/plain; charset=" + canary + "\n\nx", "Content-Type: multipart/" + canary + "\n\nx",
	} {
		if m := parse(t, raw); m.Problem == "" || strings.Contains(m.Problem, canary) {
			t.Errorf("%q: problem %q", raw, m.Problem)
		}
	}
}

// interface.md: every key is always there, lists are never null.
func TestDescribeEmpty(t *testing.T) {
	got, err := json.Marshal(Describe("leeg.eml", Parse(nil)))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"file":"leeg.eml","error":"no message","message_id":"","date":null,"from":null,"to":[],"cc":[],"reply_to":[],` +
		`"subject":"","in_reply_to":[],"references":[],"auto_submitted":false,"bounce":false,"bounce_for":"","list":false,` +
		`"spam":false,"text":"","new_text":"","attachments":[]}`
	if string(got) != want {
		t.Errorf("got %s", got)
	}
}

// security.md 11: who gets no automatic answer.
func TestSuppress(t *testing.T) {
	for fields, want := range map[string][2]bool{ // suppress, certain
		"From: anna@post.example":                                                {false, false},
		"From: noreply@post.example":                                             {true, false},
		"From: No-Reply+klacht@post.example":                                     {true, false},
		"From: owner-lijst@post.example":                                         {true, false},
		"From: lijst-request@post.example":                                       {true, false},
		"From: lijst-bounces@post.example":                                       {true, false},
		"From: anna@post.example\nPrecedence: bulk":                              {true, false},
		"From: anna@post.example\nPrecedence: Junk":                              {true, false},
		"From: anna@post.example\nPrecedence: normal":                            {false, false},
		"From: anna@post.example\nList-Help: <mailto:x@y.example>":               {true, false},
		"From: anna@post.example\nX-Auto-Response-Suppress: DR, OOF":             {true, false},
		"From: anna@post.example\nX-Auto-Response-Suppress: DR":                  {false, false},
		"From: anna@post.example\nAuto-Submitted: no":                            {false, false},
		"From: anna@post.example\nAuto-Submitted: auto-replied; owner-email=x@y": {true, true},
		"From: anna@post.example\nReturn-Path: <>":                               {true, false},
		"From: postmaster@post.example\nReturn-Path: <>":                         {true, true},
		"From: postmaster@post.example":                                          {true, false},
		"Return-Path: <>\nFrom: a@post.example\nPrecedence: bulk":                {true, true},
	} {
		m := parse(t, fields+"\nSubject: Klacht: mail delivery failed\n\nTekst.\n")
		if got := [2]bool{m.Suppress, m.Certain}; got != want {
			t.Errorf("%q: got suppress, certain %v", fields, got)
		}
	}
}

// A mail whose lines end in CR alone is read like any other.
func TestCarriageReturnsOnly(t *testing.T) {
	raw := bytes.ReplaceAll([]byte(fingerprinted), []byte("\n"), []byte("\r"))
	if Parse(raw).Fingerprint != Parse([]byte(fingerprinted)).Fingerprint {
		t.Error("another fingerprint")
	}
}

// security.md 3: a lone CR or a NUL in a field makes no line.
func TestControlsInFields(t *testing.T) {
	m := Parse([]byte("From: a@x.example\r\nSubject: Klacht\rBcc: b@y.example\x00\x1b[2J =?utf-8?Q?x=0D=0AX:_y?=\r\n\r\nTekst.\r\n"))
	if want := "Klacht Bcc: b@y.example [2J x  X: y"; m.Subject != want {
		t.Errorf("got %q, want %q", m.Subject, want)
	}
}
