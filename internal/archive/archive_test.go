package archive

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// tree makes files below a folder of the test.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
		} else if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// list is what Read gives, in words: the file, which one in it, and the subject
// or what was wrong.
func list(dir, name string, l Limits) []string {
	var got []string
	for m, err := range Read(filepath.Join(dir, name), l) {
		at, _ := filepath.Rel(dir, m.File)
		if m.N > 0 {
			at += "#" + string(rune('0'+m.N))
		}
		switch {
		case errors.Is(err, ErrUnknown):
			at += " unknown"
		case err != nil:
			at += " error"
		default:
			subject, _, _ := strings.Cut(string(m.Raw), "\n")
			at += " " + strings.TrimPrefix(subject, "Subject: ")
			if m.Left != "" {
				at += ": " + string(m.Left)
			}
		}
		got = append(got, at)
	}
	return got
}

func letter(subject string) string { return "Subject: " + subject + "\n\nTekst.\n" }

// TestRead: what is found where, in order.
func TestRead(t *testing.T) {
	dir := tree(t, map[string]string{
		"loose/een.eml":             letter("een"),
		"loose/TWEE.EML":            letter("twee"),
		"loose/deep/drie.eml":       letter("drie"),
		"loose/vier.eml":            stamp + letter("vier") + "\n" + stamp + letter("vijf"),
		"loose/Inbox":               stamp + letter("zes") + "\n" + stamp + letter("zeven"),
		"loose/Inbox.msf":           "// <!-- <mdb:mork:z v=\"1.4\"/> -->",
		"loose/Empty":               "",
		"loose/box.mbox/mbox":       stamp + letter("acht"),
		"loose/.hidden.eml":         letter("verborgen"),
		"loose/.git/x.eml":          letter("verborgen"),
		"loose/nothing.eml":         "",
		"loose/story":               "From the beginning it was cold.\n",
		"md/cur/1.a:2,S":            letter("gelezen"),
		"md/cur/2.b:2,":             letter("ongelezen"),
		"md/cur/3.c:2,ST":           letter("weg"),
		"md/cur/4.d:2,DS":           letter("concept"),
		"md/cur/5.e;2,RS":           letter("windows"),
		"md/cur/.6":                 letter("verborgen"),
		"md/cur/7.f:2,S":            stamp + letter("een, geen mbox"),
		"md/new/8.g":                letter("nieuw"),
		"md/tmp/9.h":                letter("onderweg"),
		"md/dovecot-uidlist":        "3 V1 N10\n",
		"md/.Archief/cur/a:2,S":     letter("archief"),
		"md/.Archief/new/":          "",
		"md/.Archief/tmp/b":         letter("onderweg"),
		"md/.Archief/maildirfolder": "",
		"named/mail":                letter("heet niet .eml"),
		"named/picture":             "\x89PNG\r\n",
		"odd/cur/a.eml":             letter("geen maildir"),
	})
	for _, tt := range []struct {
		path string
		want []string
	}{
		{"loose", []string{"loose/Inbox#1 zes", "loose/Inbox#2 zeven", "loose/Inbox.msf unknown", "loose/TWEE.EML twee",
			"loose/box.mbox/mbox#1 acht", "loose/deep/drie.eml drie", "loose/een.eml een", "loose/nothing.eml error",
			"loose/story unknown", "loose/vier.eml#1 vier", "loose/vier.eml#2 vijf"}},
		{"md", []string{"md/.Archief/cur/a:2,S archief", "md/cur/1.a:2,S gelezen", "md/cur/2.b:2, ongelezen",
			"md/cur/3.c:2,ST weg: deleted in the mail program", "md/cur/4.d:2,DS concept: a draft", "md/cur/5.e;2,RS windows",
			"md/cur/7.f:2,S " + strings.TrimSuffix(stamp, "\n"), "md/dovecot-uidlist unknown", "md/new/8.g nieuw"}},
		{"md/cur", []string{"md/cur/1.a:2,S gelezen", "md/cur/2.b:2, ongelezen",
			"md/cur/3.c:2,ST weg: deleted in the mail program", "md/cur/4.d:2,DS concept: a draft", "md/cur/5.e;2,RS windows",
			"md/cur/7.f:2,S " + strings.TrimSuffix(stamp, "\n")}},
		{"named/mail", []string{"named/mail heet niet .eml"}},
		{"named/picture", []string{"named/picture unknown"}},
		{"named", []string{"named/mail unknown", "named/picture unknown"}},
		{"loose/Inbox", []string{"loose/Inbox#1 zes", "loose/Inbox#2 zeven"}},
		{"loose/Empty", nil},
		{"loose/nothing.eml", []string{"loose/nothing.eml error"}},
		{"odd", []string{"odd/cur/a.eml geen maildir"}},
		{"nowhere", []string{"nowhere error"}},
	} {
		if got := list(dir, tt.path, wide); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.path, got, tt.want)
		}
	}
}

