package e2e

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"klachtd/internal/complaint"
	"klachtd/internal/peers"
)

// Beginnings of the subjects of letters about forgetting.
const (
	ahead       = "Deze dossiers worden gewist"
	certificate = "Bewijs van wissen"
	copiesAsked = "Mails om zelf te wissen"
)

// A closedCase is an academy with one case on its way to be erased.
type closedCase struct {
	*office
	s      *peers.Sink
	number string
	raw    []byte // the complaint
	log    strings.Builder
}

// closedOf registers a complaint full of canaries, closes it, and lets time pass
// until it has been foretold. Copies of the messages lie in more folders.
func closedOf(t *testing.T, d *peers.Dovecot, s *peers.Sink, user string) *closedCase {
	t.Helper()
	a := open(t, d, s, user)
	for _, job := range []string{"delays", "survey", "digest"} {
		a.set["schedule."+job] = `"0 0 29 2 *"`
	}
	c := &closedCase{office: staffOf(t, d, a, "rfc8601"), s: s}
	c.now = time.Now().Add(time.Minute).Truncate(time.Second)
	c.raw = canaryMail()
	d.Put(user, c.raw, time.Now())
	c.pass(0)
	c.number = c.cases()[0].Number
	mails := func() (list [][]byte) {
		for _, m := range s.To(handler) {
			list = append(list, m.Raw)
		}
		return list
	}
	c.press(handler, mails, "#betreft Tess", "")
	c.press(handler, mails, "#afgehandeld", "Categorie: Locatie\nOordeel: gegrond\nBeste Kanarienaam,\n\nKanarietekst is gemaakt.")
	c.scatter()
	one := c.contract(c.number)
	last, err := time.ParseInLocation(time.DateOnly, one["erase_on"].(string), time.Local)
	noError(t, err)
	for day := last.AddDate(0, 0, -33); len(to(s, directeur, ahead)) == 0; day = day.AddDate(0, 0, 1) {
		if day.After(last.AddDate(0, 0, -28)) {
			t.Fatal("the directeur was not told")
		}
		c.passAt(day.Add(10 * time.Hour))
	}
	c.now = last.AddDate(0, 0, 1).Add(10 * time.Hour)
	return c
}

func (c *closedCase) passAt(at time.Time) {
	c.t.Helper()
	c.now = at
	o := c.verb("cycle", "--now", at.Format(time.RFC3339))
	c.log.WriteString(o.stdout + o.stderr)
	if o.code != 0 {
		c.t.Fatalf("cycle at %s: status %d\n%s", at, o.code, o.stderr)
	}
}

// scatter lays copies where people and providers lay them.
func (c *closedCase) scatter() {
	c.t.Helper()
	raw := c.d.Mails(c.user, handled)
	client := c.login()
	defer client.Close()
	for _, folder := range []string{"Archief", "Trash", "Junk", "Archief.2026"} {
		noError(c.t, client.Create(folder, nil).Wait())
	}
	for _, m := range raw {
		c.append(client, "Archief.2026", m)
		c.append(client, "Trash", m, imap.FlagSeen)
		c.append(client, "Junk", m)
	}
	for _, m := range slices.Concat(c.s.To("kanarieadres@voorbeeld.example"), c.s.To(handler)) {
		c.append(client, "Sent", m.Raw, imap.FlagSeen) // as some providers do by themselves
	}
	// of somebody else: marked as deleted, and not ours to remove
	c.append(client, "Archief", letter("From: piet@elders.example\nSubject: Van een ander", "Vreemde post."), imap.FlagDeleted)
	// of somebody else, with the Message-ID of the complaint
	c.append(client, "Archief", letter("From: boef@elders.example\nSubject: Geleend\nMessage-ID: <kanarieid@voorbeeld.example>", "Andere inhoud."))
}

func (c *closedCase) login() *imapclient.Client {
	c.t.Helper()
	client, err := imapclient.DialInsecure(c.d.IMAPAddr, nil)
	noError(c.t, err)
	noError(c.t, client.Login(c.user, peers.Password).Wait())
	return client
}

func (c *closedCase) append(client *imapclient.Client, folder string, raw []byte, flags ...imap.Flag) {
	c.t.Helper()
	cmd := client.Append(folder, int64(len(raw)), &imap.AppendOptions{Flags: flags})
	_, err := cmd.Write(raw)
	noError(c.t, err)
	noError(c.t, cmd.Close())
	_, err = cmd.Wait()
	noError(c.t, err)
}

// everywhere is how many messages hold a word, folder by folder.
func (c *closedCase) everywhere(word string) map[string]int {
	found := map[string]int{}
	for _, folder := range append(c.d.Folders(c.user), "") {
		for _, m := range c.d.Mails(c.user, folder) {
			if bytes.Contains(m, []byte(word)) {
				found[folder]++
			}
		}
	}
	return found
}

// inState reports which files of the state folder hold the number, which stands
// there in the clear.
func (c *closedCase) inState() (in []string) {
	c.t.Helper()
	noError(c.t, filepath.WalkDir(c.state(""), func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if bytes.Contains(text, []byte(c.number)) {
			in = append(in, filepath.Base(name))
		}
		return err
	}))
	return in
}

