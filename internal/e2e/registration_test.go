package e2e

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// TestRegistration: a complaint becomes a case and three letters, and each kind
// of message goes to its folder (interface.md The command, JSON).
func TestRegistration(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	d.Put("klachten", letter("From: Jan Jansen <jan@voorbeeld.example>\nSubject: =?utf-8?q?K=C3=B3ud?=\nMessage-ID: <koud@voorbeeld.example>", "Het lokaal was koud."), time.Now())
	d.Put("klachten", absence("piet@voorbeeld.example"), time.Now())
	d.Put("klachten", letter("From: winnaar@prijzen.example\nSubject: Gewonnen\nX-Spam-Flag: YES", "Klik hier."), time.Now())

	got := a.cycle()
	if got.Fetched != 3 || got.Registered != 1 || got.Automatic != 1 || got.Spam != 1 || got.Sent != 3 || got.Waiting != 0 {
		t.Errorf("cycle: %+v", got)
	}
	if f := filed(d, "klachten"); f != "inbox 0, handled 1, automatic 1, spam 1, quarantine 0" {
		t.Error(f)
	}
	number := a.threeLetters(s)
	c := a.show(number)
	if c.State != "in_progress" || c.Kind != "external" || c.Subject != "Kóud" || c.Complainant.Name != "Jan Jansen" || c.Complainant.Email != "jan@voorbeeld.example" {
		t.Errorf("case: %+v", c)
	}
	if !c.kept("acknowledge") || !c.kept("copy_owner") || c.kept("react") {
		t.Errorf("promises: %+v", c.Promises)
	}
	if len(c.Messages) != 4 || c.Messages[0].Direction != "in" || !strings.Contains(c.Messages[0].Text, "lokaal was koud") {
		t.Errorf("messages: %+v", c.Messages)
	}
	for _, m := range c.Messages[1:] {
		if m.Direction != "out" || m.Delivery != "sent" {
			t.Errorf("message: %+v", m)
		}
	}
	if again := a.cycle(); again.Fetched != 0 || again.Sent != 0 {
		t.Errorf("a pass with nothing to do: %+v", again)
	}
	a.everyKey(number)
}

// threeLetters are what a registration sends, and no more; it returns the case's number.
func (a *academy) threeLetters(s *peers.Sink) string {
	a.tb.Helper()
	ack := to(s, "jan@voorbeeld.example", acknowledged)
	if len(ack) != 1 || len(to(s, handler, noticed)) != 1 || len(to(s, directeur, copied)) != 1 || s.Count() != 3 {
		for _, m := range s.Mails() {
			a.tb.Logf("%v: %s", m.To, field(a.tb, m.Raw, "Subject"))
		}
		a.tb.Fatal("want one letter to the complainant, one to the office and one to the directeur")
	}
	number := aNumber.FindString(field(a.tb, ack[0].Raw, "Subject"))
	for name, value := range map[string]string{
		"Subject":        acknowledged + " [" + number + "]",
		"To":             "<jan@voorbeeld.example>",
		"Auto-Submitted": "auto-replied",
		"In-Reply-To":    "<koud@voorbeeld.example>",
	} {
		if got := field(a.tb, ack[0].Raw, name); got != value {
			a.tb.Errorf("acknowledgement: %s: %q, want %q", name, got, value)
		}
	}
	if ack[0].From != address || len(ack[0].To) != 1 {
		a.tb.Errorf("envelope: %q to %q", ack[0].From, ack[0].To)
	}
	// security.md 14
	if text := words(ack[0].Raw); strings.Contains(text, "lokaal") || strings.Contains(text, "Jansen") {
		a.tb.Error("the acknowledgement quotes its sender")
	}
	if !strings.Contains(words(to(s, handler, noticed)[0].Raw), "Het lokaal was koud.") {
		a.tb.Error("the office does not see the complaint")
	}
	return number
}

// Keys that interface.md promises.
const (
	caseKeys = `number state kind severity category cause complainant owner handler concerned subject received_at react_by
		reacted_at resolve_by expected_on closed_at resolution satisfaction hold erase_on promises`
	promiseKeys  = "kind due fulfilled_at evidence"
	timelineKeys = "at actor event detail"
	messageKeys  = "direction at from to subject message_id text attachments delivery"
	inspectKeys  = `file error message_id date from to cc reply_to subject in_reply_to references auto_submitted bounce
		bounce_for list spam text new_text attachments`
	attachmentKeys = "name content_type size inline sha256"
	cycleKeys      = `fetched registered followups commands refused automatic bounces spam quarantined sent waiting jobs`
)

