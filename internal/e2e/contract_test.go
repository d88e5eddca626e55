package e2e

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"klachtd/internal/form"
)

// The words of interface.md that stand for something.
var (
	kinds       = strings.Fields("external internal")
	severities  = strings.Fields("low normal severe")
	states      = strings.Fields("new in_progress with_director awaiting_approval closed escalated")
	resolutions = strings.Fields("resolved unresolved withdrawn not_a_complaint merged ooa_ruling")
	directions  = strings.Fields("in out note")
	deliveries  = strings.Fields("queued sent failed")
	promises    = strings.Fields(`acknowledge copy_owner take react answer copy_concerned approve resolve delay feedback
		internal_feedback cause satisfaction call improvement ruling request erase`)
	aCaseNumber = regexp.MustCompile(`^K\d{4}-\d{6,}$`)
)

// contract holds one case, in the register and by itself, to what is promised of
// its JSON (interface.md JSON), and returns it.
func (a *academy) contract(number string) map[string]any {
	a.tb.Helper()
	one := object(a.tb, a.verb("show", number, "--json").stdout)
	var list []map[string]any
	decode(a.tb, a.verb("cases", "--json").stdout, &list)
	i := slices.IndexFunc(list, func(c map[string]any) bool { return c["number"] == number })
	if i < 0 {
		a.tb.Fatalf("%s is not in the register", number)
	}
	for key, value := range list[i] {
		if !reflect.DeepEqual(value, one[key]) {
			a.tb.Errorf("%s: %v in the register, %v in the dossier", key, value, one[key])
		}
	}
	hasKeys(a.tb, "cases", list[i], caseKeys)
	hasKeys(a.tb, "show", one, caseKeys+" timeline messages form")
	hasKeys(a.tb, "complainant", one["complainant"].(map[string]any), "name email")
	if !aCaseNumber.MatchString(number) {
		a.tb.Errorf("number %s", number)
	}
	a.oneOf(one, "kind", kinds, false)
	a.oneOf(one, "severity", severities, false)
	a.oneOf(one, "state", states, false)
	a.oneOf(one, "resolution", resolutions, one["state"] != "closed")
	a.layout(one, time.RFC3339, "received_at", "reacted_at", "closed_at")
	a.layout(one, time.DateOnly, "react_by", "resolve_by", "expected_on", "erase_on")
	a.contractLists(one)
	for label := range one["form"].(map[string]any) {
		if !slices.ContainsFunc(form.Internal(), func(f form.Field) bool { return f.Key == label }) {
			a.tb.Errorf("form: %q is no label of procedure.md 7", label)
		}
	}
	return one
}

func (a *academy) contractLists(one map[string]any) {
	a.tb.Helper()
	for _, c := range one["concerned"].([]any) {
		if !strings.Contains(c.(string), "@") {
			a.tb.Errorf("concerned: %v", c)
		}
	}
	for _, p := range objects(one["promises"]) {
		hasKeys(a.tb, "promises", p, promiseKeys)
		a.oneOf(p, "kind", promises, false)
		a.layout(p, time.RFC3339, "fulfilled_at")
		a.layout(p, time.DateOnly, "due")
	}
	for _, e := range objects(one["timeline"]) {
		hasKeys(a.tb, "timeline", e, timelineKeys)
		a.layout(e, time.RFC3339, "at")
	}
	for _, m := range objects(one["messages"]) {
		hasKeys(a.tb, "messages", m, messageKeys)
		a.oneOf(m, "direction", directions, false)
		a.oneOf(m, "delivery", deliveries, m["direction"] != "out")
		a.layout(m, time.RFC3339, "at")
	}
}

func objects(list any) (all []map[string]any) {
	for _, v := range list.([]any) {
		all = append(all, v.(map[string]any))
	}
	return all
}

// oneOf wants one of these words; with absent, null.
func (a *academy) oneOf(v map[string]any, key string, words []string, absent bool) {
	a.tb.Helper()
	word, is := v[key].(string)
	if absent && v[key] != nil || !absent && (!is || !slices.Contains(words, word)) {
		a.tb.Errorf("%s: %v", key, v[key])
	}
}

// layout wants null or a moment written so.
func (a *academy) layout(v map[string]any, layout string, keys ...string) {
	a.tb.Helper()
	for _, key := range keys {
		if v[key] == nil {
			continue
		}
		if text, is := v[key].(string); !is {
			a.tb.Errorf("%s: %v", key, v[key])
		} else if _, err := time.Parse(layout, text); err != nil {
			a.tb.Errorf("%s: %v", key, err)
		}
	}
}
