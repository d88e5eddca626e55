package letter

import (
	"slices"
	"strings"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
)

// Answers to who gave a command, and questions to him.
type (
	receipt struct {
		Number  number
		Steps   []step
		Note    bool
		Lines   []change
		Letters []sending
		Next    owed
		Hints   []word
		Advice  line
		Files   []file // what goes along
		HasCard bool
		Card    card
		May     []may
		HasList bool
		List    list
	}

	// A change is a command that was carried out, or is asked about.
	change struct {
		Kind     word
		Number   number
		Value    value
		Old, New value
		Same     bool
	}

	// A sending is a mail that follows: to whom, and from when on.
	sending struct {
		Kind    word
		To      line
		ToC     bool
		Held    bool
		At      moment
		CanStop bool
	}

	refused struct {
		Number number
		Steps  []step
		Items  []refusal
	}

	refusal struct {
		Words   line
		Kind    word
		Reason  word
		State   word
		Missing []word
		Allowed []line
		Day     date
	}

	help struct {
		Number number
		Steps  []step
		May    []may
	}

	may struct {
		Kind word
		Word setting
	}

	list struct {
		Steps []step
		Items []listed
		Rest  int
	}

	choice struct {
		Steps   []step
		Until   date
		Subject line
	}

	challenge struct {
		Number number
		Code   word
		Lines  []change
		Steps  []step
	}

	forged struct {
		Number  number
		Mine    bool // somebody used the reader's own address
		Address address
		Name    line
	}
)

// answerData gathers what an answer to a command, or a question about one, may show.
func (b *edition) answerData(l complaint.Letter, c complaint.Case, o Original, s []step, e Envelope) (any, error) {
	n := number(c.Number)
	switch l.Kind {
	case complaint.LetterReceipt:
		return b.receiptOf(l, c, o, s, e), nil
	case complaint.LetterRefused:
		d := refused{Number: n, Steps: s}
		for _, r := range l.Refusals {
			d.Items = append(d.Items, b.refusalOf(r))
		}
		return d, nil
	case complaint.LetterHelp:
		return help{n, s, b.mayOf(l.May)}, nil
	case complaint.LetterCard:
		return b.cardOf(l, c, s, e), nil
	case complaint.LetterList:
		return list{s, b.listedOf(l.Items), l.Rest}, nil
	case complaint.LetterChoice:
		return choice{s, b.date(l.Day), oneLine(o.Subject)}, nil
	case complaint.LetterForged:
		return forged{n, strings.EqualFold(l.By, l.To.Address), address(l.By), oneLine(b.nameOf(l.By))}, nil
	case complaint.LetterChallenge:
		if !isCode(e.ChallengeCode) || len(e.ChallengeCode) > maxShown {
			return nil, errCodes
		}
		subject := b.command(command.Yes, e.ChallengeCode).String()
		return challenge{n, word(e.ChallengeCode), b.asked(l.Receipt.Lines, c),
			[]step{{Kind: word(command.Yes), Typed: line(subject), Link: b.mailTo(subject, nil)}}}, nil
	}
	return nil, nil
}

func (b *edition) receiptOf(l complaint.Letter, c complaint.Case, o Original, s []step, e Envelope) receipt {
	in := l.Receipt
	r := receipt{Number: number(c.Number), Steps: s, Note: in.Note, Lines: b.changes(in.Lines, c), HasCard: in.Card, HasList: in.List,
		Next: owed{Promise: word(in.Kind), Due: b.date(in.Due), Late: in.Due != "" && in.Due < complaint.DayOf(e.Date, b.academy.Zone)}}
	for _, out := range in.Letters {
		toC := c.Complainant.Address != "" && strings.EqualFold(out.To.Address, c.Complainant.Address)
		to := out.To.Name
		if to == "" {
			to = b.nameOf(out.To.Address)
		}
		sent := sending{Kind: word(out.Kind), To: oneLine(to), ToC: toC, CanStop: out.Ref > 0}
		if sent.Held = !out.At.IsZero(); sent.Held {
			sent.At = b.moment(out.At)
		}
		r.Letters = append(r.Letters, sent)
		if carries(out.Kind) {
			r.Files = b.files(o.Enclosed)
		}
	}
	r.Advice = oneLine(in.Advice)
	for _, h := range in.Hints {
		r.Hints = append(r.Hints, word(h))
	}
	for i := range r.Lines {
		if r.Lines[i].Kind == word(complaint.OrderMerge) && slices.Contains(in.Hints, complaint.HintLinked) {
			r.Lines[i].Kind = "link" // they were not merged
		}
	}
	if in.Card {
		r.Card = b.cardOf(l, c, nil, e)
	}
	if in.Help {
		r.May = b.mayOf(l.May)
	}
	if in.List {
		r.List = list{nil, b.listedOf(l.Items), l.Rest}
	}
	return r
}

func (b *edition) changes(lines []complaint.Line, c complaint.Case) []change {
	var out []change
	for _, x := range lines {
		k := change{Kind: word(x.Order.Kind), Number: number(c.Number), Value: b.valueOf(x.Order)}
		k.Old, k.New = b.changed(x.Order.Kind, x.Old), b.changed(x.Order.Kind, x.New)
		k.Same = k.Old == k.New
		out = append(out, k)
	}
	return out
}

// asked is a command that is not proven, in words: what a stranger may have typed
// leads nowhere, and whom we would write to is said (security.md, Who sent this?).
func (b *edition) asked(lines []complaint.Line, c complaint.Case) []change {
	list := b.changes(lines, c)
	for i, x := range lines {
		v := &list[i].Value
		v.Text, v.Person = unlinked(v.Text), unlinked(v.Person)
		if p := x.Order.Person; x.Order.Kind == complaint.OrderRegister && p.Address != "" && p.Name != "" {
			v.Person += line(" <" + p.Address + ">")
		} else if p.Name == "" && validAddress(p.Address) {
			v.Person = oneLine(b.nameOf(p.Address))
		}
	}
	return list
}

// unlinked breaks up what a mail program would make a link of.
func unlinked(s line) line {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
		if strings.ContainsRune(".:/。", r) {
			b.WriteByte(' ')
		}
	}
	return line(strings.Join(strings.Fields(b.String()), " "))
}

func (b *edition) refusalOf(r complaint.Refusal) refusal {
	d := refusal{Words: oneLine(r.Order.Words), Kind: word(r.Order.Kind), Reason: word(r.Reason), State: word(r.State), Day: b.date(r.Day)}
	if rule := command.Word(r.Order.Kind).Rule(); d.Words == "" && rule.Word != "" {
		d.Words = line(b.command(rule.Word, "").String())
	}
	for _, m := range r.Missing {
		d.Missing = append(d.Missing, word(m))
	}
	for _, a := range r.Allowed {
		d.Allowed = append(d.Allowed, oneLine(b.inWords(r.Order.Kind, a)))
	}
	return d
}

// mayOf names what has a word; an offer that is confirmed has none.
func (b *edition) mayOf(kinds []complaint.OrderKind) []may {
	var out []may
	for _, k := range kinds {
		if rule := command.Word(k).Rule(); rule.Word != "" {
			out = append(out, may{word(k), setting(b.command(rule.Word, "").String())})
		}
	}
	return out
}
