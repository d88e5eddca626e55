package letter

import (
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
)

// readOrder is what a subject asks for, read as the desk reads it.
func readOrder(t *testing.T, subject string) (complaint.Order, command.Line) {
	t.Helper()
	l := command.Parse(command.Typed(subject, "", false))
	if len(l.Commands) != 1 || l.Loose != "" {
		t.Fatalf("%q is read as %+v", subject, l)
	}
	c := l.Commands[0]
	o := complaint.Order{Kind: complaint.OrderKind(c.Word)}
	people := []command.Named{{Name: noor.Name, Email: noor.Address}, {Name: tess.Name, Email: tess.Address}}
	switch c.Word.Rule().Value {
	case command.Person, command.Subject:
		if p, _, ok := command.PickPerson(c.Value, people); ok {
			o.Person = complaint.Party{Name: p.Name, Address: p.Email}
		} else {
			o.Value = c.Value
		}
	case command.Choice, command.ChoiceDate:
		one, _, _, _ := command.CutOption(c.Value, c.Word.Rule().Options)
		o.Value, _ = codeOf(o.Kind, one.Code)
	case command.Date:
		if c.Value != "" {
			day, problem := command.ParseDate(c.Value, "2026-11-23", c.Word.Rule().Way)
			if problem != "" {
				t.Fatalf("%q: %s", subject, problem)
			}
			o.Day = complaint.Day(day)
		}
	case command.Identity:
		if c.Value == "intern" || c.Value == "internal" {
			o.Value = complaint.RegisterInternal
		} else if name, address, found := strings.Cut(strings.TrimSuffix(c.Value, ">"), " <"); found {
			o.Person = complaint.Party{Name: name, Address: address}
		}
	case command.Code:
		if c.Value == "3" {
			o.Ref = 3
		}
	default:
		o.Value = c.Value
	}
	return o, l
}

// inEnglish is the same line in the words of the English twins.
func inEnglish(l command.Line) string {
	for i, c := range l.Commands {
		value := c.Value
		if one, _, _, ok := command.CutOption(value, c.Word.Rule().Options); ok {
			value = one.English
		}
		l.Commands[i] = command.New(c.Word, value, true)
	}
	return l.String()
}

// procedure.md 3: what a button asks for is read back as exactly that, in Dutch
// and in English, and nothing is wrong with it but a value that is yet to be typed.
func TestButtonsAreRead(t *testing.T) {
	c := play(Dutch).busyCase()
	dutch, english := newBook(t, false), newBookIn(t, academy(false), English)
	all := []complaint.Order{
		{Kind: complaint.OrderAssign, Person: noor}, {Kind: complaint.OrderAbout, Person: tess}, {Kind: complaint.OrderAbout, Value: "Excel gevorderd"},
		{Kind: complaint.OrderCategory, Value: "Organisatie"}, {Kind: complaint.OrderCause, Value: "Planning"},
		{Kind: complaint.OrderSpoke, Day: "2026-11-20"}, {Kind: complaint.OrderExtend, Day: "2027-01-15"}, {Kind: complaint.OrderStop, Ref: 3},
		{Kind: complaint.OrderRegister, Person: jan}, {Kind: complaint.OrderRegister, Value: complaint.RegisterInternal},
	}
	for _, v := range sampleFindings {
		all = append(all, complaint.Order{Kind: complaint.OrderFinding, Value: v})
	}
	for _, v := range []complaint.Severity{complaint.Low, complaint.Normal, complaint.Severe} {
		all = append(all, complaint.Order{Kind: complaint.OrderSeverity, Value: string(v)})
	}
	for _, v := range []string{complaint.JustQuestion, complaint.JustCompliment, complaint.JustSpam, complaint.JustDuplicate} {
		all = append(all, complaint.Order{Kind: complaint.OrderNotComplaint, Value: v})
	}
	for _, k := range sampleOrders {
		if k != complaint.OrderStop && k != complaint.OrderUndo && k != complaint.OrderMailed {
			all = append(all, complaint.Order{Kind: k})
		}
	}
	for i, o := range append(all, all...) {
		b := dutch
		if i >= len(all) {
			b = english
		}
		got := b.Buttons(complaint.Letter{Kind: complaint.LetterReceipt, Next: []complaint.Order{o}}, c, envelope.Date)
		if len(got) != 1 {
			t.Errorf("%+v gives %d buttons", o, len(got))
			continue
		}
		checkRead(t, got[0], o)
	}
}

