package e2e

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"klachtd/internal/hostile"
	"klachtd/internal/peers"
)

// Limits of security.md 5.
const (
	maxMemory = 256 << 20
	maxCPU    = 5 * time.Second
)

// A siege is the corpus before one academy: a mailbox, a daemon, and what came of it.
type siege struct {
	*academy
	mails   []hostile.Message
	sink    *peers.Sink
	in      func(folder string) [][]byte // "" is the inbox
	touched *atomic.Int64                // connections to what the mails name
}

// besiege makes the corpus of a seed, and something that listens where its mails point.
func besiege(t *testing.T, seed uint64, a *academy, s *peers.Sink) *siege {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	noError(t, err)
	v := &siege{academy: a, sink: s, touched: &atomic.Int64{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			v.touched.Add(1)
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close() })
	v.mails = hostile.Corpus(hostile.Options{Seed: seed, To: address, Staff: handler, At: time.Now(), Beacon: l.Addr().String()})
	return v
}

// TestCorpus: the whole corpus lies in the mailbox when the daemon starts.
// Everything is accounted for, the good ones among them are answered, nothing gets
// out, and the process stays the same one and small. What each message costs is
// measured beside it, at the desk.
//
// security.md 5; and of 1, 2, 3, 4, 6, 7, 8, 9 what can be seen from outside.
func TestCorpus(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	v := besiege(t, 1, open(t, d, s, "klachten"), s)
	v.in = func(folder string) [][]byte { return d.Mails("klachten", folder) }
	for _, m := range v.mails {
		d.Put("klachten", m.Raw, time.Now())
	}
	k := v.run()
	peak := v.ended(k)
	v.accounted(k)
	if peak > maxMemory {
		t.Errorf("%d MiB of memory at the peak, %d are allowed", peak>>20, maxMemory>>20)
	}
	kind, took := slowest(t, v.mails)
	if took > maxCPU {
		t.Errorf("a message of %q took %v of CPU", kind, took)
	}
	v.table(peak, kind, took)
}

func inbox(folder string) string {
	if folder == "" {
		return "INBOX"
	}
	return folder
}

// ended waits until everything is filed and everybody has his answer, stops the
// daemon, and sends what is left. It returns the memory that the daemon took.
func (v *siege) ended(k *daemon) (peak int64) {
	v.tb.Helper()
	answers := 0
	for _, m := range v.mails {
		if m.From != "" {
			answers++
		}
	}
	end := time.Now().Add(4 * patience)
	for ; len(v.in("")) > 0 || v.acknowledgements() < answers; time.Sleep(200 * time.Millisecond) {
		if k.dead() || time.Now().After(end) {
			v.tb.Errorf("not at its end: %d in the inbox, %d of %d acknowledged", len(v.in("")), v.acknowledgements(), answers)
			break
		}
	}
	peak = k.peak()
	k.stop()
	if last := v.cycle(); last.Fetched != 0 || last.Waiting != 0 {
		v.tb.Errorf("something was left: %+v", last)
	}
	return peak
}

func (v *siege) acknowledgements() (n int) {
	for _, m := range v.sink.Mails() {
		if bytes.Contains(m.Raw, []byte("\nSubject: "+acknowledged)) {
			n++
		}
	}
	return n
}

// accounted holds everything that can be seen from outside to what the corpus
// says of each message.
func (v *siege) accounted(k *daemon) {
	v.tb.Helper()
	v.filedAs()
	v.registered()
	v.answered()
	for _, m := range v.sink.Mails() {
		v.strict(m)
	}
	v.printed()
	if n := v.touched.Load(); n > 0 { // security.md 8
		v.tb.Errorf("%d connections to what the mails name", n)
	}
	if log := k.log.String(); strings.Count(log, "msg=started")+strings.Count(log, `"msg":"started"`) != 1 || strings.Contains(log, "not handled") || strings.Contains(log, "panic") {
		v.tb.Errorf("the daemon said:\n%.3000s", log)
	}
	v.nothingWritten()
}

// folders are where each fate leads.
var folders = map[hostile.Fate]string{
	hostile.Answered: handled, hostile.Unanswered: handled, hostile.Challenged: handled,
	hostile.Quarantined: quarantine, hostile.Filed: automatic, hostile.Spam: spam,
}

// filedAs: each message stands, byte for byte, in one folder, the right one.
func (v *siege) filedAs() {
	v.tb.Helper()
	at := map[[32]byte][]string{}
	for _, folder := range []string{"", handled, automatic, spam, quarantine} {
		for _, raw := range v.in(folder) {
			sum := sha256.Sum256(raw)
			at[sum] = append(at[sum], inbox(folder))
		}
	}
	for _, m := range v.mails {
		if where := at[sha256.Sum256(m.Raw)]; !slices.Equal(where, []string{folders[m.Fate]}) {
			v.tb.Errorf("%s, to be %s: in %q\n%.400q", m.Kind, m.Fate, where, m.Raw)
		}
	}
}

