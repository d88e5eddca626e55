package complaint

import (
	"strings"
	"testing"
)

// absent gives `#afwezig` in a fresh mail and takes over what it says.
func (f *file) absent(who string, o Order) Decision {
	f.t.Helper()
	d := Decide(nil, f.mail(who, "", o), f.p)
	if d.Absence != nil {
		f.p = f.p.WithAbsences([]Absence{*d.Absence})
	}
	return d
}

// procedure.md 3, afwezig: who stands in, and what he gets.
func TestAway(t *testing.T) {
	away := Order{Kind: OrderAway, Day: "2026-12-04"}
	f := open(t, "2026-11-23 09:00:00").says("bas", "", take)
	with := away
	with.Person = person("bea")
	d := f.absent("bas", with)
	if d.Refused() || letters(d) != "stand_in bea, receipt bas" || d.Absence.StandIn != "bea@academie.example" || len(d.Cases) > 0 {
		t.Fatalf("%s, %+v", letters(d), d.Absence)
	}
	wrote := func(moment string) string {
		f.at(moment)
		return letters(f.do(Followed{Now: f.now, At: f.now, Proven: true}))
	}
	if got := wrote("2026-12-04 17:00:00"); got != "followup bea" {
		t.Errorf("while he is away: %s", got)
	}
	if got := wrote("2026-12-05 09:00:00"); got != "followup bas" {
		t.Errorf("back again: %s", got)
	}
	for day, who := range map[Day]string{"2026-11-26": "bea react", "2026-11-30": "dewi react, bea react", "2026-12-11": "bas answer, bas resolve"} {
		got := calendar(f.c, f.p, "2026-11-24", "2026-12-11")[day]
		for _, one := range strings.Split(who, ", ") {
			if !strings.Contains(got, one) {
				t.Errorf("%s: %q, want %s", day, got, one)
			}
		}
	}

	f = open(t, "2026-11-23 09:00:00").says("bas", "", take)
	f.absent("bas", away)
	if got := wrote("2026-11-24 09:00:00"); got != "followup bea" {
		t.Errorf("nobody named: %s", got)
	}
	f.c.Concerned = []Concern{{Address: "bea@academie.example", Copy: CopySent}}
	if got := wrote("2026-11-24 10:00:00"); got != "followup bas" {
		t.Errorf("nobody else may: %s", got)
	}
	d = f.at("2026-11-25 09:00:00").absent("bas", Order{Kind: OrderAway, Value: HoldOff})
	if d.Refused() || d.Absence.Until != "" {
		t.Errorf("off: %+v", d)
	}
	if d := f.absent("bas", Order{Kind: OrderAway, Value: HoldOff}); !d.Refused() || d.Refusals[0].Reason != RefusedNothing {
		t.Errorf("off twice: %+v", d.Refusals)
	}
}

// For D it is the deputy, and nobody else.
func TestDirectorAway(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00")
	d := f.absent("dewi", Order{Kind: OrderAway, Day: "2026-12-04"})
	if letters(d) != "stand_in tess, receipt dewi" {
		t.Errorf("%s", letters(d))
	}
	if got := f.tick("2026-11-24 12:00:00"); f.c.Owner != "tess@academie.example" {
		t.Errorf("owner %s, %s", f.c.Owner, got)
	}
	f.tick("2026-12-05 12:00:00")
	if f.c.Owner != "dewi@academie.example" {
		t.Errorf("owner %s", f.c.Owner)
	}
	for _, tt := range []struct {
		who    string
		o      Order
		reason Reason
	}{
		{"dewi", Order{Kind: OrderAway, Day: "2026-12-24", Person: person("bas")}, RefusedPerson},
		{"bas", Order{Kind: OrderAway, Day: "2026-12-24", Person: person("mark")}, RefusedPerson},
		{"bas", Order{Kind: OrderAway, Day: "2026-12-24", Person: person("bas")}, RefusedPerson},
		{"bas", Order{Kind: OrderAway, Day: "2026-12-04"}, RefusedDate},
		{"bas", Order{Kind: OrderAway, Day: "2028-12-04"}, RefusedDate},
		{"bas", Order{Kind: OrderAway}, RefusedNoValue},
	} {
		if d := f.absent(tt.who, tt.o); !d.Refused() || d.Refusals[0].Reason != tt.reason || d.Absence != nil {
			t.Errorf("%s %+v: %+v", tt.who, tt.o, d.Refusals)
		}
	}
	f.p.Staff[3].Deputy = false
	if d := f.absent("dewi", Order{Kind: OrderAway, Day: "2026-12-24"}); !d.Refused() || d.Refusals[0].Reason != RefusedNobody {
		t.Errorf("without a deputy: %+v", d.Refusals)
	}
}
