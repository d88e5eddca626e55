package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
)

// Each command stands on the card once, but for `#ja`: nobody types that himself.
func TestCardIsComplete(t *testing.T) {
	var words []command.Word
	for _, group := range cardOrders {
		for _, k := range group {
			words = append(words, command.Word(k))
		}
	}
	for _, w := range []command.Word{command.Help, command.Status, command.List, command.Take, command.Assign, command.Reply, command.Spoke,
		command.Category, command.Cause, command.Severity, command.About, command.Consult, command.Response, command.Extend, command.Finding,
		command.Close, command.Approve, command.Return, command.Reopen, command.Merge, command.Split, command.NotAComplaint, command.Withdrawn,
		command.Action, command.Done, command.Effect, command.External, command.Complainant, command.Received, command.Language, command.Wait,
		command.Waive, command.Away, command.Privacy, command.Hold, command.Register, command.Stop, command.Undo} {
		i := slices.Index(words, w)
		if i < 0 {
			t.Errorf("#%s is not on the card", w)
			continue
		}
		words = slices.Delete(words, i, i+1)
	}
	if len(words) > 0 {
		t.Errorf("twice, or no command: %v", words)
	}
}

// The card is one page in each language and form of address, in the academy's words.
func TestCard(t *testing.T) {
	dir := t.TempDir()
	example, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"nl", "en"} {
		for _, form := range []string{"je", "u"} {
			conf := filepath.Join(dir, language+form+".yaml")
			own := bytes.ReplaceAll(example, []byte("language: nl"), []byte("language: "+language))
			own = bytes.ReplaceAll(own, []byte("address_form: je"), []byte("address_form: "+form))
			own = bytes.ReplaceAll(own, []byte("react_within_days: 7"), []byte("react_within_days: 9"))
			own = bytes.ReplaceAll(own, []byte("${KLACHTD_IMAP_PASSWORD}"), []byte("x"))
			own = bytes.ReplaceAll(own, []byte("${KLACHTD_SMTP_PASSWORD}"), []byte("x"))
			if err := os.WriteFile(conf, own, 0o600); err != nil {
				t.Fatal(err)
			}
			page, pdf := filepath.Join(dir, "card.html"), filepath.Join(dir, "card.pdf")
			verb(t, "card", "-c", conf, "-o", page)
			verb(t, "card", "-c", conf, "-o", pdf) // an error when it does not fit on one page
			html := read(t, page)
			word := "#" + command.Take.Dutch()
			if language == "en" {
				word = "#" + string(complaint.OrderTake)
			}
			for _, want := range []string{word + "</b>", " 9 da", "Academie Voorbeeld"} {
				if !strings.Contains(html, want) {
					t.Errorf("%s %s: no %q", language, form, want)
				}
			}
			if !strings.HasPrefix(read(t, pdf), "%PDF-") {
				t.Errorf("%s %s: not a PDF", language, form)
			}
		}
	}
}
