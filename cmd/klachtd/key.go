package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"klachtd/internal/config"
	"klachtd/internal/store"
)

type keyCmd struct {
	Rotate keyRotateCmd `cmd:"" help:"Change the master key: all keys of cases are wrapped by a new one, and the old one is removed."`
}

type keyRotateCmd struct {
	configured
	To string `placeholder:"FILE" help:"Write the new master key there, for you to put in place, and leave the old one alone. A key that is there already (32 bytes) is used."`
}

// Help is what `klachtd key rotate --help` says besides.
func (keyRotateCmd) Help() string {
	return `The daemon must be stopped. Stopped half-way, the next start works with what is there. Copies of the keys in backup.keys_folder that the old master key
wrapped are removed, and a new one is made. Backups of the database stay readable: make a new copy of the master key, and destroy the copies of the old.

A master key that is a systemd credential cannot be written. Give --to FILE, in a service of its own that has the credential:

  systemctl stop klachtd
  systemd-run --pty --property=LoadCredentialEncrypted=klachtd.master:/etc/klachtd/klachtd.master.cred \
    klachtd key rotate --to /root/klachtd.master.new
  systemd-creds encrypt --name=klachtd.master /root/klachtd.master.new /etc/klachtd/klachtd.master.cred
  systemctl start klachtd && shred -u /root/klachtd.master.new`
}

// Run changes the master key.
func (c keyRotateCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	if err := there(cfg); err != nil {
		return err
	}
	to := c.To
	if to != "" {
		if to, err = filepath.Abs(to); err != nil {
			return usage{fmt.Errorf("--to: %w", err)}
		}
	} else if isCredential(e, cfg) {
		return usage{fmt.Errorf("%s is a systemd credential, which klachtd cannot replace: give --to FILE, make that the credential, and start again; see `klachtd key rotate --help`",
			cfg.Database.MasterKeyFile)}
	}
	if err := store.Rotate(e.ctx, storeOptions(cfg, true), to, e.now, failpoint()); errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w; may you write to the folder of the master key? --to FILE writes the new one elsewhere", err)
	} else if err != nil {
		return err
	}
	if to != "" {
		_, err = fmt.Fprintf(e.stdout, "the keys are wrapped by %s; klachtd does not start before that is %s\n", to, cfg.Database.MasterKeyFile)
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "%s is a new key, and the old one is gone; keep a copy of it, and destroy copies of the old one\n", cfg.Database.MasterKeyFile)
	return err
}

// isCredential reports whether the master key comes from systemd (systemd.exec(5), CREDENTIALS).
func isCredential(e env, cfg config.Config) bool {
	if cfg.Database.MasterKeyGiven {
		return true
	}
	dir, _ := e.getenv("CREDENTIALS_DIRECTORY")
	for _, d := range []string{dir, "/run/credentials"} {
		if d != "" && strings.HasPrefix(cfg.Database.MasterKeyFile, filepath.Clean(d)+"/") {
			return true
		}
	}
	return false
}
