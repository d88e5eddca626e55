package peers

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Password is every user's.
const Password = "geheim"

// nobody is who the servers run as when the tests run as root.
const nobody = 65534

// DovecotOptions are what a test may want otherwise.
type DovecotOptions struct {
	Capability string // what IMAP offers; empty: all that Dovecot can
	Separator  string // between folder and folder, "." or "/"; empty: "."
	TLS        bool   // offers STARTTLS on IMAPAddr and listens on IMAPSAddr
	Expired    bool   // with TLS: a certificate that ended yesterday
	Extra      string // further lines of dovecot.conf
	Tokens     string // takes tokens as well: where it asks about one, put behind this address; empty: it does not
}

// Dovecot is an IMAP and LMTP server of the test's own. Any user may log in,
// with Password. A user is what stands before the @: klachten@example.nl and
// klachten have the same mailbox.
type Dovecot struct {
	IMAPAddr  string // 127.0.0.1:port; plain, STARTTLS with TLS
	IMAPSAddr string // implicit TLS; empty without TLS
	LMTPAddr  string // takes mail for every user
	AuthAddr  string // Dovecot's auth protocol, for Postfix

	tb   testing.TB
	o    DovecotOptions
	dir  string
	cert certificate
	own  owner
	proc *process // nil while stopped
}

// An owner is the user that the server runs as.
type owner struct {
	uid, gid    int
	user, group string
	cred        *syscall.Credential // nil: as we are
}

// StartDovecot starts a Dovecot that ends with the test. Without an installed
// Dovecot 2.3 the test is skipped.
func StartDovecot(tb testing.TB, o DovecotOptions) *Dovecot {
	tb.Helper()
	path := needDovecot(tb)
	own, err := whoami()
	if err != nil {
		tb.Fatal("dovecot: ", err)
	}
	d := &Dovecot{tb: tb, o: o, own: own, dir: workDir(tb, "dovecot")}
	for _, sub := range []string{"run", "state", "box", "tls"} {
		d.mkdir(filepath.Join(d.dir, sub))
	}
	if o.TLS {
		d.cert = newCertificate(tb, filepath.Join(d.dir, "tls"), o.Expired)
		for _, name := range []string{d.cert.ca, d.cert.cert, d.cert.key} {
			d.chown(name)
		}
	}
	d.chown(d.dir)
	tb.Cleanup(func() {
		d.Stop()
		tell(tb, d.log(), filepath.Join(d.dir, "out"))
	})
	// Between looking for a free port and taking it another may be faster.
	for range 5 {
		d.IMAPAddr, d.LMTPAddr, d.AuthAddr = freeAddr(tb), freeAddr(tb), freeAddr(tb)
		if o.TLS {
			d.IMAPSAddr = freeAddr(tb)
		}
		if err = d.start(path); err == nil {
			return d
		}
	}
	tb.Fatal("dovecot: ", err)
	return nil
}

func needDovecot(tb testing.TB) string {
	tb.Helper()
	path := "/usr/sbin/dovecot"
	for _, name := range []string{path, "/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp"} {
		if _, err := os.Stat(name); err != nil {
			skip(tb, "dovecot is not installed ("+name+")")
		}
	}
	version, err := exec.Command(path, "--version").Output()
	if err != nil {
		tb.Fatal("dovecot --version: ", err)
	}
	// 2.4 reads another configuration language.
	if !strings.HasPrefix(string(version), "2.3.") {
		skip(tb, "this harness speaks to Dovecot 2.3, here is "+strings.TrimSpace(string(version)))
	}
	return path
}

