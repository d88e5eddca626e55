package complaint

import (
	"encoding/json"
	"fmt"
	"testing"
)

// What is sealed as JSON comes back the same: a case goes on after a restart, and
// what waits for `#ja` is exactly what was asked.
func TestJSON(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bas", "", take, mark, category, finding)
	f.says("bas", "Mag dit?", Order{Kind: OrderConsult}).says("bas", "Ziek.", Order{Kind: OrderExtend}).sent()
	f.says("bas", "Nog ziek.", Order{Kind: OrderExtend}).says("mark", "Nee.", Order{Kind: OrderResponse})
	f.c.merge(map[string]string{"cursus": "Excel"}, true)
	raw, err := json.Marshal(f.c.Dossier)
	if err != nil {
		t.Fatal(err)
	}
	var again Dossier
	if err := json.Unmarshal(raw, &again); err != nil {
		t.Fatal(err)
	}
	restored := f.c
	restored.Dossier = again
	for _, e := range []Event{
		f.mail("dewi", "", approve), f.mail("dewi", "Nee.", Order{Kind: OrderReturn}), f.mail("bas", "Zo.", closing),
		Ticked{Now: at("2027-01-20 13:00:00")}, Noted{Now: f.now, By: "dewi@academie.example", Proven: true, Text: "Ja."},
	} {
		want, got := Decide([]Case{f.c}, e, f.p), Decide([]Case{restored}, e, f.p)
		if letters(want) != letters(got) || fmt.Sprint(want.Cases[0].Promises) != fmt.Sprint(got.Cases[0].Promises) || want.Refused() || got.Refused() {
			t.Errorf("%T: %s, before it was stored %s", e, letters(got), letters(want))
		}
	}
	o := Order{Kind: OrderAbout, Words: "#betreft Mark", Person: person("mark"), Day: "2026-11-23", Value: "x", Ref: 2}
	var same Order
	if raw, err = json.Marshal(o); err != nil || json.Unmarshal(raw, &same) != nil || same != o {
		t.Errorf("%s, %v", raw, err)
	}
}

// Half a year is calendar months, clamped (procedure.md 1).
func TestAddMonths(t *testing.T) {
	for _, tt := range []struct {
		from Day
		n    int
		want Day
	}{
		{"2026-08-31", 6, "2027-02-28"}, {"2027-08-31", 6, "2028-02-29"}, {"2026-12-31", 2, "2027-02-28"}, {"2026-11-30", 6, "2027-05-30"},
		{"2028-02-29", 12, "2029-02-28"}, {"2026-01-31", 1, "2026-02-28"}, {"2026-03-15", 0, "2026-03-15"}, {"2026-10-31", -8, "2026-02-28"},
	} {
		if got := tt.from.AddMonths(tt.n); got != tt.want {
			t.Errorf("%s and %d months: %s, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}
