package config

import "log/slog"

// An enum is a text that may only be one of a few words.
type enum interface{ words() []string }

// TLS says how a connection is protected.
type TLS string

// TLSNone is allowed to loopback hosts alone.
const (
	TLSImplicit TLS = "implicit"
	TLSStartTLS TLS = "starttls"
	TLSNone     TLS = "none"
)

func (TLS) words() []string { return []string{"implicit", "starttls", "none"} }

// Provider is who issues the tokens of an OAuth2 login.
type Provider string

// The providers there are.
const (
	ProviderM365   Provider = "m365"
	ProviderGoogle Provider = "google"
)

func (Provider) words() []string { return []string{"m365", "google"} }

// Role is what an employee does in the procedure.
type Role string

// RoleTrainer is any other employee too.
const (
	RoleDirecteur    Role = "directeur"
	RoleBinnendienst Role = "binnendienst"
	RoleTrainer      Role = "trainer"
)

func (Role) words() []string { return []string{"directeur", "binnendienst", "trainer"} }

// Profile is the transport evidence that commands are judged by.
type Profile string

// ProfileNone is complete; each command then costs one more mail.
const (
	ProfileNone    Profile = "none"
	ProfileRFC8601 Profile = "rfc8601"
	ProfileM365    Profile = "m365"
	ProfileGoogle  Profile = "google"
	ProfileDKIM    Profile = "dkim"
)

func (Profile) words() []string { return []string{"none", "rfc8601", "m365", "google", "dkim"} }

// ClosingApproval says which closings the directeur approves first.
type ClosingApproval string

// The choices there are.
const (
	ApproveNever  ClosingApproval = "never"
	ApproveSevere ClosingApproval = "severe"
	ApproveAlways ClosingApproval = "always"
)

func (ClosingApproval) words() []string { return []string{"never", "severe", "always"} }

// EmployeeCopy says in what form the employee concerned reads the complaint.
type EmployeeCopy string

// CopyFull leaves contact data out.
const (
	CopyNotice   EmployeeCopy = "notice"
	CopyRedacted EmployeeCopy = "redacted"
	CopyFull     EmployeeCopy = "full"
)

func (EmployeeCopy) words() []string { return []string{"notice", "redacted", "full"} }

// SaveSent says whether we put a copy of a letter in the Sent folder ourselves.
type SaveSent string

// SaveAuto is no for the hosts of Microsoft and Google, which do it themselves.
const (
	SaveAuto SaveSent = "auto"
	SaveYes  SaveSent = "yes"
	SaveNo   SaveSent = "no"
)

func (SaveSent) words() []string { return []string{"auto", "yes", "no"} }

// AddressForm is the Dutch "you" of the mails.
type AddressForm string

// The forms there are.
const (
	FormJe AddressForm = "je"
	FormU  AddressForm = "u"
)

func (AddressForm) words() []string { return []string{"je", "u"} }

// Language is the language of the mails.
type Language string

// The languages there are.
const (
	LanguageNL Language = "nl"
	LanguageEN Language = "en"
)

func (Language) words() []string { return []string{"nl", "en"} }

// LogLevel is the least that is logged.
type LogLevel string

// The levels there are.
const (
	LevelDebug LogLevel = "debug"
	LevelInfo  LogLevel = "info"
	LevelWarn  LogLevel = "warn"
	LevelError LogLevel = "error"
)

func (LogLevel) words() []string { return []string{"debug", "info", "warn", "error"} }

// Slog returns the level as slog knows it.
func (l LogLevel) Slog() slog.Level {
	switch l {
	case LevelDebug:
		return slog.LevelDebug
	case LevelWarn:
		return slog.LevelWarn
	case LevelError:
		return slog.LevelError
	}
	return slog.LevelInfo
}

// LogFormat is the form of the log.
type LogFormat string

// FormatAuto is text on a terminal and JSON elsewhere.
const (
	FormatAuto LogFormat = "auto"
	FormatText LogFormat = "text"
	FormatJSON LogFormat = "json"
)

func (LogFormat) words() []string { return []string{"auto", "text", "json"} }
