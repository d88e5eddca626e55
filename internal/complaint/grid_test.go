package complaint

import (
	"fmt"
	"strings"
	"testing"
)

// inState returns a case about Mark that stands somewhere, with a closing to approve,
// a delay or a copy that waits where the state has one.
func inState(t *testing.T, s State) *file {
	f := open(t, "2026-11-23 09:00:00")
	f.says("bea", "", mark, category, finding)
	if s == New {
		return f
	}
	f.says("bas", "", take)
	switch s {
	case WithDirector:
		f.says("bas", "Mag dit?", Order{Kind: OrderConsult})
	case AwaitingApproval:
		f.p.Approval = ApproveAlways
		f.says("bas", "Zo zit het.", closing)
	case Closed, Escalated:
		f.says("bas", "Zo zit het.", closing).sent()
		f.c.State = s
	}
	if f.c.State != s {
		t.Fatalf("the case is %s, want %s", f.c.State, s)
	}
	return f
}

// Every state meets every order by every role: what is not in the grid is
// refused, and a pair that nobody thought of fails.
func TestEveryStateMeetsEveryOrder(t *testing.T) {
	states := []State{New, InProgress, WithDirector, AwaitingApproval, Closed, Escalated}
	short := map[State]string{New: "n", InProgress: "i", WithDirector: "w", AwaitingApproval: "a", Closed: "c", Escalated: "e"}
	roles := []string{"dewi", "bas", "bea", "tess", "mark", "nina"} // D, handler, B, deputy, M, a trainer
	var got strings.Builder
	for _, k := range everyOrder {
		fmt.Fprintf(&got, "%-13s", k)
		for _, role := range roles {
			got.WriteString(" ")
			for _, s := range states {
				f := inState(t, s)
				d := f.do(f.mail(role, "Daarom.", sample(k)))
				if d.Refused() {
					got.WriteString(".")
				} else {
					got.WriteString(short[d.Cases[0].State])
				}
				if n := receipts(d, role); n != 1 {
					t.Errorf("%s by %s in %s: %d receipts", k, role, s, n)
				}
			}
		}
		got.WriteString("\n")
	}
	if got.String() != grid {
		t.Errorf("the grid is now\n%s", got.String())
	}
}

// By directeur, handler, binnendienst, deputy, M and a trainer; in each the state
// after new, in_progress, with_director, awaiting_approval, closed, escalated.
const grid = `take          iiwa.. iiwa.. iiwa.. ...... ...... ......
assign        iiwa.. iiwa.. iiwa.. ...... ...... ......
approve       ...c.. ...... ...... ...... ...... ......
return        ...i.. ...... ...... ...... ...... ......
reply         niwace niwace niwace ...... ...... ......
spoke         niwace niwace niwace ...... ...... ......
about         niwa.. niwa.. niwa.. ...... ...... ......
response      ...... ...... ...... ...... niwace ......
consult       ...... www... www... ...... ...... ......
severity      niwa.. niwa.. niwa.. ...... ...... ......
category      niwace niwace niwace ...... ...... ......
finding       niwa.. niwa.. niwa.. ...... ...... ......
cause         niwace niwace niwace ...... ...... ......
extend        niwa.. niwa.. niwa.. ...... ...... ......
close         cccc.. ccc... ccc... ...... ...... ......
reopen        ....i. ....i. ....i. ...... ...... ......
notacomplaint cccc.. cccc.. cccc.. ...... ...... ......
withdrawn     cccc.. cccc.. cccc.. ...... ...... ......
wait          ...... ...... ...... ...... ...... ......
stop          ...... ...... ...... ...... ...... ......
mailed        niwace niwace niwace ...... ...... ......
register      ...... ...... ...... ...... ...... ......
status        niwace niwace niwace ...... ...... ......
list          niwace niwace niwace ...... ...... ......
help          niwace niwace niwace niwace niwace niwace
`
