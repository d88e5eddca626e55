package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"klachtd/internal/config"
	"klachtd/internal/desk"
	"klachtd/internal/report"
	"klachtd/internal/store"
)

type reportCmd struct {
	configured
	From string `placeholder:"DATE" help:"First day, like 2026-01-01. Default: a year before the last."`
	To   string `placeholder:"DATE" help:"Last day. Default: today."`
	Out  string `short:"o" required:"" placeholder:"FILE" help:"What to write; its ending says how: .html, .xlsx, .csv or .json."`
}

// reportForms are the ways in which a report can be written, by the file's ending.
var reportForms = map[string]func(report.Report, io.Writer) error{
	".html": report.Report.HTML, ".xlsx": report.Report.XLSX, ".csv": report.Report.CSV, ".json": report.Report.JSON,
}

// Run writes the report beside a running daemon. The file is there whole or not at all.
func (c reportCmd) Run(e env) error {
	write, known := reportForms[strings.ToLower(filepath.Ext(c.Out))]
	if !known {
		return usage{fmt.Errorf("%s: the name must end in .html, .xlsx, .csv or .json", c.Out)}
	}
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	today := report.DayOf(e.now().In(cfg.Academy.Zone))
	p, err := c.period(today)
	if err != nil {
		return err
	}
	debug.SetMemoryLimit(reportMemory)
	return writeWhole(c.Out, func(w io.Writer) error {
		return view(cfg, e, func(tx *store.Tx) error {
			told := newMeter(e)
			defer told.end()
			g := desk.NewRegister(e.ctx, tx, cfg.Academy.Zone, told.rows)
			r := report.Make(g.Rows, p, 0, cfg.Academy.Name, languageOf(cfg), today)
			actions, err := desk.Improvements(tx)
			if err := errors.Join(err, g.Err()); err != nil {
				return fmt.Errorf("read the register: %w", err)
			}
			r.Improve(actions, today)
			past, err := desk.Erased(tx, p)
			if err != nil {
				return fmt.Errorf("read the register: %w", err)
			}
			r.Remember(past)
			return errors.Join(write(r, w), g.Err())
		})
	})
}

// reportMemory is up to where memory may grow before it is cleaned up more often: a
// report of many cases is more work than the daemon ever has.
const reportMemory = 64 << 20

// period is the run of days that is asked for.
func (c reportCmd) period(today report.Day) (report.Period, error) {
	p := report.Until(today)
	var err error
	if c.To != "" {
		if p.To, err = dayOf("--to", c.To); err != nil {
			return p, err
		}
		p = report.Until(p.To)
	}
	if c.From != "" {
		if p.From, err = dayOf("--from", c.From); err != nil {
			return p, err
		}
	}
	if p.From > p.To {
		return p, usage{fmt.Errorf("--from %s lies after --to %s", p.From, p.To)}
	}
	return p, nil
}

func dayOf(flag, s string) (report.Day, error) {
	if d := report.ParseDay(s); d != 0 {
		return d, nil
	}
	return 0, usage{fmt.Errorf("%s %s: want a date like 2026-11-22", flag, s)}
}

func languageOf(cfg config.Config) report.Language { return report.Language(cfg.Academy.Language) }

// writeWhole writes a file that is there whole or as it was, also when it is cut
// short. It may hold what nobody else is to read.
func writeWhole(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".klachtd-*") // 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	out := bufio.NewWriterSize(f, 1<<16)
	err = write(out)
	if err = errors.Join(err, out.Flush(), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// A meter tells somebody who waits at a terminal how far it is.
type meter struct {
	to    io.Writer // nil: nobody waits
	now   func() time.Time
	began time.Time
	last  time.Time
	shown bool
}

// tellEvery is how long somebody waits without being told.
const tellEvery = time.Second

func newMeter(e env) *meter {
	p := &meter{now: time.Now}
	if terminal(e.stderr) {
		p.to = e.stderr
	}
	p.began = p.now()
	p.last = p.began
	return p
}

// rows says how many rows were read, once a second.
func (p *meter) rows(n int) {
	if now := p.now(); p.to != nil && now.Sub(p.last) >= tellEvery {
		p.last, p.shown = now, true
		fmt.Fprintf(p.to, "\r%d complaints read, %.0f s ", n, now.Sub(p.began).Seconds())
	}
}

// end leaves an empty line.
func (p *meter) end() {
	if p.shown {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}
