package report

import (
	"embed"
	"fmt"
	"html/template"
)

//go:embed chart.html
var pages embed.FS

func pageTemplate() (*template.Template, error) {
	t, err := template.ParseFS(pages, "*.html")
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	return t, nil
}
