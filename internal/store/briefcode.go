package store

import (
	"encoding/binary"
	"errors"
	"time"

	"klachtd/internal/complaint"
)

// How a brief stands in its row, before it is sealed: the version, then each field
// in order, texts and lists with their length before them. It is read a hundred
// thousand times for one report, which is why it is no JSON.
const briefVersion = 1

var errBrief = errors.New("read brief: not as it was written")

type briefWriter struct{ b []byte }

func (w *briefWriter) int(n int64) { w.b = binary.AppendVarint(w.b, n) }

func (w *briefWriter) text(s string) {
	w.b = append(binary.AppendUvarint(w.b, uint64(len(s))), s...)
}

func (w *briefWriter) bool(v bool) {
	n := byte(0)
	if v {
		n = 1
	}
	w.b = append(w.b, n)
}

func (w *briefWriter) time(t time.Time) {
	if t.IsZero() {
		w.int(0)
		return
	}
	w.int(t.UnixMilli())
}

func encodeBrief(b complaint.Brief) []byte {
	w := briefWriter{append(make([]byte, 0, 512), briefVersion)}
	for _, s := range []string{b.Number, string(b.Kind), string(b.State), string(b.Severity), string(b.Channel), b.Category, b.Cause, b.Course,
		b.Location, b.Finding, string(b.Resolution), string(b.ResolveBy), string(b.ExpectedOn), string(b.KeptUntil), string(b.ReopenedOn), b.Complainant} {
		w.text(s)
	}
	for _, t := range []time.Time{b.ReceivedAt, b.ReactedAt, b.ClosedAt} {
		w.time(t)
	}
	for _, v := range []bool{b.Asked, b.Outside, b.Consulted, b.NamesDirecteur} {
		w.bool(v)
	}
	w.int(int64(len(b.Scores)))
	for _, s := range b.Scores {
		w.int(int64(s.Score))
		w.time(s.At)
	}
	w.int(int64(len(b.Delays)))
	for _, d := range b.Delays {
		w.text(string(d.On))
		w.text(string(d.Until))
	}
	w.int(int64(len(b.Promises)))
	for _, p := range b.Promises {
		w.int(p.ID)
		w.text(string(p.Kind))
		w.text(string(p.Due))
		w.time(p.FulfilledAt)
		w.bool(p.Waived)
	}
	w.int(int64(len(b.Concerned)))
	for _, s := range b.Concerned {
		w.text(s)
	}
	return w.b
}

// A briefReader reads what a briefWriter wrote, and anything else as an error. The
// texts are parts of one string.
type briefReader struct {
	s   string
	bad bool
}

func (r *briefReader) fail() { r.s, r.bad = "", true }

// uint is binary.Uvarint for a string.
func (r *briefReader) uint() uint64 {
	var n uint64
	for i := range min(len(r.s), binary.MaxVarintLen64) {
		c := r.s[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.s = r.s[i+1:]
			return n
		}
	}
	r.fail()
	return 0
}

func (r *briefReader) int() int64 {
	n := r.uint()
	if n&1 != 0 {
		return ^int64(n >> 1)
	}
	return int64(n >> 1)
}

func (r *briefReader) text() string {
	n := r.uint()
	if n > uint64(len(r.s)) {
		r.fail()
		return ""
	}
	s := r.s[:n]
	r.s = r.s[n:]
	return s
}

func (r *briefReader) bool() bool {
	if r.s == "" || r.s[0] > 1 {
		r.fail()
		return false
	}
	v := r.s[0] == 1
	r.s = r.s[1:]
	return v
}

func (r *briefReader) time() time.Time {
	n := r.int()
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// count is how many entries follow: each takes a byte at least.
func (r *briefReader) count() int {
	n := r.int()
	if n < 0 || n > int64(len(r.s)) {
		r.fail()
		return 0
	}
	return int(n)
}

// decodeBrief reads plain into b, whose lists it uses again.
func decodeBrief(plain []byte, b *complaint.Brief) error {
	if len(plain) == 0 || plain[0] != briefVersion {
		return errBrief
	}
	r := briefReader{s: string(plain[1:])}
	*b = complaint.Brief{ID: b.ID, Scores: b.Scores[:0], Delays: b.Delays[:0], Promises: b.Promises[:0], Concerned: b.Concerned[:0],
		Number: r.text(), Kind: complaint.Kind(r.text()), State: complaint.State(r.text()), Severity: complaint.Severity(r.text()),
		Channel: complaint.Channel(r.text()), Category: r.text(), Cause: r.text(), Course: r.text(), Location: r.text(), Finding: r.text(),
		Resolution: complaint.Resolution(r.text()), ResolveBy: complaint.Day(r.text()), ExpectedOn: complaint.Day(r.text()),
		KeptUntil: complaint.Day(r.text()), ReopenedOn: complaint.Day(r.text()), Complainant: r.text(),
		ReceivedAt: r.time(), ReactedAt: r.time(), ClosedAt: r.time(),
		Asked: r.bool(), Outside: r.bool(), Consulted: r.bool(), NamesDirecteur: r.bool()}
	for range r.count() {
		b.Scores = append(b.Scores, complaint.Rating{Score: int(r.int()), At: r.time()})
	}
	for range r.count() {
		b.Delays = append(b.Delays, complaint.Told{On: complaint.Day(r.text()), Until: complaint.Day(r.text())})
	}
	for range r.count() {
		b.Promises = append(b.Promises, complaint.BriefPromise{ID: r.int(), Kind: complaint.PromiseKind(r.text()),
			Due: complaint.Day(r.text()), FulfilledAt: r.time(), Waived: r.bool()})
	}
	for range r.count() {
		b.Concerned = append(b.Concerned, r.text())
	}
	if r.bad || r.s != "" {
		return errBrief
	}
	return nil
}
