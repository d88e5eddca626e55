package manual

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// Complete returns what the last of words may become: verbs where one is still
// open, flags after a dash, else nothing, by which a shell offers files. words
// are those after the program's name; there may be none.
func Complete(app *kong.Application, words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	node, last := app.Node, words[len(words)-1]
	for _, w := range words[:len(words)-1] {
		if i := slices.IndexFunc(node.Children, func(n *kong.Node) bool { return n.Name == w }); i >= 0 {
			node = node.Children[i]
		}
	}
	var out []string
	offer := func(s string) {
		if strings.HasPrefix(s, last) {
			out = append(out, s)
		}
	}
	if strings.HasPrefix(last, "-") {
		for _, f := range shown(node) {
			offer("--" + f.Name)
		}
		offer("--help")
		return out
	}
	for _, n := range node.Children {
		if !n.Hidden {
			offer(n.Name)
		}
	}
	return out
}

// Completions are the files by which each shell asks `klachtd complete`, by the
// place under /usr/share where a package puts them.
var Completions = map[string]string{
	"bash-completion/completions/klachtd": `_klachtd() {
  mapfile -t COMPREPLY < <(klachtd complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _klachtd klachtd
`,
	"zsh/vendor-completions/_klachtd": `#compdef klachtd
local -a candidates
candidates=(${(f)"$(klachtd complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)"})
if (( $#candidates )); then compadd -a candidates; else _files; fi
`,
	"fish/vendor_completions.d/klachtd.fish": `complete -c klachtd -a '(klachtd complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
}
