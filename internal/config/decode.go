package config

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// decoder writes what the file gives over the defaults.
type decoder struct {
	*problems
	getenv func(string) (string, bool)
}

func (d *decoder) root(cfg *Config, n *node) {
	d.group(reflect.ValueOf(cfg).Elem(), n, "")
}

// into sets v from n. Field names v in messages.
func (d *decoder) into(v reflect.Value, n *node, field string) {
	d.fields[field] = n
	if n.kind == kindNothing {
		d.unusable(field, "has no value; write %s, or leave the line out", nothing(v.Type()))
		return
	}
	switch v.Addr().Interface().(type) {
	case *time.Duration, *Secret, *Date, enum:
		d.scalar(v, n, field)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.into(v.Elem(), n, field)
	case reflect.Struct:
		if n.kind != kindGroup {
			d.unusable(field, "must be a group of keys: %s", strings.Join(keyNames(v.Type()), ", "))
			return
		}
		d.group(v, n, field)
	case reflect.Slice:
		d.list(v, n, field)
	default:
		d.scalar(v, n, field)
	}
}

// nothing says what to write where a key stands alone.
func nothing(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[Secret]() || t == reflect.TypeFor[Date]() || t.Kind() == reflect.String:
		return `one, "" for none`
	case t.Kind() == reflect.Slice:
		return "a list, [] for none"
	case t.Kind() == reflect.Struct || t.Kind() == reflect.Pointer:
		return "keys below it"
	}
	return "one"
}

// group fills a struct. Unknown and repeated keys are noted.
func (d *decoder) group(v reflect.Value, n *node, field string) {
	names := keyNames(v.Type())
	first := map[string]int{}
	for _, e := range n.keys {
		below := e.name
		if field != "" {
			below = field + "." + e.name
		}
		target, ok := byKey(v, e.name)
		switch {
		case !ok:
			d.at(e.value.line, strings.Map(printable, below), "unknown key; %s", hint(e.name, names))
		case first[e.name] > 0:
			d.at(e.value.line, below, "given twice; first on line %d", first[e.name])
		default:
			first[e.name] = e.value.line
			d.into(target, e.value, below)
		}
	}
}

// list replaces the default list by the one in the file.
func (d *decoder) list(v reflect.Value, n *node, field string) {
	if n.kind != kindList {
		d.unusable(field, "must be a list: [a, b], or a line with a dash for each")
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
	for i, item := range n.items {
		d.into(out.Index(i), item, field+"["+strconv.Itoa(i)+"]")
	}
	v.Set(out)
}

// scalar sets a single value.
func (d *decoder) scalar(v reflect.Value, n *node, field string) {
	if n.kind == kindGroup || n.kind == kindList {
		d.unusable(field, "must be a single value")
		return
	}
	text, filled, ok := d.fill(n, field)
	if !ok {
		return
	}
	switch t := v.Addr().Interface().(type) {
	case *Secret:
		d.secret(t, n, text, field)
	case *time.Duration:
		d.duration(t, n, text, field)
	case *Date:
		d.date(t, text, field)
	case enum:
		if !slices.Contains(t.words(), text) {
			d.unusable(field, "%s is not allowed; use %s", d.quote(field), choice(t.words()))
			return
		}
		v.SetString(text)
	case *string:
		d.text(t, n, text, field)
	case *int:
		// What looks like 0201 or 1_000 could be meant in several ways, and a
		// number in quotes is a text; from the environment all is text.
		if !wholeNumber.MatchString(text) || n.kind != kindNumber && !filled {
			d.unusable(field, "%s is not a whole number; write it plain, such as 7", d.quote(field))
			return
		}
		*t, _ = strconv.Atoi(text) // at the bounds of int when too large; the checks refuse that
	case *bool:
		if text != "true" && text != "false" || n.kind != kindBool && !filled {
			d.unusable(field, "%s is not allowed; use true or false", d.quote(field))
			return
		}
		*t = text == "true"
	}
}

var wholeNumber = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,18})$`)

func (d *decoder) secret(t *Secret, n *node, text, field string) {
	if n.kind == kindBool {
		d.unusable(field, "must be a text; put it in quotes")
		return
	}
	if strings.ContainsRune(text, 0) {
		d.unusable(field, "holds a NUL character")
		return
	}
	*t = NewSecret(text)
}

// text takes a number as it is written, so that a telephone number keeps its zero.
func (d *decoder) text(t *string, n *node, text, field string) {
	if n.kind == kindBool {
		d.unusable(field, "%s is not a text; put it in quotes if it is meant as one", d.quote(field))
		return
	}
	// Texts end up in headers, logs and paths; a line break is welcome in none.
	if strings.ContainsFunc(text, isControl) {
		d.unusable(field, "holds a line break or another control character; use one line of plain text")
		return
	}
	*t = text
}

func (d *decoder) duration(t *time.Duration, n *node, text, field string) {
	v, err := time.ParseDuration(text)
	switch {
	case n.kind == kindNumber && wholeNumber.MatchString(text):
		d.unusable(field, "%s has no unit; write %ss, or m or h for minutes or hours", text, text)
	case err != nil:
		d.unusable(field, "%s is not a duration; write one such as 60s or 5m", d.quote(field))
	default:
		*t = v
	}
}

func (d *decoder) date(t *Date, text, field string) {
	if text == "" {
		*t = Date{}
		return
	}
	v, err := ParseDate(text)
	if err != nil {
		d.unusable(field, "%s is not a date; write one such as 2026-11-22", d.quote(field))
		return
	}
	*t = v
}

var (
	variable     = regexp.MustCompile(`\$\{([^}]*)\}`)
	variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// fill puts the environment's values in a text. It works on the parsed value,
// so that nothing in a variable can be read as YAML, nor filled in once more.
func (d *decoder) fill(n *node, field string) (text string, filled, ok bool) {
	if n.kind != kindText {
		return n.text, false, true
	}
	ok = true
	text = variable.ReplaceAllStringFunc(n.text, func(ref string) string {
		name := ref[2 : len(ref)-1]
		if !variableName.MatchString(name) {
			d.unusable(field, "${ } must hold the name of an environment variable: letters, digits and _")
			ok = false
			return ""
		}
		value, set := d.getenv(name)
		if !set {
			d.unusable(field, "the environment variable %s is not set", name)
			ok = false
		}
		filled = true
		return value
	})
	return text, filled, ok
}
