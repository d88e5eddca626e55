package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

const (
	few  = 1_000
	many = 10_000
)

// BenchmarkFigures prints one table of one run. BENCH_ROWS picks rows by a word
// in their name.
func BenchmarkFigures(b *testing.B) {
	t := &table{b: b, bin: build(b, ""), dovecot: peers.StartDovecot(b, peers.DovecotOptions{})}
	fmt.Println("\n| figure | measured | to reach |\n| --- | --- | --- |")
	limit := t.limit()
	t.row("rate", func() { t.rate("1,000 complaints: registered, 3 mails each accepted, filed", "empty", limit, nil) })
	t.row("rate", func() { t.wide(limit) })
	t.row("sealed", t.sealed)
	t.row("latency", t.latency)
	t.row("memory", t.memory)
	t.row("start", t.start)
	t.row("full", func() { t.rate("the same with 100,000 cases in the database", "full", limit, fillDatabase) })
	b.ReportMetric(0, "ns/op") // the table is the result
}

// A table collects what one run needs.
type table struct {
	b       *testing.B
	bin     string
	dovecot *peers.Dovecot
	few     [][]byte
	empty   float64 // complaints a second into an empty database
}

func (t *table) row(name string, measure func()) {
	if want := os.Getenv("BENCH_ROWS"); want == "" || strings.Contains(want, name) {
		measure()
	}
}

func (t *table) print(figure, measured, reach string) {
	fmt.Printf("| %s | %s | %s |\n", figure, measured, reach)
}

// limit is what a bare pipeline reaches on this machine, now; 0 when it is not there.
func (t *table) limit() float64 {
	script, err := filepath.Abs(filepath.Join(shared(), "limit.sh"))
	if err != nil {
		t.b.Fatal(err)
	}
	if _, err := os.Stat(script); err != nil {
		t.print("bare pipeline", "not there: no ratio", "")
		return 0
	}
	out := filepath.Join(t.b.TempDir(), "limit.jsonl")
	cmd := exec.Command("bash", script)
	cmd.Env = append(os.Environ(), "ROWS=e2e", fmt.Sprintf("N=%d", few), "RUNS=3", "OUT="+out)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.print("bare pipeline", "failed: no ratio", "")
		t.b.Logf("%s", tail(string(text), 2000))
		return 0
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.b.Fatal(err)
	}
	var rates []float64
	for line := range strings.Lines(string(data)) {
		var r struct {
			What string  `json:"what"`
			PerS float64 `json:"per_s"`
		}
		if json.Unmarshal([]byte(line), &r) == nil && r.What == "e2e batch" {
			rates = append(rates, r.PerS)
		}
	}
	if len(rates) == 0 {
		return 0
	}
	slices.Sort(rates)
	median := rates[len(rates)/2]
	t.print("bare pipeline, one mail each (`e2e batch`)", fmt.Sprintf("%.0f a second", median), "")
	return median
}

// rate measures from the start of the daemon until everything is done, three times.
func (t *table) rate(figure, user string, limit float64, prepare func(testing.TB, *site)) {
	if t.few == nil {
		t.few = mails(t.b, few)
	}
	var rates []float64
	var cpu []time.Duration
	for run := range 3 {
		s := newSite(t.b, t.bin, t.dovecot, fmt.Sprintf("%s%d", user, run))
		if prepare != nil {
			prepare(t.b, s)
		}
		rate, each := t.once(s)
		rates, cpu = append(rates, rate), append(cpu, each)
		if prepare != nil {
			break // filling the database is the greater part
		}
	}
	slices.Sort(rates)
	rate := rates[len(rates)/2]
	slices.Sort(cpu)
	measured, reach := fmt.Sprintf("%.0f a second at %.2f ms of processor each", rate, ms(cpu[len(cpu)/2])), "0.3 of the bare pipeline"
	if limit > 0 {
		measured += fmt.Sprintf(", %.2f of the bare pipeline", rate/limit)
	}
	if prepare == nil {
		t.empty = rate
	} else {
		reach = "0.9 of the rate with none"
		if t.empty > 0 {
			measured += fmt.Sprintf(", %.2f of the rate with none", rate/t.empty)
		}
	}
	t.print(figure, measured, reach)
}

// wide measures the rate over more connections than by default: letters wait for
// the commit before them, which more connections share (security.md 37).
func (t *table) wide(limit float64) {
	const connections = 16
	var rates []float64
	for run := range 3 {
		s := newSite(t.b, t.bin, t.dovecot, fmt.Sprintf("wide%d", run))
		s.change("save_sent: no", fmt.Sprintf("save_sent: no, max_connections: %d", connections))
		rate, _ := t.once(s)
		rates = append(rates, rate)
	}
	slices.Sort(rates)
	measured := fmt.Sprintf("%.0f a second", rates[1])
	if limit > 0 {
		measured += fmt.Sprintf(", %.2f of the bare pipeline", rates[1]/limit)
	}
	t.print(fmt.Sprintf("the same with smtp.max_connections: %d", connections), measured, "")
}

