package command

import (
	"cmp"
	"slices"
	"strings"
)

// maxNear is how many suggestions a problem carries.
const maxNear = 3

// nearWords are spellings of commands like a mistyped word, best first, one a command.
func nearWords(written string) []string {
	key := foldWord(written)
	if len(key) > maxWord {
		return nil
	}
	var all []string
	for _, r := range rules {
		all = append(all, closest(key, r.spellings()))
	}
	return nearest(key, all)
}

// closest is the first of the spellings that lie nearest to key, if far away.
func closest(key string, spellings []string) string {
	best := spellings[0]
	for _, s := range spellings[1:] {
		if closer(key, s, best) {
			best = s
		}
	}
	return best
}

// closer says that a is like key, and b less so or not.
func closer(key, a, b string) bool {
	x, like := likeness(key, foldWord(a))
	y, other := likeness(key, foldWord(b))
	return like && (!other || x < y)
}

// nearest are the options like key, best first; key is folded.
func nearest(key string, options []string) []string {
	type like struct {
		text string
		far  int
	}
	var all []like
	for _, o := range options {
		if far, ok := likeness(key, foldWord(o)); ok {
			all = append(all, like{o, far})
		}
	}
	slices.SortStableFunc(all, func(a, b like) int { return cmp.Compare(a.far, b.far) })
	var out []string
	for _, l := range all[:min(len(all), maxNear)] {
		out = append(out, l.text)
	}
	return out
}

// likeness says how far two folded words lie apart, and whether near enough to
// suggest one for the other: a third of the letters wrong at most, or the
// beginning of the other in three letters or more.
func likeness(a, b string) (int, bool) {
	long := max(len(a), len(b))
	if len(a) >= 3 && len(b) >= 3 && (strings.HasPrefix(b, a) || strings.HasPrefix(a, b)) {
		return 1, true
	}
	limit := min(3, long/3)
	if len(a) < 2 || len(b) < 2 || long > maxWord {
		return 0, false
	}
	far := distance([]rune(a), []rune(b), limit)
	return far, far <= limit
}

// maxWord bounds the words that are compared, in bytes: the work is its square.
const maxWord = 48

// distance counts the letters to add, drop, change or swap with a neighbour
// (Damerau and Levenshtein, optimal string alignment); past limit it stops counting.
func distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	var last []int
	prev, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		last, prev, row = prev, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], last[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
