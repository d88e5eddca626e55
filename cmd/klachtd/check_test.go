package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klachtd/internal/config"
)

// points is what some part of check says.
func points(part func(r *checklist)) (text string, errors int) {
	var b bytes.Buffer
	r := &checklist{w: &b}
	part(r)
	return b.String(), r.errors
}

// Two clocks agree within two minutes; an hour is an error.
func TestClocksApart(t *testing.T) {
	from := time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)
	to := from.Add(10 * time.Second)
	for _, tt := range []struct {
		at   time.Time
		want string
	}{
		{from.Add(3 * time.Second), "ok       clock: the server's and ours agree\n"},
		{from.Add(-2 * time.Minute), "ok       clock: the server's and ours agree\n"},
		{to.Add(2 * time.Minute), "ok       clock: the server's and ours agree\n"},
		{from.Add(-3 * time.Minute), "warning  clock: the server's is 3m0s behind ours;"},
		{to.Add(59 * time.Minute), "warning  clock: the server's is 59m0s ahead of ours;"},
		{to.Add(time.Hour), "error    clock: the server's is 1h0m0s ahead of ours;"},
		{from.AddDate(0, 0, -1), "error    clock: the server's is 24h0m0s behind ours;"},
	} {
		if got, _ := points(func(r *checklist) { r.apart("the server's", tt.at, from, to) }); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %q", tt.at, got)
		}
	}
	for by, want := range map[time.Duration]string{-time.Hour: "", drift: "", 3 * time.Minute: "warning  clock: the newest message of the mailbox arrived 3m0s from now"} {
		if got, _ := points(func(r *checklist) { r.future(from.Add(by), from) }); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s from now: %q", by, got)
		}
	}
}

// Zone, holidays, terms and schedule are shown as the next dates; what never comes is an error.
func TestDaysAhead(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	var cfg config.Config
	cfg.Academy.Zone = zone
	cfg.Procedure.ReactWithinDays, cfg.Procedure.ResolveWithinDays = 7, 28
	cfg.Schedule = config.Schedule{Deadlines: "0 8 * * *", Delays: "0 12 * * *", Survey: "0 10 * * MON-FRI", Digest: "0 8 * * MON", Retention: "0 3 31 2 *"}
	got, errors := points(func(r *checklist) { r.days(cfg, time.Date(2026, 10, 24, 21, 30, 0, 0, time.UTC)) })
	const want = `ok       clock: 2026-10-24 23:30 CEST, time zone Europe/Amsterdam
ok       holidays: the next are 2026-12-25, 2026-12-26, 2027-01-01
ok       terms: a complaint of today is to be taken by 2026-10-27, answered in person by 2026-10-31 and solved by 2026-11-21
ok       schedule: deadlines next at 2026-10-25 08:00 CET
ok       schedule: delays next at 2026-10-25 12:00 CET
ok       schedule: survey next at 2026-10-26 10:00 CET
ok       schedule: digest next at 2026-10-26 08:00 CET
error    schedule: retention never comes; change schedule.retention
`
	if got != want || errors != 1 {
		t.Errorf("%d errors\n%s", errors, got)
	}
}

