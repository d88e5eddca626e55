package e2e

import (
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"klachtd/internal/peers"
)

const (
	taken    = "configuration taken"
	notTaken = "configuration not taken"
)

// hup tells the daemon to read its configuration, and waits until it has said what
// became of that for the nth time.
func (d *daemon) hup(says string, n int) {
	d.tb.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		d.tb.Fatal("SIGHUP: ", err)
	}
	until(d.tb, fmt.Sprintf("%q for the %dth time", says, n), func() bool { return strings.Count(d.log.String(), says) >= n })
}

// TestReload: the new configuration and templates are taken by the daemon as it
// runs, whole; the next mails go by them, and nothing is asked or sent twice
// (security.md 45).
func TestReload(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	k := a.run()
	k.idles(1)
	d.Put("klachten", grievance("een@voorbeeld.example", "Het lokaal was koud."), time.Now())
	s.Wait(3, patience)
	k.filed(1)

	a.tail = strings.ReplaceAll(staff, "{name: Bas Bakker, email: bas@academie.example", "{name: Bea Bos, email: bea@academie.example")
	a.set["academy.phone"] = `"020 765 43 21"`
	notice, err := os.ReadFile("../../templates/nl/notice.txt")
	noError(t, err)
	a.writeFile("brieven/nl/notice.txt", strings.Replace(string(notice), "Subject: ", "Subject: Anders: ", 1))
	a.set["templates"] = "brieven"
	a.write()
	k.hup(taken, 1)
	k.idles(2)
	if o := a.verb("cycle"); o.code != 1 || !strings.Contains(o.stderr, "in use") {
		t.Errorf("a second klachtd beside a reloaded one: status %d, %s", o.code, o.stderr)
	}
	d.Put("klachten", grievance("twee@voorbeeld.example", "De koffie was op."), time.Now())
	s.Wait(6, patience)
	k.filed(2)
	k.stop()
	want(t, "cases", len(a.cases()), 2)
	want(t, "letters", s.Count(), 6)
	if acks := to(s, "twee@voorbeeld.example", acknowledged); len(acks) != 1 || !strings.Contains(words(acks[0].Raw), "020 765 43 21") {
		t.Errorf("%d acknowledgements with the new number", len(acks))
	}
	if mails := to(s, "bea@academie.example", "Anders: "); len(mails) != 1 {
		t.Errorf("%d notices to the new office by the new template", len(mails))
	}
	if n := strings.Count(k.log.String(), notTaken); n > 0 {
		t.Errorf("%d were not taken", n)
	}
}

// TestReloadAmidWork: reloads while messages come in and letters leave lose nothing
// and do nothing twice (security.md 45).
func TestReloadAmidWork(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	k := a.run()
	k.idles(1)
	const mails = 40
	for i := range mails {
		d.Put("klachten", grievance(fmt.Sprintf("klant%d@voorbeeld.example", i), "Het lokaal was koud."), time.Now())
		if i%8 == 7 {
			k.hup(taken, i/8+1)
		}
	}
	s.Wait(3*mails, patience)
	d.WaitCount("klachten", handled, mails, patience)
	k.stop()
	want(t, "cases", len(a.cases()), mails)
	want(t, "letters", s.Count(), 3*mails)
	for i := range mails {
		want(t, "acknowledgements", len(to(s, fmt.Sprintf("klant%d@voorbeeld.example", i), acknowledged)), 1)
	}
}

