package desk

import (
	"context"
	"slices"

	"klachtd/internal/complaint"
	"klachtd/internal/report"
	"klachtd/internal/store"
)

// advise says on the receipt of a delay how earlier ones turned out, and what date
// four of five closed cases would have met.
func (d *Desk) advise(tx *store.Tx, dec complaint.Decision) error {
	i := slices.IndexFunc(dec.Letters, func(l complaint.Letter) bool {
		return l.Kind == complaint.LetterReceipt && slices.ContainsFunc(l.Receipt.Lines, func(r complaint.Line) bool { return r.Order.Kind == complaint.OrderExtend })
	})
	if i < 0 || len(dec.Cases) == 0 {
		return nil
	}
	zone := d.o.Policy.Zone
	g := NewRegister(context.Background(), tx, zone, nil)
	received := report.DayOf(dec.Cases[0].ReceivedAt.In(zone))
	dec.Letters[i].Receipt.Advice = report.Advise(g.Rows, received, report.DayOf(tx.Now().In(zone))).Sentence(d.o.Language)
	return g.Err()
}
