package config

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

type kind int

const (
	kindGroup kind = iota
	kindList
	kindText
	kindNumber
	kindBool
	kindNothing
)

// node is a value as the file has it. The YAML library's own decoder stops at
// the first error; this tree is what lets us report them all.
type node struct {
	kind  kind
	line  int     // of the key, or of the list item
	text  string  // of a scalar, unquoted, before ${NAME} is filled in
	keys  []entry // of a group, in order
	items []*node // of a list
}

type entry struct {
	name  string
	value *node
}

// maxDepth is far deeper than any key lies.
const maxDepth = 16

// tooDeep is the line on which too many values open without closing; 0 when
// there is none. The parser's memory grows with the square of the depth.
func tooDeep(tokens token.Tokens) int {
	depth, line, inLine := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, inLine = t.Position.Line, 0
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			inLine++
		}
		if depth > maxDepth || inLine > maxDepth {
			return line
		}
	}
	return 0
}

// tree parses the YAML. It returns nil when there is a problem that hides the rest.
func (p *problems) tree(data []byte) *node {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if line := strangeLine(data); line > 0 {
		p.at(line, "", "not plain text in UTF-8")
		return nil
	}
	tokens := lexer.Tokenize(string(data))
	if line := tooDeep(tokens); line > 0 {
		p.at(line, "", "nested too deeply")
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		p.syntax(err, data)
		return nil
	}
	if len(file.Docs) > 1 && file.Docs[1].Body != nil {
		p.at(lineOf(file.Docs[1].Body), "", "a second YAML document begins here; only one is read")
		return nil
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		p.at(0, "", "empty; begin with a copy of config.example.yaml")
		return nil
	}
	root := p.build(file.Docs[0].Body, 0)
	if root != nil && root.kind != kindGroup {
		p.at(root.line, "", "must be keys with values, such as academy: and imap:")
		return nil
	}
	return root
}

// syntax notes what the YAML parser says, in one line and without its excerpt,
// which could show a password.
func (p *problems) syntax(err error, data []byte) {
	var y yaml.Error
	if !errors.As(err, &y) {
		p.at(0, "", "not valid YAML")
		return
	}
	line := 0
	if t := y.GetToken(); t != nil && t.Position != nil {
		line = t.Position.Line
	}
	msg := "not valid YAML: " + quoted.ReplaceAllString(strings.Map(printable, y.GetMessage()), "…")
	lines := bytes.Split(data, []byte("\n"))
	if line > 0 && line <= len(lines) && bytes.Contains(lines[line-1], []byte("${")) {
		msg += `; inside { } or [ ] write "${NAME}" in quotes`
	} else {
		msg += "; look at the indentation, and put a value that holds signs such as : # @ in quotes"
	}
	p.at(line, "", "%s", msg)
}

// quoted is what the parser repeats of the file, which may be part of a password.
var quoted = regexp.MustCompile(`"[^"]*"`)

func printable(r rune) rune {
	if isControl(r) {
		return ' '
	}
	return r
}

// build turns the library's node into ours; nil when there is a problem.
func (p *problems) build(n ast.Node, depth int) *node {
	if depth > maxDepth {
		p.at(lineOf(n), "", "nested too deeply")
		return nil
	}
	out := &node{line: lineOf(n)}
	switch n := n.(type) {
	case *ast.MappingNode:
		return p.group(out, n.Values, depth)
	case *ast.MappingValueNode:
		return p.group(out, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		out.kind = kindList
		for _, v := range n.Values {
			item := p.build(v, depth+1)
			if item == nil {
				return nil
			}
			out.items = append(out.items, item)
		}
	case *ast.StringNode:
		out.kind, out.text = kindText, n.Value
		// The scanner drops a tab that is not in quotes, without a word.
		if n.Token.Type == token.StringType && strings.Contains(strings.TrimSpace(n.Token.Origin), "\t") {
			p.at(out.line, "", "a value with a tab in it; put it in quotes, or use spaces")
			return nil
		}
	case *ast.LiteralNode:
		out.kind, out.text = kindText, n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		out.kind, out.text = kindNumber, n.GetToken().Value
	case *ast.BoolNode:
		out.kind, out.text = kindBool, n.GetToken().Value
	case *ast.NullNode:
		out.kind = kindNothing
	default:
		p.at(out.line, "", "anchors, aliases and tags (& * !) are not read here; write the value itself, in quotes where it holds such a sign")
		return nil
	}
	return out
}

func (p *problems) group(out *node, values []*ast.MappingValueNode, depth int) *node {
	out.kind = kindGroup
	for _, mv := range values {
		if _, merge := mv.Key.(*ast.MergeKeyNode); merge || mv.Key.GetToken() == nil {
			p.at(lineOf(mv), "", "a merge key (<<) is not read here; write the keys out")
			return nil
		}
		value := p.build(mv.Value, depth+1)
		if value == nil {
			return nil
		}
		// The line of the key: a value may begin further down.
		value.line = lineOf(mv.Key)
		out.keys = append(out.keys, entry{mv.Key.GetToken().Value, value})
	}
	return out
}

func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

// strangeLine is the first line that is not UTF-8 or holds a NUL; 0 when there is none.
func strangeLine(data []byte) int {
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
			return i + 1
		}
	}
	return 0
}
