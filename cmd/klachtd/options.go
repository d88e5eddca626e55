package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/deliver"
	"klachtd/internal/desk"
	"klachtd/internal/letter"
	"klachtd/internal/mailbox"
	"klachtd/internal/store"
)

func storeOptions(cfg config.Config, lock bool) store.Options {
	return store.Options{Path: cfg.Database.Path, MasterFile: cfg.Database.MasterKeyFile, MasterGiven: cfg.Database.MasterKeyGiven, KeysFolder: cfg.Backup.KeysFolder, Lock: lock}
}

// openBook reads the templates, the academy's own in place of ours where it has them.
func openBook(cfg config.Config) (*letter.Book, error) {
	var overrides fs.FS
	if cfg.Templates != "" {
		overrides = os.DirFS(cfg.Templates)
	}
	book, err := letter.New(overrides, academyOf(cfg))
	if err != nil {
		return nil, usage{fmt.Errorf("templates: %w", err)}
	}
	return book, nil
}

// academyOf is what the mails say about the academy.
func academyOf(cfg config.Config) letter.Academy {
	var office []string
	for _, s := range cfg.Binnendienst() {
		office = append(office, s.Name)
	}
	var bodies []letter.ExternalBody
	for _, b := range cfg.Procedure.ExternalBodies {
		bodies = append(bodies, externalBody(b))
	}
	return letter.Academy{
		ExternalBodies: bodies, Categories: cfg.Procedure.Categories, Causes: cfg.Procedure.Causes, ExtensionDays: cfg.Procedure.DefaultExtensionDays,
		Names: func(address string) string {
			s, _ := cfg.StaffByAddress(address)
			return s.Name
		},
		Name: cfg.Academy.Name, Phone: cfg.Academy.Phone, Hours: cfg.Academy.Hours, PrivacyURL: cfg.Academy.PrivacyURL,
		Formal: cfg.Academy.AddressForm == "u", Language: letter.Language(cfg.Academy.Language), Zone: cfg.Academy.Zone, Office: office,
		Spam: cfg.IMAP.Folders.Spam, Quarantine: cfg.IMAP.Folders.Quarantine,
		From: complaint.Party{Name: cfg.SMTP.From.Name, Address: cfg.SMTP.From.Address},
	}
}

// startOf is the moment before which messages are left alone: imap.since, else
// the day of the first start (security.md 43).
func startOf(db *store.DB, cfg config.Config) (time.Time, error) {
	if since := cfg.IMAP.Since; !since.IsZero() {
		return since.In(cfg.Academy.Zone), nil
	}
	var first time.Time
	err := db.Update(context.Background(), func(tx *store.Tx) (err error) {
		first, err = tx.FirstStart()
		return err
	})
	return midnight(first.In(cfg.Academy.Zone)), err
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

func deskOptions(cfg config.Config, since time.Time, step func(string)) desk.Options {
	l := cfg.Limits
	alerts := complaint.Party{Address: cfg.Alerts.Email}
	if s, ok := cfg.StaffByAddress(cfg.Alerts.Email); ok {
		alerts.Name = s.Name
	}
	return desk.Options{
		Policy: policy(cfg), Own: cfg.Own(), Since: since, Step: step, Alerts: alerts, Academy: cfg.Academy.Name, Language: languageOf(cfg), KeepFiled: cfg.Procedure.KeepFiledDays,
		Authentication: evidenceOf(context.Background(), cfg), Unlink: unlinkExport,
		Limits: desk.Limits{PerAddress: l.AcksPerAddressPerDay, PerDomain: l.AcksPerDomainPerDay,
			PerHour: l.AcksPerHour, PerDay: l.AcksPerDay, Burst: l.Burst},
	}
}

func policy(cfg config.Config) complaint.Policy {
	rules := cfg.Procedure
	p := complaint.Policy{Zone: cfg.Academy.Zone, Holiday: holidays(),
		ReactDays: rules.ReactWithinDays, ResolveDays: rules.ResolveWithinDays,
		SevereReactDays: rules.Severe.ReactWithinDays, SevereResolveDays: rules.Severe.ResolveWithinDays,
		ExtensionDays: rules.DefaultExtensionDays, RetentionMonths: rules.RetentionMonths, SurveyDays: rules.SurveyAfterDays,
		UndoMinutes: rules.UndoMinutes, Approval: complaint.Approval(rules.ClosingApproval),
		EmployeeCopy: complaint.CopyForm(rules.EmployeeCopy), Categories: rules.Categories, Causes: rules.Causes}
	for _, s := range cfg.Staff {
		person := complaint.Person{Name: s.Name, Address: s.Email, Aliases: s.Aliases, Deputy: s.Deputy}
		for _, r := range append([]config.Role{s.Role}, s.Also...) {
			person.Roles = append(person.Roles, complaint.Role(r))
		}
		p.Staff = append(p.Staff, person)
	}
	return p
}

func mailboxOptions(cfg config.Config, l *logins, since time.Time, step func(string)) (mailbox.Options, error) {
	roots, err := roots(cfg.IMAP.CAFile, "imap.ca_file")
	f := cfg.IMAP.Folders
	return mailbox.Options{
		Host: cfg.IMAP.Host, Port: cfg.IMAP.Port, TLS: string(cfg.IMAP.TLS), RootCAs: roots,
		Username: cfg.IMAP.Username, Password: cfg.IMAP.Password.Reveal(), Auth: l.auth(cfg.IMAP.OAuth2, cfg.IMAP.Username, mailbox.ErrLogin), Mailbox: cfg.IMAP.Mailbox,
		Folders: map[string]string{"handled": f.Handled, "automatic": f.Automatic, "spam": f.Spam, "quarantine": f.Quarantine},
		Poll:    cfg.IMAP.Poll, Since: since, Step: step, BatchBytes: 2 << 20,
	}, err
}

func serverOf(cfg config.Config, l *logins) (deliver.Server, error) {
	roots, err := roots(cfg.SMTP.CAFile, "smtp.ca_file")
	_, helo, _ := strings.Cut(cfg.SMTP.From.Address, "@")
	return deliver.Server{Host: cfg.SMTP.Host, Port: cfg.SMTP.Port, TLS: string(cfg.SMTP.TLS), RootCAs: roots,
		Username: cfg.SMTP.Username, Password: cfg.SMTP.Password.Reveal(), Auth: l.auth(cfg.SMTP.OAuth2, cfg.SMTP.Username, deliver.ErrLogin), HELO: helo}, err
}

// roots are the system's certificates and those of a file; nil when there is no file.
func roots(file, key string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, usage{fmt.Errorf("%s: %w", key, err)}
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, usage{fmt.Errorf("%s: %s holds no certificate in PEM", key, file)}
	}
	return pool, nil
}

func externalBody(b config.ExternalBody) letter.ExternalBody {
	return letter.ExternalBody{Name: b.Name, Address: b.Address, URL: b.URL, Fee: b.Fee, VerifiedOn: complaint.Day(b.VerifiedOn.String())}
}
