package report

import (
	"cmp"
	"math"
	"slices"
)

// Rates are two counts of things that happen at random, each over a number of
// days. Given how many there are in all, how many of them fall in the first run
// of days is binomial; every test here is exact in that sense (Przyborowski and
// Wilenski 1940; R's poisson.test computes the same).
type Rates struct {
	Now        int // how many of late
	NowDays    int // above 0
	Before     int // how many before that
	BeforeDays int // above 0
}

// Ratio is how many times as often it happens now; +Inf when there were none
// before, NaN when there are none at all.
func (r Rates) Ratio() float64 {
	return float64(r.Now) / float64(r.NowDays) * float64(r.BeforeDays) / float64(r.Before)
}

// share is the part of all that is expected now when it happens ratio times as often.
func (r Rates) share(ratio float64) float64 {
	now := ratio * float64(r.NowDays)
	if math.IsInf(now, 1) {
		return 1
	}
	return now / (now + float64(r.BeforeDays))
}

// More is how likely at least as many as now are when nothing changed.
func (r Rates) More() float64 { return r.more(1, 0) }

// Fewer is how likely at most as many as now are when nothing changed.
func (r Rates) Fewer() float64 { return r.fewer(1, 0) }

// MidMore is More with what is exactly as many as now counted for half: the test
// of a rise. It is less timid than More with small counts, and errs no more often than
// it says by more than a trifle, which the simulation in docs/signals.md shows.
func (r Rates) MidMore() float64 { return r.more(1, 0.5) }

// MidFewer is the same for a fall.
func (r Rates) MidFewer() float64 { return r.fewer(1, 0.5) }

// Interval is the range of ratios that the counts do not speak against, at a
// level such as 0.95 with half of what is left outside on either side: mid-P
// when mid, else Clopper and Pearson's as in R. High is +Inf when there were none before.
func (r Rates) Interval(level float64, mid bool) (low, high float64) {
	out, half := (1-level)/2, 0.0
	if mid {
		half = 0.5
	}
	low, high = 0, math.Inf(1)
	if r.Now > 0 {
		low = solve(func(ratio float64) bool { return r.more(ratio, half) > out })
	}
	if r.Before > 0 {
		high = solve(func(ratio float64) bool { return r.fewer(ratio, half) < out })
	}
	return low, high
}

func (r Rates) more(ratio, half float64) float64 {
	n, p := r.Now+r.Before, r.share(ratio)
	return min(1, tail(n, r.Now, p)-half*chance(n, r.Now, p))
}

func (r Rates) fewer(ratio, half float64) float64 {
	n, p := r.Now+r.Before, r.share(ratio)
	return min(1, tail(n, r.Before, 1-p)-half*chance(n, r.Now, p))
}

// solve returns the ratio from which on beyond is true.
func solve(beyond func(ratio float64) bool) float64 {
	low, high := -30.0, 30.0 // of its logarithm
	for range 60 {
		if mid := (low + high) / 2; beyond(math.Exp(mid)) {
			high = mid
		} else {
			low = mid
		}
	}
	return math.Exp(high)
}

// chance is how likely exactly k of n are, each with chance p.
func chance(n, k int, p float64) float64 {
	switch {
	case k < 0 || k > n:
		return 0
	case p <= 0:
		return exactly(k == 0)
	case p >= 1:
		return exactly(k == n)
	}
	ways := lgamma(n+1) - lgamma(k+1) - lgamma(n-k+1)
	return math.Exp(ways + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
}

// tail is how likely at least k of n are, each with chance p. It adds up from
// the side on which the numbers are small, so that what is tiny stays exact.
func tail(n, k int, p float64) float64 {
	if k <= 0 {
		return 1
	}
	if float64(k) <= float64(n)*p {
		return max(0, 1-sum(n, n-k+1, 1-p))
	}
	return sum(n, k, p)
}

// sum adds chances from k upwards, each made from the one before, until they are
// too small to matter.
func sum(n, k int, p float64) float64 {
	term := chance(n, k, p)
	total := term
	for i := k; i < n && term > total*1e-17; i++ {
		term *= float64(n-i) / float64(i+1) * p / (1 - p)
		total += term
	}
	return min(1, total)
}

func exactly(sure bool) float64 {
	if sure {
		return 1
	}
	return 0
}

func lgamma(n int) float64 {
	v, _ := math.Lgamma(float64(n))
	return v
}

// Adjust returns Benjamini and Hochberg's adjusted p-values (1995) in the order
// of p: where one is at most q, at most a part q of all such findings is false.
func Adjust(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(p[b], p[a])
	})
	adjusted, least := make([]float64, len(p)), 1.0
	for i, at := range order {
		least = min(least, p[at]*float64(len(p))/float64(len(p)-i))
		adjusted[at] = least
	}
	return adjusted
}
