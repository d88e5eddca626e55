// Package hostile makes mail that nobody's mail program writes: the corpus that
// the whole daemon has to get through (security.md A). It says of each message
// what must become of it; that this is so is for tests to find out. The same seed
// gives the same bytes.
package hostile

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// A Fate is what must become of a message.
type Fate string

// The fates. Of the last four nothing is ever sent to an address that the message
// holds, other than one of staff.
const (
	Answered    Fate = "answered"    // a case, acknowledged to Message.From and to nobody else
	Quarantined Fate = "quarantined" // a stub case, over the limits of security.md 4; acknowledged as well
	Unanswered  Fate = "unanswered"  // a case, filed as handled
	Filed       Fate = "filed"       // automatic: no case
	Spam        Fate = "spam"        // no case
	Challenged  Fate = "challenged"  // a command without proof: no case, nothing carried out
)

// A Message is one of the corpus.
type Message struct {
	Kind string // "good" is a plain complaint
	Raw  []byte
	From string // of Answered and Quarantined: the one address that is written to
	Fate Fate
}

// Good is the Kind of the plain complaints among the others.
const Good = "good"

// Options are what the messages refer to.
type Options struct {
	Seed   uint64
	To     string    // the academy's own address
	Staff  string    // an address in the staff list
	At     time.Time // in Date fields
	Beacon string    // host:port that no reader of the mail may connect to
}

// Marks that stand in the corpus and may not come out of it again.
const (
	Victim  = "slachtoffer.example"  // only ever named to be written to
	Program = "MZ-PROGRAMMA-IN-MAIL" // begins each attachment that would run
)

// A kind is one sort of message: what it is called, why somebody would send it,
// how many of it there are, what becomes of them, and how one is made. make gets
// the number of the variant.
type kind struct {
	name, why string
	n         int
	fate      Fate
	make      func(d *draw, i int) []byte
}

// Corpus is every kind in all its variants, in an order that the seed shuffles,
// with a good complaint before every ninth and one at the end.
func Corpus(o Options) []Message {
	random := rand.New(rand.NewPCG(o.Seed, o.Seed^0x9e3779b97f4a7c15)) //nolint:gosec // the same seed gives the same mail
	var wild []Message
	for _, k := range kinds() {
		for i := range k.n {
			d := &draw{Rand: random, o: o, serial: len(wild), from: fmt.Sprintf("afzender-%d@kwaad.example", len(wild))}
			wild = append(wild, Message{Kind: k.name, Fate: k.fate, From: d.from, Raw: k.make(d, i)})
		}
	}
	random.Shuffle(len(wild), func(i, j int) { wild[i], wild[j] = wild[j], wild[i] })
	var all []Message
	good := func() {
		n := len(all)
		d := &draw{Rand: random, o: o, serial: n + 1_000_000, from: fmt.Sprintf("cursist-%d@voorbeeld.example", n)}
		all = append(all, Message{Kind: Good, Fate: Answered, From: d.from, Raw: d.mail("Subject: Klacht", "Het lokaal was koud, en de koffie op.")})
	}
	for i, m := range wild {
		if i%9 == 0 {
			good()
		}
		if m.Fate != Answered && m.Fate != Quarantined {
			m.From = ""
		}
		all = append(all, m)
	}
	good()
	return all
}

func kinds() []kind {
	var all []kind
	for _, list := range [][]kind{structures(), headers(), senders(), words(), contents(), intruders(), debris()} {
		all = append(all, list...)
	}
	return all
}

// A draw is the chance and the names of one message.
type draw struct {
	*rand.Rand
	o      Options
	serial int
	from   string
}

// pick is one of a list, in turn while the variants last.
func pick(i int, list ...string) string { return list[i%len(list)] }

// mail completes a message: the head may hold any field, the rest is as usual. A
// field that is given as "-Name" is left out. Line ends are CRLF.
func (d *draw) mail(head, body string) []byte {
	return []byte(strings.ReplaceAll(d.lines(head, body), "\n", "\r\n"))
}

// lines is mail before its line ends: what stands in head or body as CR stays one.
func (d *draw) lines(head, body string) string {
	var b strings.Builder
	without := "\n" + strings.ToLower(head) + "\n"
	for _, f := range [][2]string{
		{"From", "Afzender <" + d.from + ">"}, {"To", "<" + d.o.To + ">"}, {"Date", d.o.At.Format(time.RFC1123Z)},
		{"Message-ID", fmt.Sprintf("<%d.%d@kwaad.example>", d.serial, d.o.Seed)}, {"Subject", "Klacht"}, {"MIME-Version", "1.0"},
	} {
		name := "\n" + strings.ToLower(f[0])
		if !strings.Contains(without, name+":") && !strings.Contains(without, "\n-"+name[1:]+"\n") {
			fmt.Fprintf(&b, "%s: %s\n", f[0], f[1])
		}
	}
	for line := range strings.Lines(head + "\n") {
		if !strings.HasPrefix(line, "-") && line != "\n" {
			b.WriteString(line)
		}
	}
	fmt.Fprintf(&b, "\n%s\nKenmerk %d.\n", body, d.serial)
	return b.String()
}

// mixed is a multipart of parts that are given with their own header.
func (d *draw) mixed(subtype string, parts ...string) []byte {
	const head = "Content-Type: multipart/%s; boundary=\"grens\"\n"
	parts = append([]string{fmt.Sprintf("Content-Type: text/plain; charset=utf-8\n\nMijn klacht, kenmerk %d.", d.serial)}, parts...)
	return d.mail(fmt.Sprintf(head, subtype), "--grens\n"+strings.Join(parts, "\n--grens\n")+"\n--grens--")
}

// noise is n random bytes.
func (d *draw) noise(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(d.Uint32())
	}
	return b
}

// word is a word of n letters.
func (d *draw) word(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte(d.IntN(26))
	}
	return string(b)
}

// put replaces each _ by a byte, after the line ends were made.
func put(raw []byte, x string) []byte { return bytes.ReplaceAll(raw, []byte("_"), []byte(x)) }
