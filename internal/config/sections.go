package config

import (
	"net"
	"slices"
	"strconv"
	"time"
)

// Academy says for whom complaints are handled.
type Academy struct {
	Name        string      `yaml:"name"`
	Phone       string      `yaml:"phone"` // of the binnendienst; may be empty
	AddressForm AddressForm `yaml:"address_form"`
	Hours       string      `yaml:"hours"`       // may be empty
	PrivacyURL  string      `yaml:"privacy_url"` // http or https; may be empty
	Timezone    string      `yaml:"timezone"`
	Language    Language    `yaml:"language"`

	// Zone is Timezone, loaded.
	Zone *time.Location `yaml:"-"`
}

// Server is a mail server and the login to it. At most one of Password, OAuth2
// is set; neither is for an SMTP relay that asks for no login.
type Server struct {
	Host         string  `yaml:"host"` // a plain host name or IP address, without brackets
	Port         int     `yaml:"port"` // 1 to 65535
	TLS          TLS     `yaml:"tls"`  // TLSNone for loopback hosts only
	Username     string  `yaml:"username"`
	Password     Secret  `yaml:"password"`      // also when it came from PasswordFile
	PasswordFile string  `yaml:"password_file"` // absolute
	OAuth2       *OAuth2 `yaml:"oauth2"`        // nil without
	CAFile       string  `yaml:"ca_file"`       // absolute, PEM; empty: the system's roots alone
}

// Addr returns host:port as net.Dial wants it.
func (s Server) Addr() string {
	return net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
}

// OAuth2 is a login by bearer tokens.
type OAuth2 struct {
	Provider         Provider `yaml:"provider"`
	Tenant           string   `yaml:"tenant"` // m365 alone
	ClientID         string   `yaml:"client_id"`
	ClientSecretFile string   `yaml:"client_secret_file"` // absolute; m365: this or CertificateFile
	CertificateFile  string   `yaml:"certificate_file"`   // absolute, PEM; m365 alone
	ExpiresOn        Date     `yaml:"expires_on"`         // of the secret or certificate; m365 alone, may be zero
	TokenFile        string   `yaml:"token_file"`         // absolute; google alone
	TokenURL         string   `yaml:"token_url"`          // https, or http to loopback; empty: the provider's own

	// ClientSecret is what ClientSecretFile holds.
	ClientSecret Secret `yaml:"-"`
}

// IMAP is the mailbox that complaints arrive in.
type IMAP struct {
	Server    `yaml:",inline"`
	Addresses []string      `yaml:"addresses"` // ours besides smtp.from; see Config.Own
	Mailbox   string        `yaml:"mailbox"`
	Poll      time.Duration `yaml:"poll"`  // 1s to 29m: servers may drop an IDLE of 30 minutes
	Since     Date          `yaml:"since"` // zero: the day of the first start
	Folders   Folders       `yaml:"folders"`
}

// Folders are where handled messages go. All differ from one another and from the mailbox.
type Folders struct {
	Handled    string `yaml:"handled"`
	Automatic  string `yaml:"automatic"`
	Spam       string `yaml:"spam"`
	Quarantine string `yaml:"quarantine"`
	Sent       string `yaml:"sent"` // empty: found by SPECIAL-USE
}

// SMTP is the server that letters leave by.
type SMTP struct {
	Server         `yaml:",inline"`
	From           Mailbox  `yaml:"from"`
	MaxConnections int      `yaml:"max_connections"` // 1 to 32
	PerMinute      int      `yaml:"per_minute"`      // messages; 0: no limit of our own
	SaveSent       SaveSent `yaml:"save_sent"`
}

// Mailbox is a display name, which may be empty, with an address.
type Mailbox struct {
	Name    string `yaml:"name"`
	Address string `yaml:"address"`
}

// Database says where the state is kept. Both paths are absolute.
type Database struct {
	Path          string `yaml:"path"`
	MasterKeyFile string `yaml:"master_key_file"` // when not given: klachtd.master beside the database

	// MasterKeyGiven is set by who puts a key that systemd gives in the place of
	// MasterKeyFile.
	MasterKeyGiven bool `yaml:"-"`
}

// Backup says where the keys are copied to, and for how long. The path is absolute.
type Backup struct {
	KeysFolder string `yaml:"keys_folder"` // when not given: keys beside the database
	KeepDays   int    `yaml:"keep_days"`   // 1 to 365: copies of the keys
}

