package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

type casesCmd struct {
	configured
	JSON bool `name:"json" help:"Print a JSON array."`
	Open bool `help:"Only those that are not closed."`
}

// Run prints the register. Closed cases, and all as JSON, are written as they are
// read: a large register needs no memory.
func (c casesCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	zone := cfg.Academy.Zone
	return view(cfg, e, func(tx *store.Tx) error {
		if c.JSON {
			return jsonArray(e.stdout, func(each func(any) error) error {
				return tx.Cases(c.Open, func(k complaint.Case) error { return each(caseView(k, zone)) })
			})
		}
		return c.print(e.stdout, tx, zone)
	})
}

// print writes the register for people: what is severe, then what is due first, then
// the closed cases in the order of registration.
func (c casesCmd) print(w io.Writer, tx *store.Tx, zone *time.Location) error {
	var open []complaint.Case
	err := tx.Cases(true, func(k complaint.Case) error {
		open = append(open, k)
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(open, func(a, b complaint.Case) int {
		return cmp.Or(severeFirst(a, b), strings.Compare(dueOn(a), dueOn(b)))
	})
	n := 0
	row := func(k complaint.Case) error {
		if n++; n == 1 {
			fmt.Fprintf(w, caseRow, "number", "state", "due", "for", "severity", "handler", "received", "from")
		}
		due, what := "", ""
		if p := k.NextDue(); p != nil {
			due, what = string(p.Due), string(p.Kind)
		}
		_, err := fmt.Fprintf(w, caseRow, k.Number, k.State, due, what, k.Severity,
			clean(cmp.Or(k.Handler, "-")), complaint.DayOf(k.ReceivedAt, zone), clean(k.Complainant.Address))
		return err
	}
	for _, k := range open {
		if err := row(k); err != nil {
			return err
		}
	}
	if !c.Open {
		err = tx.Cases(false, func(k complaint.Case) error {
			if k.Open() {
				return nil
			}
			return row(k)
		})
	}
	if err == nil && n == 0 {
		_, err = fmt.Fprintln(w, "no complaints")
	}
	return err
}

const caseRow = "%-13s  %-17s  %-10s  %-17s  %-8s  %-30s  %-10s  %s\n"

// dueOn is the day by which an open case is listed; one that owes nothing comes last.
func dueOn(c complaint.Case) string {
	if p := c.NextDue(); p != nil {
		return string(p.Due)
	}
	return "~"
}

// severeFirst puts what is severe first in every list (procedure.md 2).
func severeFirst(a, b complaint.Case) int {
	switch severe := a.Severity == complaint.Severe; {
	case severe == (b.Severity == complaint.Severe):
		return 0
	case severe:
		return -1
	}
	return 1
}

// jsonArray writes an array an element at a time.
func jsonArray(w io.Writer, elements func(each func(any) error) error) error {
	sep := "["
	err := elements(func(v any) error {
		data, err := marshal(v)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s%s", sep, data)
		sep = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	if sep == "[" {
		_, err = fmt.Fprintln(w, "[]")
	} else {
		_, err = fmt.Fprintln(w, "]")
	}
	return err
}

// marshal is JSON that is safe to look at on a terminal.
func marshal(v any) (string, error) {
	data, err := json.Marshal(v)
	return clean(string(data)), err
}

// A caseJSON is one element of `cases --json` (interface.md).
type caseJSON struct {
	Number       string        `json:"number"`
	State        string        `json:"state"`
	Kind         string        `json:"kind"`
	Severity     string        `json:"severity"`
	Category     *string       `json:"category"`
	Cause        *string       `json:"cause"`
	Complainant  partyJSON     `json:"complainant"`
	Owner        *string       `json:"owner"`
	Handler      *string       `json:"handler"`
	Concerned    []string      `json:"concerned"`
	Subject      string        `json:"subject"`
	ReceivedAt   *string       `json:"received_at"`
	ReactBy      *string       `json:"react_by"`
	ReactedAt    *string       `json:"reacted_at"`
	ResolveBy    *string       `json:"resolve_by"`
	ExpectedOn   *string       `json:"expected_on"`
	ClosedAt     *string       `json:"closed_at"`
	Resolution   *string       `json:"resolution"`
	Satisfaction *int          `json:"satisfaction"`
	Hold         *string       `json:"hold"`
	EraseOn      *string       `json:"erase_on"`
	Promises     []promiseJSON `json:"promises"`
}

type partyJSON struct {
	Name  *string `json:"name"`
	Email *string `json:"email"`
}

type promiseJSON struct {
	Kind        string  `json:"kind"`
	Due         *string `json:"due"`
	FulfilledAt *string `json:"fulfilled_at"`
	Evidence    *string `json:"evidence"`
	BouncedAt   *string `json:"bounced_at"`
	WaivedBy    *string `json:"waived_by"`
	Reason      *string `json:"reason"`
}

func caseView(c complaint.Case, zone *time.Location) caseJSON {
	v := caseJSON{
		Number: c.Number, State: string(c.State), Kind: string(c.Kind), Severity: string(c.Severity),
		Complainant: partyJSON{text(c.Complainant.Name), text(c.Complainant.Address)},
		Owner:       text(c.Owner), Handler: text(c.Handler), Concerned: []string{},
		Category: text(c.Category.Value), Cause: text(c.Cause.Value), Resolution: text(string(c.Resolution)), EraseOn: text(string(c.EraseOn)), Satisfaction: score(c.Satisfaction()), Hold: text(string(c.Hold.Until)),
		Subject: c.Subject, ReceivedAt: moment(c.ReceivedAt, zone), ReactBy: text(string(c.ReactBy)),
		ReactedAt: moment(c.ReactedAt, zone), ResolveBy: text(string(c.ResolveBy)), ExpectedOn: text(string(c.ExpectedOn)),
		ClosedAt: moment(c.ClosedAt, zone), Promises: []promiseJSON{},
	}
	for _, m := range c.Concerned {
		if m.Address != "" {
			v.Concerned = append(v.Concerned, m.Address)
		}
	}
	for _, p := range c.Promises {
		v.Promises = append(v.Promises, promiseJSON{Kind: string(p.Kind), Due: text(string(p.Due)),
			FulfilledAt: moment(p.FulfilledAt, zone), Evidence: text(p.Evidence), BouncedAt: moment(p.BouncedAt, zone),
			WaivedBy: text(p.WaivedBy), Reason: text(p.Reason)})
	}
	return v
}

// text is null for what is absent.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// moment is RFC 3339 with the academy's offset; null for none.
func moment(t time.Time, zone *time.Location) *string {
	if t.IsZero() {
		return nil
	}
	return text(t.In(zone).Format(time.RFC3339))
}

// known looks a case up by its number as somebody typed it.
func known(tx *store.Tx, typed string) (complaint.Case, error) {
	number := complaint.FindNumber(strings.TrimSpace(typed))
	if number == "" {
		return complaint.Case{}, usage{fmt.Errorf("%s is no case number: want one like K2026-482935 (the last digit checks the others, so this may be a typing error)", clean(typed))}
	}
	c, found, err := tx.CaseByNumber(number)
	if err == nil && !found {
		err = fmt.Errorf("there is no case %s", number)
	}
	return c, err
}

// score is null where nobody answered.
func score(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}
