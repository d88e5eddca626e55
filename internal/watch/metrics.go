package watch

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Counter is something that only grows, from the start of the process on.
type Counter int

// The counters. What a message became has the words of `cycle --json`.
const (
	Fetched Counter = iota
	Filed
	Registered
	Followups
	Notes
	Commands
	Refused
	Duplicates
	Automatic
	Bounces
	Spam
	Quarantined
	LettersSent
	LettersFailed
	ReloadsTaken
	ReloadsRefused
	HeartbeatsFailed
	counters
)

const became = "klachtd_messages_total"

// counted are the names of the counters. Those of one name stand together. All
// labels stand here: none takes its value from a mail.
var counted = [counters]metric{
	Fetched:          {"klachtd_messages_fetched_total", "", "Messages taken from the mailbox."},
	Filed:            {"klachtd_messages_filed_total", "", "Messages that left the mailbox for their folder."},
	Registered:       {became, `became="registered"`, "Messages, by what became of them."},
	Followups:        {became, `became="followup"`, ""},
	Notes:            {became, `became="note"`, ""},
	Commands:         {became, `became="command"`, ""},
	Refused:          {became, `became="refused"`, ""},
	Duplicates:       {became, `became="duplicate"`, ""},
	Automatic:        {became, `became="automatic"`, ""},
	Bounces:          {became, `became="bounce"`, ""},
	Spam:             {became, `became="spam"`, ""},
	Quarantined:      {became, `became="quarantined"`, ""},
	LettersSent:      {"klachtd_letters_sent_total", "", "Letters that the mail server accepted."},
	LettersFailed:    {"klachtd_letters_failed_total", "", "Letters that were refused or given up."},
	ReloadsTaken:     {"klachtd_reloads_total", `result="taken"`, "Reloads of the configuration."},
	ReloadsRefused:   {"klachtd_reloads_total", `result="refused"`, ""},
	HeartbeatsFailed: {"klachtd_heartbeats_failed_total", "", "Heartbeats that were not answered."},
}

type metric struct{ name, labels, help string }

type sample struct {
	metric
	kind  string
	value float64
}

// Metrics writes everything that is known in the text format of Prometheus
// (version 0.0.4).
func (w *Watch) Metrics(to io.Writer) error {
	var b strings.Builder
	last := ""
	for _, s := range w.samples() {
		if s.name != last {
			fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", s.name, s.help, s.name, s.kind)
			last = s.name
		}
		labels := s.labels
		if labels != "" {
			labels = "{" + labels + "}"
		}
		fmt.Fprintf(&b, "%s%s %s\n", s.name, labels, strconv.FormatFloat(s.value, 'g', -1, 64))
	}
	_, err := io.WriteString(to, b.String())
	return err
}

func (w *Watch) samples() (list []sample) {
	w.mu.Lock()
	defer w.mu.Unlock()
	gauge := func(name, labels, help string, value float64) {
		list = append(list, sample{metric{name, labels, help}, "gauge", value})
	}
	labels := fmt.Sprintf("version=%s,commit=%s,go=%s", quote(w.build.Version), quote(w.build.Commit), quote(w.build.Go))
	gauge("klachtd_build_info", labels, "What is running; always 1.", 1)
	gauge("klachtd_start_timestamp_seconds", "", "When the process began.", unix(w.start))
	for c, m := range counted {
		list = append(list, sample{m, "counter", float64(w.counts[c])})
	}
	gauge("klachtd_last_good_pass_timestamp_seconds", "", "When the mailbox was last looked at with success; 0 before the first time.", unix(w.good[IMAP]))
	gauge("klachtd_imap_connected", "", "1 when the last pass over the mailbox went well.", flag(!w.good[IMAP].IsZero() && w.bad[IMAP].IsZero()))
	gauge("klachtd_imap_failing_seconds", "", "For how long the mailbox has been out of reach.", w.failing(IMAP).Seconds())
	gauge("klachtd_smtp_failing_seconds", "", "For how long the mail server has taken no letter.", w.failing(SMTP).Seconds())
	f := w.figures
	gauge("klachtd_letters_waiting", "", "Letters in the outbox.", float64(f.Waiting))
	gauge("klachtd_letters_stuck", "", "Letters that have been due for more than four hours.", float64(f.Stuck))
	gauge("klachtd_letters_oldest_seconds", "", "For how long the oldest letter has been due.", f.Oldest.Seconds())
	gauge("klachtd_cases_open", "", "Cases that are not closed.", float64(f.Open))
	gauge("klachtd_promises_overdue", "", "Promises that are open after the last day of their term.", float64(f.Overdue))
	gauge("klachtd_acknowledgements_held", "", "1 while acknowledgements wait for klachtd release.", flag(f.Held))
	gauge("klachtd_clock_stopped", "", "1 after a jump of the clock, until klachtd release.", flag(f.ClockStopped))
	gauge("klachtd_database_bytes", "", "Size of the database with its log.", float64(f.Database))
	gauge("klachtd_disk_free_bytes", "", "Room on the disk of the database.", float64(f.DiskFree))
	gauge("klachtd_figures_timestamp_seconds", "", "When the figures of the database were taken.", unix(w.taken))
	gauge("klachtd_reload_refused", "", "1 when the last reload was refused: the file differs from what is running.", flag(w.refused))
	gauge("klachtd_reload_timestamp_seconds", "", "When a configuration was last taken by a reload; 0: never.", unix(w.reloaded))
	for _, name := range slices.Sorted(maps.Keys(w.loops)) {
		gauge("klachtd_loop_silent_seconds", "loop="+quote(name), "For how long a loop was not heard of.", w.now().Sub(w.loops[name].heard).Seconds())
	}
	return list
}

// quote writes the value of a label; Go's escapes of what is not ASCII are not
// those of the format, so nothing but printable ASCII is kept.
func quote(s string) string {
	return strconv.Quote(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s))
}

func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
