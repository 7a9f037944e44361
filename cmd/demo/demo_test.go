package main_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestDemo drives the demo in a real browser, as a visitor does: a photo of a nota, an answer, a confirmation, and what
// is left. The demo is stopped and started in between: what was said is still there.
func TestDemo(t *testing.T) {
	path, program := chromium(t), built(t)
	dir := t.TempDir()
	url, stop := start(t, program, dir)
	ctx := browser(t, path, url)

	const siti = 1001
	do(t, ctx,
		click(siti, "[data-testid=start]"), says(siti, "Halo"),
		click(siti, "[data-testid=samples-open]"), click(siti, "[data-sample=angkut]"),
		click(siti, "[data-testid=sample-send]"),
		says(siti, "Nota #1 tersimpan"), says(siti, "Berapa jumlah"),
		types(siti, "250rb"), click(siti, "[data-testid=send]"), says(siti, "penjual"),
		types(siti, "Pak Slamet"), click(siti, "[data-testid=send]"), says(siti, "Tanggal berapa"),
		press(siti, "Kemarin"), says(siti, "untuk apa"),
		press(siti, "Lain-lain"), says(siti, "Rp250.000 (dua ratus lima puluh ribu rupiah)"),
		press(siti, "Benar, kirim"), says(siti, "Nota #1 terkirim"),
		types(siti, "/saldo"), click(siti, "[data-testid=send]"), says(siti, "Rp19.750.000"),
	)
	stop()
	url, stop = start(t, program, dir)
	defer stop()
	ctx = browser(t, path, url)
	do(t, ctx, says(siti, "Rp19.750.000"),
		click(siti, "[data-testid=samples-open]"), click(siti, "[data-sample=tepung]"),
		click(siti, "[data-testid=sample-suggest]"),
		click(siti, "[data-testid=sample-send]"), says(siti, "Nota #2"), says(siti, "untuk apa"), press(siti, "Tepung"),
		says(siti, "Sudah benar semua"))
	const sri, rina, dewi = 1002, 1004, 1005
	do(t, ctx, click(sri, "[data-testid=start]"), says(sri, "Halo"), types(sri, "/saldo"),
		click(sri, "[data-testid=send]"), says(sri, "Rp19.750.000"),
		click(rina, "[data-testid=start]"), says(rina, "Halo"), types(rina, "/tinjau"),
		click(rina, "[data-testid=send]"), says(rina, "Nota #1, Melati Jaya"),
		click(dewi, "[data-testid=start]"), says(dewi, "Halo"))
	do(t, ctx, chromedp.Poll[chromedp.Void](`document.getAnimations().every((a) => a.playState !== "running")`))
	picture(t, ctx, "demo.png")
	if os.Getenv("PENDAMPING_FULL") == "" {
		return // a returned nota waits a minute before it is told
	}
	do(t, ctx, press(rina, "Kembalikan"), says(rina, "diperbaiki"), press(rina, "Jumlah beda"), says(rina, "ditinjau"),
		says(siti, "perlu diperbaiki"))
	picture(t, ctx, "demo-returned.png")
	do(t, ctx, press(siti, "Perbaiki jumlah"), says(siti, "Berapa jumlah"), types(siti, "260rb"),
		click(siti, "[data-testid=send]"), says(siti, "Rp260.000"))
	picture(t, ctx, "demo-repair.png")
	do(t, ctx, press(siti, "Sudah saya perbaiki"), says(siti, "Nota #2"), types(rina, "/tinjau"),
		click(rina, "[data-testid=send]"),
		says(rina, "Dulu perlu diperbaiki"), press(rina, "Setujui"), says(rina, "ditinjau"))
	picture(t, ctx, "demo-review.png")
}

// picture keeps what the page shows.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	out := os.Getenv("PENDAMPING_OUT")
	if out == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(out, name), png, 0o644)
	}
	if err != nil {
		t.Error(err)
	}
}

var ready = regexp.MustCompile(`open (http://\S+)`)

// start runs the demo and returns the page's address, and what stops it.
func start(t *testing.T, program, dir string, more ...string) (url string, stop func()) {
	t.Helper()
	c := exec.Command(program, append([]string{"-dir", dir, "-addr", "127.0.0.1:0"}, more...)...)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := false
	stop = func() {
		if ended {
			return
		}
		ended = true
		c.Process.Signal(syscall.SIGTERM)
		if err := c.Wait(); err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	}
	t.Cleanup(stop)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		t.Log(lines.Text())
		if m := ready.FindStringSubmatch(lines.Text()); m != nil {
			go func() {
				for lines.Scan() {
				}
			}()
			return m[1], stop
		}
	}
	t.Fatal("the demo did not get ready")
	return "", nil
}

// patient is until when a test waits for the page: so long only what hangs.
const patient = 15 * time.Minute

func browser(t *testing.T, path, url string) context.Context {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-background-networking",
			true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-quic", true))
	ctx, stop := context.WithTimeout(t.Context(), patient)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	do(t, ctx, chromedp.EmulateViewport(1500, 900), chromedp.Navigate(url))
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for i, s := range steps {
		if err := chromedp.Do(ctx, s); err != nil {
			t.Fatalf("step %d: %v", i+1, err)
		}
	}
}

func in(phone int, selector string) chromedp.CSS {
	return chromedp.CSS(fmt.Sprintf(`[data-phone="%d"] %s`, phone, selector))
}

func click(phone int, selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(in(phone, selector), chromedp.NodeVisible)
}

func types(phone int, words string) chromedp.Action[chromedp.Void] {
	return chromedp.SendKeys(in(phone, "[data-testid=input]"), words)
}

// press presses the last button whose words contain these.
func press(phone int, words string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](fmt.Sprintf(
		`(() => { const b = [...document.querySelectorAll('[data-phone="%d"] .message [data-button*=%q]')].at(-1); b?.click(); return !!b })()`, phone, words), chromedp.WithPollingTimeout(patient))
}

// says waits until the last message of the bot in the phone says so.
func says(phone int, text string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](fmt.Sprintf(
		`[...document.querySelectorAll('[data-phone="%d"] [data-from=bot] [data-testid=text]')].at(-1)?.textContent.includes(%q)`, phone, text),
		chromedp.WithPollingTimeout(patient))
}

// chromium is the browser's path. A test is skipped without one, but not in CI.
func chromium(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no chromium on PATH")
		}
		t.Skip("no chromium on PATH")
	}
	return path
}

// built is the demo's program.
func built(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "demo")
	if out, err := exec.Command("go", "build", "-o", program, "pendamping/cmd/demo").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}
