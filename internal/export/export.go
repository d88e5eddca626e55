// Package export writes one dossier for the person whom it is about (AVG art. 15):
// a zip file with each message as it was, a page to read, the same as JSON, and a
// list of other people for who checks it before it goes out. What is in a dossier
// is decided by who calls.
package export

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"time"
)

// A Dossier is what is exported of a case.
type Dossier struct {
	Number   string
	Academy  string
	Made     time.Time
	Subject  Person // whose dossier it is
	Own      []string
	Known    []Person // staff, and others whose names the register knows
	Notes    bool     // what is internal is in it
	Form     []Field
	Timeline []Line
	Messages []Message
	JSON     []byte // the same for machines
}

// A Person has a name or an address, or both.
type Person struct{ Name, Address string }

// A Field is a line of the form.
type Field struct{ Label, Value string }

// A Line of the timeline.
type Line struct {
	At   time.Time
	What string
	Who  string
}

// A Message is a mail. Raw gives its bytes when they are needed: one at a time is
// in memory.
type Message struct {
	Direction   Direction
	At          time.Time
	From        string
	To          []string
	Subject     string
	Text        string
	Attachments []string
	People      []Person // who stands in its header
	Raw         func() ([]byte, error)
}

// A Direction is where a message went.
type Direction string

// The directions.
const (
	In   Direction = "in"
	Out  Direction = "uit"
	Note Direction = "notitie"
)

// The names in a file. A name never comes from a mail (security.md 9).
const (
	pageName = "dossier.html"
	jsonName = "dossier.json"
	// PeopleName is the list of other people.
	PeopleName = "EERST-LEZEN-andere-personen.txt"
)

// Write writes the zip file. The messages are numbered in the order of time.
func (d Dossier) Write(w io.Writer) error {
	z := zip.NewWriter(w)
	add := func(name string, data []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: d.Made})
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		return nil
	}
	others := d.others()
	page, err := d.page(others)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		data []byte
	}{{PeopleName, d.list(others)}, {pageName, page}, {jsonName, d.JSON}} {
		if err := add(f.name, f.data); err != nil {
			return err
		}
	}
	for i, m := range d.Messages {
		raw, err := m.Raw()
		if err != nil {
			return fmt.Errorf("read message %d: %w", i+1, err)
		}
		if err := add(fileOf(i, m), raw); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}

// fileOf is the name of a message in the file.
func fileOf(i int, m Message) string {
	return fmt.Sprintf("berichten/%03d-%s-%s.eml", i+1, m.At.Format(time.DateOnly), m.Direction)
}

// list is for who checks the dossier before it goes out.
func (d Dossier) list(others []other) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "Andere personen in dossier %s\n\n", d.Number)
	b.WriteString("Dit bestand is voor wie het dossier nakijkt, niet voor de aanvrager.\n" +
		"Een inzage mag geen afbreuk doen aan de rechten van anderen (AVG art. 15 lid 4).\n" +
		"Haal weg of maak onleesbaar wat de aanvrager niet hoort te zien: in dossier.html,\n" +
		"in dossier.json en in de berichten. In dossier.html is het gemarkeerd.\n" +
		"Haal daarna dit bestand weg.\n\n" +
		"Een naam die alleen in een tekst of een bijlage staat, is hier niet te zien: lees alles na.\n\n")
	if len(others) == 0 {
		b.WriteString("Er zijn geen andere personen gevonden.\n")
	}
	for _, o := range others {
		fmt.Fprintf(&b, "- %s  (%s)\n", oneLine(o.text), strings.Join(o.where, ", "))
	}
	return []byte(strings.ReplaceAll(b.String(), "\n", "\r\n"))
}

// oneLine keeps a value from looking like more than one.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || bidi(r) }), " ")
}

// bidi reports characters that turn the reading direction.
func bidi(r rune) bool {
	return r == 0x200e || r == 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
