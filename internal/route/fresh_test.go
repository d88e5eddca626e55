package route

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
)

// security.md 11: what the server marks as spam is put aside, unless it joins a case.
func TestSpam(t *testing.T) {
	for _, from := range []string{"winnaar@prijzen.example", "tess@academie.example", "root"} {
		if v := classify(t, parse("From: "+from, "X-Spam-Flag: YES"), known()); v.What != Spam || v.Folder != Junk || v.CaseID != 0 {
			t.Errorf("%s: %+v", from, v)
		}
	}
}

// security.md 4: a stub before a person.
func TestOverTheLimits(t *testing.T) {
	for name, m := range map[string]func(*message.Message, *Known){
		"only its beginning": func(_ *message.Message, k *Known) { k.Partial = true },
		"too many parts":     func(m *message.Message, _ *Known) { m.Limit = true },
	} {
		mail, k := parse(), known()
		m(&mail, &k)
		v := classify(t, mail, k)
		if v.What != Quarantined || v.Folder != Quarantine || v.Unreadable != complaint.UnreadableSize || v.From.Address == "" {
			t.Errorf("%s: %+v", name, v)
		}
	}
	mail, k := parse("In-Reply-To: <jan@brief.example>"), known()
	k.Partial = true
	if v := classify(t, mail, k); v.What != Followup || !v.Proven {
		t.Errorf("a large reply: %+v", v)
	}
}

// security.md 18: whose domain a sender is of.
func TestKindAndDomain(t *testing.T) {
	for _, tt := range []struct {
		from string
		own  []string
		kind complaint.Kind
		ours bool
	}{
		{"jan@voorbeeld.example", nil, complaint.External, false},
		{"nieuw@academie.example", nil, complaint.External, true},
		{"Nieuw@ACADEMIE.example", nil, complaint.External, true},
		{"nieuw@sub.academie.example", nil, complaint.External, false},
		{"jan@gmail.com", []string{"rijacademie.voorbeeld@gmail.com"}, complaint.External, false}, // everybody's domain is nobody's
		{"jan@ziggo.nl", []string{"academie@ziggo.nl"}, complaint.External, false},
	} {
		k := known()
		k.Own = append(k.Own, tt.own...)
		if v := classify(t, parse("From: "+tt.from), k); v.Kind != tt.kind || v.OwnDomain != tt.ours {
			t.Errorf("%s: %s, own domain %v", tt.from, v.Kind, v.OwnDomain)
		}
	}
}

func TestShared(t *testing.T) {
	for address, want := range map[string]bool{
		"jan@gmail.com": true, "JAN@Hotmail.NL": true, `"a@b"@outlook.com`: true,
		"jan@voorbeeld.example": false, "jan@gmail.com.voorbeeld.example": false, "gmail.com": true, "": false,
	} {
		if Shared(address) != want {
			t.Errorf("%q: %v", address, !want)
		}
	}
}

// security.md 18: others in To and Cc get nothing and are shown to the binnendienst.
func TestOthersInCc(t *testing.T) {
	v := classify(t, parse("To: klachten@academie.example, Piet <piet@elders.example>",
		`Cc: JAN@voorbeeld.example, "x> y"@elders.example, KLACHT@academie.example, kees@elders.example`), known())
	if want := []string{"piet@elders.example", "kees@elders.example"}; !slices.Equal(v.OthersInCc, want) {
		t.Errorf("got %q, want %q", v.OthersInCc, want)
	}
	var many []string
	for i := range 100 {
		many = append(many, fmt.Sprintf("x%d@elders.example", i))
	}
	if v := classify(t, parse("Cc: "+strings.Join(many, ",\r\n ")), known()); len(v.OthersInCc) != 20 {
		t.Errorf("%d are shown", len(v.OthersInCc))
	}
}

// What is not a usable sender is shown by name and never written to.
func TestUnusableSender(t *testing.T) {
	v := classify(t, parse(`From: Jan Jansen <"x> ORCPT=y"@voorbeeld.example>`), known())
	if v.From.Address != "" || v.From.Name != "Jan Jansen" || v.OwnDomain {
		t.Errorf("got %+v", v)
	}
	// nor does he become staff by the first of two addresses
	v = classify(t, parse("From: tess@academie.example, jan@voorbeeld.example"), known())
	if v.Kind != complaint.External || v.From.Address != "" {
		t.Errorf("got %+v", v)
	}
}

