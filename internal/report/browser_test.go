package report

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A browser is a headless Chromium that is spoken to through a pipe
// (https://chromedevtools.github.io/devtools-protocol/).
type browser struct {
	t       *testing.T
	to      *os.File
	answers chan answer
	last    int
	session string
	noise   []string // what the page said that it should not: errors, requests
	loaded  int
}

type answer struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// newBrowser starts one, or skips the test where there is none.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && program == "" {
			program = path
		}
	}
	if program == "" {
		t.Skip("SKIPPED: no Chromium here, so no report was looked at in a browser (on Debian: apt-get install chromium)")
	}
	profile, err := os.MkdirTemp("", "klachtd-browser-") // not t.TempDir: the browser's last children may write there after it has ended
	if err != nil {
		t.Fatal(err)
	}
	hear, toUs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fromUs, say, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+profile, "--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{fromUs, toUs} // 3 and 4 over there
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = append(os.Environ(), "TMPDIR="+profile) // nothing of it stays behind
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	fromUs.Close()
	toUs.Close()
	b := &browser{t: t, to: say, answers: make(chan answer, 1000)}
	go func() { // ends with the browser
		in := bufio.NewReader(hear)
		for {
			text, err := in.ReadBytes(0)
			if err != nil {
				close(b.answers)
				return
			}
			var a answer
			if json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &a) == nil {
				b.answers <- a
			}
		}
	}()
	t.Cleanup(func() {
		say.Close() // it ends by itself then
		_ = cmd.Wait()
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // its children, when there are any left
		hear.Close()
		_ = os.RemoveAll(profile)
	})
	b.open()
	return b
}

func (b *browser) open() {
	b.t.Helper()
	var target struct{ TargetID, SessionID string }
	b.do("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	b.do("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	b.session = target.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.do(domain+".enable", nil, nil)
	}
}

// do asks for something and waits for the answer.
func (b *browser) do(method string, params any, into any) {
	b.t.Helper()
	b.last++
	ask := map[string]any{"id": b.last, "method": method}
	if params != nil {
		ask["params"] = params
	}
	if b.session != "" {
		ask["sessionId"] = b.session
	}
	text, err := json.Marshal(ask)
	if err == nil {
		_, err = b.to.Write(append(text, 0))
	}
	if err != nil {
		b.t.Fatal(err)
	}
	for {
		a := b.next()
		switch {
		case a.ID != b.last:
			continue
		case a.Error != nil:
			b.t.Fatalf("%s: %s", method, a.Error.Message)
		case into != nil:
			if err := json.Unmarshal(a.Result, into); err != nil {
				b.t.Fatal(method, err)
			}
		}
		return
	}
}

// next is the next thing that the browser says; what a page should not do is noted.
func (b *browser) next() answer {
	b.t.Helper()
	a, ok := <-b.answers
	if !ok {
		b.t.Fatal("the browser has ended")
	}
	switch a.Method {
	case "Page.loadEventFired":
		b.loaded++
	case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded":
		b.noise = append(b.noise, a.Method+" "+string(a.Params))
	case "Network.requestWillBeSent":
		var p struct{ Request struct{ URL string } }
		if err := json.Unmarshal(a.Params, &p); err != nil || !strings.HasPrefix(p.Request.URL, "data:") && !strings.HasPrefix(p.Request.URL, "file:") {
			b.noise = append(b.noise, "request: "+p.Request.URL)
		}
	}
	return a
}

// look opens a page in a window of so many pixels, and returns how wide it is.
func (b *browser) look(page string, width, height int, dark bool) (wide int) {
	b.t.Helper()
	b.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
	theme := "light"
	if dark {
		theme = "dark"
	}
	b.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": theme}}}, nil)
	before := b.loaded
	b.do("Page.navigate", map[string]any{"url": (&url.URL{Scheme: "file", Path: page}).String()}, nil)
	for b.loaded == before {
		b.next()
	}
	var is struct{ Result struct{ Value int } }
	b.do("Runtime.evaluate", map[string]any{"expression": "document.documentElement.scrollWidth"}, &is)
	return is.Result.Value
}

// shot keeps a picture of the page where KLACHTD_LOOK says, for people to look at.
func (b *browser) shot(name, method string, params map[string]any) []byte {
	b.t.Helper()
	var is struct{ Data string }
	b.do(method, params, &is)
	data, err := base64.StdEncoding.DecodeString(is.Data)
	if err != nil {
		b.t.Fatal(err)
	}
	if dir := os.Getenv("KLACHTD_LOOK"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	return data
}

// The page in a browser: nothing in the console, nothing fetched, nothing to be
// scrolled sideways on a telephone, and it prints on A4 (procedure.md 5).
func TestPageInABrowser(t *testing.T) {
	b := newBrowser(t)
	long := hostile(strings.Repeat("Onafgebroken", 8))
	for _, a := range append(academies(), academy{"long", long}) {
		page := filepath.Join(t.TempDir(), a.name+".html")
		r := reportOf(a.rows, NL)
		if a.name == "trouble" {
			r.Improve(sampleActions, today)
		}
		if err := os.WriteFile(page, written(t, r.HTML), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, view := range []struct {
			width int
			dark  bool
		}{{320, false}, {360, false}, {800, false}, {800, true}, {1400, false}} {
			if wide := b.look(page, view.width, 900, view.dark); wide > view.width {
				t.Errorf("%s: at %d pixels the page is %d wide", a.name, view.width, wide)
			}
			if a.name == "trouble" {
				b.shot(fmt.Sprintf("report-%s-%d-%v.png", a.name, view.width, view.dark), "Page.captureScreenshot", map[string]any{"captureBeyondViewport": true, "format": "png"})
			}
		}
		pdf := b.shot("report-"+a.name+".pdf", "Page.printToPDF", map[string]any{"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": false})
		if !bytes.HasPrefix(pdf, []byte("%PDF")) {
			t.Errorf("%s does not print: %.20q", a.name, pdf)
		}
		if pages := bytes.Count(pdf, []byte("/Type /Page\n")); pages < 1 || pages > 6 {
			t.Errorf("%s prints on %d pages", a.name, pages)
		}
	}
	for _, n := range b.noise {
		t.Errorf("the page did %s", n)
	}
}