// everyKey holds what is printed as JSON to the contract (interface.md JSON).
func (a *academy) everyKey(number string) {
	a.tb.Helper()
	hasKeys(a.tb, "cycle", object(a.tb, a.verb("cycle", "--json").stdout), cycleKeys)
	var list []map[string]any
	decode(a.tb, a.verb("cases", "--json").stdout, &list)
	hasKeys(a.tb, "cases", list[0], caseKeys)
	one := object(a.tb, a.verb("show", number, "--json").stdout)
	hasKeys(a.tb, "show", one, caseKeys+" timeline messages form")
	hasKeys(a.tb, "complainant", one["complainant"].(map[string]any), "name email")
	for key, keys := range map[string]string{"promises": promiseKeys, "timeline": timelineKeys, "messages": messageKeys} {
		items, _ := one[key].([]any)
		if len(items) == 0 {
			a.tb.Errorf("%s: empty", key)
		}
		for _, item := range items {
			hasKeys(a.tb, key, item.(map[string]any), keys)
		}
	}
	for _, key := range []string{"category", "cause", "reacted_at", "closed_at", "resolution", "satisfaction", "hold", "erase_on"} {
		if one[key] != nil {
			a.tb.Errorf("%s: %v, want null", key, one[key])
		}
	}
	if text, _ := json.Marshal(one["concerned"]); string(text) != "[]" {
		a.tb.Errorf("concerned: %s", text)
	}
	for _, key := range []string{"react_by", "resolve_by", "expected_on"} {
		if _, err := time.Parse(time.DateOnly, one[key].(string)); err != nil {
			a.tb.Errorf("%s: %v", key, err)
		}
	}
	if _, err := time.Parse(time.RFC3339, one["received_at"].(string)); err != nil {
		a.tb.Error(err)
	}
}

func object(tb testing.TB, text string) map[string]any {
	tb.Helper()
	var v map[string]any
	decode(tb, text, &v)
	return v
}

func hasKeys(tb testing.TB, what string, v map[string]any, keys string) {
	tb.Helper()
	for _, key := range strings.Fields(keys) {
		if _, ok := v[key]; !ok {
			tb.Errorf("%s: no key %s in %v", what, key, slices.Sorted(maps.Keys(v)))
		}
	}
}

// TestRegisterBesides: the register as text, open cases alone, a number as
// somebody types it, and an empty register (interface.md The command).
func TestRegisterBesides(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	a.cycle()
	if o := a.verb("cases", "--json"); strings.TrimSpace(o.stdout) != "[]" {
		t.Errorf("an empty register: %q", o.stdout)
	}
	// security.md 9: nothing plays tricks on a terminal
	d.Put("klachten", letter("From: jan@voorbeeld.example\nSubject: =?utf-8?q?rood_=1B[31m_=E2=80=AEom?=", "koud"), time.Now())
	a.cycle()
	number := a.cases()[0].Number
	for _, args := range [][]string{{"cases"}, {"cases", "--open"}, {"cases", "--json", "--open"}, {"show", number}, {"show", " " + strings.ToLower(number) + " ", "--json"}} {
		o := a.verb(args...)
		if o.code != 0 || !strings.Contains(o.stdout, number) {
			t.Errorf("%v: status %d, %q", args, o.code, o.stdout+o.stderr)
		}
		if strings.ContainsAny(o.stdout, "\x1b\u202e") {
			t.Errorf("%v prints control characters", args)
		}
	}
}

// TestInspect: one line a file, in order, needing no configuration (interface.md JSON).
func TestInspect(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good, broken := filepath.Join(dir, "goed.eml"), filepath.Join(dir, "stuk.eml")
	mixed := letter("From: Jan Jansen <jan@voorbeeld.example>\nSubject: Klacht\nIn-Reply-To: <eerder@voorbeeld.example>\n"+
		"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: 7bit",
		"--b\nContent-Type: text/plain\n\nHet lokaal was koud.\n--b\nContent-Type: image/png; name=foto.png\nContent-Disposition: attachment\n\nxx\n--b--")
	for name, raw := range map[string][]byte{good: mixed, broken: bytes.Repeat([]byte{0, 255}, 999)} {
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := run(t, nil, "inspect", "--json", good, broken)
	rows := strings.Split(strings.TrimSpace(o.stdout), "\n")
	if o.code != 0 || len(rows) != 2 {
		t.Fatalf("status %d, %q", o.code, o.stdout+o.stderr)
	}
	for i, name := range []string{good, broken} {
		v := object(t, rows[i])
		hasKeys(t, "inspect", v, inspectKeys)
		if v["file"] != name {
			t.Errorf("file: %v", v["file"])
		}
	}
	v := object(t, rows[0])
	if v["error"] != nil || v["subject"] != "Klacht" || v["text"] != "Het lokaal was koud." && v["text"] != "Het lokaal was koud.\n" {
		t.Errorf("%v", v)
	}
	attachments := v["attachments"].([]any)
	if len(attachments) != 1 {
		t.Fatalf("attachments: %v", attachments)
	}
	hasKeys(t, "attachment", attachments[0].(map[string]any), attachmentKeys)
	if o := run(t, nil, "inspect", "--json", filepath.Join(dir, "niet.eml")); o.code != 1 || len(o.complaints()) != 1 {
		t.Errorf("a file that is not there: status %d, %q", o.code, o.stderr)
	}
}
