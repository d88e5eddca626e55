package letter

import "klachtd/internal/complaint"

// Letters about forgetting (procedure.md 6). The certificate holds counts and
// names of folders, and nothing of a person.
type (
	retentionAhead struct {
		Steps []step
		Items []leaving
	}

	// leaving is a case that will be erased.
	leaving struct {
		Number number
		Severe bool
		Until  date
		Typed  line // the command that holds it
	}

	certificate struct {
		From, Until             moment
		Cases, Messages, Looked int
		Folders                 []folderCount
		Left                    []leftBehind
		Marked                  bool
		Provider                word
		Exports, Strayed        int
	}

	folderCount struct {
		Name  setting
		Count int
	}

	leftBehind struct {
		Name  setting
		Count int
		Why   word
	}

	deleteCopies struct {
		Steps []step
		Items []copiesOf
	}

	copiesOf struct {
		Number number
		Days   []date
	}
)

// retentionData gathers what letters about forgetting may show; nil for others.
func (b *edition) retentionData(l complaint.Letter, s []step) any {
	switch l.Kind {
	case complaint.LetterRetentionAhead:
		d := retentionAhead{Steps: s}
		for _, i := range l.Items {
			hold, _ := b.button(wish{order: complaint.Order{Kind: complaint.OrderHold}, number: i.Number}, l.Kind)
			d.Items = append(d.Items, leaving{number(i.Number), i.Severe, b.date(i.Due), oneLine(hold.Subject)})
		}
		return d
	case complaint.LetterCertificate:
		e := l.Erased
		d := certificate{From: b.moment(e.From), Until: b.moment(e.Until), Cases: e.Cases, Messages: e.Messages, Looked: e.Looked,
			Marked: e.Marked, Provider: word(e.Provider), Exports: e.Exports, Strayed: e.Strayed}
		for _, f := range e.Folders {
			d.Folders = append(d.Folders, folderCount{setting(oneLine(f.Folder)), f.Count})
		}
		for _, f := range e.Left {
			d.Left = append(d.Left, leftBehind{setting(oneLine(f.Folder)), f.Count, word(f.Why)})
		}
		return d
	case complaint.LetterDeleteCopies:
		d := deleteCopies{Steps: s}
		for _, c := range l.Copies {
			one := copiesOf{Number: number(c.Number)}
			for _, day := range c.Days {
				one.Days = append(one.Days, b.date(day))
			}
			d.Items = append(d.Items, one)
		}
		return d
	}
	return nil
}