// TestReadGoesOn: a file that cannot be opened is named, and the rest is read.
func TestReadGoesOn(t *testing.T) {
	dir := tree(t, map[string]string{"a.eml": letter("een"), "c.eml": letter("drie")})
	if err := os.Symlink("nowhere", filepath.Join(dir, "b.eml")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.eml", filepath.Join(dir, "d.eml")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(".", filepath.Join(dir, "round")); err != nil {
		t.Fatal(err)
	}
	want := []string{"a.eml een", "b.eml error", "c.eml drie", "d.eml een"}
	if got := list(dir, ".", wide); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, err := range Read(filepath.Join(dir, "b.eml"), wide) {
		if err == nil || strings.Count(err.Error(), "b.eml") != 1 {
			t.Errorf("the error is %v", err)
		}
	}
	for range Read(dir, wide) {
		break // nobody is asked again
	}
}

func TestReadBounds(t *testing.T) {
	big := letter("groot") + strings.Repeat("x", 5000)
	dir := tree(t, map[string]string{"a.eml": big, "md/cur/1": big, "md/new/": ""})
	for m, err := range Read(dir, Limits{Message: 1000, Head: 100}) {
		if err != nil || !m.Partial || len(m.Raw) != 100 || m.Size != int64(len(big)) {
			t.Errorf("%s: %v, partial %v, %d bytes, size %d", m.File, err, m.Partial, len(m.Raw), m.Size)
		}
	}
}

// TestReceived: the date of the newest Received field.
func TestReceived(t *testing.T) {
	const at = "2026-01-05T09:30:00+01:00"
	for _, tt := range []struct{ name, head, want string }{
		{"one", "Received: from a by b; Mon, 5 Jan 2026 09:30:00 +0100", at},
		{"the topmost", "Received: by b; Mon, 5 Jan 2026 09:30:00 +0100\nReceived: by a; Tue, 6 Jan 2026 09:00:00 +0100", at},
		{"folded", "Return-Path: <x@y.example>\nreceived: from a\n\tby b; extra;\n Mon,  5 Jan 2026\n 09:30:00 +0100 (CET)", at},
		{"without a date", "Received: by b\nReceived: by c; gisteren\nReceived: by a; Mon, 5 Jan 2026 09:30:00 +0100", at},
		{"none", "Subject: x\nDate: Mon, 5 Jan 2026 09:30:00 +0100", "0001-01-01T00:00:00Z"},
		{"in the text", "Subject: x\n\nReceived: by b; Mon, 5 Jan 2026 09:30:00 +0100", "0001-01-01T00:00:00Z"},
		{"absurd", "Received: by b; Mon, 5 Jan 0026 09:30:00 +0100", "0001-01-01T00:00:00Z"},
		{"nothing else", "Received: by b; Mon, 5 Jan 2026 09:30:00 +0100", at},
		{"long", "Received: " + strings.Repeat("(x)", 100_000) + "\nReceived: by b; Mon, 5 Jan 2026 09:30:00 +0100", "0001-01-01T00:00:00Z"},
	} {
		for _, raw := range []string{tt.head, crlf(tt.head + "\n\nTekst.\n")} {
			if tt.name == "in the text" && strings.Contains(raw, "\r") {
				raw = crlf(tt.head)
			}
			if got := received([]byte(raw)).Format(time.RFC3339); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
			}
		}
	}
}

// TestLeft: what mail programs mark in an mbox; a sender's own field is no such mark.
func TestLeft(t *testing.T) {
	const mozilla = "From - Mon Jan  5 09:30:00 2026\n"
	for _, tt := range []struct {
		name, text string
		want       Left
	}{
		{"kept", mozilla + "X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\n" + letter("een"), ""},
		{"deleted", mozilla + "X-Account-Key: account1\nX-UIDL: 7\nX-Mozilla-Status: 0009\n" + letter("een"), Deleted},
		{"the sender's", mozilla + "Received: by b\nX-Mozilla-Status: 0009\n" + letter("een"), ""},
		{"not Mozilla's", stamp + "X-Mozilla-Status: 0009\n" + letter("een"), ""},
		{"internal", stamp + "Date: Mon, 5 Jan 2026 09:30:00 +0100\nFrom: Mail System Internal Data <MAILER-DAEMON@mx.example>\n" +
			"Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\nStatus: RO\n\nThis text is part of the folder.\n", Internal},
		{"as if internal", stamp + "Received: by b; Mon, 5 Jan 2026 09:30:00 +0100\nFrom: x@y.example\n" +
			"Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\nKlacht.\n", ""},
	} {
		for m, err := range Read(filepath.Join(tree(t, map[string]string{"box.mbox": tt.text}), "box.mbox"), wide) {
			if err != nil || m.Left != tt.want {
				t.Errorf("%s: %q %v, want %q", tt.name, m.Left, err, tt.want)
			}
		}
	}
}
