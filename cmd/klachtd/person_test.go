package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// security.md 30: everybody who stands in a case is found, in which part; the trail
// keeps that somebody was asked for and not whom.
func TestPerson(t *testing.T) {
	o := newOffice(t)
	o.dossier("K2026-000009")
	o.dossier("K2026-000014")
	for address, want := range map[string][]string{
		"JAN@voorbeeld.example":    {"complainant", "sender", "recipient"},
		bas:                        {"handler", "sender", "recipient"},
		"tess@example.nl":          {"concerned"},
		"advocaat@kantoor.example": {"sender"},
		"piet@elders.example":      {"named"},
		"iet@elders.example":       nil,
		"niemand@elders.example":   nil,
	} {
		var got []personJSON
		if err := json.Unmarshal([]byte(o.works("person", address, "--json")), &got); err != nil {
			t.Fatal(err)
		}
		if want == nil && len(got) == 0 {
			continue
		}
		if len(got) != 2 || got[0].Number != "K2026-000009" || !slices.Equal(got[0].Roles, want) {
			t.Errorf("%s: %+v, want %v in two", address, got, want)
		}
	}
	if got := o.works("person", jan); !strings.Contains(got, "K2026-000014   new") || !strings.Contains(got, "complainant, sender, recipient") {
		t.Errorf("%s", got)
	}
	if got := o.works("person", "niemand@elders.example"); got != "no case holds this address\n" {
		t.Errorf("%q", got)
	}
	rows := 0
	o.update(func(tx *store.Tx) error {
		return tx.AuditRows(func(r store.AuditRow) error {
			if r.Event == "person" {
				rows++
			}
			if strings.Contains(r.Event+r.What, "@") || r.Event == "person" && (r.Person != nil || r.CaseID != 0) {
				t.Errorf("row %d says whom", r.N)
			}
			return nil
		})
	})
	if rows != 9 {
		t.Errorf("%d rows, want one for each question", rows)
	}
	for _, wrong := range []string{"jan", "jan@", "Jan <jan@voorbeeld.example>", "a b@c.example", "x> ORCPT=y@z.example"} {
		o.fails(2, "is no e-mail address", "person", wrong)
	}
}

func TestMentions(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "jan@a.example": true, "Mail JAN@A.example.": true, "<jan@a.example>": true, "bij jan@a.example, of": true,
		"arjan@a.example": false, "jan@a.example.org": false, "de-jan@a.example": false, "x arjan@a.example jan@a.example": true, "jan@a.exampleé": false,
	} {
		if got := mentions(text, "jan@a.example"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestRolesOf(t *testing.T) {
	c := complaint.Case{Owner: bas, Handler: "BAS@example.nl", Complainant: complaint.Party{Address: bas}}
	if got := rolesOf(c, bas); !slices.Equal(got, []string{"complainant", "handler", "owner"}) {
		t.Errorf("%v", got)
	}
}