func checkRead(t *testing.T, button Button, o complaint.Order) {
	t.Helper()
	if button.Order.Kind != o.Kind || o.Value != "" && button.Order.Value != o.Value {
		t.Errorf("%+v became %+v", o, button.Order)
	}
	dutch, l := readOrder(t, button.Subject)
	english, _ := readOrder(t, inEnglish(command.Parse(command.Typed(button.Subject, "", false))))
	if !reflect.DeepEqual(dutch, button.Order) || !reflect.DeepEqual(english, button.Order) {
		t.Errorf("%q is read as %+v, in English as %+v, want %+v", button.Subject, dutch, english, button.Order)
	}
	empty := button.Open && l.Commands[0].Value == ""
	if p := l.Check(true); p.Kind != "" && !(empty && p.Kind == command.NoValue) {
		t.Errorf("%q: %+v", button.Subject, p)
	}
	if empty && !strings.HasSuffix(button.Subject, l.Commands[0].String()) {
		t.Errorf("%q: there is no place to type the value", button.Subject)
	}
	if l.Number != button.Number {
		t.Errorf("%q: about %q, want %q", button.Subject, l.Number, button.Number)
	}
	if want := l.Commands[0].String(); button.Command != want && !(button.Open && strings.HasPrefix(want, button.Command)) {
		t.Errorf("%q: bound to %q, want %q", button.Subject, button.Command, want)
	}
}

// A value that the grammar would take for something else is not offered.
func TestButtonsOfStrangeValues(t *testing.T) {
	b := newBook(t, false)
	for _, value := range []string{"x #afgehandeld", "[K2026-111118]", "a\r\nBcc: x", "K2026-111118 x", "Trainer !neem", hostile, strings.Repeat("lang ", 900)} {
		l := complaint.Letter{Kind: complaint.LetterRefused, Next: []complaint.Order{{Kind: complaint.OrderCategory, Value: value}, {Kind: complaint.OrderAbout, Value: value}}}
		for _, button := range b.Buttons(l, play(Dutch).busyCase(), envelope.Date) {
			if got, _ := readOrder(t, button.Subject); got.Kind != button.Order.Kind {
				t.Errorf("%.40q: %q", value, button.Subject)
			}
		}
		e := envelope
		for range b.Buttons(l, play(Dutch).busyCase(), envelope.Date) {
			e.Codes = append(e.Codes, "0123456789ABCDEFGHJKMNPQRS")
		}
		l.To, l.Refusals = bas, []complaint.Refusal{{Reason: complaint.RefusedWord}}
		m, err := b.Write(l, play(Dutch).busyCase(), Original{}, e)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range mailLinks(t, open(t, m.Raw)) {
			checkLink(t, value[:min(len(value), 20)], link)
		}
	}
	for _, o := range []complaint.Order{{Kind: "drop"}, {Kind: complaint.OrderStop}, {}} {
		if got := b.Buttons(complaint.Letter{Kind: complaint.LetterReceipt, Next: []complaint.Order{o}}, play(Dutch).busyCase(), envelope.Date); len(got) > 0 {
			t.Errorf("%+v: %+v", o, got)
		}
	}
	for _, o := range orders(complaint.OrderStatus, complaint.OrderReply) { // about no case
		if got := b.Buttons(complaint.Letter{Kind: complaint.LetterReceipt, Next: []complaint.Order{o}}, complaint.Case{}, envelope.Date); len(got) > 0 {
			t.Errorf("%+v without a case: %+v", o, got)
		}
	}
}

var mailLink = regexp.MustCompile(`href="(mailto:[^"]*\?[^"]*)"`)

func mailLinks(t *testing.T, o opened) []string {
	t.Helper()
	var list []string
	for _, m := range mailLink.FindAllStringSubmatch(o.html, -1) {
		list = append(list, strings.ReplaceAll(m[1], "&amp;", "&"))
	}
	return list
}

// checkLink holds a link to RFC 6068, to our address, and to subject and body.
func checkLink(t *testing.T, name, link string) (subject, body string) {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Opaque != "klachten@academie.example" || strings.Contains(link, "+") || len(link) >= maxTarget {
		t.Fatalf("%s: %s: %v", name, link, err)
	}
	q := u.Query()
	for key := range q {
		if key != "subject" && key != "body" || len(q[key]) != 1 {
			t.Errorf("%s: %s in %s", name, key, link)
		}
	}
	if strings.ContainsAny(q.Get("subject"), "\r\n") {
		t.Errorf("%s: subject %q", name, q.Get("subject"))
	}
	return q.Get("subject"), q.Get("body")
}

