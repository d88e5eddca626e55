package export

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"
)

// page is the dossier to read: one file, nothing is fetched from anywhere.
func (d Dossier) page(others []other) ([]byte, error) {
	mark := func(s string) template.HTML { return marked(s, others) }
	t, err := template.New("page").Funcs(template.FuncMap{
		"mark": mark, "moment": moment, "file": fileOf, "join": strings.Join, "inc": func(n int) int { return n + 1 },
	}).Parse(pageText)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, struct {
		Dossier
		Others int
	}{d, len(others)}); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
}

// months in Dutch.
var months = [...]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"}

func moment(t time.Time) string {
	return fmt.Sprintf("%d %s %d, %s", t.Day(), months[t.Month()-1], t.Year(), t.Format("15:04"))
}

// marked is a text for the page, with other people marked.
func marked(s string, others []other) template.HTML {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || bidi(r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	var spots [][2]int
	for _, o := range others {
		spots = append(spots, find(s, o.text)...)
	}
	slices.SortFunc(spots, func(a, b [2]int) int {
		if a[0] != b[0] {
			return a[0] - b[0]
		}
		return b[1] - a[1] // the longest first
	})
	var b strings.Builder
	end := 0
	for _, at := range spots {
		if at[0] < end {
			continue
		}
		b.WriteString(template.HTMLEscapeString(s[end:at[0]]))
		b.WriteString("<mark>" + template.HTMLEscapeString(s[at[0]:at[1]]) + "</mark>")
		end = at[1]
	}
	b.WriteString(template.HTMLEscapeString(s[end:]))
	return template.HTML(b.String()) //nolint:gosec // each piece of it is escaped above
}

const pageText = `<!DOCTYPE html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="robots" content="noindex">
<title>Dossier {{.Number}}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; color: #1c1c1c; background: #fff; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; } h3 { font-size: 1rem; margin: 0 0 .25rem; }
p { margin: .5rem 0; } .small { color: #595959; font-size: .875rem; }
dl { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .35rem 1rem; margin: 0; } dt { color: #595959; } dd { margin: 0; white-space: pre-wrap; }
dt::first-letter { text-transform: uppercase; }
ol.time { list-style: none; margin: 0; padding: 0; } ol.time li { display: grid; grid-template-columns: 14rem 1fr; gap: 1rem; padding: .3rem 0; border-top: 1px solid #e3e3e3; } ol.time span { color: #595959; }
article { border: 1px solid #d0d0d0; border-radius: 6px; padding: 1rem; margin: 0 0 1rem; break-inside: avoid-page; } article pre { font: inherit; white-space: pre-wrap; margin: .75rem 0 0; }
.warn { border-left: 4px solid #a15c00; background: #fff6e8; padding: .6rem 1rem; margin: 1.25rem 0; }
mark { background: #ffe08a; color: inherit; padding: 0 .1em; }
@media (max-width: 34rem) { dl, ol.time li { grid-template-columns: 1fr; gap: 0; } dd { margin: 0 0 .6rem; } }
@media print { body { margin: 0; max-width: none; } }
</style>
</head>
<body>
<h1>Dossier {{.Number}}</h1>
<p class="small">{{.Academy}} · gemaakt op {{moment .Made}}</p>
<p>Dit is wat er over deze klacht is vastgelegd: het formulier, het verloop en de berichten. Elk bericht staat ook zoals het is verstuurd of ontvangen in de map <em>berichten</em>, met de bijlagen.</p>
{{if .Others}}<div class="warn"><strong>Eerst nakijken.</strong> Namen en adressen van anderen zijn <mark>gemarkeerd</mark>. Beoordeel of de aanvrager ze mag zien, en haal deze regel weg voordat het dossier de deur uit gaat.</div>{{end}}
{{if .Notes}}<div class="warn"><strong>Met interne notities.</strong> Dit dossier bevat ook wat medewerkers voor elkaar hebben opgeschreven.</div>{{end}}
{{if .Form}}<h2>Formulier</h2>
<dl>
{{range .Form}}<dt>{{.Label}}</dt><dd>{{mark .Value}}</dd>
{{end}}</dl>{{end}}
{{if .Timeline}}<h2>Verloop</h2>
<ol class="time">
{{range .Timeline}}<li><span>{{moment .At}}</span><div>{{mark .What}}{{if .Who}} <span>· {{mark .Who}}</span>{{end}}</div></li>
{{end}}</ol>{{end}}
<h2>Berichten</h2>
{{range $i, $m := .Messages}}<article>
<h3>{{inc $i}}. {{if $m.Subject}}{{mark $m.Subject}}{{else}}(geen onderwerp){{end}}</h3>
<p class="small">{{if eq $m.Direction "in"}}Ontvangen{{else if eq $m.Direction "uit"}}Van ons{{else}}Interne notitie{{end}} · {{moment $m.At}}{{if $m.From}}<br>Van: {{mark $m.From}}{{end}}{{if $m.To}}<br>Aan: {{mark (join $m.To ", ")}}{{end}}{{if $m.Attachments}}<br>Bijlagen: {{mark (join $m.Attachments ", ")}}{{end}}<br>Bestand: {{file $i $m}}</p>
<pre>{{mark $m.Text}}</pre>
</article>
{{else}}<p>Er zijn geen berichten.</p>
{{end}}</body>
</html>
`
