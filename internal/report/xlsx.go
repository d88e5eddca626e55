package report

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// XLSX writes every table of the report as a sheet: numbers as numbers, days as
// days, a filter on each column. No cell is or begins as a formula (security.md 30).
func (r Report) XLSX(w io.Writer) error {
	book := excelize.NewFile()
	err := r.fill(book)
	if err == nil {
		err = book.Write(w)
	}
	if closing := book.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

// styles are those of cells in a book.
type styles struct{ head, day, share int }

func newStyles(book *excelize.File) (s styles, err error) {
	dayFormat := "yyyy-mm-dd"
	for _, v := range []struct {
		id    *int
		style excelize.Style
	}{
		{&s.head, excelize.Style{Font: &excelize.Font{Bold: true}}},
		{&s.day, excelize.Style{CustomNumFmt: &dayFormat}},
		{&s.share, excelize.Style{NumFmt: 9}},
	} {
		if *v.id, err = book.NewStyle(&v.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (r Report) fill(book *excelize.File) error {
	s, err := newStyles(book)
	if err != nil {
		return err
	}
	for i, t := range r.Tables() {
		if i == 0 {
			err = book.SetSheetName(book.GetSheetName(0), t.Title)
		} else {
			_, err = book.NewSheet(t.Title)
		}
		if err == nil {
			err = t.sheet(book, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t Table) sheet(book *excelize.File, s styles) error {
	out, err := book.NewStreamWriter(t.Title)
	if err != nil {
		return err
	}
	head := make([]any, len(t.Columns))
	for i, wide := range t.widths() {
		head[i] = excelize.Cell{StyleID: s.head, Value: t.Columns[i].Title}
		if err := out.SetColWidth(i+1, i+1, wide); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	line := make([]any, len(t.Columns))
	n := 1
	for row := range t.Lines() {
		for j, cell := range row {
			if code, isText := cell.(string); isText && t.Columns[j].said != nil {
				cell = t.Columns[j].said(code)
			}
			line[j] = t.typed(j, cell, s)
		}
		n++
		if err := out.SetRow("A"+strconv.Itoa(n), line); err != nil {
			return err
		}
	}
	if n > 1 {
		last, err := excelize.CoordinatesToCellName(len(t.Columns), n)
		if err != nil {
			return err
		}
		if err := out.AddTable(&excelize.Table{Range: "A1:" + last, Name: t.Key + "_table", StyleName: "TableStyleLight1"}); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (t Table) typed(column int, c Cell, s styles) any {
	switch v := known(c).(type) {
	case string:
		return harmless(v)
	case Day:
		return excelize.Cell{StyleID: s.day, Value: v.Time()}
	case float64:
		if t.Columns[column].Share {
			return excelize.Cell{StyleID: s.share, Value: v}
		}
		return v
	default:
		return v
	}
}

// widths are what the first rows of each column need, in characters.
func (t Table) widths() []float64 {
	list := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = float64(len(c.Title) + 4) // the button of the filter
	}
	n := 0
	for row := range t.Lines() {
		for i, cell := range row {
			list[i] = min(max(list[i], float64(len(inText(cell))+2)), 60)
		}
		if n++; n == 200 {
			break
		}
	}
	return list
}
