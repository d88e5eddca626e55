package complaint

import (
	"slices"
	"testing"
)

func (f *file) fresh(who string, o Order, with ...Order) Decision {
	e := f.mail(who, "Een cursist belde.", append([]Order{o}, with...)...)
	e.Number, e.Form = "K2026-482932", map[string]string{"Cursus": "Excel", "Omschrijving": "Een cursist belde."}
	return Decide(nil, e, f.p)
}

// Any employee registers what arrived elsewhere (procedure.md 2).
func TestRegister(t *testing.T) {
	jo := Party{Name: "Jo", Address: "jo@voorbeeld.example"}
	for _, tt := range []struct {
		name, who string
		order     Order
		kind      Kind
		c         string
		letters   string
	}{
		{"by B", "bas", Order{Person: jo}, External, jo.Address, "acknowledgement jo, notice bea, copy dewi"},
		{"by D", "dewi", Order{Person: jo}, External, jo.Address, "acknowledgement jo, notice bas, notice bea"},
		{"by a trainer", "nina", Order{Person: jo}, External, jo.Address, "acknowledgement jo, notice bas, notice bea, copy dewi"},
		{"without address", "bas", Order{Person: Party{Name: "Jo"}}, External, "", "notice bea, copy dewi"},
		{"his own", "nina", Order{Value: RegisterInternal}, Internal, "nina@academie.example",
			"acknowledgement nina, notice bas, notice bea, copy dewi"},
		{"of B himself", "bas", Order{Value: RegisterInternal}, Internal, "bas@academie.example", "acknowledgement bas, notice bea, copy dewi"},
		{"of D himself", "dewi", Order{Value: RegisterInternal}, Internal, "dewi@academie.example",
			"acknowledgement dewi, notice bas, notice bea, copy tess"},
		{"of another employee", "bas", Order{Person: person("mark")}, Internal, "mark@academie.example",
			"acknowledgement mark, notice bea, copy dewi"},
	} {
		f := &file{t: t, p: academy(), now: at("2026-11-23 09:00:00")}
		tt.order.Kind = OrderRegister
		f.last = f.fresh(tt.who, tt.order)
		if f.last.Refused() {
			t.Errorf("%s: %+v", tt.name, f.last.Refusals)
			continue
		}
		c := f.last.Cases[0]
		if c.Kind != tt.kind || c.Complainant.Address != tt.c || f.posted() != tt.letters {
			t.Errorf("%s: %s of %s, %s\nwant %s of %s, %s", tt.name, c.Kind, c.Complainant.Address, f.posted(), tt.kind, tt.c, tt.letters)
		}
		if c.RegisteredBy != tt.who+"@academie.example" || c.RegisteredOn != "2026-11-23" || !c.Form["cursus"].Staff {
			t.Errorf("%s: %+v", tt.name, c.Dossier)
		}
		if receipts(f.last, tt.who) != 1 {
			t.Errorf("%s: %s", tt.name, letters(f.last))
		}
	}
	f := &file{t: t, p: academy(), now: at("2026-11-23 09:00:00")}
	for _, tt := range []struct {
		who  string
		with []Order
		day  Day
		to   Party
		want Reason
	}{
		{"bas", nil, "2026-11-24", jo, RefusedDate},
		{"bas", nil, "2024-11-24", jo, RefusedDate},
		{"bas", nil, "", Party{}, RefusedNoValue},
		{"bas", []Order{{Kind: OrderReply}}, "", jo, RefusedTwoBodies},
		{"nina", []Order{severe}, "", jo, RefusedRight},
	} {
		d := f.fresh(tt.who, Order{Kind: OrderRegister, Day: tt.day, Person: tt.to}, tt.with...)
		if !d.Refused() || d.Refusals[0].Reason != tt.want || len(d.Cases) > 0 {
			t.Errorf("%v: %+v", tt, d.Refusals)
		}
	}
	f.last = f.fresh("bas", Order{Kind: OrderRegister, Person: jo}, severe, mark)
	if got := f.posted(); got != "acknowledgement jo, notice bea, copy dewi, severe dewi, copy_ask dewi" {
		t.Errorf("all at once: %s", got)
	}
}

