package report

import (
	"fmt"
	"io"
	"runtime"
	"testing"
	"unsafe"
)

// many is a register of twenty years and of more cases than any academy has.
func many(n int) []Row {
	year := busy()
	rows := make([]Row, n)
	for i := range rows {
		r := year[i%len(year)]
		back := Day(i % 7300)
		r.Number = fmt.Sprintf("K%d-%07d", 2026-back/365, i)
		r.Received, r.ResolveBy, r.Expected = r.Received-back, r.ResolveBy-back, r.Expected-back
		if r.Closed != 0 {
			r.Closed -= back
		}
		r.Promises = append([]Promise(nil), r.Promises...)
		for j := range r.Promises {
			r.Promises[j].Due -= back
			r.Promises[j].Kept -= back
		}
		rows[i] = r
	}
	return rows
}

// A row is small: 100,000 with twelve promises each stay below 100 MB.
func TestRowIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(Row{}) + 12*unsafe.Sizeof(Promise{}); size > 600 {
		t.Errorf("%d bytes a row", size)
	}
}

// BenchmarkReport makes figures and signals of 100,000 rows, and the files of a
// report of one year of them.
func BenchmarkReport(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	rows := many(100_000)
	runtime.GC()
	runtime.ReadMemStats(&after)
	held := float64(after.HeapAlloc-before.HeapAlloc) / (1 << 20)
	for _, v := range []struct {
		name string
		p    Period
	}{{"year", Until(today)}, {"all", Period{1, today}}} {
		b.Run(v.name, func(b *testing.B) {
			b.ReportAllocs()
			b.ReportMetric(held, "MB-rows")
			for range b.N {
				Make(list(rows), v.p, 0, "Academie Voorbeeld", NL, today)
			}
		})
	}
	r := Make(list(rows), Until(today), 0, "Academie Voorbeeld", NL, today)
	for name, write := range map[string]func(io.Writer) error{"html": r.HTML, "xlsx": r.XLSX, "csv": r.CSV, "json": r.JSON} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				if err := write(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
