package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"klachtd/internal/config"
	"klachtd/internal/letter"
)

type templatesCmd struct {
	configured
	Out  string `short:"o" name:"output" required:"" placeholder:"DIR" help:"The folder to write to: a new one, an empty one, or one that this verb made before."`
	Both bool   `help:"In Dutch and in English, not in the configured language alone."`
}

// galleryList is the file by which the verb knows a folder as its own: the names
// of what it wrote there, one a line.
const galleryList = ".klachtd-templates"

var (
	errForeign   = errors.New("holds files that klachtd templates did not make; name a new folder")
	errNoFolder  = errors.New("is not a folder")
	errOverrides = errors.New("is the folder `templates:` of the configuration; name another")
)

// Run writes the gallery of all mails.
func (c templatesCmd) Run(e env) error {
	cfg, invented, err := c.academy(e)
	if err != nil {
		return err
	}
	book, err := openBook(cfg)
	if err != nil {
		return err
	}
	in := []letter.Language{letter.Language(cfg.Academy.Language)}
	if c.Both {
		in = []letter.Language{letter.Dutch, letter.English}
	}
	g, err := exhibit(book, cfg, in)
	if err != nil {
		return err
	}
	if err := g.write(c.Out, cfg.Templates); err != nil {
		return err
	}
	whose := cfg.Academy.Name
	if invented {
		whose = "an invented academy, for want of a configuration"
	}
	_, err = fmt.Fprintln(e.stdout, clean(fmt.Sprintf("%d mails of %s, %d of them in words of its own: open %s",
		g.count, whose, g.own, filepath.Join(c.Out, "index.html"))))
	return err
}

// academy is the configuration, or where there is none that of the demo.
func (c templatesCmd) academy(e env) (cfg config.Config, invented bool, err error) {
	if c.find(e) != "" {
		cfg, err = c.load(e)
		return cfg, false, err
	}
	cfg, err = config.Parse("demo/config.yaml", []byte(demoConfig), ".", func(string) (string, bool) { return "1", true })
	if err != nil {
		return cfg, true, fmt.Errorf("read the invented academy: %w", err)
	}
	cfg.Academy.Hours = "9.00-17.00" // in both languages
	verified, err := config.ParseDate("2026-11-01")
	cfg.Procedure.ExternalBodies = []config.ExternalBody{{Name: "Geschillencommissie Voorbeeld", Address: "Postbus 1, 1000 AA Voorbeeldstad",
		URL: "https://geschillen.example", Fee: "€ 50", VerifiedOn: verified}}
	return cfg, true, err
}

// A gallery is what is written: files by name, with slashes.
type gallery struct {
	files      map[string][]byte
	count, own int
}

//go:embed templates.html
var galleryPage string

// A wing is the mails of one language, as the page shows them.
type wing struct {
	Language  letter.Language
	OwnPieces bool
	Rooms     []hall
}

// A hall is the mails for one audience.
type hall struct {
	Title string
	Mails []letter.Sample
}

// halls are the audiences and what they are called.
var halls = []struct {
	audience letter.Audience
	title    string
}{
	{letter.ForComplainant, "To the complainant"}, {letter.ForConcerned, "To the employee whom it is about"},
	{letter.ForStaff, "To those who work on the case"}, {letter.ForCommander, "Answers to commands, and questions"},
}

// exhibit words the mails and the page that leads to them.
func exhibit(book *letter.Book, cfg config.Config, in []letter.Language) (gallery, error) {
	g := gallery{files: map[string][]byte{}}
	var wings []wing
	for _, l := range in {
		samples, err := book.Gallery(l)
		if err != nil {
			return g, fmt.Errorf("templates: %w", err)
		}
		w := wing{Language: l, OwnPieces: book.OwnPieces(l)}
		for _, h := range halls {
			room := hall{Title: h.title}
			for _, s := range samples {
				if s.For == h.audience {
					room.Mails = append(room.Mails, s)
				}
			}
			w.Rooms = append(w.Rooms, room)
		}
		wings = append(wings, w)
		for _, s := range samples {
			name := path.Join(string(l), s.Name)
			g.files[name+".txt"], g.files[name+".html"], g.files[name+".eml"] = []byte(s.Text), []byte(s.HTML), s.Raw
			g.count++
			if s.Own {
				g.own++
			}
		}
	}
	page, err := template.New("index").Parse(galleryPage)
	if err != nil {
		return g, fmt.Errorf("templates: %w", err)
	}
	var out bytes.Buffer
	err = page.Execute(&out, map[string]any{"Academy": cfg.Academy.Name, "Address": cfg.SMTP.From.Address, "Folder": cfg.Templates, "Wings": wings})
	g.files["index.html"] = out.Bytes()
	return g, err
}

// write puts the files into a folder that is new, empty or of an earlier run. It
// looks at everything before it changes anything.
func (g gallery) write(dir, overrides string) error {
	root, err := openFolder(dir, overrides)
	if err != nil {
		return err
	}
	defer root.Close()
	before, err := g.mayReplace(root, dir)
	if err != nil {
		return err
	}
	for _, name := range before {
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("templates: %w", err)
		}
		_ = root.Remove(path.Dir(name)) // once it is empty; if it never is, it stays
	}
	names := slices.Sorted(maps.Keys(g.files))
	if err := root.WriteFile(galleryList, []byte(strings.Join(names, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("templates: %w", err)
	}
	for _, name := range names {
		if err := root.MkdirAll(path.Dir(name), 0o750); err != nil {
			return fmt.Errorf("templates: %w", err)
		}
		if err := root.WriteFile(name, g.files[name], 0o600); err != nil {
			return fmt.Errorf("templates: %w", err)
		}
	}
	return nil
}

// openFolder opens the folder to write to, and makes it when it is not there. No
// link in it leads out of it.
func openFolder(dir, overrides string) (*os.Root, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(dir, 0o750); err == nil {
			info, err = os.Stat(dir)
		}
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("templates: %w", err)
	case !info.IsDir():
		return nil, usage{fmt.Errorf("-o %s: %w", dir, errNoFolder)}
	}
	if overrides != "" {
		if own, err := os.Stat(overrides); err == nil && os.SameFile(info, own) {
			return nil, usage{fmt.Errorf("-o %s: %w", dir, errOverrides)}
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	return root, nil
}

// mayReplace returns what an earlier run wrote. It is an error when the folder is
// not of such a run, or somebody put a file where one of ours belongs.
func (g gallery) mayReplace(root *os.Root, dir string) ([]string, error) {
	list, err := root.ReadFile(galleryList)
	if errors.Is(err, fs.ErrNotExist) {
		entries, err := fs.ReadDir(root.FS(), ".")
		if err == nil && len(entries) > 0 {
			err = usage{fmt.Errorf("-o %s: %w", dir, errForeign)}
		}
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	before := strings.Fields(string(list))
	for name := range g.files {
		if _, err := root.Lstat(name); err == nil && !slices.Contains(before, name) {
			return nil, usage{fmt.Errorf("-o %s: %s was not made by klachtd templates; move it away", dir, name)}
		}
	}
	return before, nil
}
