package config

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests need zones on a machine without them
)

// minimal is the least that is a configuration.
const minimal = `academy:
  name: Academie Voorbeeld
imap:
  host: imap.example.nl
  username: klachten@example.nl
  password: ${PW}
smtp:
  host: smtp.example.nl
  username: klachten@example.nl
  password: ${PW}
  from:
    address: klachten@example.nl
staff:
  - {name: Dewi de Boer, email: Directeur@example.nl, role: directeur}
  - {name: Bas Bakker, email: bas@example.nl, role: binnendienst}
`

// env is an environment with these variables.
func env(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func mustParse(t *testing.T, text string, getenv func(string) (string, bool)) Config {
	t.Helper()
	cfg, err := Parse("config.yaml", []byte(text), t.TempDir(), getenv)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestDefaults(t *testing.T) {
	cfg, err := Parse("config.yaml", []byte(minimal), "/etc/klachtd", env("PW", "geheim"))
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Path = "config.yaml"
	want.Academy.Name = "Academie Voorbeeld"
	want.Academy.Zone, _ = time.LoadLocation("Europe/Amsterdam")
	want.IMAP.Host, want.IMAP.Username, want.IMAP.Password = "imap.example.nl", "klachten@example.nl", NewSecret("geheim")
	want.SMTP.Host, want.SMTP.Username, want.SMTP.Password = "smtp.example.nl", "klachten@example.nl", NewSecret("geheim")
	want.SMTP.From.Address = "klachten@example.nl"
	want.Staff = []Staff{
		{Name: "Dewi de Boer", Email: "Directeur@example.nl", Role: RoleDirecteur},
		{Name: "Bas Bakker", Email: "bas@example.nl", Role: RoleBinnendienst},
	}
	want.Database = Database{Path: "/etc/klachtd/state/klachtd.db", MasterKeyFile: "/etc/klachtd/state/klachtd.master"}
	want.Backup.KeysFolder = "/etc/klachtd/state/keys"
	want.Alerts.Email = "Directeur@example.nl"
	want.Authentication.Domains = []string{"example.nl"}
	want.Lines = cfg.Lines // see TestTakes
	if !reflect.DeepEqual(cfg, want) {
		t.Errorf("got  %+v\nwant %+v", cfg, want)
	}
}

// The same file with Windows line ends and a byte order mark means the same.
func TestLineEnds(t *testing.T) {
	dir := t.TempDir()
	a, err := Parse("c", []byte(minimal), dir, env("PW", "x"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse("c", []byte("\ufeff"+strings.ReplaceAll(minimal, "\n", "\r\n")), dir, env("PW", "x"))
	if err != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("with CRLF: %v\ngot  %+v\nwant %+v", err, b, a)
	}
}

func TestOverrides(t *testing.T) {
	cfg := mustParse(t, minimal+`procedure:
  severe: {react_within_days: 3}
  categories: [Les, Lokaal]
  undo_minutes: 0
  external_bodies: [{name: Ooa, url: "https://ooa.example.nl", verified_on: 2026-11-01}]
database: {path: /var/lib/klachtd/klachtd.db, master_key_file: master}
`, env("PW", "x"))
	p := cfg.Procedure
	if p.Severe != (Severe{3, 14}) || !reflect.DeepEqual(p.Categories, []string{"Les", "Lokaal"}) || p.UndoMinutes != 0 {
		t.Errorf("procedure: %+v", p)
	}
	if p.ExternalBodies[0].VerifiedOn != (Date{2026, time.November, 1}) {
		t.Errorf("verified_on: %v", p.ExternalBodies[0].VerifiedOn)
	}
	if cfg.Database.Path != "/var/lib/klachtd/klachtd.db" || filepath.Base(cfg.Database.MasterKeyFile) != "master" || !filepath.IsAbs(cfg.Database.MasterKeyFile) {
		t.Errorf("database: %+v", cfg.Database)
	}
}

func TestEnvironment(t *testing.T) {
	// A secret full of YAML, line breaks and references stays what it is.
	nasty := "a: #b\n- \"c': ${PW} $HOME"
	text := strings.Replace(minimal, "  username: klachten@example.nl\n",
		"  username: ${USER_A}@${DOMAIN}\n  port: ${PORT}\n  poll: \"${POLL}\"\n", 1) + "test_mode: ${ON}\n"
	cfg := mustParse(t, text, env("PW", nasty, "USER_A", "k", "DOMAIN", "example.nl", "PORT", "1993", "POLL", "5m", "ON", "true"))
	if got := cfg.IMAP.Password.Reveal(); got != nasty {
		t.Errorf("password: %q", got)
	}
	if cfg.IMAP.Username != "k@example.nl" || cfg.IMAP.Port != 1993 || cfg.IMAP.Poll != 5*time.Minute || !cfg.TestMode {
		t.Errorf("got %q %d %v %v", cfg.IMAP.Username, cfg.IMAP.Port, cfg.IMAP.Poll, cfg.TestMode)
	}
}

// A number is taken as it is written where a text is wanted: a telephone number keeps its zero.
func TestNumberAsText(t *testing.T) {
	cfg := mustParse(t, strings.Replace(minimal, "imap:\n", "  phone: 0201234567\nimap:\n", 1), env("PW", "x"))
	if cfg.Academy.Phone != "0201234567" {
		t.Errorf("phone: %q", cfg.Academy.Phone)
	}
}

func TestPeople(t *testing.T) {
	cfg := mustParse(t, minimal+`  - {name: Tess, email: tess@example.org, role: trainer, also: [binnendienst], aliases: [T@example.com], deputy: true}
`, env("PW", "x"))
	cfg.IMAP.Addresses = []string{"Klacht@example.nl", "KLACHTEN@example.nl"}
	if got := cfg.Own(); !reflect.DeepEqual(got, []string{"klachten@example.nl", "klacht@example.nl"}) {
		t.Errorf("own: %v", got)
	}
	if got := cfg.Directeur().Name; got != "Dewi de Boer" {
		t.Errorf("directeur: %s", got)
	}
	if got, ok := cfg.Deputy(); !ok || got.Name != "Tess" {
		t.Errorf("deputy: %v %v", got, ok)
	}
	if got := cfg.Binnendienst(); len(got) != 2 || got[1].Name != "Tess" {
		t.Errorf("binnendienst: %v", got)
	}
	if got, ok := cfg.StaffByAddress("t@EXAMPLE.com"); !ok || got.Name != "Tess" {
		t.Errorf("by address: %v %v", got, ok)
	}
	if got := cfg.Authentication.Domains; !reflect.DeepEqual(got, []string{"example.nl", "example.org", "example.com"}) {
		t.Errorf("domains: %v", got)
	}
}

func TestWarnings(t *testing.T) {
	text := strings.Replace(minimal, "smtp.example.nl\n  username: klachten@example.nl\n  password: ${PW}\n", "smtp.example.nl\n", 1) +
		"schedule: {digest: \"30 2 * * MON\"}\n"
	cfg := mustParse(t, text, env("PW", "x"))
	want := []string{
		"config.yaml:7: smtp.username: not given: letters are handed over without logging in",
		"config.yaml:14: schedule.digest: runs between 02:00 and 03:00, an hour that is skipped in March and comes twice in October; better choose another",
	}
	if !reflect.DeepEqual(cfg.Warnings, want) {
		t.Errorf("got %q", cfg.Warnings)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.yaml")
	text := strings.Replace(minimal, "password: ${PW}", "password: geheim", 1)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	cfg, err := Load("config.yaml", env("PW", "x"))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Path != path || cfg.Database.Path != filepath.Join(dir, "state/klachtd.db") {
		t.Errorf("paths: %s, %s", cfg.Path, cfg.Database.Path)
	}
	if len(cfg.Warnings) != 1 || !strings.Contains(cfg.Warnings[0], "config.yaml:6: imap.password: everybody") {
		t.Errorf("warnings: %q", cfg.Warnings)
	}
	for name, want := range map[string]string{
		"none.yaml": "none.yaml: cannot be read: no such file or directory",
		".":         ".: cannot be read: not a regular file",
	} {
		if _, err := Load(name, nil); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// security.md 10.
func FuzzParse(f *testing.F) {
	f.Add([]byte(minimal))
	if example, err := os.ReadFile("../../config.example.yaml"); err == nil {
		f.Add(example)
	}
	files, _ := filepath.Glob("testdata/bad/*.yaml")
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 8<<10 {
			return
		}
		cfg, err := Parse("c", data, "/nonexistent", env("PW", "x"))
		if err == nil && (cfg.Directeur().Email == "" || len(cfg.Binnendienst()) == 0 || cfg.Academy.Zone == nil) {
			t.Errorf("accepted without what is required: %+v", cfg)
		}
		if bytes.IndexByte(data, '\r') < 0 { // as an editor on Windows writes it
			other, failed := Parse("c", bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")), "/nonexistent", env("PW", "x"))
			if (err == nil) != (failed == nil) || err == nil && !reflect.DeepEqual(other, cfg) {
				t.Errorf("LF: %v\nCRLF: %v", err, failed)
			}
		}
	})
}