// procedure.md 3, security.md K: up to six links that open a mail to us; the code
// stands on a line of its own, the last one and the only one, never in a subject.
func TestLinks(t *testing.T) {
	for _, s := range everyLetter(t) {
		b := s.book
		yes, us := map[Language]string{Dutch: "#ja ", English: "#yes "}[b.language], map[Language]string{Dutch: "mail ons: ", English: "mail us: "}[b.language]
		e := coded(b.Buttons(s.l, s.c, envelope.Date))
		for i := range e.Codes {
			e.Codes[i] = strings.Repeat(string(rune('A'+i)), len(e.Codes[i]))
		}
		e.ID = envelope.ID
		m, err := b.Write(s.l, s.c, s.o, e)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		o, buttons := open(t, m.Raw), b.Buttons(s.l, s.c, envelope.Date)
		found := mailLinks(t, o)
		if s.l.Kind == complaint.LetterChallenge {
			if subject, body := checkLink(t, s.name, found[0]); len(found) != 1 || subject != yes+e.ChallengeCode || body != "" {
				t.Errorf("%s: %q", s.name, found)
			}
			continue
		}
		if s.l.Kind == complaint.LetterSatisfaction || s.l.Kind == complaint.LetterSatisfactionReminder {
			for i, link := range found { // the score and the code of the case; %20 and never +
				want := tongues[s.book.language].answer + " " + strconv.Itoa(complaint.MaxScore-i) + " [" + s.c.Number + "] code " + s.c.Survey.Code
				if subject, body := checkLink(t, s.name, link); subject != want || body != "" || strings.Contains(link, "+") {
					t.Errorf("%s: %q with %q, want %q", s.name, subject, body, want)
				}
			}
			if len(found) != complaint.MaxScore {
				t.Errorf("%s: %d links", s.name, len(found))
			}
			continue
		}
		if len(found) != len(buttons) || len(found) > maxButtons {
			t.Fatalf("%s: %d links for %d buttons", s.name, len(found), len(buttons))
		}
		for i, link := range found {
			subject, body := checkLink(t, s.name, link)
			if buttons[i].Confirm {
				if subject != yes+e.Codes[i] || body != "" || len(e.Codes[i]) > maxShown {
					t.Errorf("%s: %q with %q", s.name, subject, body)
				}
				continue
			}
			if strings.TrimSpace(subject) != buttons[i].Subject || strings.Contains(subject, e.Codes[i]) {
				t.Errorf("%s: subject %q, want %q", s.name, subject, buttons[i].Subject)
			}
			if !strings.HasSuffix(body, "\r\n\r\nCode: "+e.Codes[i]) || strings.Count(body, "Code:") != 1 {
				t.Errorf("%s: body %q", s.name, body)
			}
			if words := strings.TrimSpace(subject); !strings.Contains(strings.Join(strings.Fields(o.text), " "), us+words) {
				t.Errorf("%s: %q is not in the text", s.name, words)
			}
			if strings.Contains(o.text, e.Codes[i]) {
				t.Errorf("%s: the text holds a code", s.name)
			}
		}
	}
}

// Every mail to staff about a case offers what its rules gave it; what goes to C,
// alarms, challenges and false senders offer nothing.
func TestWhoGetsButtons(t *testing.T) {
	b := newBook(t, false)
	for _, k := range kinds {
		l := complaint.Letter{Kind: k, Next: orders(complaint.OrderTake, complaint.OrderReply, complaint.OrderStatus)}
		want := 3
		if slices.Contains(bare, k) || toComplainant(k) {
			want = 0
		}
		if got := len(b.Buttons(l, openCase(), envelope.Date)); got != want {
			t.Errorf("%s: %d buttons, want %d", k, got, want)
		}
	}
}

// A letter is not written with the codes of another one.
func TestCodes(t *testing.T) {
	b, s := newBook(t, false), play(Dutch).toStaff()[0]
	code := "0123456789ABCDEFGHJKMNPQRS"
	for _, codes := range [][]string{nil, {code, code}, {""}, {"a b"}, {"x\r\nBcc: y"}, {"é"}, {strings.Repeat("A", 65)}} {
		e := envelope
		e.Codes = codes
		if _, err := b.Write(s.l, s.c, s.o, e); err == nil {
			t.Errorf("%q was taken", codes)
		}
	}
	offered := complaint.Letter{Kind: complaint.LetterReceipt, To: bas, Next: orders(complaint.OrderMailed)}
	e := envelope
	e.Codes = []string{code}
	if _, err := b.Write(offered, s.c, s.o, e); err == nil {
		t.Error("a code of 128 bits went into a subject")
	}
	for _, ask := range play(Dutch).answers() {
		if ask.l.Kind != complaint.LetterChallenge {
			continue
		}
		if _, err := b.Write(ask.l, ask.c, ask.o, envelope); err == nil {
			t.Error("a challenge without a code was written")
		}
	}
}