// Log says how much is logged and in what form.
type Log struct {
	Level  LogLevel  `yaml:"level"`
	Format LogFormat `yaml:"format"`
}

// Alerts says who hears of technical trouble.
type Alerts struct {
	Email        string `yaml:"email"`         // when not given: the directeur's
	HeartbeatURL string `yaml:"heartbeat_url"` // https, or http to loopback; empty: none
}

// Metrics says where figures for Prometheus and a health check can be asked for.
type Metrics struct {
	Listen string `yaml:"listen"` // host:port of this machine alone; empty: nowhere
}

// Staff is one employee. Addresses are kept as written; compare them without case.
type Staff struct {
	Name    string   `yaml:"name"`
	Email   string   `yaml:"email"`
	Role    Role     `yaml:"role"`
	Also    []Role   `yaml:"also"`
	Aliases []string `yaml:"aliases"`
	Deputy  bool     `yaml:"deputy"` // stands in for the directeur
}

// Has reports whether s has role r, as the first or a second one.
func (s Staff) Has(r Role) bool {
	return s.Role == r || slices.Contains(s.Also, r)
}

// Addresses returns the email address followed by the aliases.
func (s Staff) Addresses() []string {
	return append([]string{s.Email}, s.Aliases...)
}

// Authentication says how a command proves who gave it.
type Authentication struct {
	Profile       Profile  `yaml:"profile"`
	AuthservIDs   []string `yaml:"authserv_ids"`   // not empty with ProfileRFC8601
	ReceivedAbove int      `yaml:"received_above"` // fields; 0 to 20
	Domains       []string `yaml:"domains"`        // lower-cased; when not given: those of the staff's addresses
}

// Procedure holds the terms and choices of the complaints procedure.
type Procedure struct {
	ReactWithinDays      int             `yaml:"react_within_days"`   // 1 to 3650
	ResolveWithinDays    int             `yaml:"resolve_within_days"` // 1 to 3650
	Severe               Severe          `yaml:"severe"`
	RetentionMonths      int             `yaml:"retention_months"`       // 1 to 1200, from closing
	KeepFiledDays        int             `yaml:"keep_filed_days"`        // 1 to 3650: what was filed as spam, automatic or unreadable
	SurveyAfterDays      int             `yaml:"survey_after_days"`      // 1 to 3650
	DefaultExtensionDays int             `yaml:"default_extension_days"` // 1 to 3650
	ClosingApproval      ClosingApproval `yaml:"closing_approval"`
	EmployeeCopy         EmployeeCopy    `yaml:"employee_copy"`
	UndoMinutes          int             `yaml:"undo_minutes"` // 0 to 1440; 0: sent in the same pass
	Categories           []string        `yaml:"categories"`   // not empty, unique
	Causes               []string        `yaml:"causes"`       // not empty, unique
	ExternalBodies       []ExternalBody  `yaml:"external_bodies"`
}

// Severe holds the terms of a severe complaint.
type Severe struct {
	ReactWithinDays   int `yaml:"react_within_days"`   // working days, 1 to 3650
	ResolveWithinDays int `yaml:"resolve_within_days"` // calendar days, 1 to 3650
}

// ExternalBody is where a complainant may go who is not satisfied.
type ExternalBody struct {
	Name       string `yaml:"name"`
	Address    string `yaml:"address"` // by post or email; may be empty when URL is not
	URL        string `yaml:"url"`     // http or https; may be empty when Address is not
	Fee        string `yaml:"fee"`     // what it costs there, in words; may be empty
	VerifiedOn Date   `yaml:"verified_on"`
}

// Limits bound the automatic answers. All are 1 to 1,000,000.
type Limits struct {
	AcksPerAddressPerDay int `yaml:"acks_per_address_per_day"`
	AcksPerDomainPerDay  int `yaml:"acks_per_domain_per_day"`
	AcksPerHour          int `yaml:"acks_per_hour"`
	AcksPerDay           int `yaml:"acks_per_day"`
	Burst                int `yaml:"burst"`
}

// Schedule holds cron expressions in the academy's time zone, of the form that
// cron.ParseStandard reads, without @every and TZ=.
type Schedule struct {
	Deadlines string `yaml:"deadlines"`
	Delays    string `yaml:"delays"`
	Survey    string `yaml:"survey"`
	Digest    string `yaml:"digest"`
	Retention string `yaml:"retention"`
}
