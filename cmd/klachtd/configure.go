package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"klachtd/internal/config"
)

// configured is embedded by the verbs that need a configuration.
type configured struct {
	Config string `short:"c" name:"config" placeholder:"FILE" help:"The configuration."`
}

// find says which file the configuration is; "" when there is none.
func (c configured) find(e env) string {
	if c.Config != "" {
		return c.Config
	}
	if path, _ := e.getenv("KLACHTD_CONFIG"); path != "" {
		return path
	}
	for _, p := range []string{"config.yaml", "/etc/klachtd/config.yaml"} {
		// A folder that may not be searched, as root's is for the daemon's user, holds nothing for us.
		if _, err := os.Stat(p); !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return p
		}
	}
	return ""
}

// load finds, reads and checks the configuration.
func (c configured) load(e env) (config.Config, error) {
	path := c.find(e)
	if path == "" {
		return config.Config{}, usage{errors.New("no configuration: there is no config.yaml here and no /etc/klachtd/config.yaml; copy config.example.yaml, or name one with -c FILE")}
	}
	cfg, err := config.Load(path, e.getenv)
	if err != nil {
		return cfg, usage{err}
	}
	credential(&cfg, e.getenv)
	return cfg, nil
}

// master is the name of the systemd credential that holds the master key
// (systemd.exec(5), LoadCredential=).
const master = "klachtd.master"

// credential puts the master key that systemd gives in the place of the one beside
// the database, where the configuration names no other.
func credential(cfg *config.Config, getenv func(string) (string, bool)) {
	dir, _ := getenv("CREDENTIALS_DIRECTORY")
	if _, named := cfg.Lines["database.master_key_file"]; dir == "" || named {
		return
	}
	path := filepath.Join(dir, master)
	if _, err := os.Stat(path); err == nil {
		cfg.Database.MasterKeyFile, cfg.Database.MasterKeyGiven = path, true
	}
}