// The mail for `#afgehandeld` has a line for all that is missing, and last the one
// under which the letter stands; no other needs one (procedure.md 3).
func TestLabels(t *testing.T) {
	b := newBook(t, false)
	always := []string{"Incidenteel of structureel:", "Kosten:", "Leerpunt:", "Bericht aan de cursist:"}
	for _, tt := range []struct {
		missing []complaint.OrderKind
		want    []string
	}{
		{nil, nil}, {[]complaint.OrderKind{complaint.OrderCategory}, []string{"Categorie:"}},
		{[]complaint.OrderKind{complaint.OrderCategory, complaint.OrderFinding, complaint.OrderClose}, []string{"Categorie:", "Oordeel:"}},
	} {
		next := orders(complaint.OrderClose, complaint.OrderReply)
		for _, l := range []complaint.Letter{{Kind: complaint.LetterNotice, Next: next, Missing: tt.missing},
			{Kind: complaint.LetterRefused, Refusals: []complaint.Refusal{{Reason: complaint.RefusedMissing, Missing: tt.missing, Order: next[0]}}}} {
			got := b.Buttons(l, openCase(), envelope.Date)
			if want := append(slices.Clone(tt.want), always...); !slices.Equal(got[0].labels, want) {
				t.Errorf("%v: %q, want %q", tt.missing, got[0].labels, want)
			}
			if len(got) > 1 && len(got[1].labels) > 0 {
				t.Errorf("%q", got[1].labels)
			}
		}
	}
}

// A day that is offered lies ahead, also in a case whose own day is long past.
func TestExtendOffersADayAhead(t *testing.T) {
	b, c := newBook(t, false), play(Dutch).busyCase()
	for expected, want := range map[complaint.Day]string{
		"2026-12-14": "#uitstel 28-12-2026 [K2026-482931]",
		"2026-03-02": "#uitstel 7-12-2026 [K2026-482931]",
	} {
		c.ExpectedOn = expected
		l := complaint.Letter{Kind: complaint.LetterOverdue, Next: orders(complaint.OrderExtend)}
		got := b.Buttons(l, c, galleryTime)
		if len(got) != 1 || got[0].Subject != want {
			t.Errorf("after %s: %+v, want %s", expected, got, want)
		}
	}
}

// Of a ruling it is left to say that it was carried out.
func TestRulingOffersCarriedOut(t *testing.T) {
	b, c := newBook(t, false), play(Dutch).busyCase()
	for step, want := range map[string]string{
		complaint.OutsideRuling: "#ooa uitgevoerd [K2026-482931]",
		complaint.OutsideFiled:  "[K2026-482931] #ooa",
	} {
		l := complaint.Letter{Kind: complaint.LetterOutside, Step: step, Next: orders(complaint.OrderExternal)}
		if got := b.Buttons(l, c, galleryTime); len(got) != 1 || got[0].Subject != want {
			t.Errorf("%s: %+v, want %s", step, got, want)
		}
	}
}

// What was refused is offered as one could have meant it.
func TestMending(t *testing.T) {
	b, c := newBook(t, false), play(Dutch).busyCase()
	for _, tt := range []struct {
		name string
		r    complaint.Refusal
		want []string
	}{
		{"a value from the list", complaint.Refusal{Order: complaint.Order{Kind: complaint.OrderFinding}, Reason: complaint.RefusedValue, Allowed: []string{"gegrond", complaint.NoFinding}},
			[]string{"#oordeel gegrond [K2026-482931]", "#oordeel nvt [K2026-482931]", "[K2026-482931] #oordeel"}},
		{"a colleague", complaint.Refusal{Order: complaint.Order{Kind: complaint.OrderAssign}, Reason: complaint.RefusedPerson, Allowed: []string{"Noor de Wit"}},
			[]string{"#wijs Noor de Wit [K2026-482931]", "[K2026-482931] #wijs"}},
		{"a date too soon", complaint.Refusal{Order: complaint.Order{Kind: complaint.OrderExtend, Day: "2026-11-24"}, Reason: complaint.RefusedDate, Day: "2026-12-14"},
			[]string{"#uitstel 28-12-2026 [K2026-482931]"}},
		{"a date too far", complaint.Refusal{Order: complaint.Order{Kind: complaint.OrderExtend, Day: "2036-11-24"}, Reason: complaint.RefusedDate, Day: "2027-11-24"},
			[]string{"#uitstel 24-11-2027 [K2026-482931]"}},
		{"the text", complaint.Refusal{Order: complaint.Order{Kind: complaint.OrderReply, Words: "#antwoord"}, Reason: complaint.RefusedNoBody}, []string{"#antwoord [K2026-482931]"}},
		{"two at once", complaint.Refusal{Reason: complaint.RefusedTwoBodies, Fix: orders(complaint.OrderReply, complaint.OrderConsult)},
			[]string{"#antwoord [K2026-482931]", "#overleg [K2026-482931]"}},
		{"no right", complaint.Refusal{Order: complaint.Order{Kind: complaint.OrderApprove}, Reason: complaint.RefusedRight}, nil},
	} {
		var got []string
		for _, button := range b.Buttons(complaint.Letter{Kind: complaint.LetterRefused, Refusals: []complaint.Refusal{tt.r}}, c, envelope.Date) {
			got = append(got, button.Subject)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
