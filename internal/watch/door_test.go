package watch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// The door is on loopback or it is not there.
func TestListensOnLoopbackAlone(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		if l, err := Listen(address); !errors.Is(err, ErrNotLoopback) {
			t.Errorf("%s: %v", address, err)
			if err == nil {
				l.Close()
			}
		}
	}
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := Listen(l.Addr().String()); err == nil || !strings.HasPrefix(err.Error(), "metrics.listen: ") {
		t.Errorf("an address that is taken: %v", err)
	}
}

// served opens the door and returns how to ask there.
func served(t *testing.T, w *Watch) func(method, path string) (int, string) {
	t.Helper()
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
			c.Close()
			t.Error("the door is still open")
		}
	})
	return func(method, path string) (int, string) {
		t.Helper()
		req, err := http.NewRequest(method, "http://"+l.Addr().String()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(text)
	}
}

func TestHealth(t *testing.T) {
	w, c := begin(t)
	ask := served(t, w)
	if code, text := ask("GET", "/healthz"); code != 200 || text != "ok\n" {
		t.Errorf("well: %d %q", code, text)
	}
	w.Set(Figures{Stuck: 1, ClockStopped: true})
	if code, text := ask("GET", "/healthz"); code != 503 || strings.Count(text, "\n") != 2 || !strings.HasPrefix(text, "letters: 1 have waited") {
		t.Errorf("ill: %d %q", code, text)
	}
	c.pass(time.Hour)
	for _, q := range []struct {
		method, path string
		want         int
	}{{"POST", "/healthz", 405}, {"GET", "/", 404}, {"GET", "/debug/pprof/", 404}} {
		if code, _ := ask(q.method, q.path); code != q.want {
			t.Errorf("%s %s: %d, want %d", q.method, q.path, code, q.want)
		}
	}
}

// exposed is one line of the text format: a name, labels, a number.
var exposed = regexp.MustCompile(`^[a-z_]+(\{[a-z]+="(\\.|[^"\\\n])*"(,[a-z]+="(\\.|[^"\\\n])*")*\})? -?[0-9.e+-]+$`)

// The figures are in the text format: each name once with its help and type, all
// its lines below, and every value as it was counted.
func TestMetrics(t *testing.T) {
	c := &clock{time.Unix(1795424400, 0)}
	w := New(Build{"1.0-\"x\"\n\\", "abc", "go1.26"}, c.now)
	w.Expect("mailbox", time.Hour)
	w.Count(Fetched, 3)
	w.Count(Quarantined, 1)
	w.Count(LettersSent, 7)
	w.Passed(IMAP, nil)
	c.pass(90 * time.Second)
	w.Passed(SMTP, errAway)
	w.Reloaded(false)
	w.Set(Figures{Waiting: 4, Stuck: 1, Oldest: 5 * time.Hour, Overdue: 2, Open: 9, Held: true, Database: 1 << 21, DiskFree: 5 << 30})
	c.pass(30 * time.Second)
	_, text := served(t, w)("GET", "/metrics")
	for _, want := range []string{
		`klachtd_build_info{version="1.0-\"x\"?\\",commit="abc",go="go1.26"} 1`,
		"klachtd_messages_fetched_total 3", `klachtd_messages_total{became="quarantined"} 1`, `klachtd_messages_total{became="refused"} 0`,
		"klachtd_letters_sent_total 7", "klachtd_imap_connected 1", "klachtd_smtp_failing_seconds 30", "klachtd_letters_waiting 4",
		"klachtd_letters_oldest_seconds 18000", "klachtd_promises_overdue 2", "klachtd_cases_open 9", "klachtd_acknowledgements_held 1",
		"klachtd_database_bytes 2.097152e+06", "klachtd_last_good_pass_timestamp_seconds 1.7954244e+09", "klachtd_reload_refused 1",
		`klachtd_reloads_total{result="refused"} 1`, `klachtd_loop_silent_seconds{loop="mailbox"} 120`,
	} {
		if !strings.Contains("\n"+text, "\n"+want+"\n") {
			t.Errorf("no line %s", want)
		}
	}
	seen, name := map[string]bool{}, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch f := strings.Fields(line); {
		case strings.HasPrefix(line, "# HELP "):
			if name = f[2]; seen[name] || len(f) < 4 {
				t.Errorf("%s: twice, or without help", name)
			}
			seen[name] = true
		case strings.HasPrefix(line, "# TYPE "):
			if f[2] != name || f[3] == "counter" != strings.HasSuffix(name, "_total") {
				t.Error(line)
			}
		case !exposed.MatchString(line) || strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '{' })[0] != name:
			t.Errorf("below %s: %q", name, line)
		}
	}
	promtool(t, text, "check", "metrics")
}

const rules = "../../packaging/klachtd.rules.yaml"

// Each figure that the alert rules name is one of ours, and Prometheus itself takes
// the rules where it is at hand.
func TestRulesNameWhatThereIs(t *testing.T) {
	src, err := os.ReadFile(rules)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.UnmarshalWithOptions(src, &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	w, _ := begin(t)
	w.Expect("mailbox", time.Hour)
	known, used := map[string]bool{}, 0
	for _, s := range w.samples() {
		known[s.name] = true
	}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if r.Alert == "" || r.Annotations["summary"] == "" || r.Labels["severity"] == "" {
				t.Errorf("%s: a rule needs alert, severity and summary: %+v", g.Name, r)
			}
			for _, name := range regexp.MustCompile(`klachtd_\w+`).FindAllString(r.Expr, -1) {
				if used++; !known[name] {
					t.Errorf("%s: there is no %s", r.Alert, name)
				}
			}
		}
	}
	if used < 8 {
		t.Errorf("only %d figures are looked at", used)
	}
	promtool(t, "", "check", "rules", rules)
}

// promtool has Prometheus' own tool look, where there is one.
func promtool(t *testing.T, stdin string, args ...string) {
	t.Helper()
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Log("SKIPPED: no promtool here (on Debian it comes with prometheus)")
		return
	}
	cmd := exec.Command(tool, args...)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}
