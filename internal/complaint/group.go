package complaint

import (
	"slices"
	"strings"
	"time"
)

// Three complaints about one course within two weeks are pointed out at once
// (procedure.md 5; a group complaint).
const (
	GroupSize = 3
	GroupDays = 14
)

// formCourse is the label under which C names the course (procedure.md 7).
const formCourse = "cursus"

// CourseSaid is the course that the case is about, as it was written; "" when nobody
// has said it. What staff say counts before what C filled in.
func (c Case) CourseSaid() string {
	if c.Course != "" {
		return c.Course
	}
	return c.Form[formCourse].Value
}

// CourseName is CourseSaid in a form in which two can be compared.
func (c Case) CourseName() string {
	return strings.ToLower(strings.Join(strings.Fields(c.CourseSaid()), " "))
}

// Gathered says that these other cases are about the course of this one, and came
// in within GroupDays of it.
type Gathered struct {
	Now    time.Time
	Others []Case
}

func (Gathered) event() {}

// gathered points out a group, and each later case that comes to it: to the office
// and to who acts as the directeur, of the other cases those that each may know of.
func gathered(c Case, others []Case, p Policy, today Day) Decision {
	others = slices.DeleteFunc(slices.Clone(others), func(o Case) bool {
		return o.Number == c.Number || o.Resolution == Merged || o.Resolution == NotComplaint
	})
	known := slices.ContainsFunc(others, func(o Case) bool { return o.GroupOf == c.CourseName() && o.ID > c.ID })
	if len(others)+1 < GroupSize || c.GroupOf == c.CourseName() || known || !c.Open() {
		return Decision{Cases: []Case{c}}
	}
	c.GroupOf = c.CourseName()
	d := Decision{Cases: []Case{c}, Notes: []Note{{Event: "group"}}}
	for _, l := range toAll(append(p.officeFor(c), p.ownerOf(c, today)...), Person{}, Letter{Kind: LetterGroup}) {
		s, _ := p.Employee(l.To.Address)
		for _, o := range others {
			if !p.right(o, s, today, OrderStatus) {
				continue
			}
			l.Items = append(l.Items, itemOf(o, today))
			if o.Open() && !slices.Contains(c.Links, o.Number) && len(l.Next) < maxLinks {
				l.Next = append(l.Next, Order{Kind: OrderMerge, Value: o.Number})
			}
		}
		if len(l.Items)+1 >= GroupSize {
			d.Letters = append(d.Letters, l)
		}
	}
	return d
}

// maxLinks is how many cases can be linked by a button of the mail about a group.
const maxLinks = 4
