package report

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

// numbers reads a table of testdata without its head; what made it stands in rates.R.
func numbers(t *testing.T, file string) [][]float64 {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil || len(records) < 2 {
		t.Fatal(err, len(records))
	}
	rows := make([][]float64, len(records)-1)
	for i, record := range records[1:] {
		for _, cell := range record {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			rows[i] = append(rows[i], v)
		}
	}
	return rows
}

// near compares as far as digits go.
func near(got, want, part float64) bool {
	return got == want || math.Abs(got-want) <= part*math.Abs(want) || math.Abs(got-want) < 1e-15
}

// R's poisson.test, number by number (procedure.md 5).
func TestRatesAgainstR(t *testing.T) {
	for _, v := range numbers(t, "rates.csv") {
		r := Rates{Now: int(v[0]), NowDays: int(v[1]), Before: int(v[2]), BeforeDays: int(v[3])}
		low, high := r.Interval(0.95, false)
		midLow, midHigh := r.Interval(0.95, true)
		for i, got := range []float64{r.More(), r.Fewer(), r.MidMore(), r.MidFewer(), r.Ratio(), low, high, midLow, midHigh} {
			// R searches its limits of mid-P; all else is computed
			part := 1e-9
			if i > 6 {
				part = 1e-7
			}
			if want := v[4+i]; !near(got, want, part) {
				t.Errorf("%+v, column %d: %.12g, want %.12g", r, 5+i, got, want)
			}
		}
	}
}

// What others have in print: the help page of R's poisson.test (95 % interval),
// and OpenEpi's "Comparing 2 Person-Time Rates", whose sample study it shows
// with its output (epiinformatics.com, Session I): one-sided p, exact and mid-P,
// and both intervals.
func TestRatesInPrint(t *testing.T) {
	openEpi := Rates{17, 100025, 3, 122268}
	low, high := Rates{11, 800, 6 + 8 + 7, 1083 + 1050 + 878}.Interval(0.95, false)
	exactLow, exactHigh := openEpi.Interval(0.95, false)
	midLow, midHigh := openEpi.Interval(0.95, true)
	for _, tt := range []struct {
		name            string
		got, want, part float64
	}{
		{"R low", low, 0.8584264, 1e-7}, {"R high", high, 4.2772659, 1e-7},
		{"R ratio", Rates{11, 800, 21, 3011}.Ratio(), 1.971488, 1e-6},
		{"OpenEpi ratio", openEpi.Ratio(), 6.927, 1e-4},
		{"OpenEpi p", openEpi.More(), 0.0002769, 2e-4}, {"OpenEpi mid-p", openEpi.MidMore(), 0.0001564, 4e-4},
		{"OpenEpi low", exactLow, 2.004, 3e-4}, {"OpenEpi high", exactHigh, 36.89, 2e-4},
		{"OpenEpi mid-P low", midLow, 2.21, 3e-3}, {"OpenEpi mid-P high", midHigh, 29.63, 2e-4},
	} {
		if !near(tt.got, tt.want, tt.part) {
			t.Errorf("%s: %.8g, want %.8g", tt.name, tt.got, tt.want)
		}
	}
}

// R's p.adjust(p, "BH"), and the example of Benjamini and Hochberg (1995), who
// reject the first four of fifteen at 5 %.
func TestAdjustAgainstR(t *testing.T) {
	lists, want := map[float64][]float64{}, map[float64][]float64{}
	for _, v := range numbers(t, "adjusted.csv") {
		lists[v[0]], want[v[0]] = append(lists[v[0]], v[1]), append(want[v[0]], v[2])
	}
	for name, p := range lists {
		for i, got := range Adjust(p) {
			if !near(got, want[name][i], 1e-9) {
				t.Errorf("list %v, %d: %.12g, want %.12g", name, i, got, want[name][i])
			}
		}
	}
	rejected := 0
	for _, p := range Adjust(lists[6]) {
		if p <= 0.05 {
			rejected++
		}
	}
	if rejected != 4 {
		t.Errorf("rejected %d of fifteen", rejected)
	}
	if len(Adjust(nil)) != 0 {
		t.Error("out of nothing came something")
	}
}

// An interval holds the ratio, and is the mirror of that of the counts the other way round.
func TestIntervalMirrors(t *testing.T) {
	for now := range 12 {
		for before := range 12 {
			r, m := Rates{now, 91, before, 365}, Rates{before, 365, now, 91}
			low, high := r.Interval(0.95, true)
			mlow, mhigh := m.Interval(0.95, true)
			if now+before > 0 && (low > r.Ratio() || high < r.Ratio()) {
				t.Errorf("%+v: %v not in %v to %v", r, r.Ratio(), low, high)
			}
			if now > 0 && !near(low, 1/mhigh, 1e-6) || before > 0 && !near(1/high, mlow, 1e-6) {
				t.Errorf("%+v: %v to %v, mirrored %v to %v", r, low, high, mlow, mhigh)
			}
			if p := r.More() + r.Fewer() - chance(now+before, now, r.share(1)); !near(p, 1, 1e-12) {
				t.Errorf("%+v: the two sides are %v", r, p)
			}
		}
	}
}
