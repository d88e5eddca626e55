package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/mailworld"
	"klachtd/internal/message"
	"klachtd/internal/play"
	"klachtd/internal/report"
	"klachtd/internal/store"
)

type demoCmd struct {
	Once bool `help:"End after the play: exit status 0 when all went as the procedure says, 1 when not."`
}

// The play, and the configuration of its academy.
var (
	//go:embed demo/play.txt
	demoPlay string
	//go:embed demo/config.yaml
	demoConfig string
)

// demoPassword is everybody's in the demo's world.
const demoPassword = "demo"

// demoServer is the name under which the demo's mail server says who was logged in.
const demoServer = "mx.academie.example"

// demoPeople have a mailbox in the demo's world.
var demoPeople = []string{"klachten@academie.example", "directeur@academie.example", "bas@academie.example", "bea@academie.example", "tess@academie.example",
	"jan@voorbeeld.example", "fatima@voorbeeld.example", "piet@voorbeeld.example"}

// Run plays the demo, and then stays for whoever wants to write a complaint.
func (d demoCmd) Run(e env) (err error) {
	dir, err := os.MkdirTemp("", "klachtd-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer os.RemoveAll(dir)
	s, err := newStage(e, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	text := onDays(demoPlay, s.h.cfg, e.now())
	p, err := play.Parse("demo/play.txt", text, s.h.cfg.Academy.Zone)
	if err != nil {
		return err
	}
	s.screen.title(p.Title)
	if err = play.Run(p, s); err != nil {
		return fmt.Errorf("the play did not go as the procedure says: %w", err)
	}
	if err = s.today(); err != nil {
		return err
	}
	s.screen.end()
	if d.Once {
		return nil
	}
	s.screen.invite(s.world)
	return s.live()
}

var dayMark = regexp.MustCompile(`\{day (\d+)\}`)

// onDays puts dates in the play: it begins on a Monday about seven months ago, with
// no holiday in its two first weeks and none on its last day, so that every day is
// what it says, and no new quarter.
func onDays(text string, cfg config.Config, now time.Time) string {
	p := policy(cfg)
	about := complaint.DayOf(now.AddDate(0, -7, 0), p.Zone)
	start := about
	for n := 0; !plain(p, start); n++ { // the nearest one, before or after
		if start = about.Add(-n); !plain(p, start) {
			start = about.Add(n)
		}
	}
	return dayMark.ReplaceAllStringFunc(text, func(m string) string {
		n, _ := strconv.Atoi(dayMark.FindStringSubmatch(m)[1]) // digits, by the expression
		return string(start.Add(n))
	})
}

// lastDay is the day of the play on which the term for a solution ends.
const lastDay = 28

// plain reports whether two weeks with five working days each begin on d, and the
// last day of the play is a working day of the same quarter: with a new one comes a
// report, which is not in the play.
func plain(p complaint.Policy, d complaint.Day) bool {
	for n := range 14 {
		if p.Workday(d.Add(n)) != (n%7 < 5) {
			return false
		}
	}
	quarter := func(d complaint.Day) report.Period { return report.LastQuarter(report.ParseDay(string(d)) - 1) }
	return d.Weekday() == time.Monday && p.Workday(d.Add(lastDay)) && quarter(d) == quarter(d.Add(lastDay))
}

// A stage is the World of the demo: the whole product on embedded servers, and
// a screen on which the mails pass.
type stage struct {
	ctx    context.Context
	world  *mailworld.World
	h      *house
	screen *screen
	clock  func() time.Time // the procedure's: the play's, and at the end the real one
	wall   func() time.Time
	passed chan mailworld.Passed
}

func newStage(e env, dir string) (*stage, error) {
	s := &stage{ctx: e.ctx, screen: newScreen(e.stdout), clock: e.now, wall: e.now, passed: make(chan mailworld.Passed, 1000)}
	var users []mailworld.User
	for _, address := range demoPeople {
		users = append(users, mailworld.User{Address: address, Password: demoPassword})
	}
	now := func() time.Time { return s.clock() }
	world, err := mailworld.Start(mailworld.Options{Users: users, Now: now, AuthservID: demoServer, Seen: func(p mailworld.Passed) { s.passed <- p }})
	if err != nil {
		return nil, fmt.Errorf("start the demo's mail servers: %w", err)
	}
	s.world = world
	cfg, err := demoConfiguration(world, dir)
	if err == nil {
		// The play begins in the past: what it holds is no old mail.
		s.clock = func() time.Time { return e.now().AddDate(0, -10, 0) }
		s.h, err = build(cfg, nil, now, e.now, slog.New(slog.DiscardHandler))
	}
	if err != nil {
		return nil, errors.Join(err, world.Close())
	}
	return s, nil
}

func demoConfiguration(w *mailworld.World, dir string) (config.Config, error) {
	ports := map[string]string{}
	for name, addr := range map[string]string{"DEMO_IMAP_PORT": w.IMAPAddr(), "DEMO_SMTP_PORT": w.SMTPAddr()} {
		_, port, err := net.SplitHostPort(addr)
		if err != nil {
			return config.Config{}, fmt.Errorf("configure the demo: %w", err)
		}
		ports[name] = port
	}
	return config.Parse(filepath.Join("demo", "config.yaml"), []byte(demoConfig), dir, func(name string) (string, bool) {
		port, ok := ports[name]
		return port, ok
	})
}

func (s *stage) close() error { return errors.Join(s.h.close(), s.world.Close()) }

// Address is the mailbox's.
func (s *stage) Address() string { return s.h.cfg.SMTP.From.Address }

// Say tells the audience what it is about to see.
func (s *stage) Say(line string) { s.screen.say(line) }

// Clock sets the play's clock and makes a pass.
func (s *stage) Clock(t time.Time) error {
	s.clock = func() time.Time { return t }
	s.screen.moment(t)
	_, err := s.h.cycle(s.ctx)
	return err
}

// Receive drops a message into the mailbox, as from the mail server at which its
// sender was logged in, and makes a pass.
func (s *stage) Receive(raw []byte) error {
	s.screen.mail("in", "", raw)
	login := ""
	if from := message.Parse(raw).From; len(from) == 1 {
		if member, staff := s.h.cfg.StaffByAddress(from[0].Address); staff {
			login = member.Email
		}
	}
	raw = mailworld.Vouch(raw, demoServer, login)
	if err := s.world.Put(s.Address(), "INBOX", raw, s.clock()); err != nil {
		return fmt.Errorf("put mail in the mailbox: %w", err)
	}
	_, err := s.h.cycle(s.ctx)
	return err
}

// Sent shows and returns the mails that passed.
func (s *stage) Sent() ([]play.Letter, error) {
	var list []play.Letter
	for {
		select {
		case p := <-s.passed:
			list = append(list, s.screen.mail("out", p.To, p.Raw))
		default:
			return list, nil
		}
	}
}

// Refuse is not played here.
func (s *stage) Refuse(string) {}

// Release lets held acknowledgements go.
func (s *stage) Release() error {
	if _, err := s.h.desk.Release(s.ctx); err != nil {
		return err
	}
	_, err := s.h.deliver(s.ctx)
	return err
}

// Cases returns the register.
func (s *stage) Cases() (list []play.Entry, err error) {
	err = s.h.db.View(s.ctx, func(tx *store.Tx) error {
		return tx.Cases(false, func(c complaint.Case) error {
			list = append(list, play.Look(c))
			return nil
		})
	})
	return list, err
}

// Became says what the last message became.
func (s *stage) Became() (word string, err error) {
	err = s.h.db.View(s.ctx, func(tx *store.Tx) (err error) {
		word, err = tx.LastBecame()
		return err
	})
	return word, err
}

// today ends the play: the clock is the real one from here on, and what has been
// left lying till now is said before the audience is asked in.
func (s *stage) today() error {
	s.screen.say("Today: of what is still open, those who can act still hear.")
	if err := s.Clock(s.wall().In(s.h.cfg.Academy.Zone)); err != nil {
		return err
	}
	s.clock = s.wall
	_, err := s.Sent()
	return err
}

// live goes on, and shows what passes.
func (s *stage) live() error {
	go func() {
		for {
			select {
			case <-s.ctx.Done():
				return
			case p := <-s.passed:
				direction := "out"
				if strings.EqualFold(p.To, s.Address()) {
					direction = "in"
				}
				s.screen.moment(p.At.In(s.h.cfg.Academy.Zone))
				s.screen.mail(direction, p.To, p.Raw)
			}
		}
	}()
	return s.h.run(s.ctx)
}
