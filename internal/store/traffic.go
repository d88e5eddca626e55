package store

import (
	"database/sql"
	"time"
)

// A Traffic counts mail in a period, both ways (procedure.md 5).
type Traffic struct {
	Became      map[string]int // messages of the mailbox, by what became of them
	Pending     int            // messages that were handed over and of which nothing is known yet
	Undelivered int            // mails of ours of which it turned out that they did not arrive; not what its writer took back
	Answered    map[string]int // receipts for mails with commands, by the address they went to
	Erased      int            // cases that were forgotten
	Unproven    int            // mails with commands of which nobody could prove who gave them
}

// Traffic counts what lies after from, up to until.
func (tx *Tx) Traffic(from, until time.Time) (Traffic, error) {
	t := Traffic{Became: map[string]int{}, Answered: map[string]int{}}
	period := []any{ms(from), ms(until)}
	err := tx.each("count receipts", `SELECT became, count(*) FROM receipt WHERE at > ? AND at <= ?
		AND box_id NOT IN (SELECT id FROM box WHERE uidvalidity = 0) GROUP BY became`, period, func(rows *sql.Rows) error {
		var became string
		var n int
		err := rows.Scan(&became, &n)
		t.Became[became] = n
		return fatal("count receipts", err)
	})
	if err != nil {
		return t, err
	}
	_, err = tx.one("count what is pending", `SELECT count(*) FROM attempt a
		WHERE NOT EXISTS (SELECT 1 FROM receipt r WHERE r.box_id = a.box_id AND r.uid = a.uid)`, nil, &t.Pending)
	if err != nil {
		return t, err
	}
	_, err = tx.one("count undelivered", "SELECT count(*) FROM letter WHERE state = 'failed' AND failure NOT IN ('', ?, ?) AND next_at > ? AND next_at <= ?",
		append([]any{TakenBack, Superseded}, period...), &t.Undelivered)
	if err != nil {
		return t, err
	}
	_, err = tx.one("count erasures", "SELECT count(*) FROM erasure WHERE case_id IS NOT NULL AND done_at > ? AND done_at <= ?", period, &t.Erased)
	if err != nil {
		return t, err
	}
	_, err = tx.one("count unproven", "SELECT count(*) FROM unproven WHERE at > ? AND at <= ?", period, &t.Unproven)
	if err != nil {
		return t, err
	}
	list, err := tx.letters("SELECT "+letterColumns+` FROM letter WHERE created_at > ? AND created_at <= ?
		AND kind IN ('receipt', 'refused', 'card', 'list', 'help')`, period...)
	for _, l := range list {
		t.Answered[l.To]++
	}
	return t, err
}
