package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klachtd/internal/store"
)

// keyed is an academy with a database, whose master key is where it says.
func keyed(t *testing.T, master string) (dir string, run func(args ...string) (int, string)) {
	t.Helper()
	dir = t.TempDir()
	config := filepath.Join(dir, "config.yaml")
	text := `academy: {name: Academie Voorbeeld}
imap: {host: 127.0.0.1, tls: none, username: klachten, password: x}
smtp: {host: 127.0.0.1, tls: none, username: klachten, password: x, from: {address: klachten@academie.example}}
staff:
  - {name: Dewi de Boer, email: dewi@academie.example, role: directeur}
  - {name: Bas Bakker, email: bas@academie.example, role: binnendienst}
database: {master_key_file: "` + master + `"}
`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, func(args ...string) (int, string) {
		var out bytes.Buffer
		getenv := func(name string) (string, bool) {
			return map[string]string{"CREDENTIALS_DIRECTORY": filepath.Join(dir, "credentials")}[name], name == "CREDENTIALS_DIRECTORY"
		}
		code := execute(env{context.Background(), &out, &out, getenv, time.Now}, append(args, "-c", config))
		return code, out.String()
	}
}

// security.md 26: the master key is changed on the command line; one that is a systemd
// credential is not touched, and it is said what to do.
func TestKeyRotate(t *testing.T) {
	dir, run := keyed(t, "")
	if code, said := run("key", "rotate"); code != 1 || !strings.Contains(said, "no database yet") {
		t.Errorf("without a database: %d, %s", code, said)
	}
	o := store.Options{Path: filepath.Join(dir, "state", "klachtd.db"), Lock: true}
	db, err := store.Open(o, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if code, said := run("key", "rotate"); code != 1 || !strings.Contains(said, "in use") {
		t.Errorf("beside the daemon: %d, %s", code, said)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	old, _ := os.ReadFile(o.Files().Master)
	if code, said := run("key", "rotate"); code != 0 {
		t.Errorf("%d, %s", code, said)
	}
	if now, err := os.ReadFile(o.Files().Master); err != nil || bytes.Equal(now, old) {
		t.Errorf("the master key is the same (%v)", err)
	}
	if db, err = store.Open(o, time.Now); err != nil || db.Behind() {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestKeyRotateCredential(t *testing.T) {
	dir, run := keyed(t, "credentials/klachtd.master")
	if err := os.Mkdir(filepath.Join(dir, "credentials"), 0o700); err != nil {
		t.Fatal(err)
	}
	o := store.Options{Path: filepath.Join(dir, "state", "klachtd.db"), MasterFile: filepath.Join(dir, "credentials", "klachtd.master"), Lock: true}
	db, err := store.Open(o, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	old, _ := os.ReadFile(o.MasterFile)
	code, said := run("key", "rotate")
	if now, _ := os.ReadFile(o.MasterFile); code != 2 || !strings.Contains(said, "--to FILE") || !bytes.Equal(now, old) {
		t.Errorf("%d, %s", code, said)
	}
	to := filepath.Join(dir, "new")
	if code, said := run("key", "rotate", "--to", to); code != 0 || !strings.Contains(said, to) {
		t.Errorf("%d, %s", code, said)
	}
	if _, err := store.Open(o, time.Now); err == nil {
		t.Error("opens with the old one")
	}
	if err := os.Rename(to, o.MasterFile); err != nil {
		t.Fatal(err)
	}
	if db, err = store.Open(o, time.Now); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