// forgotten wants nothing left of the case, here or in the mailbox.
func (c *closedCase) forgotten(when string) {
	c.t.Helper()
	want(c.t, when+": cases", len(c.cases()), 0)
	if in := c.inState(); len(in) > 0 {
		c.t.Errorf("%s: the number stands in %v", when, in)
	}
	for _, word := range []string{"Kanarietekst", "Kanarieinhoud", "Kanarieonderwerp", c.number} {
		if found := c.everywhere(word); len(found) > 0 {
			c.t.Errorf("%s: %s stands in %v", when, word, found)
		}
	}
	for word, n := range map[string]int{"Vreemde post": 1, "Andere inhoud": 1} {
		if found := c.everywhere(word); found["Archief"] != n {
			c.t.Errorf("%s: %q is gone, which is not ours: %v", when, word, found)
		}
	}
	certificates := to(c.s, directeur, certificate)
	c.sameBytes(certificates, when+": certificates")
	for _, who := range []string{directeur, handler} {
		c.sameBytes(to(c.s, who, copiesAsked), when+": requests to "+who)
	}
	text := words(certificates[0].Raw)
	noCanary(c.t, when+": the certificate", text)
	for _, says := range []string{"1 dossier is gewist", "Sent: ", "Trash: 3", "Archief: 1, met een bekend kenmerk maar een andere inhoud"} {
		if !strings.Contains(text, says) {
			c.t.Errorf("%s: the certificate does not say %q:\n%s", when, says, text)
		}
	}
}

// TestForgotten: after the erasure no word of the case stands in a byte of the
// state folder, in a folder of the mailbox, in a log or in a temporary file; what
// is of others stays (security.md 27, 28; procedure.md 6).
func TestForgotten(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	c := closedOf(t, d, s, "klachten")
	for _, folder := range []string{handled, "Archief/2026", "Trash", "Junk", "Sent"} {
		if c.everywhere("Kanarietekst")[folder] == 0 {
			t.Fatalf("nothing in %s: the test proves nothing", folder)
		}
	}
	if in := c.inState(); !slices.Contains(in, "klachtd.db") {
		t.Fatalf("the number stands in %v: the test proves nothing", in)
	}
	c.passAt(c.now)
	c.forgotten("erased")
	noCanary(t, "the log", c.log.String())
	c.nothingReadable(t.TempDir())
	if o := c.verb("show", c.number); o.code != 1 {
		t.Errorf("show: status %d, %q", o.code, o.stdout+o.stderr)
	}
	// a restored mailbox: it is no complaint, and it is not there for long
	d.Put(c.user, c.raw, time.Now())
	before := s.Count()
	c.passAt(c.now.Add(time.Hour))
	want(t, "cases of a restored mailbox", len(c.cases()), 0)
	want(t, "letters about it", s.Count()-before, 1) // that it was removed again
	want(t, "certificates", len(to(s, directeur, certificate)), 2)
	if found := c.everywhere("Kanarietekst"); len(found) > 0 {
		t.Errorf("it is still in %v", found)
	}
}

// TestEraseVerb: on the command line at once, beside a daemon; a hold stands in its
// way (interface.md, erase; security.md 30).
func TestEraseVerb(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	k := a.run()
	k.idles(1)
	d.Put("klachten", canaryMail(), time.Now())
	s.Wait(3, patience)
	d.WaitCount("klachten", handled, 1, patience)
	until(t, "the letters to be finished", func() bool { list := a.cases(); return len(list) == 1 && list[0].kept("copy_owner") })
	number := a.cases()[0].Number
	for _, o := range []outcome{a.verb("erase", number), a.verb("erase", "K12", "--reason", "verzoek"), a.verb("erase", number, "--reason", " ")} {
		if o.code != 2 {
			t.Errorf("status %d: %s", o.code, o.stderr)
		}
	}
	if o := a.verb("erase", complaint.Number(2026, 0, 11111), "--reason", "verzoek"); o.code != 1 || len(o.complaints()) != 1 {
		t.Errorf("no such case: status %d, %s", o.code, o.stderr)
	}
	o := a.verb("erase", number, "--reason", "verzoek van de cursist")
	if o.code != 0 || !strings.Contains(o.stdout, number) {
		t.Fatalf("status %d, %q, %s", o.code, o.stdout, o.stderr)
	}
	noCanary(t, "erase", o.stdout+o.stderr)
	want(t, "cases", len(a.cases()), 0)
	want(t, "messages", d.Count("klachten", handled), 0)
	until(t, "the certificate", func() bool { return len(to(s, directeur, certificate)) == 1 && len(to(s, handler, copiesAsked)) == 1 })
	// the daemon goes on
	d.Put("klachten", grievance("piet@voorbeeld.example", "De lift was stuk."), time.Now())
	until(t, "an acknowledgement", func() bool { return len(to(s, "piet@voorbeeld.example", acknowledged)) == 1 })
	if code := k.term(); code != 0 {
		t.Errorf("the daemon ended with status %d\n%s", code, k.log.String())
	}
}

// TestErasureKilledAtEachStep: kill -9 at each step of the pass that erases; the
// next one brings it to the same end (security.md 29, 34).
func TestErasureKilledAtEachStep(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	eachOf(t, 20, 200, func(t *testing.T, n int) bool {
		s := peers.StartSink(t, peers.SinkOptions{})
		defer s.Stop()
		c := closedOf(t, d, s, fmt.Sprintf("klachten-%d", n))
		killed := c.killed(n, "--now", c.now.Format(time.RFC3339))
		c.passAt(c.now.Add(2 * time.Minute))
		c.forgotten(fmt.Sprintf("killed at step %d", n))
		return killed
	})
}
