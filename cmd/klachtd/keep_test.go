package main

import (
	"testing"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
)

// TestKeeps: which letters we put into Sent ourselves (interface.md, smtp.save_sent).
func TestKeeps(t *testing.T) {
	for _, tt := range []struct {
		host string
		save config.SaveSent
		want bool
	}{
		{"smtp.example.nl", config.SaveAuto, true}, {"smtp.example.nl", config.SaveYes, true}, {"smtp.example.nl", config.SaveNo, false},
		{"smtp.office365.com", config.SaveAuto, false}, {"SMTP.Gmail.com", config.SaveAuto, false}, {"smtp-relay.gmail.com", config.SaveAuto, false},
		{"gmail.com", config.SaveAuto, false}, {"smtp.office365.com.", config.SaveAuto, false}, {"smtp.office365.com", config.SaveYes, true}, {"notgmail.com.example.nl", config.SaveAuto, true},
	} {
		keep := keeps(config.SMTP{Server: config.Server{Host: tt.host}, SaveSent: tt.save})
		for kind, content := range map[complaint.LetterKind]bool{complaint.LetterReply: true, complaint.LetterClosing: true, complaint.LetterDelayAutomatic: true,
			complaint.LetterAcknowledgement: false, complaint.LetterNotice: false, complaint.LetterDigest: false} {
			if got := keep != nil && keep(kind); got != (tt.want && content) {
				t.Errorf("%s, %s, %s: %v", tt.host, tt.save, kind, got)
			}
		}
	}
}

// Where the server keeps copies itself an uncertain letter is looked for there,
// and nowhere else (security.md 37).
func TestInSent(t *testing.T) {
	for host, want := range map[string]bool{
		"smtp.office365.com": true, "smtp-mail.outlook.com": true, "SMTP.Gmail.com.": true, "smtp.example.nl": false, "notoutlook.com": false, "outlook.com.example.nl": false,
	} {
		h := house{cfg: config.Config{SMTP: config.SMTP{Server: config.Server{Host: host}}}}
		if got := h.inSent() != nil; got != want {
			t.Errorf("%s: %v", host, got)
		}
	}
}