// A mail of staff without a word is asked about, and registered when nobody says.
func TestAsked(t *testing.T) {
	p := academy()
	d := Decide(nil, Asked{Now: at("2026-11-27 09:00:00"), By: "nina@academie.example", Offered: Party{Address: "jo@voorbeeld.example"}}, p)
	if got := letters(d); got != "choice nina" || d.Letters[0].Day != "2026-11-30" || len(d.Letters[0].Next) != 3 || len(d.Cases) > 0 {
		t.Errorf("%s: %+v", got, d)
	}
	e := received("2026-12-01 00:00:00")
	e.From, e.Unclaimed, e.Withheld = Party{}, "nina@academie.example", WithheldUnclaimed
	d = Decide(nil, e, p)
	if got := letters(d); got != "notice bas, notice bea, copy dewi" || d.Letters[2].By != "nina@academie.example" {
		t.Errorf("%s: %+v", got, d)
	}
}

// Notes stay notes, but for what was waited for and what looks like a mistake.
func TestNoted(t *testing.T) {
	note := func(who string) Noted {
		return Noted{Now: at("2026-11-24 09:00:00"), By: who + "@academie.example", Proven: true, Text: "Dat mag."}
	}
	for _, tt := range []struct {
		name  string
		note  Noted
		want  string
		state State
	}{
		{"D answers", note("dewi"), "consulted bas", InProgress},
		{"D, unproven", Noted{Now: at("2026-11-24 09:00:00"), By: "dewi@academie.example"}, "", WithDirector},
		{"the handler", note("bas"), "", WithDirector},
		{"M", note("mark"), "response bas", WithDirector},
		{"a trainer", note("nina"), "", WithDirector},
		{"meant for C", func() Noted { n := note("bas"); n.ForC = true; return n }(), "receipt bas", WithDirector},
		{"sent to C as well", func() Noted { n := note("bea"); n.ToC, n.ForC = true, true; return n }(), "receipt bea", WithDirector},
		{"a command in the body", func() Noted { n := note("bea"); n.InBody = []Order{take}; return n }(), "receipt bea", WithDirector},
		{"the same by a trainer", func() Noted { n := note("nina"); n.InBody = []Order{take}; return n }(), "", WithDirector},
	} {
		f := open(t, "2026-11-23 09:00:00").says("bas", "", take, mark).says("bas", "Mag dit?", Order{Kind: OrderConsult})
		d := f.do(tt.note)
		if got := letters(d); got != tt.want || f.c.State != tt.state {
			t.Errorf("%s: %q, %s; want %q, %s", tt.name, got, f.c.State, tt.want, tt.state)
		}
	}
	n := note("bas")
	n.InBody = []Order{take}
	d := Decide([]Case{open(t, "2026-11-23 09:00:00").c}, n, academy())
	if l := d.Letters[0]; l.Next[0] != take || !slices.Equal(l.Receipt.Hints, []Hint{HintInBody}) || d.Cases[0].Handler != "" {
		t.Errorf("%+v", l)
	}
}

// The form: what C fills in later never overwrites what staff confirmed.
func TestForm(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00")
	f.do(Followed{Now: f.now, At: f.now, Proven: true, Form: map[string]string{"Cursus": "Word", "Telefoon": "020 1"}})
	f.do(Followed{Now: f.now, At: f.now, Form: map[string]string{"Telefoon": "090 9"}}) // unproven
	e := f.mail("bas", "", category)
	e.Form = map[string]string{"cursus": "Excel"}
	f.do(e)
	f.do(Followed{Now: f.now, At: f.now, Proven: true, Form: map[string]string{"Cursus": "PowerPoint", "Telefoon": "020 2", "Locatie": " "}})
	want := map[string]FormValue{"cursus": {"Excel", true}, "telefoon": {"020 2", false}}
	if len(f.c.Form) != len(want) || f.c.Form["cursus"] != want["cursus"] || f.c.Form["telefoon"] != want["telefoon"] {
		t.Errorf("%+v", f.c.Form)
	}
}

