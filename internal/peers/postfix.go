package peers

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const postfixMaster = "/usr/lib/postfix/sbin/master"

// PostfixOptions are what a test may want otherwise.
type PostfixOptions struct {
	Sink     string        // address that takes mail for all other domains; empty: it is thrown away
	Domains  []string      // whose mail goes to Dovecot; empty: example.nl
	Lifetime time.Duration // how long what cannot be delivered yet is tried; 0: an hour
	MaxBytes int           // of a mail; 0: 60 MiB
}

// Postfix is an SMTP server of the test's own. It takes mail from loopback with
// or without a login (any user, Password), delivers that of its domains by LMTP
// to Dovecot, and hands the rest to the Sink. In every domain
//
//	vol@        is refused at RCPT with 452,
//	weg@        is refused at RCPT with 550, and
//	later-weg@  in a domain of the Sink is accepted; the Sink refuses it, and a
//	            delivery report comes back to the sender.
type Postfix struct {
	SMTPAddr  string // 127.0.0.1:port; STARTTLS when Dovecot has TLS
	SMTPSAddr string // implicit TLS, with Dovecot's certificate; empty without

	tb   testing.TB
	o    PostfixOptions
	d    *Dovecot
	dir  string
	proc *process // nil while stopped
}

// StartPostfix starts a Postfix that ends with the test. Without an installed
// Postfix, or without root, which its queue needs, the test is skipped.
func StartPostfix(tb testing.TB, d *Dovecot, o PostfixOptions) *Postfix {
	tb.Helper()
	if _, err := os.Stat(postfixMaster); err != nil {
		skip(tb, "postfix is not installed ("+postfixMaster+")")
	}
	if os.Getuid() != 0 {
		skip(tb, "postfix runs as root alone")
	}
	if len(o.Domains) == 0 {
		o.Domains = []string{"example.nl"}
	}
	if o.Lifetime == 0 {
		o.Lifetime = time.Hour
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 60 << 20
	}
	p := &Postfix{tb: tb, o: o, d: d, dir: workDir(tb, "postfix")}
	p.makeQueue()
	tb.Cleanup(func() {
		p.Stop()
		tell(tb, filepath.Join(p.dir, "maillog"), filepath.Join(p.dir, "out"))
	})
	var err error
	for range 5 {
		p.SMTPAddr = freeAddr(tb)
		if d.o.TLS {
			p.SMTPSAddr = freeAddr(tb)
		}
		if err = p.start(); err == nil {
			return p
		}
	}
	tb.Fatal("postfix: ", err)
	return nil
}

// Stop ends the server at once. Its queue stays.
func (p *Postfix) Stop() {
	if p.proc != nil {
		p.proc.kill()
		p.proc = nil
	}
}

// Start starts a stopped server again, on the same ports and queue.
func (p *Postfix) Start() {
	p.tb.Helper()
	if p.proc != nil {
		return
	}
	if err := p.start(); err != nil {
		p.tb.Fatal("postfix, started again: ", err)
	}
}

// Restart cuts all connections and starts anew.
func (p *Postfix) Restart() {
	p.tb.Helper()
	p.Stop()
	p.Start()
}

// Port is that of SMTPAddr.
func (p *Postfix) Port() int { return atoi(portOf(p.SMTPAddr)) }

// TLSPort is that of SMTPSAddr; 0 without TLS.
func (p *Postfix) TLSPort() int { return atoi(portOf(p.SMTPSAddr)) }

// makeQueue makes the folders as `postfix set-permissions` would; not by it:
// that takes seconds.
func (p *Postfix) makeQueue() {
	p.tb.Helper()
	owner, err := user.Lookup("postfix")
	if err != nil {
		p.tb.Fatal("postfix: ", err)
	}
	drop, err := user.LookupGroup("postdrop")
	if err != nil {
		p.tb.Fatal("postfix: ", err)
	}
	uid, gid, dropGID := atoi(owner.Uid), atoi(owner.Gid), atoi(drop.Gid)
	mk := func(name string, mode os.FileMode, uid, gid int) {
		p.tb.Helper()
		name = filepath.Join(p.dir, name)
		err := os.MkdirAll(name, mode)
		if err == nil {
			err = os.Chown(name, uid, gid)
		}
		if err == nil {
			err = os.Chmod(name, mode) // whatever the umask
		}
		if err != nil {
			p.tb.Fatal("postfix: ", err)
		}
	}
	mk("etc", 0o755, 0, 0)
	mk("data", 0o700, uid, gid)
	mk("queue", 0o755, 0, 0)
	for _, sub := range strings.Fields("active bounce corrupt defer deferred flush hold incoming private saved trace") {
		mk("queue/"+sub, 0o700, uid, gid)
	}
	mk("queue/maildrop", 0o730, uid, dropGID)
	mk("queue/public", 0o710, uid, dropGID)
	mk("queue/pid", 0o755, 0, 0)
}

