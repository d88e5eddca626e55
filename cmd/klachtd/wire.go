package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/deliver"
	"klachtd/internal/desk"
	"klachtd/internal/letter"
	"klachtd/internal/mailbox"
	"klachtd/internal/schedule"
	"klachtd/internal/store"
	"klachtd/internal/watch"
)

// A house is everything wired together.
type house struct {
	cfg      config.Config
	log      *slog.Logger
	db       *store.DB
	book     *letter.Book
	desk     *desk.Desk
	box      *mailbox.Mailbox
	worker   *deliver.Worker
	logins   *logins
	schedule *schedule.Schedule
	wall     func() time.Time
	step     func(string)
	watch    *watch.Watch
	door     *door         // of a house that is to take over: where figures will be asked for
	good     chan struct{} // rings after a good pass over the mailbox
	quiet    *time.Timer   // gives memory back a while after the last pass
	failed   chan error    // the first error after which nothing may go on
}

// build wires the house; with a house from before it shares the database, which that
// one keeps when building fails. now is the procedure's clock, wall the real one. It
// stays one straight function: the order is the order of the rooms.
func build(cfg config.Config, before *house, now, wall func() time.Time, log *slog.Logger) (h *house, err error) {
	h = &house{cfg: cfg, log: log, wall: wall, good: make(chan struct{}, 1), quiet: time.AfterFunc(calm, giveBack), failed: make(chan error, 1)}
	if before == nil {
		h.step, h.watch = failpoint(), watch.New(built(), wall)
	} else {
		h.step, h.watch = before.step, before.watch
	}
	defer func() {
		switch {
		case err != nil && before != nil:
			err = errors.Join(err, h.leave())
		case err != nil:
			err = errors.Join(err, h.close())
		}
	}()
	if h.book, err = openBook(cfg); err != nil {
		return h, err
	}
	if before != nil {
		h.db = before.db
	} else if h.db, err = store.Open(storeOptions(cfg, true), now); err != nil {
		return h, err
	}
	since, err := startOf(h.db, cfg)
	if err != nil {
		return h, err
	}
	step := heard(h.watch, h.step)
	options := deskOptions(cfg, since, step)
	options.Counted = tallied(h.watch)
	options.Clear = func(ctx context.Context, what desk.Hunt, by desk.Hunter) (desk.Hunted, error) {
		return clearing(ctx, h.box, cfg, what, by)
	}
	h.desk = desk.New(options, h.db, h.book, log)

	h.logins = newLogins(wall)
	box, err := mailboxOptions(cfg, h.logins, since, step)
	if err != nil {
		return h, err
	}
	box.Passed = h.passed(watch.IMAP, "mailbox")
	if h.box, err = mailbox.New(box, h.hands(), wall, log); err != nil {
		return h, err
	}
	server, err := serverOf(cfg, h.logins)
	if err != nil {
		return h, err
	}
	h.worker = deliver.New(deliver.Options{Server: server, MaxConnections: cfg.SMTP.MaxConnections,
		PerMinute: cfg.SMTP.PerMinute, InSent: h.inSent(), Keep: keeps(cfg.SMTP), Step: step, Passed: h.passed(watch.SMTP, "deliver"), Told: posted(h.watch)}, h.db, now, wall, log)

	h.schedule, err = schedule.New(h.jobs(), cfg.Academy.Zone, h.memory(), now, log)
	return h, err
}

// jobs are what is done at its hour; nothing while the database is older than it once
// was: it would be done a second time (security.md 42).
func (h *house) jobs() []schedule.Job {
	if h.db.Behind() {
		h.log.Error("the database is older than it once was: messages are registered, nothing is sent, erased or due, until `klachtd recover`")
		return nil
	}
	at := h.cfg.Schedule
	return []schedule.Job{
		{Name: desk.Deadlines, Spec: at.Deadlines, Run: h.desk.Remind},
		{Name: desk.Delays, Spec: at.Delays, Run: h.desk.Tick},
		{Name: desk.Survey, Spec: at.Survey, Run: h.desk.Survey},
		{Name: desk.Digest, Spec: at.Digest, Run: h.desk.Digest},
		{Name: desk.Retention, Spec: at.Retention, Run: h.retain},
	}
}

// retain is the job `retention`, which removes old copies of the keys too (security.md 26).
func (h *house) retain(ctx context.Context, scheduled time.Time) error {
	return errors.Join(h.desk.Retain(ctx, scheduled), h.db.PruneKeys(scheduled.AddDate(0, 0, -h.cfg.Backup.KeepDays)))
}

