package form

import (
	"maps"
	"slices"
)

// An Entry is a field as it stands: who filled it in last, and what stood there
// before.
type Entry struct {
	Value     string   `json:"value"`
	Confirmed bool     `json:"confirmed"`     // by staff; nobody else overwrites it
	Old       []string `json:"old,omitempty"` // earlier values, oldest first
}

// A Form is an internal form in the making, by key.
type Form map[string]Entry

// A Change is what Merge did with one field.
type Change struct {
	Key  string
	Old  string // "" when it was empty
	New  string // what was filled in
	Kept bool   // Old stands: staff have confirmed it, and this came from another
}

// Merge fills in fields and returns the form and what changed, by key. With staff
// the values are confirmed and always stand. Others fill what is empty and
// replace what is not confirmed; what staff have confirmed stays, and the change
// says so. Values that were replaced stay on record; an empty value changes
// nothing. f is left as it is.
func (f Form) Merge(fields Fields, staff bool) (Form, []Change) {
	merged := Form{}
	maps.Copy(merged, f)
	var changes []Change
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		value, was := fields[key], f[key]
		switch {
		case value == "":
		case value == was.Value:
			was.Confirmed = was.Confirmed || staff
			merged[key] = was
		case was.Confirmed && !staff:
			changes = append(changes, Change{Key: key, Old: was.Value, New: value, Kept: true})
		default:
			next := Entry{Value: value, Confirmed: staff, Old: slices.Clone(was.Old)}
			if was.Value != "" {
				next.Old = append(next.Old, was.Value)
			}
			merged[key] = next
			changes = append(changes, Change{Key: key, Old: was.Value, New: value})
		}
	}
	return merged, changes
}

// Fields are the values as they stand.
func (f Form) Fields() Fields {
	out := Fields{}
	for key, e := range f {
		if e.Value != "" {
			out[key] = e.Value
		}
	}
	return out
}
