package report

import (
	"cmp"
	"slices"
	"strings"
)

// A Count is how many there are of a name; "" is for those without one.
type Count struct {
	Name string
	N    int
}

// A Tally is counts, most first, and what has no name last.
type Tally []Count

// Sum is how many there are in all.
func (t Tally) Sum() int {
	n := 0
	for _, c := range t {
		n += c.N
	}
	return n
}

// Share is the part of all that bear this name, 0 to 1.
func (t Tally) Share(name string) float64 {
	for _, c := range t {
		if c.Name == name {
			return float64(c.N) / float64(t.Sum())
		}
	}
	return 0
}

// From leaves out names with fewer than least; how many those were is the
// caller's to say.
func (t Tally) From(least int) Tally {
	return slices.DeleteFunc(slices.Clone(t), func(c Count) bool { return c.N < least })
}

type counts map[string]int

func (c counts) add(name string) { c[name]++ }

func (c counts) tally() Tally {
	t := make(Tally, 0, len(c))
	for name, n := range c {
		t = append(t, Count{name, n})
	}
	slices.SortFunc(t, func(a, b Count) int {
		if (a.Name == "") != (b.Name == "") {
			return strings.Compare(b.Name, a.Name)
		}
		return cmp.Or(b.N-a.N, strings.Compare(a.Name, b.Name))
	})
	return t
}

// Courses are the courses of a period with at least Least cases, and the others
// together.
type Courses struct {
	Shown  []Course
	Others Count // Name is ""; N is how many cases
	Number int   // how many courses Others are
}

// A Course is one of them. Of months and categories only those with Least cases
// or more stand apart (procedure.md 6); what is missing of N is the rest.
type Course struct {
	Name       string
	N          int
	Categories Tally
	Months     Tally // by first day
}

type courseCounts struct {
	n                  int
	categories, months counts
}

func (b *building) course(r *Row) {
	c := b.courses[r.Course]
	if c == nil {
		c = &courseCounts{categories: counts{}, months: counts{}}
		b.courses[r.Course] = c
	}
	c.n++
	if r.Category != "" {
		c.categories.add(r.Category)
	}
	c.months.add(r.Received.month(0).String())
}

func coursesOf(all map[string]*courseCounts) Courses {
	var c Courses
	for name, k := range all {
		if k.n < Least {
			c.Others.N += k.n
			c.Number++
			continue
		}
		c.Shown = append(c.Shown, Course{name, k.n, k.categories.tally().From(Least), k.months.tally().From(Least)})
	}
	slices.SortFunc(c.Shown, func(a, b Course) int { return cmp.Or(b.N-a.N, strings.Compare(a.Name, b.Name)) })
	return c
}