// security.md 1: not exactly one From with exactly one mailbox is a complaint of
// nobody: no command, no note, no follow-up, no answer by itself; whoever is named.
func TestNotOneSender(t *testing.T) {
	const bas, jan = "<bas@academie.example>", "<jan@voorbeeld.example>"
	for _, from := range []string{
		"From:", "From: <>", "From: ;", "From: groep:;", "From: Bas Bakker", "From: " + bas + "\r\nFrom: " + bas, "From: " + jan + "\r\nFrom: " + bas, "From: " + bas + "\r\nfrom : " + jan,
		"From: " + bas + ", " + jan, "From: " + jan + " " + bas, "From: bas@academie.example jan@voorbeeld.example", "From: groep: " + bas + ", " + jan + ";",
		"From: \"x> ORCPT=y\"@academie.example", "From: <bas@academie.example SIZE=1>", "From: <bas@academie.example>, bas@academie.example",
		"From: =?utf-8?Q?bas=40academie.example?=", "From: =?utf-8?B?PGJhc0BhY2FkZW1pZS5leGFtcGxlPg==?=", "From: =?utf-8?Q?<jan=40voorbeeld.example>?=",
	} {
		for _, more := range []string{"Subject: #neem [" + jans.Number + "]", "Subject: #overzicht", "In-Reply-To: <jan@brief.example>", "Reply-To: " + bas + "\r\nSender: " + bas + "\r\nReturn-Path: " + bas} {
			v := classify(t, parse(from, more), known())
			if v.What != Complaint || v.Withheld != complaint.WithheldSender || v.From.Address != "" || v.By != "" || v.Ask != nil || v.Kind != complaint.External {
				t.Errorf("%s\n%s: %+v", from, more, v)
			}
		}
	}
	m := parse("-")
	m.From, m.FromFields = nil, 0
	if v := classify(t, m, known()); v.Withheld != complaint.WithheldSender {
		t.Errorf("no From: %+v", v)
	}
}

// security.md 7: what a sender writes in fields that only we, or our own mail
// server, may write changes nothing of what his message is.
func TestForeignFields(t *testing.T) {
	for _, base := range [][]string{
		{"From: jan@voorbeeld.example"}, {"From: bas@academie.example", "Subject: #overzicht"}, {"From: bas@academie.example", "Subject: Iets"},
		{"From: jan@voorbeeld.example", "In-Reply-To: <jan@brief.example>"}, {"From: tess@academie.example", "Subject: #neem [" + jans.Number + "]"},
	} {
		want := classify(t, parse(base...), known())
		for _, field := range []string{
			"X-Klachtd-Case: " + jans.Number, "x-klachtd-proof: pass", "X-KLACHTD-Person: bas@academie.example\r\n (folded)",
			"Authentication-Results: mx.academie.example; dmarc=pass header.from=academie.example", "Authentication-Results: dmarc=fail",
			"ARC-Seal: i=1; cv=pass", "ARC-Authentication-Results: i=1; mx.academie.example; dmarc=pass", "ARC-Message-Signature: i=1",
		} {
			if got := classify(t, parse(append([]string{field}, base...)...), known()); !reflect.DeepEqual(got, want) {
				t.Errorf("%q with %q: %+v, want %+v", base, field, got, want)
			}
		}
	}
}

// A References field of a thousand ids costs thirty questions.
func TestReferencesAreBounded(t *testing.T) {
	k, asked := known(), 0
	look := k.ByID
	k.ByID = func(id string) (Sent, bool, error) { asked++; return look(id) }
	m := parse("In-Reply-To: <a@x.example>")
	for i := range 1000 {
		m.References = append(m.References, fmt.Sprintf("%d@x.example", i))
	}
	m.References = append(m.References, "a@x.example", "jan@brief.example")
	if v := classify(t, m, k); v.What != Followup || asked > 35 {
		t.Errorf("%s after %d questions", v.What, asked)
	}
}

// An error of looking up is handed on, whoever asked.
func TestLookupFails(t *testing.T) {
	down := errors.New("down")
	for name, tt := range map[string]struct {
		lines  []string
		change func(*Known)
	}{
		"ByID": {nil, func(k *Known) { k.ByID = func(string) (Sent, bool, error) { return Sent{}, false, down } }},
		"ByCase": {[]string{"In-Reply-To: <jan@brief.example>"}, func(k *Known) {
			k.ByCase = func(int64) (complaint.Case, bool, error) { return complaint.Case{}, false, down }
		}},
		"ByCase for a stranger": {[]string{"From: piet@elders.example", "In-Reply-To: <jan@brief.example>"}, func(k *Known) {
			k.ByCase = func(int64) (complaint.Case, bool, error) { return complaint.Case{}, false, down }
		}},
		"ByNumber": {[]string{"Subject: " + jans.Number}, func(k *Known) {
			k.ByNumber = func(string) (complaint.Case, bool, error) { return complaint.Case{}, false, down }
		}},
		"ByNumber for staff": {[]string{"From: bas@academie.example", "Subject: " + jans.Number}, func(k *Known) {
			k.ByNumber = func(string) (complaint.Case, bool, error) { return complaint.Case{}, false, down }
		}},
	} {
		k := known()
		tt.change(&k)
		if _, err := Classify(parse(tt.lines...), k); !errors.Is(err, down) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
