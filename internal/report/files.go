package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// CSV writes the cases of the report, one a line, with commas and a first line of names
// (RFC 4180). Days are written 2026-11-22; what is not known is empty. No cell
// begins as a formula does (security.md 30).
func (r Report) CSV(w io.Writer) error {
	t := r.casesTable()
	out := csv.NewWriter(w)
	out.UseCRLF = true
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Key
	}
	err := out.Write(record)
	for row := range t.Lines() {
		for i, cell := range row {
			record[i] = harmless(inText(cell))
		}
		if err != nil {
			break
		}
		err = out.Write(record)
	}
	if out.Flush(); err == nil {
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func inText(c Cell) string {
	switch v := c.(type) {
	case nil:
		return ""
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case Day:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'g', 6, 64)
	default:
		return fmt.Sprint(v)
	}
}

// jsonReport is the report in one object. Tables are lists of objects, by the
// keys of their columns.
type jsonReport struct {
	Academy string `json:"academy"`
	From    string `json:"from"`
	To      string `json:"to"`
	MadeOn  string `json:"made_on"`

	Received      int                         `json:"received"`
	Closed        int                         `json:"closed"`
	InTime        int                         `json:"in_time"`
	Severe        int                         `json:"severe"`
	Internal      int                         `json:"internal"`
	Reopened      int                         `json:"reopened"`
	Outside       int                         `json:"ooa"`
	Announced     int                         `json:"delays_told"`
	Open          []jsonOpen                  `json:"open"`
	OpenErased    int                         `json:"open_erased"`
	AtOoa         int                         `json:"with_ooa"`
	NotComplaints int                         `json:"not_complaints"`
	Withdrawn     int                         `json:"withdrawn"`
	Days          *int                        `json:"median_days"`
	Score         *float64                    `json:"mean_satisfaction"`
	Cut           *string                     `json:"cut"`
	Tables        map[string][]map[string]any `json:"tables"`
	Signals       []jsonSignal                `json:"signals"`
}

type jsonOpen struct {
	Number   string `json:"number"`
	Severe   bool   `json:"severe"`
	Received string `json:"received_on"`
	Due      string `json:"due"`
	Age      int    `json:"age_days"`
	Left     int    `json:"days_left"`
}

type jsonSignal struct {
	Kind     string    `json:"kind"`
	By       string    `json:"by"`
	Name     string    `json:"name"`
	N        int       `json:"n"`
	Numbers  []string  `json:"numbers"`
	From     string    `json:"from"`
	To       string    `json:"to"`
	Test     *jsonTest `json:"test"`
	Sentence string    `json:"sentence"`
}

// jsonTest has null for what has no end: JSON knows no infinity.
type jsonTest struct {
	Now        int      `json:"now"`
	NowDays    int      `json:"now_days"`
	Before     int      `json:"before"`
	BeforeDays int      `json:"before_days"`
	Ratio      *float64 `json:"ratio"`
	Low        float64  `json:"low"`
	High       *float64 `json:"high"`
	P          float64  `json:"p"`
	Adjusted   float64  `json:"p_adjusted"`
	Seeable    float64  `json:"seeable_ratio"`
}

var byNames = [...]string{ByCause: "cause", ByCategory: "category", ByCourse: "course", ByLocation: "location"}

