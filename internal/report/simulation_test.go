package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// The simulation is small in `make test` and large when KLACHTD_SIM says how many
// academies: KLACHTD_SIM=20000 go test -run Simul -v ./internal/report prints the
// tables of docs/signals.md.
func simulated(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("KLACHTD_SIM"))
	if err != nil {
		return 1000
	}
	t.Logf("%d academies a line", n)
	return n
}

// arrivals is how many come when so many are expected (Knuth; the means are small).
func arrivals(rnd *rand.Rand, mean float64) int {
	n, p := 0, math.Exp(-mean)
	for u := rnd.Float64(); u > p; u *= rnd.Float64() {
		n++
	}
	return n
}

// fill makes the last fifteen months of an academy with so many cases a year,
// none of them with a pattern, but that the first cause comes times as often in
// the last quarter. Causes and categories are drawn with these chances.
func fill(rnd *rand.Rand, rows []Row, perYear, times float64, shares []float64) []Row {
	rows = rows[:0]
	now, then := quarter.From-1, quarter.From.back(monthsThen)-1
	add := func(mean float64, from, to Day, name int) {
		for range arrivals(rnd, mean*float64(to-from)/365) {
			category := 0
			for u := rnd.Float64() - shares[0]; u >= 0 && category < len(shares)-1; u -= shares[category] {
				category++
			}
			rows = append(rows, Row{Received: from + 1 + Day(rnd.IntN(int(to-from))), Cause: causes[name], Category: categories[category]})
		}
	}
	for i, share := range shares {
		more := 1.0
		if i == 0 {
			more = times
		}
		add(perYear*share, then, now, i)
		add(perYear*share*more, now, quarter.To, i)
	}
	return rows
}

var (
	alike  = []float64{.125, .125, .125, .125, .125, .125, .125, .125}
	uneven = []float64{.35, .20, .15, .10, .08, .06, .04, .02}
)

// found is how many of n academies have a signal of a rise, and how many have
// one of the first cause.
func found(n int, seed uint64, perYear, times float64, shares []float64) (anyOf, first float64) {
	rnd := rand.New(rand.NewPCG(seed, 20261123))
	var rows []Row
	for range n {
		rows = fill(rnd, rows, perYear, times, shares)
		hit, one := 0.0, 0.0
		for _, s := range Rising(see(list(rows)), today, quarter.From.back(monthsThen)) {
			hit = 1
			if s.By == ByCause && s.Name == causes[0] {
				one = 1
			}
		}
		anyOf, first = anyOf+hit/float64(n), first+one/float64(n)
	}
	return anyOf, first
}

// In an academy without any pattern a run shows a false signal no more often
// than promised (procedure.md 5): over 1,000 academies of each size.
func TestSimulatedFalseSignals(t *testing.T) {
	n := simulated(t)
	for i, perYear := range []float64{20, 30, 40, 60, 120, 300} {
		var line strings.Builder
		for j, shares := range [][]float64{alike, uneven} {
			share, _ := found(n, uint64(10*i+j), perYear, 1, shares)
			if share > FalseRate {
				t.Errorf("%v cases a year: a false signal in %.1f %% of runs", perYear, 100*share)
			}
			fmt.Fprintf(&line, " | %.1f %%", 100*share)
		}
		t.Logf("| %v%s |", perYear, line.String())
	}
}

// docPower are the percentages of docs/signals.md: cases a year, then the chance that
// a cause that comes three and six times as often in a quarter is seen, where
// that is an eighth of all cases, and 35 % of them.
func docPower(t *testing.T) [][]float64 {
	t.Helper()
	doc, err := os.ReadFile("../../docs/signals.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(doc), "<!-- power -->")
	if !ok {
		t.Fatal("no table")
	}
	var rows [][]float64
	for line := range strings.Lines(text) {
		var row []float64
		for cell := range strings.SplitSeq(strings.Trim(line, "| \n"), "|") {
			if v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(cell), " %"), 64); err == nil {
				row = append(row, v)
			}
		}
		if len(row) == 5 {
			rows = append(rows, row)
		}
	}
	return rows
}

// What docs/signals.md says of what is seen and what is not is so.
func TestSimulatedPower(t *testing.T) {
	n := simulated(t)
	rows := docPower(t)
	if len(rows) != 3 {
		t.Fatalf("%d lines in the table", len(rows))
	}
	for i, row := range rows {
		line := fmt.Sprintf("| %v", row[0])
		for j, want := range row[1:] {
			shares := alike
			if j > 1 {
				shares = uneven
			}
			_, share := found(n, uint64(100+10*i+j), row[0], []float64{3, 6}[j%2], shares)
			line += fmt.Sprintf(" | %.0f %%", 100*share)
			// five standard deviations of a run, and the rounding
			if slack := 5*math.Sqrt(share*(1-share)/float64(n)) + 0.01; math.Abs(share-want/100) > slack {
				t.Errorf("%v cases a year: seen in %.1f %% of runs, the page says %v %%", row[0], 100*share, want)
			}
		}
		t.Log(line + " |")
	}
}
