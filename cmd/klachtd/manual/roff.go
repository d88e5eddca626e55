// Package manual makes from the verbs themselves what a packaged klachtd
// carries beside its binary: man pages and completions for the shells. Nothing
// in them is written a second time, so nothing can contradict --help.
package manual

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// Pages names what stands at the head and foot of a man page.
type Pages struct {
	Version string // of the program
	Date    string // 2026-11-23
}

// Program returns klachtd(1) in the man macros (groff_man(7)): the description,
// each verb with its flags, and the files.
func (p Pages) Program(app *kong.Application) string {
	var b strings.Builder
	p.head(&b, "KLACHTD", "1", app.Name+" \\- handles the complaints that come in by mail")
	b.WriteString(".SH SYNOPSIS\n.B " + escape(app.Name) + "\n.I verb\n[\\fIflags\\fR]\n")
	b.WriteString(".SH DESCRIPTION\n")
	for i, paragraph := range strings.Split(app.Help, "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		b.WriteString(line(paragraph))
	}
	b.WriteString(".SH VERBS\n")
	for _, verb := range app.Leaves(true) {
		section(&b, verb)
	}
	b.WriteString(".SH FILES\n")
	for _, f := range files {
		fmt.Fprintf(&b, ".TP\n.I %s\n%s", escape(f[0]), line(f[1]))
	}
	b.WriteString(".SH SEE ALSO\n.BR klachtd.yaml (5),\n.BR systemctl (1)\n")
	return b.String()
}

// files are those of a packaged klachtd.
var files = [][2]string{
	{"/etc/klachtd/config.yaml", "The configuration; see klachtd.yaml(5)."},
	{"/etc/klachtd/environment", "Values for ${NAME} in the configuration, a line each, read by systemd."},
	{"/var/lib/klachtd", "The database, the keys of the cases and the master key. Without the master key nobody can read the complaints."},
	{"/usr/share/doc/klachtd", "The books: beheer.md for who installs and keeps klachtd, handleiding.md for the office."},
}

// Configuration returns klachtd.yaml(5): the commented example, as it is.
func (p Pages) Configuration(example string) string {
	var b strings.Builder
	p.head(&b, "KLACHTD.YAML", "5", "klachtd.yaml \\- the configuration of klachtd")
	b.WriteString(".SH DESCRIPTION\n" + line("The configuration is one YAML file. Unknown keys and bad values are errors with file and line; klachtd check says whether it can work."))
	b.WriteString(line("Each key below is explained where it stands, with its default or an example."))
	b.WriteString(".SH EXAMPLE\n.nf\n")
	for l := range strings.Lines(example) {
		b.WriteString(guarded(escape(strings.TrimRight(l, "\n"))) + "\n")
	}
	b.WriteString(".fi\n.SH SEE ALSO\n.BR klachtd (1)\n")
	return b.String()
}

func (p Pages) head(b *strings.Builder, title, section, name string) {
	fmt.Fprintf(b, ".TH %s %s %q %q\n.SH NAME\n%s\n", title, section, p.Date, "klachtd "+p.Version, name)
}

// section writes one verb.
func section(b *strings.Builder, verb *kong.Node) {
	synopsis := []string{"\\fB" + escape(verb.Path()) + "\\fR"}
	for _, a := range verb.Positional {
		synopsis = append(synopsis, "\\fI"+escape(a.Summary())+"\\fR")
	}
	fmt.Fprintf(b, ".SS %s\n%s", strings.Join(synopsis, " "), line(verb.Help))
	if verb.Detail != "" {
		b.WriteString(".PP\n" + line(verb.Detail))
	}
	for _, f := range shown(verb) {
		b.WriteString(".TP\n" + term(f) + "\n" + line(f.Help))
	}
}

// term is a flag as the left side of a list: -o, --output=DIR.
func term(f *kong.Flag) string {
	s := "\\fB" + escape("--"+f.Name) + "\\fR"
	if f.Short != 0 {
		s = "\\fB" + escape("-"+string(f.Short)) + "\\fR, " + s
	}
	if f.IsBool() {
		return s
	}
	return s + " \\fI" + escape(f.FormatPlaceHolder()) + "\\fR"
}

// shown are the flags of a verb that its help shows, but for --help.
func shown(verb *kong.Node) []*kong.Flag {
	var out []*kong.Flag
	for _, f := range verb.Flags {
		if !f.Hidden && f.Name != "help" {
			out = append(out, f)
		}
	}
	return out
}

// line is text that roff fills.
func line(text string) string {
	return guarded(escape(strings.Join(strings.Fields(text), " "))) + "\n"
}

// guarded keeps roff from reading a line of text as a request.
func guarded(s string) string {
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		return `\&` + s
	}
	return s
}

var escape = strings.NewReplacer(`\`, `\e`, `-`, `\-`).Replace
