package config

import (
	"reflect"
	"strings"
)

// keyNames lists the keys of a struct in order; an inlined struct gives its own.
func keyNames(t reflect.Type) []string {
	var names []string
	for f := range fieldsOf(t) {
		if f.Anonymous {
			names = append(names, keyNames(f.Type)...)
		} else if name := f.Tag.Get("yaml"); name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// byKey returns the field of v that has this key.
func byKey(v reflect.Value, key string) (reflect.Value, bool) {
	for f := range fieldsOf(v.Type()) {
		if f.Anonymous {
			if found, ok := byKey(v.FieldByIndex(f.Index), key); ok {
				return found, true
			}
		} else if key != "-" && f.Tag.Get("yaml") == key {
			return v.FieldByIndex(f.Index), true
		}
	}
	return reflect.Value{}, false
}

func fieldsOf(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

// hint helps with a key that is not known.
func hint(key string, known []string) string {
	best, distance := "", len(key)/2+1
	for _, k := range known {
		if d := edits(strings.ToLower(key), k); d < distance {
			best, distance = k, d
		}
	}
	if best != "" && distance <= 2 {
		return "did you mean " + best + "?"
	}
	return "known here: " + strings.Join(known, ", ")
}

// edits is the Levenshtein distance of two keys in bytes; far apart for an absurdly long one.
func edits(a, b string) int {
	if len(a) > 100 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