// TestReloadRefused: whatever is wrong with the new configuration, the old one goes
// on as if nothing had been, and the log names file and line (security.md 45).
func TestReloadRefused(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	k := a.run()
	k.idles(1)
	good, keys, tail := a.yaml(), maps.Clone(a.set), a.tail
	occupied, err := net.Listen("tcp", "127.0.0.1:0")
	noError(t, err)
	defer occupied.Close()
	n := 0
	refuse := func(name string, says ...string) {
		t.Helper()
		before := len(k.log.String())
		n++
		k.hup(notTaken, n)
		said := k.log.String()[before:]
		for _, text := range says {
			if !strings.Contains(said, text) {
				t.Errorf("%s: no word of %q in\n%s", name, text, said)
			}
		}
		n = strings.Count(k.log.String(), notTaken)
	}
	bad := append(slices.Clone(faults[:slices.IndexFunc(faults, func(f fault) bool { return f.name == "wrong IMAP password" })]),
		fault{"another database", set("database.path", "elders/klachtd.db"), 2, []string{"config.yaml:", "database.path", "cannot change"}},
		fault{"no test mode", set("test_mode", "false"), 2, []string{"config.yaml:", "test_mode", "cannot change"}},
		fault{"figures for all", set("metrics.listen", "0.0.0.0:9817"), 2, []string{"config.yaml:", "metrics.listen", "127.0.0.1"}},
		fault{"a door that is taken", set("metrics.listen", occupied.Addr().String()), 1, []string{"metrics.listen", "in use"}})
	for _, f := range bad {
		a.set, a.tail = maps.Clone(keys), tail
		f.harm(a)
		a.write()
		refuse(f.name, f.says...)
	}
	for _, part := range []int{len(good) / 3, len(good) / 2, len(good) - 10, len(good) - 1} { // half-written
		noError(t, os.WriteFile(a.config(), []byte(good[:part]), 0o600))
		refuse(fmt.Sprintf("the first %d bytes", part), "config.yaml:")
	}
	noError(t, os.Remove(a.config()))
	refuse("no file", "config.yaml")

	if _, err := os.Stat(filepath.Join(a.dir, "elders")); err == nil {
		t.Error("a folder for the other database was made")
	}
	want(t, "times it waited for mail: the loops were left alone", k.did("mailbox: waiting"), 1)
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	s.Wait(3, patience)
	k.filed(1)
	a.set, a.tail = keys, tail
	a.write()
	k.hup(taken, 1)
	k.stop()
	want(t, "cases", len(a.cases()), 1)
	want(t, "letters", s.Count(), 3)
}

// TestFiguresOverHTTP: with metrics.listen figures and health are there for the asking, on
// loopback alone, name nobody (security.md 23), and move with a reload
// (interface.md The daemon).
func TestFiguresOverHTTP(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	first, second := "127.0.0.1:"+nobodyListens(t), "127.0.0.1:"+nobodyListens(t)
	a.set["metrics.listen"] = first
	k := a.run()
	k.idles(1)
	once := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	ask := func(address, path string) (int, string) {
		answer, err := once.Get("http://" + address + path)
		if err != nil {
			return 0, ""
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		noError(t, err)
		return answer.StatusCode, string(text)
	}
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	s.Wait(3, patience)
	k.filed(1)
	if code, text := ask(first, "/healthz"); code != 200 || text != "ok\n" {
		t.Errorf("/healthz: %d %q", code, text)
	}
	until(t, "the letters to be counted", func() bool {
		_, text := ask(first, "/metrics")
		return strings.Contains(text, "\nklachtd_letters_sent_total 3\n")
	})
	_, text := ask(first, "/metrics")
	for _, line := range []string{"klachtd_messages_fetched_total 1", `klachtd_messages_total{became="registered"} 1`,
		"klachtd_messages_filed_total 1", "klachtd_imap_connected 1", "klachtd_reload_refused 0"} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("no %q in\n%s", line, text)
		}
	}
	for _, secret := range []string{"jan@", "voorbeeld.example", "klachten@", "academie.example", "127.0.0.1"} {
		if strings.Contains(text, secret) {
			t.Errorf("the figures show %q", secret)
		}
	}
	a.set["metrics.listen"] = second
	a.write()
	k.hup(taken, 1)
	if code, text := ask(second, "/metrics"); code != 200 || !strings.Contains(text, `klachtd_reloads_total{result="taken"} 1`) || !strings.Contains(text, "klachtd_messages_fetched_total 1\n") {
		t.Errorf("after the reload: %d\n%s", code, text)
	}
	until(t, "the old door to be closed", func() bool { code, _ := ask(first, "/healthz"); return code == 0 })
	delete(a.set, "metrics.listen")
	a.write()
	k.hup(taken, 2)
	until(t, "every door to be closed", func() bool { code, _ := ask(second, "/healthz"); return code == 0 })
	k.stop()
}
