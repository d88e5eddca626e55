package config

import (
	"strings"
	"testing"
)

// security.md 45: what cannot change while klachtd runs is named with its line, and
// where it was taken out, with that of its group; anything else may change.
func TestTakes(t *testing.T) {
	const base = "academy: {name: A}\nimap: {host: imap.example.nl, username: k@example.nl, password: a}\n" +
		"smtp: {host: smtp.example.nl, username: k@example.nl, password: a, from: {address: k@example.nl}}\n" +
		"staff:\n  - {name: Dewi, email: d@example.nl, role: directeur}\n  - {name: Bas, email: b@example.nl, role: binnendienst}\n"
	read := func(text string) Config {
		t.Helper()
		c, err := Parse("config.yaml", []byte(text), "/etc/klachtd", env())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	const cannot = " cannot change while klachtd runs; put it back, or stop klachtd and start it again"
	running := read(base + "database:\n  path: /srv/k.db\n")
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"the same", base + "database: {path: /srv/k.db}\n", nil},
		{"said in full", base + "test_mode: false\ndatabase: {path: /srv/k.db, master_key_file: /srv/klachtd.master}\n", nil},
		{"anything else", strings.ReplaceAll(base, "example.nl", "voorbeeld.example") + "limits: {burst: 7}\ndatabase: {path: /srv/k.db}\n", nil},
		{"another database", base + "limits: {burst: 7}\ndatabase:\n\n  path: /srv/other.db\n  master_key_file: /srv/klachtd.master\n",
			[]string{"config.yaml:10: database.path:" + cannot}},
		{"no database", base, []string{"config.yaml:1: database.path:" + cannot, "config.yaml:1: database.master_key_file:" + cannot}},
		{"copies of the keys", base + "database:\n  path: /srv/k.db\nbackup: {keep_days: 3, keys_folder: /mnt/keys}\n", []string{"config.yaml:9: backup.keys_folder:" + cannot}},
		{"key and mode", base + "database:\n  path: /srv/k.db\n  master_key_file: /etc/k.master\ntest_mode: true\n",
			[]string{"config.yaml:9: database.master_key_file:" + cannot, "config.yaml:10: test_mode:" + cannot}},
	} {
		got := ""
		if err := running.Takes(read(tt.text)); err != nil {
			got = err.Error()
		}
		if want := strings.Join(tt.want, "\n"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, want)
		}
	}
}
