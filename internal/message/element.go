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

// isHidden knows the ways in which mail hides its preview text.
func (a htmlAttrs) isHidden() bool {
	if a.hidden {
		return true
	}
	if a.style == "" {
		return false
	}
	style := strings.Join(strings.Fields(a.style), "")
	for _, s := range [...]string{"display:none", "visibility:hidden", "mso-hide:all"} {
		if strings.Contains(style, s) {
			return true
		}
	}
	return false
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
