package config

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const example = "../../config.example.yaml"

func TestExampleLoads(t *testing.T) {
	cfg, err := Load(example, env("KLACHTD_IMAP_PASSWORD", "a", "KLACHTD_SMTP_PASSWORD", "b"))
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Warnings) > 0 || cfg.IMAP.Password.Reveal() != "a" || cfg.SMTP.Password.Reveal() != "b" {
		t.Errorf("warnings %q, passwords %q %q", cfg.Warnings, cfg.IMAP.Password.Reveal(), cfg.SMTP.Password.Reveal())
	}
}

// allKeys lists every key there is, as a path without list positions.
func allKeys(t reflect.Type, prefix string) []string {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[Secret]() || t == reflect.TypeFor[Date]() {
		return nil
	}
	var keys []string
	for _, name := range keyNames(t) {
		f, _ := byKey(reflect.New(t).Elem(), name)
		keys = append(keys, prefix+name)
		keys = append(keys, allKeys(f.Type(), prefix+name+".")...)
	}
	return keys
}

// sample is a key of the example file.
type sample struct {
	comment string // the comment above it
	value   string
	off     bool // commented out
}

var keyLine = regexp.MustCompile(`^( *)(#?)(- )?([a-z0-9_]+):(?: (.*))?$`)

// samples reads the example by its lines and indentation: the comments are what is tested.
func samples(t *testing.T) map[string]sample {
	t.Helper()
	data, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]sample{}
	var comment, path []string
	var indents []int
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "# "); ok {
			comment = append(comment, text)
			continue
		}
		m := keyLine.FindStringSubmatch(line)
		if m == nil {
			comment = nil
			continue
		}
		indent := len(m[1]) + len(m[3])
		for len(indents) > 0 && indents[len(indents)-1] >= indent {
			indents, path = indents[:len(indents)-1], path[:len(path)-1]
		}
		indents, path = append(indents, indent), append(path, m[4])
		key := strings.Join(path, ".")
		if _, again := found[key]; !again {
			found[key] = sample{strings.Join(comment, " "), m[5], m[2] != ""}
		}
		comment = nil
	}
	return found
}

func TestExampleNamesEveryKey(t *testing.T) {
	found := samples(t)
	keys := allKeys(reflect.TypeFor[Config](), "")
	for _, k := range keys {
		s, ok := found[k]
		if !ok {
			t.Errorf("%s is not in the example", k)
			continue
		}
		sections := []string{"academy", "log", "alerts", "metrics", "procedure"}
		if s.comment == "" && !slices.Contains(sections, k) {
			t.Errorf("%s has no comment", k)
		}
	}
	for k := range found {
		if !slices.Contains(keys, k) {
			t.Errorf("the example has %s, which is no key", k)
		}
	}
}

// defaultOf is what the code has for a key, as YAML writes it. Keys of list
// items and of oauth2 begin empty.
func defaultOf(key string) string {
	v := reflect.ValueOf(Default())
	for name := range strings.SplitSeq(key, ".") {
		t := v.Type()
		for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
			t = t.Elem()
			v = reflect.Zero(t)
		}
		v, _ = byKey(v, name)
	}
	switch v.Kind() {
	case reflect.Slice:
		return "[" + strings.Trim(strings.ReplaceAll(fmt.Sprint(v.Interface()), " ", ", "), "[]") + "]"
	case reflect.Int64:
		return fmt.Sprintf("%.0fs", v.Interface().(interface{ Seconds() float64 }).Seconds())
	}
	switch s := v.Interface().(type) {
	case Secret:
		return s.Reveal()
	default:
		return fmt.Sprint(s)
	}
}

func TestExampleStatesDefaults(t *testing.T) {
	// Values that show what could be there.
	invented := []string{"academy.phone", "smtp.username", "smtp.password", "smtp.from.name", "staff.also", "staff.aliases",
		"staff.deputy", "procedure.external_bodies", "procedure.external_bodies.address", "procedure.external_bodies.url"}
	stated := regexp.MustCompile(`Default: (.*)$`)
	for key, s := range samples(t) {
		m := stated.FindStringSubmatch(s.comment)
		group := s.value == "" && key != "procedure.external_bodies"
		required := strings.Contains(s.comment, "REQUIRED")
		if m == nil {
			if !group && !required {
				t.Errorf("%s states no default", key)
			}
			continue
		}
		want := defaultOf(key)
		if got := strings.Trim(m[1], `"`); got != want {
			t.Errorf("%s: states %q, the code has %q", key, got, want)
		}
		if got := strings.Trim(s.value, `"`); !s.off && !slices.Contains(invented, key) && got != want {
			t.Errorf("%s: shows %q, the code has %q", key, got, want)
		}
	}
}