func (p *Postfix) start() error {
	// Postfix waits two seconds for a main.cf that somebody may still be writing.
	old := time.Now().Add(-time.Minute)
	for name, text := range map[string]string{"main.cf": p.mainCF(), "master.cf": p.masterCF()} {
		name = filepath.Join(p.dir, "etc", name)
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
		if err := os.Chtimes(name, old, old); err != nil {
			return err
		}
	}
	proc, err := launch(p.dir, nil, postfixMaster, "-c", filepath.Join(p.dir, "etc"), "-d")
	if err != nil {
		return err
	}
	if err := proc.answers(p.SMTPAddr, p.SMTPSAddr); err != nil {
		proc.kill()
		return fmt.Errorf("%w: %s", err, lastLine(filepath.Join(p.dir, "maillog")))
	}
	p.proc = proc
	return nil
}

func (p *Postfix) mainCF() string {
	tls := "smtpd_tls_security_level = none"
	if p.d.o.TLS {
		tls = fmt.Sprintf("smtpd_tls_security_level = may\nsmtpd_tls_cert_file = %s\nsmtpd_tls_key_file = %s", p.d.cert.cert, p.d.cert.key)
	}
	others := "default_transport = discard"
	if p.o.Sink != "" {
		others = "relayhost = [127.0.0.1]:" + portOf(p.o.Sink)
	}
	return strings.NewReplacer(
		"@DIR", p.dir, "@DOMAINS", strings.Join(p.o.Domains, " "), "@OTHERS", others, "@TLS", tls,
		"@LMTP", p.d.LMTPAddr, "@AUTH", p.d.AuthAddr,
		"@LIFETIME", strconv.Itoa(max(1, int(p.o.Lifetime.Seconds())))+"s", "@BYTES", strconv.Itoa(p.o.MaxBytes),
	).Replace(postfixMain)
}

// DNS is never asked, no name is looked up, and nothing listens or connects
// beyond loopback.
const postfixMain = `
compatibility_level = 3.6
config_directory = @DIR/etc
queue_directory = @DIR/queue
data_directory = @DIR/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = @DIR/maillog
maillog_file_prefixes = @DIR

inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtp_bind_address = 127.0.0.1
myhostname = localhost
mydestination =
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
alias_database =

virtual_mailbox_domains = @DOMAINS
virtual_mailbox_maps = static:ok
virtual_transport = lmtp:inet:@LMTP
@OTHERS
smtpd_recipient_restrictions = check_recipient_access inline:{ {vol@ = 452 4.2.2 mailbox is full}, {weg@ = 550 5.1.1 nobody of that name} }
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:@AUTH
smtpd_peername_lookup = no
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 1000
@TLS

message_size_limit = @BYTES
mailbox_size_limit = 0
in_flow_delay = 0
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 4s
maximal_queue_lifetime = @LIFETIME
bounce_queue_lifetime = @LIFETIME
notify_classes =
`

func (p *Postfix) masterCF() string {
	text := p.SMTPAddr + " inet n - n - - smtpd\n"
	if p.SMTPSAddr != "" {
		text += p.SMTPSAddr + " inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n"
	}
	return text + postfixServices
}

// No service is in a chroot: the folders are not made for it.
const postfixServices = `
pickup   unix  n - n 60   1 pickup
cleanup  unix  n - n -    0 cleanup
qmgr     unix  n - n 300  1 qmgr
tlsmgr   unix  - - n 1000 1 tlsmgr
rewrite  unix  - - n -    - trivial-rewrite
bounce   unix  - - n -    0 bounce
defer    unix  - - n -    0 bounce
trace    unix  - - n -    0 bounce
verify   unix  - - n -    1 verify
flush    unix  n - n 1000 0 flush
proxymap unix  - - n -    - proxymap
proxywrite unix - - n -   1 proxymap
smtp     unix  - - n -    - smtp
relay    unix  - - n -    - smtp
error    unix  - - n -    - error
retry    unix  - - n -    - error
discard  unix  - - n -    - discard
lmtp     unix  - - n -    - lmtp
anvil    unix  - - n -    1 anvil
scache   unix  - - n -    1 scache
postlog  unix-dgram n - n - 1 postlogd
`
