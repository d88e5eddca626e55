package desk_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// A mailed is one mail of an invented academy, in or out.
type mailed struct {
	at, failed time.Time // when it was dealt with, or made; when it turned out not to have arrived
	what       string    // came, waits (nothing is known of it yet), imported, letter, unproven
	became     string    // of what came
	kind       complaint.LetterKind
	to         string
	failure    complaint.Failure // "": it arrived
	number     string            // of the case that it is about
	caseID     int64
}

// fates are the words for what becomes of a message, as a digest shows them, in its order.
var fates = [][2]string{{"registered", "Nieuwe klacht"}, {"followup", "Bericht bij een klacht"}, {"answered", "Antwoord op de vraag naar tevredenheid"},
	{"command", "Opdracht uitgevoerd"}, {"refused", "Opdracht niet uitgevoerd"}, {"note", "Notitie van een collega"},
	{"choice", "Mail van een collega, waarvan de bedoeling is gevraagd"}, {"duplicate", "Dubbel"}, {"automatic", "Automatisch antwoord"},
	{"bounce", "Melding dat een mail niet aankwam"}, {"spam", "Ongewenste reclame"}, {"quarantined", "Niet te verwerken, apart gezet"}}

// post is three weeks of it, up to now; some lies on the moments of the digests.
func (a pretended) post(now time.Time, cases []complaint.Case) []mailed {
	rnd := rand.New(rand.NewPCG(a.seed, 27))
	moment := func(since time.Duration) time.Time {
		if rnd.IntN(20) == 0 {
			return now.AddDate(0, 0, -7*rnd.IntN(3))
		}
		return now.Add(-time.Duration(rnd.Int64N(int64(since)))).Truncate(time.Millisecond)
	}
	kinds := []complaint.LetterKind{complaint.LetterReceipt, complaint.LetterRefused, complaint.LetterCard, complaint.LetterList, complaint.LetterHelp,
		complaint.LetterReply, complaint.LetterNotice, complaint.LetterAcknowledgement}
	failures := []complaint.Failure{"", "", "", complaint.Bounced, complaint.Refused, complaint.GivenUp, store.TakenBack, store.Superseded}
	var list []mailed
	for i := range 240 {
		p := mailed{at: moment(21 * 24 * time.Hour), what: []string{"came", "came", "came", "letter", "letter", "unproven", "imported"}[rnd.IntN(7)], became: fates[rnd.IntN(len(fates))][0],
			kind: kinds[rnd.IntN(len(kinds))], to: []string{"bas@academie.example", "directeur@academie.example"}[rnd.IntN(2)], failure: failures[rnd.IntN(len(failures))]}
		if c := cases[i*len(cases)/240]; rnd.IntN(2) == 0 && (p.kind != complaint.LetterAcknowledgement || p.what != "letter") { // of those a case has one
			p.number, p.caseID = c.Number, c.ID
		}
		if p.failure != "" { // which can take a while
			p.failed = p.at.Add(time.Duration(rnd.Int64N(int64(now.Sub(p.at)) + 1))).Truncate(time.Millisecond)
		}
		list = append(list, p)
	}
	for range a.seed % 3 { // from now on: what waits is told whenever it came
		list = append(list, mailed{at: now.Add(-time.Hour), what: "waits"})
	}
	slices.SortStableFunc(list, func(a, b mailed) int { return a.at.Compare(b.at) })
	return list
}