// In what form M reads the complaint.
func TestCopyForm(t *testing.T) {
	for _, tt := range []struct {
		policy      CopyForm
		share, body string
		with        []Order
		form        CopyForm
		text        string
		reason      Reason
	}{
		{CopyFull, "", "", nil, CopyFull, "", ""},
		{"", "ja", "", nil, CopyFull, "", ""},
		{CopyFull, "", "Een cursist zegt …", nil, CopyRedacted, "Een cursist zegt …", ""},
		{CopyFull, "Nee", "", nil, "", "", RefusedNoBody},
		{CopyFull, "nee", "Een cursist zegt …", nil, CopyRedacted, "Een cursist zegt …", ""},
		{CopyFull, "", "Dag Jan.", []Order{reply}, CopyFull, "", ""}, // the body is for C
		{CopyFull, "nee", "Dag Jan.", []Order{reply}, "", "", RefusedTwoBodies},
		{CopyRedacted, "", "", nil, "", "", RefusedNoBody},
		{CopyNotice, "nee", "", nil, CopyNotice, "", ""},
	} {
		f := open(t, "2026-11-23 09:00:00")
		f.p.EmployeeCopy = tt.policy
		f.c.merge(map[string]string{FormShareName: tt.share}, false)
		if tt.reason != "" {
			if r := f.refuses("bas", tt.body, append(tt.with, mark)...); r.Reason != tt.reason {
				t.Errorf("%+v: %s", tt, r.Reason)
			}
			continue
		}
		f.says("bas", tt.body, append(tt.with, mark)...)
		i := slices.IndexFunc(f.last.Letters, func(l Letter) bool { return l.Kind == LetterConcerned })
		if l := f.last.Letters[i]; l.Copy != tt.form || l.Body != tt.text {
			t.Errorf("%+v: %s %q", tt, l.Copy, l.Body)
		}
	}
}

// A cause that only repeats category or symptom is taken, with a question back.
func TestCauseRepeats(t *testing.T) {
	for _, tt := range []struct {
		category, cause, text string
		asks                  bool
	}{
		{"Communicatie", "Communicatie", "", true},
		{"Communicatie", "Communicatie", "  communicatie. ", true},
		{"Communicatie", "Communicatie", "Niemand beheert de mailbox.", false},
		{"Inhoud", "Mens", "", false},
		{"Inhoud", "Mens", "klacht", true}, // the subject
	} {
		f := open(t, "2026-11-23 09:00:00").says("bas", "", Order{Kind: OrderCategory, Value: tt.category})
		f.says("dewi", tt.text, Order{Kind: OrderCause, Value: tt.cause})
		l := f.last.Letters[0]
		if got := slices.Contains(l.Receipt.Hints, HintCauseRepeats); got != tt.asks || f.c.Cause.Value != tt.cause {
			t.Errorf("%+v: asks %v", tt, got)
		}
	}
}

// procedure.md 2: M reads the words of C, so where none are surely his, or he gave
// no plain leave to use his name, somebody types what M reads.
func TestCopyNeedsWords(t *testing.T) {
	for _, tt := range []struct {
		name  string
		do    func(f *file)
		needs bool
	}{
		{"his own mail", func(*file) {}, false},
		{"a plain yes", func(f *file) { f.c.merge(map[string]string{FormShareName: "ja"}, false) }, false},
		{"a no", func(f *file) { f.c.merge(map[string]string{FormShareName: "nee"}, false) }, true},
		{"rather not", func(f *file) { f.c.merge(map[string]string{FormShareName: "liever niet"}, false) }, true},
		{"on a condition", func(f *file) { f.c.merge(map[string]string{FormShareName: "ja, maar niet aan Mark"}, false) }, true},
		{"sent in by staff", func(f *file) { f.c.Withheld = WithheldUnclaimed }, true},
		{"registered from a forwarded mail", func(f *file) { f.c.RegisteredBy = "bas@academie.example" }, true},
		{"registered with its words", func(f *file) {
			f.c.RegisteredBy = "bas@academie.example"
			f.c.merge(map[string]string{"omschrijving": "Koud."}, true)
		}, false},
	} {
		f := open(t, "2026-11-23 09:00:00")
		tt.do(f)
		f.do(f.mail("bas", "", mark))
		if refused := f.last.Refused(); refused != tt.needs || refused && f.last.Refusals[0].Reason != RefusedNoBody {
			t.Errorf("%s: %+v", tt.name, f.last.Refusals)
		}
		f.do(f.mail("bas", "Een cursist had het koud.", mark))
		if f.last.Refused() {
			t.Errorf("%s, with words: %+v", tt.name, f.last.Refusals)
		}
	}
}
