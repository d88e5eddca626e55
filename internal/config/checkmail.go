package config

import (
	"strings"
	"time"
)

func (c *checker) imap() {
	m := &c.cfg.IMAP
	c.required("imap.host", m.Host, "write the host name of your IMAP server")
	c.server("imap", &m.Server)
	c.required("imap.username", m.Username, "write the name that logs in to the complaints mailbox")
	if c.login("imap", &m.Server) == 0 {
		field := "imap"
		if c.given("imap.password") {
			field = "imap.password"
		}
		c.bad(field, "no way to log in; set one of password, password_file and oauth2")
	}
	for i, a := range m.Addresses {
		c.required(item("imap.addresses", i), a, "write an address or leave the item out")
		c.address(item("imap.addresses", i), a)
	}
	c.unique("imap.addresses", m.Addresses)
	if m.Poll < time.Second || m.Poll > 29*time.Minute {
		c.bad("imap.poll", "%s is not allowed; use 1s to 29m", c.quote("imap.poll"))
	}
	c.folders()
}

// server checks what IMAP and SMTP have in common, but for the login.
func (c *checker) server(section string, s *Server) {
	host := section + ".host"
	if s.Host != "" && !validHost(s.Host) {
		c.unusable(host, "%s is not a host name; write it plain, such as mail.example.nl, without a port", c.quote(host))
	}
	c.within(section+".port", s.Port, 1, 65535)
	// security.md 24: nothing goes over a network in the clear.
	if s.TLS == TLSNone && s.Host != "" && !c.spoilt(host) && !loopback(s.Host) {
		c.bad(section+".tls", "none is not allowed to another machine; use implicit or starttls")
	}
	c.caFile(section+".ca_file", &s.CAFile)
}

// login reads the secrets and returns how many ways to log in are given.
func (c *checker) login(section string, s *Server) int {
	ways := 0
	for _, set := range []bool{
		s.Password.IsSet() || c.spoilt(section+".password"),
		s.PasswordFile != "" || c.spoilt(section+".password_file"),
		s.OAuth2 != nil || c.spoilt(section+".oauth2"),
	} {
		if set {
			ways++
		}
	}
	if ways > 1 {
		c.bad(section, "more than one way to log in; keep one of password, password_file and oauth2")
	}
	if s.PasswordFile != "" {
		s.Password = c.secretFile(section+".password_file", &s.PasswordFile)
	}
	if s.OAuth2 != nil && !c.spoilt(section+".oauth2") {
		c.oauth2(section+".oauth2", s.OAuth2)
	}
	return ways
}

func (c *checker) oauth2(field string, o *OAuth2) {
	c.required(field+".provider", string(o.Provider), "use m365 or google")
	if o.Provider == "" {
		return
	}
	c.required(field+".client_id", o.ClientID, "write the id that "+string(o.Provider)+" gave this application")
	var foreign []string
	switch o.Provider {
	case ProviderM365:
		foreign = []string{"token_file"}
		c.required(field+".tenant", o.Tenant, "write the id or the domain of your tenant")
		if (o.ClientSecretFile == "") == (o.CertificateFile == "") {
			c.bad(field, "needs one of client_secret_file and certificate_file")
		}
	case ProviderGoogle:
		foreign = []string{"tenant", "certificate_file", "expires_on"}
		c.required(field+".client_secret_file", o.ClientSecretFile, "write the path of the file with the client's secret")
		c.required(field+".token_file", o.TokenFile, "write the path of the file with the refresh token")
	}
	for _, key := range foreign {
		if n := c.fields[field+"."+key]; n != nil && n.text != "" {
			c.unusable(field+"."+key, "does not belong to provider %s; leave it out", o.Provider)
		}
	}
	if o.ClientSecretFile != "" {
		o.ClientSecret = c.secretFile(field+".client_secret_file", &o.ClientSecretFile)
	}
	c.ask(field+".token_url", o.TokenURL)
	c.file(field+".certificate_file", &o.CertificateFile)
	c.file(field+".token_file", &o.TokenFile)
}

// folders checks that no two steps meet in one folder: what is filed must not
// come back as new, and spam must not lie among what was handled.
func (c *checker) folders() {
	f := c.cfg.IMAP.Folders
	taken := map[string]string{strings.ToLower(c.cfg.IMAP.Mailbox): "imap.mailbox"}
	if !plainFolder(c.cfg.IMAP.Mailbox) {
		c.bad("imap.mailbox", "%s is not a folder; write one such as INBOX", c.quote("imap.mailbox"))
	}
	for _, folder := range []struct{ key, name string }{
		{"handled", f.Handled}, {"automatic", f.Automatic}, {"spam", f.Spam}, {"quarantine", f.Quarantine}, {"sent", f.Sent},
	} {
		field := "imap.folders." + folder.key
		if folder.name == "" && folder.key == "sent" {
			continue
		}
		if !plainFolder(folder.name) {
			c.bad(field, "%s is not a folder; use ASCII letters, digits and signs, but no * or %%", c.quote(field))
			continue
		}
		// Many servers keep folders on a disk that does not know case.
		name := strings.ToLower(folder.name)
		if other, ok := taken[name]; ok {
			// Name the one that is written in the file.
			if !c.given(field) {
				field, other = other, field
			}
			c.bad(field, "%s is the same folder as %s; use different ones", c.quote(field), other)
			continue
		}
		taken[name] = field
	}
}

// plainFolder reports whether a mailbox name needs no encoding and no guessing.
func plainFolder(s string) bool {
	return s != "" && strings.TrimSpace(s) == s && !strings.HasPrefix(s, "/") && !strings.HasSuffix(s, "/") &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || r == '*' || r == '%' })
}

func (c *checker) smtp() {
	s := &c.cfg.SMTP
	c.required("smtp.host", s.Host, "write the host name of your SMTP server")
	c.server("smtp", &s.Server)
	ways := c.login("smtp", &s.Server)
	switch {
	case ways > 0:
		c.required("smtp.username", s.Username, "write the name that logs in to the SMTP server")
	case s.Username != "":
		c.bad("smtp.username", "no way to log in; set one of password, password_file and oauth2, or leave the username out")
	case !loopback(s.Host):
		c.warn("smtp.username", "not given: letters are handed over without logging in")
	}
	c.required("smtp.from.address", s.From.Address, "write the address of the complaints mailbox")
	c.address("smtp.from.address", s.From.Address)
	c.within("smtp.max_connections", s.MaxConnections, 1, 32)
	c.within("smtp.per_minute", s.PerMinute, 0, 1_000_000)
}