// registered: one case a message that is not put aside, a stub for what is over
// the limits, and no command was carried out.
func (v *siege) registered() {
	v.tb.Helper()
	want := 0
	senders := map[string]int{}
	for _, m := range v.mails {
		switch m.Fate {
		case hostile.Answered, hostile.Unanswered, hostile.Quarantined:
			want++
		}
		senders[m.From] = 0
	}
	cases := v.cases()
	if len(cases) != want {
		v.tb.Errorf("%d cases, want %d", len(cases), want)
	}
	for _, c := range cases {
		senders[c.Complainant.Email]++
		if c.State != "in_progress" && c.State != "new" || c.Kind != "external" {
			v.tb.Errorf("case of %s: %s, %s", c.Complainant.Email, c.State, c.Kind)
		}
	}
	for _, m := range v.mails {
		if m.From != "" && senders[m.From] != 1 {
			v.tb.Errorf("%s: %d cases of %s", m.Kind, senders[m.From], m.From)
		}
	}
}

// answered: who is to be answered is, once, and nobody else outside is written to.
func (v *siege) answered() {
	v.tb.Helper()
	got := map[string]int{}
	for _, m := range v.sink.Mails() {
		got[m.To[0]]++
	}
	for _, who := range []string{handler, directeur} {
		delete(got, who)
	}
	for _, m := range v.mails {
		if m.From != "" && got[m.From] != 1 {
			v.tb.Errorf("%s: %d mails to %s", m.Kind, got[m.From], m.From)
		}
		delete(got, m.From)
	}
	if len(got) > 0 {
		v.tb.Errorf("mails to others: %v", got)
	}
}

// nothingWritten: beside the configuration there is the state folder, and in it
// nothing but what the store keeps (security.md 9).
func (v *siege) nothingWritten() {
	v.tb.Helper()
	var names []string
	for _, dir := range []string{v.dir, v.state("")} {
		entries, err := os.ReadDir(dir)
		noError(v.tb, err)
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	for _, name := range names {
		if name != "config.yaml" && name != "state" && name != "steps" && !strings.HasPrefix(name, "klachtd.") {
			v.tb.Errorf("%s was written", name)
		}
	}
	if _, err := os.Stat("/tmp/klachtd-uit-de-mail"); err == nil {
		v.tb.Error("a file name from mail became a path")
	}
}

// printed: the register, the stubs and what inspect says hold nothing that plays
// tricks on a terminal, and inspect reads them all (security.md 9, interface.md).
func (v *siege) printed() {
	v.tb.Helper()
	outputs := []outcome{v.verb("cases"), v.verb("cases", "--json")}
	for i, c := range v.cases() {
		if i%30 == 0 {
			outputs = append(outputs, v.verb("show", c.Number), v.verb("show", c.Number, "--json"))
		}
	}
	dir := v.tb.TempDir()
	var files []string
	for i, m := range v.mails {
		files = append(files, filepath.Join(dir, fmt.Sprint(i)))
		noError(v.tb, os.WriteFile(files[i], m.Raw, 0o600))
	}
	inspected := run(v.tb, nil, append([]string{"inspect", "--json"}, files...)...)
	if n := strings.Count(inspected.stdout, "\n"); n != len(files) {
		v.tb.Errorf("inspect: %d lines for %d files", n, len(files))
	}
	for _, o := range append(outputs, inspected) {
		if o.code != 0 {
			v.tb.Errorf("status %d: %.300s", o.code, o.stderr)
		}
		if i := strings.IndexFunc(o.stdout+o.stderr, trick); i >= 0 {
			v.tb.Errorf("%.80q is printed", (o.stdout + o.stderr)[i:])
		}
	}
}

// trick finds what a terminal would not show as a letter.
func trick(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r < ' ', 0x7f <= r && r < 0xa0, r == '\u061c', '\u200e' <= r && r <= '\u200f', '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
		return true
	}
	return false
}

// table prints the result, and adds it to the file that `make test` shows at its end.
func (v *siege) table(peak int64, slowest string, took time.Duration) {
	v.tb.Helper()
	n := map[hostile.Fate]int{}
	good := 0
	for _, m := range v.mails {
		n[m.Fate]++
		if m.Kind == hostile.Good {
			good++
		}
	}
	text := fmt.Sprintf(`hostile corpus, through klachtd:
  messages         %4d, %d good ones among them
  registered       %4d
  filed, no case   %4d
  quarantined      %4d
  peak memory      %4d MiB of %d
  slowest message  %4d ms of CPU of %d (%s)
`, len(v.mails), good, n[hostile.Answered]+n[hostile.Unanswered], n[hostile.Filed]+n[hostile.Spam]+n[hostile.Challenged], n[hostile.Quarantined],
		peak>>20, maxMemory>>20, took.Milliseconds(), maxCPU.Milliseconds(), slowest)
	v.tb.Log(text)
	if name := os.Getenv("KLACHTD_CORPUS"); name != "" {
		noError(v.tb, os.WriteFile(name, []byte(text), 0o600))
	}
}
