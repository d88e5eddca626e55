package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/alecthomas/kong"

	"klachtd/cmd/klachtd/manual"
)

// completeCmd is what the shells ask while somebody types.
type completeCmd struct {
	Words []string `arg:"" optional:"" passthrough:"" help:"What has been typed."`
}

// Run prints the candidates, one a line.
func (c completeCmd) Run(e env, app *kong.Application) error {
	words := c.Words
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	for _, s := range manual.Complete(app, words) {
		if _, err := fmt.Fprintln(e.stdout, s); err != nil {
			return err
		}
	}
	return nil
}

// manualCmd is what `make deb` asks.
type manualCmd struct {
	Example string    `required:"" placeholder:"FILE" help:"config.example.yaml."`
	Date    time.Time `required:"" format:"2006-01-02" placeholder:"DATE" help:"The date at the foot of the pages."`
	Out     string    `short:"o" required:"" placeholder:"DIR" help:"What stands for /usr/share."`
}

// Run writes the man pages and the completions of the shells.
func (c manualCmd) Run(app *kong.Application) error {
	example, err := os.ReadFile(c.Example)
	if err != nil {
		return fmt.Errorf("read the example configuration: %w", err)
	}
	p := manual.Pages{Version: version, Date: c.Date.Format(time.DateOnly)}
	files := map[string]string{
		"man/man1/klachtd.1":      p.Program(app),
		"man/man5/klachtd.yaml.5": p.Configuration(string(example)),
	}
	for name, text := range manual.Completions {
		files[name] = text
	}
	for name, text := range files {
		path := filepath.Join(c.Out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // for everybody to read, like all of /usr/share
			return fmt.Errorf("make the folder: %w", err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // as above
			return fmt.Errorf("write the manual: %w", err)
		}
	}
	return nil
}
