package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// BenchmarkReport prints what the management report of 100,000 cases takes, process
// and all. BENCH_ROWS picks rows as for BenchmarkFigures.
func BenchmarkReport(b *testing.B) {
	t := &table{b: b}
	fmt.Println("\n| report | measured | to reach |\n| --- | --- | --- |")
	t.row("report", t.report)
	b.ReportMetric(0, "ns/op") // the table is the result
}

func (t *table) report() {
	dir, bin := t.b.TempDir(), build(t.b, "")
	config := filepath.Join(dir, "config.yaml")
	text := `academy: {name: Academie Voorbeeld}
imap: {host: 127.0.0.1, port: 1, tls: none, username: klachten, password: geen}
smtp: {host: 127.0.0.1, port: 1, tls: none, from: {name: Klachten, address: klachten@academie.example}}
staff:
  - {name: Dewi de Boer, email: directeur@academie.example, role: directeur}
  - {name: Bas Bakker, email: bas@academie.example, role: binnendienst}
`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.b.Fatal(err)
	}
	fillRegister(t.b, filepath.Join(dir, "state", "klachtd.db"))
	for _, ending := range []string{"html", "json", "csv", "xlsx"} {
		took, peak := runReport(t.b, bin, config, filepath.Join(dir, "report."+ending))
		reach := "2 s · 100 MB"
		if ending == "xlsx" {
			reach = "100 MB" // a sheet of two million cells
		}
		t.print("report of 100,000 cases as ."+ending+": time · peak memory", fmt.Sprintf("%.2f s · %.0f MB", took.Seconds(), peak), reach)
	}
}

// runReport runs the verb three times, and returns the best time and the highest peak.
func runReport(tb testing.TB, bin, config, out string) (best time.Duration, peak float64) {
	for range 3 {
		cmd := exec.Command(bin, "report", "-c", config, "-o", out)
		var words strings.Builder
		cmd.Stderr = &words
		began := time.Now()
		if err := cmd.Start(); err != nil {
			tb.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		for running := true; running; {
			peak = max(peak, memory(cmd.Process.Pid, "VmHWM"))
			select {
			case err := <-ended:
				if err != nil {
					tb.Fatalf("klachtd report: %v\n%s", err, tail(words.String(), 2000))
				}
				running = false
			case <-time.After(2 * time.Millisecond):
			}
		}
		if took := time.Since(began); best == 0 || took < best {
			best = took
		}
	}
	return best, peak
}

// fillRegister writes 100,000 cases of the last year, with the promises and choices that
// cases have; nine of ten are closed.
func fillRegister(tb testing.TB, path string) {
	const cases, batch = 100_000, 1000
	now := time.Now()
	db, err := store.Open(store.Options{Path: path, Lock: true}, func() time.Time { return now })
	if err != nil {
		tb.Fatal(err)
	}
	for n := 0; n < cases; n += batch {
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			for i := n; i < n+batch; i++ {
				c := lifelike(i, cases, now)
				if err := tx.AddCase(&c, time.UTC); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
}

func lifelike(i, of int, now time.Time) complaint.Case {
	at := now.AddDate(0, 0, -365*(of-i)/of)
	day := complaint.DayOf(at, time.UTC)
	c := complaint.Case{Number: fmt.Sprintf("K%d-%07d", at.Year(), i), Kind: complaint.External, State: complaint.InProgress, Severity: complaint.Normal,
		Complainant: complaint.Party{Name: "Jan Jansen", Address: fmt.Sprintf("jan%d@voorbeeld.example", i)}, Subject: "Koud lokaal",
		Owner: "directeur@academie.example", Handler: "bas@academie.example", ReceivedAt: at, ReactedAt: at.AddDate(0, 0, 3),
		ReactBy: day.Add(7), ResolveBy: day.Add(28), ExpectedOn: day.Add(28)}
	c.Course, c.Category.Value = fmt.Sprint("Cursus ", i%40), []string{"Inhoud", "Trainer", "Organisatie", "Locatie"}[i%4]
	kinds := []complaint.PromiseKind{complaint.Acknowledge, complaint.CopyOwner, complaint.Take, complaint.React, complaint.Resolve, complaint.Delay}
	if i%10 != 0 {
		c.State, c.ClosedAt, c.Resolution = complaint.Closed, at.AddDate(0, 0, 10+i%25), complaint.Resolved
		c.Cause.Value, c.Finding.Value = []string{"Mens", "Methode", "Planning"}[i%3], complaint.Founded
		c.EraseOn = complaint.DayOf(c.ClosedAt, time.UTC).AddMonths(6)
		c.Closings = []complaint.Closing{{By: "bas@academie.example", At: c.ClosedAt, Text: strings.Repeat("Er is een kachel geplaatst. ", 20)}}
		c.Survey.AskedAt = c.ClosedAt.AddDate(0, 0, 7)
		c.Survey.Scores = []complaint.Score{{Score: 1 + i%5, At: c.Survey.AskedAt}}
		kinds = append(kinds, complaint.Feedback, complaint.InternalFeedback, complaint.Cause, complaint.Satisfaction, complaint.Improvement, complaint.Erase)
	}
	for _, k := range kinds {
		p := complaint.Promise{Kind: k, MadeOn: day, Due: day.Add(7)}
		if c.State == complaint.Closed && k != complaint.Erase {
			p.FulfilledAt = at.AddDate(0, 0, 3)
		}
		c.Promises = append(c.Promises, p)
	}
	return c
}