// once takes in few complaints and returns how many a second, and the processor's
// time for each.
func (t *table) once(s *site) (rate float64, each time.Duration) {
	for _, m := range t.few {
		t.dovecot.Put(s.user, m, time.Now())
	}
	began := time.Now()
	pid, stop := s.start()
	defer stop()
	s.sink.Wait(3*few, 5*time.Minute)
	t.dovecot.WaitCount(s.user, "Klachten/Verwerkt", few, 5*time.Minute)
	return few / time.Since(began).Seconds(), processor(pid) / few
}

// sealed measures what it costs that content is sealed, beside a klachtd that is
// made not to, turn about: the median over the pairs of how much longer it takes.
func (t *table) sealed() {
	if t.few == nil {
		t.few = mails(t.b, few)
	}
	plain := build(t.b, "unsealed")
	var wall, cpu []float64
	for run := range 5 {
		sealedRate, sealedEach := t.once(newSite(t.b, t.bin, t.dovecot, fmt.Sprintf("sealed%d", run)))
		plainRate, plainEach := t.once(newSite(t.b, plain, t.dovecot, fmt.Sprintf("plain%d", run)))
		wall, cpu = append(wall, plainRate/sealedRate), append(cpu, float64(sealedEach)/float64(plainEach))
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	t.print("1,000 complaints sealed, beside unsealed: time · processor", fmt.Sprintf("%+.0f %% · %+.0f %%", 100*(wall[2]-1), 100*(cpu[2]-1)), "+15 %")
}

// latency measures from the server's EXISTS to the acknowledgement's 250.
func (t *table) latency() {
	p := newProxy(t.b, t.dovecot.IMAPAddr)
	s := newSite(t.b, t.bin, t.dovecot, "latency")
	s.change(fmt.Sprintf("port: %d,", t.dovecot.Port()), fmt.Sprintf("port: %d,", p.port()))
	_, stop := s.start()
	defer stop()
	var took []time.Duration
	for i, m := range mails(t.b, 60) {
		p.forget()
		t.dovecot.Put(s.user, m, time.Now())
		s.sink.Wait(3*(i+1), time.Minute)
		first := s.sink.Mails()[3*i]                     // the acknowledgement goes first
		if told := p.told(); i >= 10 && !told.IsZero() { // the first ones may have waited for the daemon to start
			took = append(took, first.At.Sub(told))
		}
	}
	if len(took) == 0 {
		t.b.Fatal("the server never said EXISTS")
	}
	slices.Sort(took)
	t.print("EXISTS to the acknowledgement's 250: median · 95th percentile",
		fmt.Sprintf("%.1f ms · %.1f ms of %d", ms(took[len(took)/2]), ms(took[len(took)*95/100]), len(took)), "50 ms · 150 ms")
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// memory measures the peak over many mails, and what is left when nothing happens.
func (t *table) memory() {
	s := newSite(t.b, t.bin, t.dovecot, "memory")
	for _, m := range mails(t.b, many) {
		t.dovecot.Put(s.user, m, time.Now())
	}
	pid, stop := s.start()
	s.sink.Wait(3*many, 10*time.Minute)
	t.dovecot.WaitCount(s.user, "Klachten/Verwerkt", many, 10*time.Minute)
	peak := memory(pid, "VmHWM")
	stop()
	pid, stop = s.start()
	s.dovecot.Put(s.user, mails(t.b, many+1)[many], time.Now())
	s.sink.Wait(3*many+3, time.Minute)
	s.dovecot.WaitCount(s.user, "Klachten/Verwerkt", many+1, time.Minute)
	time.Sleep(resting)
	rest := memory(pid, "VmRSS")
	stop()
	t.print("resident memory: peak on 10,000 mails with attachments · at rest", fmt.Sprintf("%.0f MB · %.0f MB", peak, rest), "64 MB · 30 MB")
}

// resting is how long a process has had nothing to do when it is at rest.
const resting = 5 * time.Second

// start measures a whole pass over an empty mailbox, process and all.
func (t *table) start() {
	s := newSite(t.b, t.bin, t.dovecot, "start")
	var took []time.Duration
	for range 11 {
		began := time.Now()
		if out, err := exec.Command(t.bin, "cycle", "-c", s.config).CombinedOutput(); err != nil {
			t.b.Fatalf("cycle: %v\n%s", err, out)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	t.print("start, first pass over an empty mailbox, and exit", fmt.Sprintf("%.0f ms", ms(took[5])), "150 ms")
}