// passed notes how a pass with a server ended, and that its loop is alive.
func (h *house) passed(p watch.Peer, loop string) func(error) {
	return func(err error) {
		h.watch.Passed(p, err)
		h.watch.Heard(loop)
		h.quiet.Reset(calm)
		if p != watch.IMAP || err != nil {
			return
		}
		select {
		case h.good <- struct{}{}:
		default:
		}
	}
}

func (h *house) close() error {
	err := h.leave()
	if h.db != nil {
		err = errors.Join(err, h.db.Close())
	}
	return err
}

// leave is close without the database, which a next house goes on with.
func (h *house) leave() error {
	h.quiet.Stop()
	var errs []error
	if h.box != nil {
		errs = append(errs, h.box.Close())
	}
	if h.desk != nil {
		errs = append(errs, h.desk.Leave(context.Background()))
	}
	return errors.Join(errs...)
}

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

// hands are what the mailbox may ask of the desk and the store.
func (h *house) hands() mailbox.House {
	return mailbox.House{
		Unseen: func(ctx context.Context, b mailbox.Box, uids []uint32) ([]uint32, []uint32, error) {
			fresh, suspects, err := h.desk.Unseen(ctx, store.Box(b), uids)
			return fresh, suspects, h.grave(err)
		},
		Receive: func(ctx context.Context, b mailbox.Box, batch []mailbox.Delivery) (func() error, error) {
			in := make([]desk.Delivery, len(batch))
			for i, m := range batch {
				in[i] = desk.Delivery{UID: m.UID, Received: m.Received, Raw: m.Raw, Partial: m.Partial}
			}
			register, err := h.desk.Receive(ctx, store.Box(b), in)
			return func() error {
				err := h.grave(register())
				if err == nil {
					h.watch.Count(watch.Fetched, len(in))
				}
				return err
			}, h.grave(err)
		},
		ToFile: func(ctx context.Context, b mailbox.Box) ([]mailbox.Filing, error) {
			var list []mailbox.Filing
			err := h.db.ToFile(ctx, store.Box(b), func(uid uint32, folder string) {
				list = append(list, mailbox.Filing{UID: uid, Folder: folder})
			})
			return list, h.grave(err)
		},
		Filed: func(ctx context.Context, b mailbox.Box, uids []uint32) error {
			err := h.grave(h.db.Filed(ctx, store.Box(b), uids))
			if err == nil {
				h.watch.Count(watch.Filed, len(uids))
			}
			return err
		},
	}
}

// grave passes an error on, and ends the process when the database itself
// fails for another reason than that there is no room or it is being used: what
// is not surely on disk must not be built on (security.md 40).
func (h *house) grave(err error) error {
	var fatal store.Fatal
	if errors.As(err, &fatal) && !errors.Is(err, store.ErrFull) && !errors.Is(err, store.ErrInUse) && !errors.Is(err, context.Canceled) {
		select {
		case h.failed <- err:
		default:
		}
	}
	return err
}

func (h *house) memory() schedule.Memory {
	return schedule.Memory{
		Last: func(ctx context.Context, name string) (at time.Time, ran bool, err error) {
			h.watch.Heard("schedule")
			err = h.db.View(ctx, func(tx *store.Tx) error {
				run, found, err := tx.JobRun(name)
				at, ran = run.Scheduled, found
				return err
			})
			return at, ran, err
		},
		Note: func(ctx context.Context, name string, at time.Time) error {
			return h.db.Update(ctx, func(tx *store.Tx) error { return tx.SetJobRun(name, at) })
		},
	}
}

// inSent looks for an uncertain letter where the server keeps copies by itself;
// elsewhere the Sent folder proves nothing (security.md 37).
func (h *house) inSent() func(context.Context, string) (bool, error) {
	if !keepsSent(h.cfg.SMTP.Host) {
		return nil
	}
	return func(ctx context.Context, id string) (bool, error) {
		n, err := h.box.Search(ctx, h.cfg.IMAP.Folders.Sent, id)
		return n > 0, err
	}
}

func externalBody(b config.ExternalBody) letter.ExternalBody {
	return letter.ExternalBody{Name: b.Name, Address: b.Address, URL: b.URL, Fee: b.Fee, VerifiedOn: complaint.Day(b.VerifiedOn.String())}
}
