package config

import (
	"crypto/x509"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// checker looks at decoded values. It fills in what follows from the file
// itself: absolute paths, secrets from files, the time zone.
type checker struct {
	*problems
	cfg *Config
	dir string // what relative paths are relative to
}

func (c *checker) all() {
	c.academy()
	c.imap()
	c.smtp()
	c.machine()
	c.staff()
	c.authentication()
	c.procedure()
	c.numbers()
	c.schedule()
}

func (c *checker) academy() {
	a := &c.cfg.Academy
	c.required("academy.name", a.Name, "write the name of your academy")
	c.web("academy.privacy_url", a.PrivacyURL)
	zone, err := time.LoadLocation(a.Timezone)
	// "" and Local are known to Go, but mean another zone on another machine.
	if err != nil || a.Timezone == "" || a.Timezone == "Local" {
		c.unusable("academy.timezone", "%s is not a known time zone; write one such as Europe/Amsterdam", c.quote("academy.timezone"))
		return
	}
	a.Zone = zone
}

// machine checks what belongs to this machine: files, the log, alarms.
func (c *checker) machine() {
	db := &c.cfg.Database
	if db.Path == "" || strings.HasSuffix(db.Path, "/") {
		c.bad("database.path", "%s names no file; write one such as state/klachtd.db", c.quote("database.path"))
	}
	db.Path = c.path(db.Path)
	db.MasterKeyFile = c.path(db.MasterKeyFile)
	c.cfg.Backup.KeysFolder = c.path(c.cfg.Backup.KeysFolder)
	c.cfg.Templates = c.path(c.cfg.Templates)
	if t := c.cfg.Templates; t != "" {
		if info, err := os.Stat(t); err != nil {
			c.bad("templates", "%s cannot be read: %s", c.quote("templates"), cause(err))
		} else if !info.IsDir() {
			c.bad("templates", "%s is not a folder", c.quote("templates"))
		}
	}
	c.address("alerts.email", c.cfg.Alerts.Email)
	c.notOurs("alerts.email", c.cfg.Alerts.Email)
	c.listen("metrics.listen", c.cfg.Metrics.Listen)
	c.ask("alerts.heartbeat_url", c.cfg.Alerts.HeartbeatURL)
}

// ask checks an address that we ask something of. It is not quoted: that of a
// heartbeat is often its only secret. Empty is none.
func (c *checker) ask(field, address string) {
	if address == "" {
		return
	}
	u := webURL(address)
	if u == nil || u.Scheme == "http" && !loopback(u.Hostname()) {
		c.bad(field, "not allowed; use an address that begins with https:// (http:// to this machine alone)")
	}
}

// listen checks an address to be asked at: this machine alone, since whoever can
// reach it may read there. Empty is none.
func (c *checker) listen(field, address string) {
	if address == "" {
		return
	}
	host, port, err := net.SplitHostPort(address)
	n, portErr := strconv.Atoi(port)
	switch {
	case err != nil || portErr != nil || n < 1 || n > 65535:
		c.bad(field, "%s is not an address with a port; write one such as 127.0.0.1:9817", c.quote(field))
	case !loopback(host):
		c.bad(field, "%s is not of this machine alone; use 127.0.0.1, [::1] or localhost, such as 127.0.0.1:9817, and a proxy with a login where others must reach it", c.quote(field))
	}
}

// required notes a field that must be filled in.
func (c *checker) required(field, value, how string) {
	if strings.TrimSpace(value) != "" {
		return
	}
	state := "missing"
	if c.given(field) {
		state = "empty"
	}
	c.bad(field, "%s; %s", state, how)
}

// address checks an email address; empty is none.
func (c *checker) address(field, value string) {
	if value != "" && !validAddress(value) {
		c.bad(field, "%s is not an email address; write one such as bas@example.nl, without a name or < >", c.quote(field))
	}
}

// notOurs refuses an address that is our own: our mail to it would come back to us.
func (c *checker) notOurs(field, value string) {
	for _, own := range c.cfg.Own() {
		if strings.EqualFold(own, value) {
			c.bad(field, "%s is one of our own addresses; use another, or mail would go round in circles", c.quote(field))
		}
	}
}

// web checks the address of a page; empty is none.
func (c *checker) web(field, value string) {
	if value != "" && webURL(value) == nil {
		c.bad(field, "%s is not a web address; write one that begins with https://", c.quote(field))
	}
}

// unique notes the words of a list that are empty or there already, without regard to case.
func (c *checker) unique(field string, words []string) {
	first := map[string]int{}
	for i, w := range words {
		at := item(field, i)
		key := strings.ToLower(strings.TrimSpace(w))
		if key == "" {
			c.bad(at, "empty; write a word or leave the item out")
			continue
		}
		if j, ok := first[key]; ok && !c.spoilt(item(field, j)) {
			c.bad(at, "%s is %s already", c.quote(at), item(field, j))
			continue
		}
		first[key] = i
	}
}

// within checks a number against its bounds, which are part of the range.
func (c *checker) within(field string, value, low, high int) {
	if value < low || value > high {
		c.bad(field, "%s is not allowed; use %d to %d", c.quote(field), low, high)
	}
}

// path makes a path absolute; empty stays empty.
func (c *checker) path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(c.dir, p)
}

