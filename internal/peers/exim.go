package peers

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Exim is an SMTP relay of the test's own: STARTTLS, then a login (any user,
// Password), without which it takes nothing; all mail goes on to one address. In
// every domain weg@ is refused at RCPT with 550 and vol@ with 451.
type Exim struct {
	SMTPAddr string // 127.0.0.1:port

	tb   testing.TB
	own  owner
	dir  string
	cert certificate
	proc *process
}

// StartExim starts an Exim that ends with the test and hands all mail to sink, an
// address. Where it was not unpacked the test is skipped.
func StartExim(tb testing.TB, sink string) *Exim {
	tb.Helper()
	path, env := unpacked(tb, "usr/sbin/exim4")
	wrapper, _ := unpacked(tb, "usr/lib/"+triplet(tb)+"/libnss_wrapper.so")
	own, err := whoami()
	if err != nil {
		tb.Fatal("exim: ", err)
	}
	x := &Exim{tb: tb, own: own, dir: workDir(tb, "exim")}
	x.cert = newCertificate(tb, x.dir, false)
	for _, name := range []string{x.dir, x.cert.cert, x.cert.key} {
		if err := os.Chown(name, own.uid, own.gid); err != nil {
			tb.Fatal("exim: ", err)
		}
	}
	env = append(env, x.invented(wrapper)...)
	tb.Cleanup(func() {
		x.Stop()
		tell(tb, filepath.Join(x.dir, "mainlog"), filepath.Join(x.dir, "paniclog"), filepath.Join(x.dir, "out"))
	})
	for range 5 {
		x.SMTPAddr = freeAddr(tb)
		if err = x.start(path, env, sink); err == nil {
			return x
		}
	}
	tb.Fatal("exim: ", err)
	return nil
}

// triplet is how Debian calls this machine's kind, as the folder with its libraries is.
func triplet(tb testing.TB) string {
	tb.Helper()
	root, _ := unpacked(tb, "usr/lib")
	found, err := filepath.Glob(filepath.Join(root, "*-linux-*"))
	if err != nil || len(found) != 1 {
		tb.Fatal("exim: libraries: ", found, err)
	}
	return filepath.Base(found[0])
}

// invented is an environment in which the user that Debian's Exim was built for is
// there and is us: it asks for one of that name (nss_wrapper(1)).
func (x *Exim) invented(wrapper string) []string {
	x.tb.Helper()
	users, groups := filepath.Join(x.dir, "passwd"), filepath.Join(x.dir, "group")
	for name, text := range map[string]string{
		users:  fmt.Sprintf("root:x:0:0::/:/bin/false\nDebian-exim:x:%d:%d::%s:/bin/false\n", x.own.uid, x.own.gid, x.dir),
		groups: fmt.Sprintf("root:x:0:\nDebian-exim:x:%d:\n", x.own.gid),
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			x.tb.Fatal("exim: ", err)
		}
	}
	return []string{"LD_PRELOAD=" + wrapper, "NSS_WRAPPER_PASSWD=" + users, "NSS_WRAPPER_GROUP=" + groups}
}

func (x *Exim) start(path string, env []string, sink string) error {
	conf := filepath.Join(x.dir, "exim.conf")
	text := strings.NewReplacer("@DIR", x.dir, "@PORT", portOf(x.SMTPAddr), "@SINK", portOf(sink), "@CERT", x.cert.cert, "@KEY", x.cert.key,
		"@PATH", path, "@PASSWORD", Password).Replace(eximConf)
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		return err
	}
	p, err := launchWith(env, x.dir, x.own.cred, path, "-C", conf, "-bdf")
	if err != nil {
		return err
	}
	if err := p.answers(x.SMTPAddr); err != nil {
		p.kill()
		return fmt.Errorf("%w: %s %s", err, lastLine(filepath.Join(x.dir, "paniclog")), lastLine(filepath.Join(x.dir, "out")))
	}
	x.proc = p
	return nil
}

// Stop ends the server at once.
func (x *Exim) Stop() {
	if x.proc != nil {
		x.proc.kill()
		x.proc = nil
	}
}

// Port is that of SMTPAddr.
func (x *Exim) Port() int { return atoi(portOf(x.SMTPAddr)) }

// CAFile is the PEM file of the authority that signed the certificate.
func (x *Exim) CAFile() string { return x.cert.ca }

// DNS is never asked: hosts are addresses. What it starts again for a delivery
// needs the environment too.
const eximConf = `
primary_hostname = localhost
exim_path = @PATH
spool_directory = @DIR/spool
log_file_path = @DIR/%slog
pid_file_path = @DIR/exim.pid
daemon_smtp_ports = @PORT
local_interfaces = 127.0.0.1
disable_ipv6 = true
host_lookup =
rfc1413_hosts =
keep_environment = LD_LIBRARY_PATH : LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
deliver_drop_privilege = true
never_users =
tls_advertise_hosts = *
tls_certificate = @CERT
tls_privatekey = @KEY
auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
qualify_domain = localhost
acl_smtp_rcpt = rcpt
acl_smtp_data = data

begin acl
rcpt:
  deny !authenticated = *
       message = log in first
  deny local_parts = weg
       message = nobody of that name
  defer local_parts = vol
       message = mailbox is full
  accept
data:
  accept

begin routers
onwards:
  driver = manualroute
  domains = *
  transport = smtp
  route_list = * 127.0.0.1 byname
  self = send
  no_more

begin transports
smtp:
  driver = smtp
  port = @SINK
  allow_localhost
  hosts_avoid_tls = *
  hosts_try_dane =

begin retry
* * F,1h,1s

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if eq{$auth3}{@PASSWORD}}
  server_set_id = $auth2
`
