package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const canary = "kanarie-9f3b"

// security.md 24
func TestSecretNeverPrinted(t *testing.T) {
	cfg := mustParse(t, minimal, env("PW", canary))
	if cfg.IMAP.Password.Reveal() != canary || !cfg.IMAP.Password.IsSet() {
		t.Fatal("the secret is lost")
	}
	var out bytes.Buffer
	// Unexported fields are printed by fmt without asking for String.
	deep := struct{ cfg Config }{cfg}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p"} {
		fmt.Fprintf(&out, verb+"\n", cfg.IMAP.Password)
		fmt.Fprintf(&out, verb+"\n", &cfg.IMAP.Password)
		fmt.Fprintf(&out, verb+"\n", cfg)
		fmt.Fprintf(&out, verb+"\n", &deep)
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("x", "secret", cfg.IMAP.Password, "config", cfg, "deep", deep)
	}
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, yaml.Marshal} {
		data, err := marshal(cfg.SMTP)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(data)
	}
	fmt.Fprintln(&out, cfg.IMAP.Password.String(), cfg.IMAP.Password.GoString(), cfg.IMAP.Password.LogValue())
	leaked := strings.Contains(out.String(), canary) || strings.Contains(strings.ToLower(out.String()), fmt.Sprintf("%x", canary))
	if leaked || !strings.Contains(out.String(), hidden) {
		t.Errorf("printed: %s", &out)
	}
}

// security.md 24: no error shows a secret, not even one that stands in the wrong place.
func TestErrorsHideSecrets(t *testing.T) {
	for _, text := range []string{
		strings.ReplaceAll(minimal, "  host: imap.example.nl", "  host: ${PW}/"),
		minimal + "test_mode: ${PW}\n",
		minimal + "limits: {burst: \"${PW}\"}\n",
		minimal + "log: {level: \"${PW}\"}\n",
		minimal + "templates: ${PW}\n",
		strings.Replace(minimal, "${PW}", "["+canary+"]", 1),
		strings.Replace(minimal, "${PW}", "{a: "+canary+"}", 1),
		strings.Replace(minimal, "${PW}", canary+": b", 1),
		strings.Replace(minimal, "${PW}", "'"+canary, 1),
		strings.Replace(minimal, "${PW}", "\""+canary+"\" x", 1),
		strings.Replace(minimal, "${PW}", "\""+canary+"\\0\"", 1),
		strings.Replace(minimal, "${PW}", "!"+canary, 1),
		strings.Replace(minimal, "${PW}", "*"+canary, 1),
		strings.Replace(minimal, "${PW}", "|"+canary, 1),
		strings.Replace(minimal, "${PW}", ">"+canary, 1),
		strings.Replace(minimal, "${PW}", canary+"\tx", 1),
		strings.Replace(minimal, "${PW}", "@"+canary, 1),
		strings.Replace(minimal, "${PW}", "${"+canary+"}", 1),
		strings.Replace(minimal, "password: ${PW}", "pasword: "+canary, 1),
		strings.Replace(minimal, "password: ${PW}", "password: "+canary+"\n  password: "+canary, 1),
		strings.Replace(minimal, "password: ${PW}", "password: "+canary+"\n  password_file: /none", 1),
		minimal + "alerts: {heartbeat_url: \"http://hc.example/" + canary + "\"}\n",
	} {
		_, err := Parse("config.yaml", []byte(text), t.TempDir(), env("PW", canary))
		if err == nil {
			t.Errorf("no error:\n%s", text)
		} else if strings.Contains(err.Error(), canary) {
			t.Errorf("shown: %v", err)
		}
	}
}

func TestSecretFiles(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"pw": "geheim \r\n", "empty": "\n", "cert.pem": "x", "token": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name, login, password, client, problem string
	}{
		{name: "password file", login: "password_file: pw", password: "geheim "},
		{name: "m365 by secret", login: "oauth2: {provider: m365, tenant: t, client_id: c, client_secret_file: pw, expires_on: 2027-01-02}", client: "geheim "},
		{name: "m365 by certificate", login: "oauth2: {provider: m365, tenant: t, client_id: c, certificate_file: cert.pem}"},
		{name: "google", login: "oauth2: {provider: google, client_id: c, client_secret_file: pw, token_file: token}", client: "geheim "},
		{name: "empty file", login: "password_file: empty", problem: "c:6: imap.password_file: the file is empty; write the secret in it"},
		{name: "no file", login: "password_file: none", problem: `c:6: imap.password_file: "none" cannot be read: no such file or directory`},
		{name: "a folder", login: "password_file: .", problem: `c:6: imap.password_file: "." cannot be read: not a regular file`},
		{name: "no certificate", login: "password_file: pw\n  ca_file: pw", problem: `c:7: imap.ca_file: "pw" holds no certificate in PEM form`},
	} {
		text := strings.Replace(minimal, "password: ${PW}", tt.login, 1)
		cfg, err := Parse("c", []byte(text), dir, env("PW", "x"))
		if tt.problem != "" {
			var e *Error
			if !errors.As(err, &e) || err.Error() != tt.problem {
				t.Errorf("%s: got %v, want %s", tt.name, err, tt.problem)
			}
			continue
		}
		if err != nil || len(cfg.Warnings) > 0 || cfg.IMAP.Password.Reveal() != tt.password {
			t.Errorf("%s: %v, warnings %q, password %q", tt.name, err, cfg.Warnings, cfg.IMAP.Password.Reveal())
		} else if o := cfg.IMAP.OAuth2; o != nil && o.ClientSecret.Reveal() != tt.client {
			t.Errorf("%s: client secret %q", tt.name, o.ClientSecret.Reveal())
		}
	}
	if err := os.Chmod(filepath.Join(dir, "pw"), 0o644); err != nil {
		t.Fatal(err)
	}
	cfg, err := Parse("c", []byte(strings.Replace(minimal, "password: ${PW}", "password_file: pw", 1)), dir, env("PW", "x"))
	if err != nil || len(cfg.Warnings) != 1 {
		t.Errorf("readable by all: %v, warnings %q", err, cfg.Warnings)
	}
}