// JSON writes the report as one object (interface.md, JSON).
func (r Report) JSON(w io.Writer) error {
	f := r.Figures
	out := jsonReport{Academy: r.Academy, From: f.Period.From.String(), To: f.Period.To.String(), MadeOn: r.Made.String(),
		Received: f.Received, Closed: f.Closed, InTime: f.InTime, Severe: f.Severe, Internal: f.Internal, Reopened: f.Reopened,
		Outside: f.Outside, Announced: f.Announced, Open: []jsonOpen{}, OpenErased: f.OpenErased, AtOoa: f.AtOoa, NotComplaints: f.NotComplaints, Withdrawn: f.Withdrawn,
		Tables: map[string][]map[string]any{}, Signals: []jsonSignal{}}
	if f.Closed > 0 {
		out.Days = &f.Days
	}
	if mean := f.Content.Mean(); mean > 0 {
		out.Score = &mean
	}
	if cut := f.Cut.Sentence(r.Language); cut != "" {
		out.Cut = &cut
	}
	for _, o := range f.Open {
		out.Open = append(out.Open, jsonOpen{o.Number, o.Severe, o.Received.String(), o.Due.String(), o.Age, o.Left})
	}
	for _, s := range r.Signals {
		out.Signals = append(out.Signals, s.json(r.Language))
	}
	for _, t := range r.Tables() {
		switch t.Key {
		case "signals", "totals", "cases":
		default:
			list := []map[string]any{}
			for row := range t.Lines() {
				list = append(list, t.object(row))
			}
			out.Tables[t.Key] = list
		}
	}
	if err := r.writeJSON(w, out); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

// writeJSON writes the object with the cases as its last key, one after the other:
// they are never all in memory.
func (r Report) writeJSON(w io.Writer, whole jsonReport) error {
	var part bytes.Buffer
	e := json.NewEncoder(&part)
	e.SetEscapeHTML(false)
	if err := e.Encode(whole); err != nil {
		return err
	}
	part.Truncate(part.Len() - len("}\n"))
	part.WriteString(`,"cases":[`)
	t, n := r.casesTable(), 0
	for row := range t.Lines() {
		if n++; n > 1 {
			part.WriteByte(',')
		}
		part.Write(t.appendObject(part.AvailableBuffer(), row))
		if part.Len() > 64<<10 {
			if _, err := part.WriteTo(w); err != nil {
				return err
			}
		}
	}
	part.WriteString("]}\n")
	_, err := part.WriteTo(w)
	return err
}

// appendObject writes what object returns, in the order of the columns.
func (t Table) appendObject(b []byte, row []Cell) []byte {
	b = append(b, '{')
	for i, cell := range row {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), t.Columns[i].Key...), '"', ':')
		switch v := known(cell).(type) {
		case nil:
			b = append(b, "null"...)
		case int:
			b = strconv.AppendInt(b, int64(v), 10)
		case bool:
			b = strconv.AppendBool(b, v)
		case Day:
			b = append(v.append(append(b, '"')), '"')
		default:
			b = appendJSON(b, v)
		}
	}
	return append(b, '}')
}

// appendJSON writes a text or a number; most texts need no escape.
func appendJSON(b []byte, v any) []byte {
	if s, ok := v.(string); ok && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
		return append(append(append(b, '"'), s...), '"')
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil { // a number without an end
		return append(b, "null"...)
	}
	return append(b, bytes.TrimSuffix(text.Bytes(), []byte("\n"))...)
}

func (s Signal) json(l Language) jsonSignal {
	j := jsonSignal{Kind: signalKinds[s.Kind][0], By: byNames[s.By], Name: plain(s.Name), N: s.N, Numbers: append([]string{}, s.Numbers...),
		From: s.From.String(), To: s.To.String(), Sentence: s.Sentence(l)}
	if s.Kind != Rises {
		return j
	}
	j.Test = &jsonTest{Now: s.Rates.Now, NowDays: s.Rates.NowDays, Before: s.Rates.Before, BeforeDays: s.Rates.BeforeDays,
		Low: s.Low, P: s.P, Adjusted: s.Adjusted, Seeable: s.Seeable}
	if s.Rates.Before > 0 {
		ratio := s.Rates.Ratio()
		j.Test.Ratio, j.Test.High = &ratio, &s.High
	}
	return j
}

func (t Table) object(row []Cell) map[string]any {
	object := make(map[string]any, len(row))
	for i, cell := range row {
		cell = known(cell)
		if d, ok := cell.(Day); ok {
			cell = d.String()
		}
		object[t.Columns[i].Key] = cell
	}
	return object
}
