package bench

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"klachtd/internal/message"
)

// BenchmarkReading prints what it costs to read a mail, on one core. BENCH_ROWS
// picks rows as for BenchmarkFigures.
func BenchmarkReading(b *testing.B) {
	t := &table{b: b}
	fmt.Println("\n| reading mail | measured | to reach |\n| --- | --- | --- |")
	before := runtime.GOMAXPROCS(1)
	t.row("reading", t.reading)
	t.row("corpus", t.corpus)
	runtime.GOMAXPROCS(before)
	t.row("attachment", t.attachment)
	b.ReportMetric(0, "ns/op") // the table is the result
}

// reading measures the mails of an ordinary academy, the best of five times.
func (t *table) reading() {
	list := mails(t.b, few)
	var size int
	for _, m := range list {
		size += len(m)
	}
	best := time.Duration(1<<63 - 1)
	var start, end runtime.MemStats
	for range 5 {
		runtime.ReadMemStats(&start)
		began := time.Now()
		for _, m := range list {
			message.Parse(m)
		}
		best = min(best, time.Since(began))
		runtime.ReadMemStats(&end)
	}
	t.print(fmt.Sprintf("1,000 mails of %.1f MB", float64(size)/1e6), fmt.Sprintf("%.0f a second, %d allocations and %.1f kB each",
		few/best.Seconds(), (end.Mallocs-start.Mallocs)/few, float64(end.TotalAlloc-start.TotalAlloc)/few/1000), "3,000 a second")
}

// corpus finds the mail of the corpus that takes longest, at best of five times.
func (t *table) corpus() {
	files, err := filepath.Glob(filepath.Join("..", "message", "testdata", "*", "*.eml"))
	if err != nil || len(files) == 0 {
		t.b.Fatalf("no corpus: %v", err)
	}
	var slowest time.Duration
	var which string
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.b.Fatal(err)
		}
		best := time.Duration(1<<63 - 1)
		for range 5 {
			began := time.Now()
			message.Parse(raw)
			best = min(best, time.Since(began))
		}
		if best > slowest {
			slowest, which = best, filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file)
		}
	}
	t.print(fmt.Sprintf("the slowest of the %d mails of the corpus", len(files)), fmt.Sprintf("%.2f ms (%s)", ms(slowest), which), "50 ms")
}

// attachment measures a process that inspects a mail with 30 MB in it, against one
// that inspects a line of text.
func (t *table) attachment() {
	dir := t.b.TempDir()
	bin := build(t.b, "")
	const head = "From: jan@post.example\r\nSubject: Klacht\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nZie bijlage.\r\n"
	line := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("klacht!!!", 6)+"\x00\x01\x02")) + "\r\n"
	large := head + "--b\r\nContent-Type: application/pdf; name=brief.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat(line, 30_000_000/57) + "--b--\r\n"
	small, _ := t.inspect(bin, dir, head+"--b--\r\n")
	peak, took := t.inspect(bin, dir, large)
	t.print("`inspect` of a mail with an attachment of 30 MB: resident memory beside that of a line of text",
		fmt.Sprintf("%.1f MB more than %.1f MB, in %.0f ms", peak-small, small, ms(took)), "8 MB")
}

// inspect returns the peak of a process, in MB, and how long it took to print its
// line. The process is kept from ending by a second file, which is a pipe.
func (t *table) inspect(bin, dir, raw string) (peak float64, took time.Duration) {
	file, pipe := filepath.Join(dir, "mail.eml"), filepath.Join(dir, "pipe")
	if err := os.WriteFile(file, []byte(raw), 0o600); err != nil {
		t.b.Fatal(err)
	}
	os.Remove(pipe) // of the last time, if there was one
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.b.Fatal(err)
	}
	cmd := exec.Command(bin, "inspect", "--json", file, pipe)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.b.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.b.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if _, err := lines.ReadString('\n'); err != nil {
		t.b.Fatal(err)
	}
	took = time.Since(began)
	peak = memory(cmd.Process.Pid, "VmHWM")
	if err := os.WriteFile(pipe, nil, 0o600); err != nil { // an empty message, and the end
		t.b.Fatal(err)
	}
	_, _ = lines.ReadString('\n') // its line
	if err := cmd.Wait(); err != nil {
		t.b.Fatal(err)
	}
	return peak, took
}
