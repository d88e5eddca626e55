package complaint

import "testing"

// Three about one course within two weeks make a group; what is no complaint, or
// was taken into another, counts for nothing (procedure.md 5).
func TestGroup(t *testing.T) {
	about := func(id int64, course string) Case {
		c := open(t, "2026-03-02 09:00:00").c
		c.ID, c.Number, c.Course = id, Number(2026, 0, int(id)), course
		return c
	}
	one, two, three, four := about(1, "VCA"), about(2, "vca"), about(3, "VCA "), about(4, "VCA")
	none, taken, told := two, two, four
	none.State, none.Resolution = Closed, NotComplaint
	taken.State, taken.Resolution = Closed, Merged
	told.GroupOf = "vca"
	for _, tt := range []struct {
		name   string
		c      Case
		others []Case
		mails  int
	}{
		{"three", three, []Case{one, two, three}, 3},
		{"two", two, []Case{one, two}, 0},
		{"one was no complaint", three, []Case{one, none, three}, 0},
		{"one was taken into another", three, []Case{one, taken, three}, 0},
		{"a later one has told it", three, []Case{one, two, told}, 0},
		{"a fourth", four, []Case{one, two, three}, 3},
		{"told already", told, []Case{one, two, three}, 0},
	} {
		d := Decide([]Case{tt.c}, Gathered{Now: at("2026-03-03 09:00:00"), Others: tt.others}, academy())
		if len(d.Letters) != tt.mails {
			t.Errorf("%s: %d mails, want %d", tt.name, len(d.Letters), tt.mails)
		}
		for _, l := range d.Letters {
			if l.Kind != LetterGroup || len(l.Items) != len(tt.others)-1+one0(tt.others, tt.c) || len(l.Next) < len(l.Items) {
				t.Errorf("%s: %+v", tt.name, l)
			}
		}
	}
	// who is concerned in one of the cases reads of the others at most
	about2 := two
	about2.Concerned = []Concern{{Name: "Dewi", Address: academy().Directeur().Address}}
	d := Decide([]Case{three}, Gathered{Now: at("2026-03-03 09:00:00"), Others: []Case{one, about2, three}}, academy())
	for _, l := range d.Letters {
		if l.To.Address == academy().Directeur().Address {
			t.Errorf("the directeur hears of a group with a case about her: %+v", l.Items)
		}
	}
}

// one0 is 1 when the case stands not among the others itself.
func one0(others []Case, c Case) int {
	for _, o := range others {
		if o.ID == c.ID {
			return 0
		}
	}
	return 1
}