func whoami() (owner, error) {
	o := owner{uid: os.Getuid(), gid: os.Getgid()}
	if o.uid == 0 {
		// Dovecot's login processes refuse to run as root.
		o.uid, o.gid = nobody, nobody
		o.cred = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	u, err := user.LookupId(strconv.Itoa(o.uid))
	if err != nil {
		return o, err
	}
	g, err := user.LookupGroupId(strconv.Itoa(o.gid))
	if err != nil {
		return o, err
	}
	o.user, o.group = u.Username, g.Name
	return o, nil
}

func (d *Dovecot) start(path string) error {
	conf := filepath.Join(d.dir, "dovecot.conf")
	if err := os.WriteFile(conf, []byte(d.conf()), 0o644); err != nil {
		return err
	}
	p, err := launch(d.dir, d.own.cred, path, "-F", "-c", conf)
	if err != nil {
		return err
	}
	if err := p.answers(d.IMAPAddr, d.IMAPSAddr, d.LMTPAddr, d.AuthAddr); err != nil {
		p.kill()
		return fmt.Errorf("%w: %s", err, lastLine(d.log()))
	}
	// Another's server on our port would answer too.
	if strings.Contains(lastLine(d.log()), "bind(") {
		p.kill()
		return fmt.Errorf("port taken: %s", lastLine(d.log()))
	}
	d.proc = p
	return nil
}

// Stop ends the server at once, as a power cut does. Mail stays.
func (d *Dovecot) Stop() {
	if d.proc != nil {
		d.proc.kill()
		d.proc = nil
	}
}

// Start starts a stopped server again, on the same ports.
func (d *Dovecot) Start() {
	d.tb.Helper()
	if d.proc != nil {
		return
	}
	if err := d.start("/usr/sbin/dovecot"); err != nil {
		d.tb.Fatal("dovecot, started again: ", err)
	}
}

// Restart cuts all connections and starts anew, on the same ports.
func (d *Dovecot) Restart() {
	d.tb.Helper()
	d.Stop()
	d.Start()
}

// CAFile is the PEM file of the authority that signed the certificate.
func (d *Dovecot) CAFile() string { return d.cert.ca }

// Host and Port are IMAPAddr's, for a configuration.
func (d *Dovecot) Host() string { return "127.0.0.1" }

// Port is that of IMAPAddr.
func (d *Dovecot) Port() int { return atoi(portOf(d.IMAPAddr)) }

// TLSPort is that of IMAPSAddr; 0 without TLS.
func (d *Dovecot) TLSPort() int { return atoi(portOf(d.IMAPSAddr)) }

func (d *Dovecot) log() string { return filepath.Join(d.dir, "log") }

func (d *Dovecot) mkdir(name string) {
	d.tb.Helper()
	if err := os.MkdirAll(name, 0o755); err != nil {
		d.tb.Fatal(err)
	}
	d.chown(name)
}

func (d *Dovecot) chown(name string) {
	d.tb.Helper()
	if err := os.Chown(name, d.own.uid, d.own.gid); err != nil {
		d.tb.Fatal(err)
	}
}

// conf is the whole dovecot.conf: nothing of the system's is read. One block
// opens per line, else 2.3 does not read it.
func (d *Dovecot) conf() string {
	tls, separator, imaps := "ssl = no", d.o.Separator, "port = 0"
	if d.o.TLS {
		tls = fmt.Sprintf("ssl = yes\nssl_cert = <%s\nssl_key = <%s", d.cert.cert, d.cert.key)
		imaps = "address = 127.0.0.1\n    ssl = yes\n    port = " + portOf(d.IMAPSAddr)
	}
	if separator == "" {
		separator = "."
	}
	capability := ""
	if d.o.Capability != "" {
		capability = "imap_capability = " + d.o.Capability
	}
	return strings.NewReplacer(
		"@DIR", d.dir, "@USER", d.own.user, "@GROUP", d.own.group,
		"@UID", strconv.Itoa(d.own.uid), "@GID", strconv.Itoa(d.own.gid),
		"@PASSWORD", Password, "@SEPARATOR", separator, "@TLS", tls, "@IMAPS", imaps,
		"@IMAP", portOf(d.IMAPAddr), "@LMTP", portOf(d.LMTPAddr), "@AUTH", portOf(d.AuthAddr),
		"@CAPABILITY", capability, "@EXTRA", d.tokens()+d.o.Extra,
	).Replace(dovecotConf)
}

// tokens are the lines by which it logs in by OAuth2. What it is told about a
// token is JSON: active, and the user's name as email.
func (d *Dovecot) tokens() string {
	if d.o.Tokens == "" {
		return ""
	}
	path := filepath.Join(d.dir, "oauth2.conf")
	text := "introspection_mode = get\nintrospection_url = " + d.o.Tokens + "\nusername_attribute = email\nactive_attribute = active\nactive_value = true\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		d.tb.Fatal("dovecot: ", err)
	}
	d.chown(path)
	return "auth_mechanisms = plain login xoauth2 oauthbearer\npassdb {\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = " + path + "\n}\n"
}

const dovecotConf = `
base_dir = @DIR/run
state_dir = @DIR/state
log_path = @DIR/log
protocols = imap lmtp
listen = 127.0.0.1
@TLS
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
default_internal_user = @USER
default_internal_group = @GROUP
default_login_user = @USER
first_valid_uid = 0
mail_location = maildir:@DIR/box/%Ln
mail_max_userip_connections = 200
default_process_limit = 300
@CAPABILITY
passdb {
  driver = static
  args = password=@PASSWORD
}
userdb {
  driver = static
  args = uid=@UID gid=@GID home=@DIR/box/%Ln allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = @SEPARATOR
  mailbox Sent {
    special_use = \Sent
    auto = create
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = @IMAP
  }
  inet_listener imaps {
    @IMAPS
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = @LMTP
  }
}
service auth {
  inet_listener postfix {
    address = 127.0.0.1
    port = @AUTH
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
@EXTRA
`

func lastLine(name string) string {
	text, _ := os.ReadFile(name)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
