// Package config reads the configuration file: it sets the defaults, checks
// everything at once and hides the secrets. Whether a server can be reached,
// a folder exists or a template renders is left to the rooms that use it.
package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Config is a checked configuration. Each section and key is named after its
// place in the YAML file; config.example.yaml says what each one means.
type Config struct {
	Academy        Academy        `yaml:"academy"`
	IMAP           IMAP           `yaml:"imap"`
	SMTP           SMTP           `yaml:"smtp"`
	Database       Database       `yaml:"database"`
	Backup         Backup         `yaml:"backup"`
	Log            Log            `yaml:"log"`
	Alerts         Alerts         `yaml:"alerts"`
	Metrics        Metrics        `yaml:"metrics"`
	Staff          []Staff        `yaml:"staff"`
	Authentication Authentication `yaml:"authentication"`
	Procedure      Procedure      `yaml:"procedure"`
	Limits         Limits         `yaml:"limits"`
	Schedule       Schedule       `yaml:"schedule"`
	Templates      string         `yaml:"templates"` // a folder, absolute; empty: the built-in texts
	TestMode       bool           `yaml:"test_mode"`

	// Path is the absolute path of the file; what Parse was called with otherwise.
	Path string `yaml:"-"`
	// Lines are where each field that is given stands in the file, from 1.
	Lines map[string]int `yaml:"-"`
	// Warnings are points that work but deserve a look, each one line in the form of an Error.
	Warnings []string `yaml:"-"`
}

// maxFile bounds the configuration file in bytes: the time the YAML parser takes
// grows with the square of the number of keys.
const maxFile = 128 << 10

// Load reads and checks the configuration file at path. Every error found is in
// the result, each of them an *Error on a line of its own.
func Load(path string, getenv func(string) (string, bool)) (Config, error) {
	data, mode, err := readFile(path, maxFile)
	if err != nil {
		return Config{}, &Error{File: path, Problem: "cannot be read: " + cause(err)}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return Config{}, &Error{File: path, Problem: "has no absolute path: " + cause(err)}
	}
	cfg, err := parse(path, data, filepath.Dir(abs), getenv, mode)
	if err != nil {
		return Config{}, err
	}
	cfg.Path = abs
	return cfg, nil
}

// Parse is Load for a file that has been read already. Errors call it name;
// relative paths in it are relative to dir.
func Parse(name string, data []byte, dir string, getenv func(string) (string, bool)) (Config, error) {
	return parse(name, data, dir, getenv, 0)
}

// parse also takes the file's permissions, to warn about a password that others can read.
func parse(name string, data []byte, dir string, getenv func(string) (string, bool), mode fs.FileMode) (Config, error) {
	p := newProblems(name)
	root := p.tree(data)
	if root == nil {
		return Config{}, p.err()
	}
	if getenv == nil {
		getenv = func(string) (string, bool) { return "", false }
	}
	cfg := Default()
	cfg.Path = name
	d := decoder{problems: p, getenv: getenv}
	d.root(&cfg, root)
	c := checker{problems: p, cfg: &cfg, dir: dir}
	c.all()
	c.exposed(mode)
	if err := p.err(); err != nil {
		return Config{}, err
	}
	c.derive()
	cfg.Warnings, cfg.Lines = p.warnings, p.lines()
	return cfg, nil
}

// readFile reads a regular file of at most limit bytes. Devices and pipes are
// refused: reading one could wait for ever.
func readFile(path string, limit int64) ([]byte, fs.FileMode, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("not a regular file")
	}
	if info.Size() > limit {
		return nil, 0, errors.New("too large")
	}
	data, err := os.ReadFile(path)
	return data, info.Mode(), err
}

// cause is the reason in err without the path, which the caller names itself.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// Own returns our own addresses, lower-cased and each once: the one we write
// from and those of imap.addresses.
func (c Config) Own() []string {
	var own []string
	seen := map[string]bool{"": true}
	for _, a := range append([]string{c.SMTP.From.Address}, c.IMAP.Addresses...) {
		a = strings.ToLower(a)
		if !seen[a] {
			seen[a] = true
			own = append(own, a)
		}
	}
	return own
}

// Directeur returns the one directeur. A checked configuration always has one.
func (c Config) Directeur() Staff {
	for _, s := range c.Staff {
		if s.Has(RoleDirecteur) {
			return s
		}
	}
	return Staff{}
}

// Deputy returns who stands in for the directeur, and false when there is nobody.
func (c Config) Deputy() (Staff, bool) {
	for _, s := range c.Staff {
		if s.Deputy {
			return s, true
		}
	}
	return Staff{}, false
}

// Binnendienst returns everybody with that role, as the first or a second one.
func (c Config) Binnendienst() []Staff {
	var out []Staff
	for _, s := range c.Staff {
		if s.Has(RoleBinnendienst) {
			out = append(out, s)
		}
	}
	return out
}

// StaffByAddress returns the member of staff with this address or alias, compared without case.
func (c Config) StaffByAddress(address string) (Staff, bool) {
	for _, s := range c.Staff {
		for _, a := range s.Addresses() {
			if strings.EqualFold(a, address) {
				return s, true
			}
		}
	}
	return Staff{}, false
}