// handle puts the post in the database, each at its moment.
func (w *world) handle(list []mailed) {
	w.t.Helper()
	now := w.now
	defer func() { w.now = now }()
	for i, p := range list {
		var l store.Letter
		err := w.in(p.at, func(tx *store.Tx) (err error) {
			l, err = p.put(tx, uint32(i+1))
			return err
		})
		if err == nil && p.what == "letter" && p.failure != "" {
			err = w.in(p.failed, func(tx *store.Tx) error {
				_, err := tx.FailLetter(l, p.failure)
				return err
			})
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// in changes the database as at a moment.
func (w *world) in(moment time.Time, f func(tx *store.Tx) error) error {
	w.now = moment
	return w.db.Update(w.t.Context(), f)
}

func (p mailed) put(tx *store.Tx, uid uint32) (l store.Letter, err error) {
	box := store.Box{Name: "INBOX", UIDValidity: 7}
	receipt := store.Receipt{UID: uid, ReceivedAt: p.at, Content: fmt.Appendf(nil, "%016d", uid), Became: p.became, CaseID: p.caseID, Folder: "processed"}
	switch p.what {
	case "came":
		_, tried := tx.CountAttempts(box, []uint32{uid})
		return l, errors.Join(tried, tx.AddReceipt(box, receipt))
	case "waits":
		_, err = tx.CountAttempts(box, []uint32{uid})
		return l, err
	case "imported":
		return l, tx.AddReceipt(store.Imported(), receipt)
	case "unproven":
		return l, tx.AddUnproven(p.to, "refuse")
	}
	l = store.Letter{CaseID: p.caseID, Kind: p.kind, State: store.Sent, To: p.to, MessageID: fmt.Sprintf("%d@academie.example", uid)}
	return l, tx.AddLetter(&l, []byte("brief\r\n"))
}

// post puts it in the tables of the recount.
func (r recount) post(list []mailed) {
	r.t.Helper()
	r.exec(`CREATE TABLE message (at, what, became); CREATE TABLE letter (at, kind, address, failure, failed, number); CREATE TABLE unproven (at);
		CREATE TABLE fate (place, became, words); CREATE TABLE who (address, name);
		INSERT INTO who VALUES ('bas@academie.example', 'Bas Bakker'), ('directeur@academie.example', 'Dewi de Boer');`)
	for i, f := range fates {
		r.exec("INSERT INTO fate VALUES (?, ?, ?)", i, f[0], f[1])
	}
	for _, p := range list {
		switch p.what {
		case "letter":
			r.exec("INSERT INTO letter VALUES (?, ?, ?, ?, ?, ?)", p.at.UnixMilli(), p.kind, p.to, p.failure, p.failed.UnixMilli(), p.number)
		case "unproven":
			r.exec("INSERT INTO unproven VALUES (?)", p.at.UnixMilli())
		default:
			r.exec("INSERT INTO message VALUES (?, ?, ?)", p.at.UnixMilli(), p.what, p.became)
		}
	}
}

// What a digest says of the post, by SQL.
const (
	postSum = `WITH n AS (SELECT (SELECT count(*) FROM message WHERE what = 'came' AND at > FROM_ AND at <= UNTIL_) done, (SELECT count(*) FROM message WHERE what = 'waits') more)
		SELECT CASE WHEN more = 0 THEN 'Er kwamen ' || done || ' berichten binnen, en die zijn alle ' || done || ' verwerkt.'
		ELSE 'Van ' || (done + more) || ' berichten zijn er ' || done || ' verwerkt. Vraag de beheerder wat er met de rest is.' END FROM n`
	postLines = `SELECT words || ': ' || n FROM (
		SELECT words, count(*) n, place FROM message JOIN fate USING (became) WHERE what = 'came' AND at > FROM_ AND at <= UNTIL_ GROUP BY became
		UNION ALL SELECT 'Opdrachten van ' || name, count(*), 20 + who.rowid FROM letter JOIN who USING (address)
			WHERE kind IN ('receipt', 'refused', 'card', 'list', 'help') AND at > FROM_ AND at <= UNTIL_ GROUP BY address
		UNION ALL SELECT 'Afzender niet bewezen', count(*), 30 FROM unproven WHERE at > FROM_ AND at <= UNTIL_
		UNION ALL SELECT 'Onze mail kwam niet aan', count(*), 31 FROM letter WHERE failure IN ('bounced', 'refused', 'given_up') AND failed > FROM_ AND failed <= UNTIL_
		) WHERE n > 0 ORDER BY place`
)
