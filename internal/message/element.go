package message

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlAttrs are the attributes that matter here.
type htmlAttrs struct {
	href, style string
	hidden      bool
	older       bool // the container of an older mail
	indent      bool // the style of a block that is indented, not quoted
}

func readAttrs(z *html.Tokenizer, more bool) (a htmlAttrs) {
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "href":
			a.href = strings.TrimSpace(string(value))
		case "style":
			a.style = string(bytes.ToLower(value))
			a.indent = isIndent(a.style)
		case "hidden":
			a.hidden = true
		case "id", "class":
			a.older = a.older || holdsOlder(value)
		}
	}
	return a
}

// isHidden knows the ways in which mail hides its preview text and what else
// nobody shall see, with everything inside it.
func (a htmlAttrs) isHidden() bool {
	if a.hidden {
		return true
	}
	if a.style == "" {
		return false
	}
	clipped := a.property("overflow") == "hidden"
	return a.property("display") == "none" || a.property("visibility") == "hidden" || a.property("visibility") == "collapse" ||
		isZero(a.property("opacity")) ||
		clipped && (isZero(a.property("max-height")) || isZero(a.property("height")) || isZero(a.property("max-width")))
}

// property is the last value of a CSS property in the style attribute.
func (a htmlAttrs) property(name string) (value string) {
	if !strings.Contains(a.style, name) {
		return ""
	}
	for declaration := range strings.SplitSeq(a.style, ";") {
		key, v, ok := strings.Cut(declaration, ":")
		if ok && strings.TrimSpace(key) == name {
			v, _, _ = strings.Cut(v, "!")
			value = strings.TrimSpace(v)
		}
	}
	return value
}

// isZero knows 0, 0.0, 0px and their like.
func isZero(length string) bool {
	number := strings.TrimRight(length, "abcdefghijklmnopqrstuvwxyz% ")
	return number != "" && strings.Trim(number, "0.") == "" && strings.Contains(number, "0")
}

// inherited are the styles that hold for everything inside an element until it
// says something else: mail builders set font-size:0 around columns to close the
// gaps between them, and a size of its own on each text.
type inherited struct {
	name   string
	inside int // elements of that name that are open in it
	unseen bool
	pre    bool
}

// inherit returns what holds inside an element; ok is false when it changes nothing.
func (a htmlAttrs) inherit(name string, outer inherited) (inner inherited, ok bool) {
	inner = inherited{name: name, unseen: outer.unseen, pre: outer.pre}
	if a.style == "" {
		return inner, false
	}
	if size := a.property("font-size"); size != "" && size != "inherit" {
		inner.unseen, ok = isZero(size), true
	}
	if space := a.property("white-space"); space != "" && space != "inherit" {
		inner.pre, ok = strings.HasPrefix(space, "pre") || space == "break-spaces", true
	}
	return inner, ok
}

// lineEnds says how many line ends stand around an element.
func lineEnds(a atom.Atom) int {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Table,
		atom.Pre, atom.Hr, atom.Dl:
		return 2
	case atom.Div, atom.Ul, atom.Ol, atom.Li, atom.Tr, atom.Section, atom.Article, atom.Header, atom.Footer,
		atom.Center, atom.Form, atom.Fieldset, atom.Dt, atom.Dd, atom.Address, atom.Body, atom.Caption,
		atom.Main, atom.Nav, atom.Aside, atom.Figure, atom.Figcaption, atom.Thead, atom.Tbody, atom.Option:
		return 1
	}
	return 0
}

func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Br, atom.Hr, atom.Img, atom.Input, atom.Meta, atom.Link, atom.Base, atom.Col, atom.Area,
		atom.Wbr, atom.Embed, atom.Source, atom.Track, atom.Param:
		return true
	}
	return false
}

// isUnseen finds elements whose inside is no text.
func isUnseen(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript, atom.Iframe, atom.Object,
		atom.Noembed, atom.Noframes, atom.Select, atom.Svg, atom.Math, atom.Audio, atom.Video:
		return true
	}
	return false
}
