package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"path/filepath"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/letter"
)

type cardCmd struct {
	configured
	Out string `short:"o" required:"" placeholder:"FILE" help:"What to write: .pdf, or .html to print from a browser."`
}

// A card is one page for the wall beside a desk.
type card struct {
	Language letter.Language
	Title    string
	Academy  string
	How      []string
	Groups   []cardGroup
	Foot     string
}

type cardGroup struct {
	Title string
	Rows  []letter.Described
}

// cardWords are the words of the card itself; those of the commands are #help's.
var cardWords = map[letter.Language]struct {
	title, foot string // foot: with the days of both terms
	how         []string
	groups      [4]string
}{
	letter.Dutch: {
		title: "Klachten per mail: de opdrachten",
		how: []string{
			"Druk op een knop in een mail van klachtd: er opent een mail met de opdracht erin. Vul aan wat ontbreekt en verstuur.",
			"Of typ de opdracht zelf in het onderwerp van een antwoord; in een nieuwe mail hoort het nummer van de klacht erbij. De tekst van de mail gaat mee als uitleg of brief.",
			"Op elke opdracht komt één bevestiging. Naar de cursist gaat alleen wat met een opdracht wordt verstuurd; een mail zonder opdracht is een notitie.",
		},
		groups: [4]string{"Elke dag", "Vastleggen", "De directeur", "Soms"},
		foot:   "Reageren binnen %d dagen; oplossen binnen %d dagen, of zeggen wanneer.",
	},
	letter.English: {
		title: "Complaints by mail: the commands",
		how: []string{
			"Press a button in a mail of klachtd: a mail opens with the command in it. Fill in what is missing and send it.",
			"Or type the command in the subject of a reply; in a new mail together with the number of the complaint. The text of the mail goes with it, as the reason or as the letter.",
			"Each command gets one receipt. Only what is sent with a command goes to the student; a mail without a command is a note.",
		},
		groups: [4]string{"Every day", "For the record", "The director", "Now and then"},
		foot:   "React within %d days; solve within %d days, or say when.",
	},
}

// cardOrders are the commands of each group, in the order of their use.
var cardOrders = [4][]complaint.OrderKind{
	{complaint.OrderTake, complaint.OrderAssign, complaint.OrderReply, complaint.OrderSpoke, complaint.OrderConsult, complaint.OrderExtend,
		complaint.OrderClose, complaint.OrderStop, complaint.OrderUndo, complaint.OrderStatus, complaint.OrderList, complaint.OrderHelp},
	{complaint.OrderCategory, complaint.OrderFinding, complaint.OrderSeverity, complaint.OrderAbout, complaint.OrderCause, complaint.OrderResponse},
	{complaint.OrderApprove, complaint.OrderReturn, complaint.OrderAction, complaint.OrderDone, complaint.OrderEffect, complaint.OrderWait, complaint.OrderWaive},
	{complaint.OrderRegister, complaint.OrderNotComplaint, complaint.OrderWithdrawn, complaint.OrderReopen, complaint.OrderMerge, complaint.OrderSplit, complaint.OrderExternal,
		complaint.OrderPrivacy, complaint.OrderHold, complaint.OrderAway, complaint.OrderComplainant, complaint.OrderReceived, complaint.OrderLanguage},
}

//go:embed card.html
var cardPage string

var errCardForm = errors.New("the name must end in .pdf or .html")

// Run writes the card in the academy's language and words; without a configuration
// for an invented academy. The file is there whole or not at all.
func (c cardCmd) Run(e env) error {
	ending := strings.ToLower(filepath.Ext(c.Out))
	if ending != ".pdf" && ending != ".html" {
		return usage{fmt.Errorf("%s: %w", c.Out, errCardForm)}
	}
	cfg, invented, err := templatesCmd{configured: c.configured}.academy(e)
	if err != nil {
		return err
	}
	book, err := openBook(cfg)
	if err != nil {
		return err
	}
	k, err := cardOf(book, letter.Language(cfg.Academy.Language), cfg.Procedure)
	if err != nil {
		return err
	}
	if !invented {
		k.Academy = cfg.Academy.Name
	}
	var out bytes.Buffer
	if ending == ".pdf" {
		err = k.pdf(&out)
	} else {
		err = template.Must(template.New("card").Parse(cardPage)).Execute(&out, k)
	}
	if err != nil {
		return fmt.Errorf("write the card: %w", err)
	}
	return writeWhole(c.Out, out.Bytes())
}

func cardOf(book *letter.Book, in letter.Language, p config.Procedure) (card, error) {
	w := cardWords[in]
	k := card{Language: in, Title: w.title, How: w.how, Foot: fmt.Sprintf(w.foot, p.ReactWithinDays, p.ResolveWithinDays)}
	for i, title := range w.groups {
		rows, err := book.Commands(in, cardOrders[i])
		if err != nil {
			return k, err
		}
		k.Groups = append(k.Groups, cardGroup{title, rows})
	}
	return k, nil
}

// Sizes of the printed card in millimetres and points: one A4 with a margin that
// every printer can do.
const (
	cardMargin = 12.0
	cardWidth  = 210 - 2*cardMargin
	cardWord   = 54.0 // the column of the commands
	cardLine   = 4.3
	cardPoints = 8.8
)

// pdf draws the card.
func (k card) pdf(out *bytes.Buffer) error {
	p := fpdf.New("P", "mm", "A4", "")
	p.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p.SetMargins(cardMargin, cardMargin, cardMargin)
	p.SetAutoPageBreak(true, cardMargin)
	p.SetTitle(k.Title, true)
	p.SetLang(string(k.Language))
	p.AddPage()
	text := func(style string, points, height float64, s string) {
		p.SetFont("go", style, points)
		p.MultiCell(cardWidth, height, s, "", "L", false)
	}
	text("B", 15, 8, k.Title)
	if k.Academy != "" {
		text("", 9, 5, k.Academy)
	}
	for _, s := range k.How {
		text("", cardPoints, cardLine, "• "+s)
	}
	for _, g := range k.Groups {
		p.Ln(1.6)
		text("B", 11, 6, g.Title)
		for _, r := range g.Rows {
			k.row(p, r)
		}
	}
	p.Ln(1.6)
	text("B", cardPoints, cardLine, k.Foot)
	if p.PageCount() > 1 {
		return errTwoPages
	}
	return p.Output(out)
}

var errTwoPages = errors.New("the texts of this academy do not fit on one page; write an .html instead")

// row draws a command: the word in bold with what follows it on the left, what it
// does on the right.
func (card) row(p *fpdf.Fpdf, r letter.Described) {
	y := p.GetY()
	p.SetFont("go", "B", cardPoints)
	p.Write(cardLine, r.Word)
	p.SetFont("go", "", cardPoints-1.3)
	p.SetRightMargin(210 - cardMargin - cardWord)
	p.Write(cardLine, r.Rest)
	p.SetRightMargin(cardMargin)
	left := p.GetY() + cardLine
	p.SetXY(cardMargin+cardWord+2, y)
	p.SetFont("go", "", cardPoints)
	p.MultiCell(cardWidth-cardWord-2, cardLine, r.Does, "", "L", false)
	p.SetXY(cardMargin, max(left, p.GetY()))
}