// The end of a login is told of a month before, once for a secret that both servers share.
func TestLoginsEnd(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 10, 20, 12, 0, 0, 0, zone)
	m365 := func(day string) *config.OAuth2 {
		o := &config.OAuth2{Provider: config.ProviderM365}
		if day != "" {
			if o.ExpiresOn, err = config.ParseDate(day); err != nil {
				t.Fatal(err)
			}
		}
		return o
	}
	for _, tt := range []struct {
		imap, smtp *config.OAuth2
		want       string
	}{
		{nil, nil, ""},
		{&config.OAuth2{Provider: config.ProviderGoogle}, nil, ""},
		{m365("2026-11-20"), nil, "ok imap 2026-11-20"},
		{m365("2026-11-19"), m365("2026-11-19"), "warning imap 30 days"},
		{m365("2026-10-20"), m365("2027-01-01"), "warning imap 0 days, ok smtp 2027-01-01"},
		{nil, m365("2026-10-19"), "error smtp 2026-10-19"},
		{m365(""), nil, "warning imap not given"},
	} {
		var cfg config.Config
		cfg.Academy.Zone, cfg.IMAP.OAuth2, cfg.SMTP.OAuth2 = zone, tt.imap, tt.smtp
		got, _ := points(func(r *checklist) { r.logins(cfg, now) })
		lines := strings.Count(got, "\n")
		var said []string
		if tt.want != "" {
			said = strings.Split(tt.want, ", ")
		}
		if lines != len(said) {
			t.Errorf("%s: %q", tt.want, got)
			continue
		}
		for i, line := range strings.SplitN(got, "\n", lines+1)[:lines] {
			words := strings.SplitN(said[i], " ", 3)
			if !strings.HasPrefix(line, words[0]) || !strings.Contains(line, words[1]+".oauth2") || !strings.Contains(line, words[2]) {
				t.Errorf("%s: %q", said[i], line)
			}
		}
	}
}

// What klachtd must write to is asked for beforehand, and nothing is made.
func TestRights(t *testing.T) {
	dir := t.TempDir()
	var cfg config.Config
	cfg.Database.Path = filepath.Join(dir, "none", "yet", "klachtd.db")
	cfg.IMAP.OAuth2 = &config.OAuth2{TokenFile: filepath.Join(dir, "none", "token")}
	cfg.SMTP.OAuth2 = cfg.IMAP.OAuth2
	got, errors := points(func(r *checklist) { r.database(cfg); r.rights(cfg) })
	if errors != 1 || strings.Count(got, "where oauth2.token_file is") != 1 || !strings.Contains(got, "disk: ") ||
		!strings.Contains(got, "ok       rights: this user may write to the folder of the database") {
		t.Errorf("%d errors\n%s", errors, got)
	}
	if names, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(names) > 0 {
		t.Errorf("made %q, %v", names, err)
	}
	cfg.IMAP.OAuth2.TokenFile = filepath.Join(dir, "token")
	if got, errors := points(func(r *checklist) { r.rights(cfg) }); errors > 0 {
		t.Error(got)
	}
	if os.Getuid() == 0 {
		return // who may do anything
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if got, errors := points(func(r *checklist) { r.database(cfg); r.rights(cfg) }); errors != 2 {
		t.Error(got)
	}
}

// What the server does with Sent decides what smtp.save_sent should be.
func TestCopiesInSent(t *testing.T) {
	const other, google = "smtp.academie.example", "smtp.gmail.com"
	for _, tt := range []struct {
		host     string
		save     config.SaveSent
		n        int
		replaced bool
		want     string
	}{
		{other, config.SaveAuto, 0, false, "ok       probe: the server keeps no copy in Sent by itself; klachtd puts"},
		{other, config.SaveNo, 0, false, "ok       probe: the server keeps no copy in Sent by itself, and smtp.save_sent is no"},
		{google, config.SaveAuto, 0, false, "warning  probe: the server keeps no copy in Sent by itself, though"},
		{google, config.SaveAuto, 1, false, "ok       probe: Sent holds it once\n"},
		{other, config.SaveAuto, 1, false, "warning  probe: Sent holds it once, put there by the server; set smtp.save_sent: no"},
		{other, config.SaveNo, 1, false, "ok       probe: Sent holds it once\n"},
		{google, config.SaveAuto, 2, false, "warning  probe: Sent holds it 2 times"},
		{google, config.SaveAuto, 1, true, "warning  probe: Sent holds it under another Message-ID"},
		{other, config.SaveYes, 1, true, "warning  probe: Sent holds it under another Message-ID: whether an uncertain letter went out cannot be seen there, and is left to a person\n" +
			"warning  probe: the server puts what is sent into Sent by itself; set smtp.save_sent: no"},
	} {
		s := config.SMTP{Server: config.Server{Host: tt.host}, SaveSent: tt.save}
		if got, _ := points(func(r *checklist) { r.copies(s, tt.n, tt.replaced) }); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}