// maxSecretFile bounds in bytes a file with a password, a key or certificates.
const maxSecretFile = 1 << 20

// file makes the path of an optional file absolute and reads the file.
func (c *checker) file(field string, path *string) []byte {
	written := *path
	*path = c.path(written)
	if written == "" || c.spoilt(field) {
		return nil
	}
	data, mode, err := readFile(*path, maxSecretFile)
	if err != nil {
		c.unusable(field, "%s cannot be read: %s", c.quote(field), cause(err))
		return nil
	}
	if mode.Perm()&0o007 != 0 && !strings.HasSuffix(field, ".ca_file") {
		c.warn(field, "everybody on this machine may read the file; do: chmod o= FILE")
	}
	return data
}

// secretFile reads a file that holds one secret on one line.
func (c *checker) secretFile(field string, path *string) Secret {
	data := c.file(field, path)
	secret := strings.TrimRight(string(data), "\r\n")
	if secret == "" && data != nil {
		c.unusable(field, "the file is empty; write the secret in it")
	}
	return NewSecret(secret)
}

// caFile checks that there is a certificate to trust in the file.
func (c *checker) caFile(field string, path *string) {
	data := c.file(field, path)
	if data != nil && !x509.NewCertPool().AppendCertsFromPEM(data) {
		c.bad(field, "%s holds no certificate in PEM form", c.quote(field))
	}
}

// exposed warns about a password in a configuration file that everybody may read.
func (c *checker) exposed(mode fs.FileMode) {
	for _, field := range []string{"imap.password", "smtp.password"} {
		n := c.fields[field]
		if mode.Perm()&0o004 != 0 && n != nil && n.text != "" && !variable.MatchString(n.text) {
			c.warn(field, "everybody on this machine may read it here; use password_file, or do: chmod o= FILE")
		}
	}
}

// derive fills in, after the checks, what is taken from elsewhere when it is not given.
func (c *checker) derive() {
	cfg := c.cfg
	if cfg.Database.MasterKeyFile == "" {
		cfg.Database.MasterKeyFile = filepath.Join(filepath.Dir(cfg.Database.Path), "klachtd.master")
	}
	if cfg.Backup.KeysFolder == "" {
		cfg.Backup.KeysFolder = filepath.Join(filepath.Dir(cfg.Database.Path), "keys")
	}
	if cfg.Alerts.Email == "" {
		cfg.Alerts.Email = cfg.Directeur().Email
	}
	cfg.Authentication.Domains = mailDomains(cfg.Authentication.Domains, cfg.Staff)
}

// item names the ith item of a list.
func item(field string, i int) string {
	return field + "[" + strconv.Itoa(i) + "]"
}
