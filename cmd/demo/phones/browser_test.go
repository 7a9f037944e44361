package phones_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser opens the page in the distribution's Chromium.
func browser(t *testing.T, url string) context.Context {
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no chromium on PATH")
		}
		t.Skip("no chromium on PATH")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-background-networking",
			true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-quic", true))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	do(t, ctx, chromedp.EmulateViewport(1400, 900), chromedp.Navigate(url))
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func in(phone int, selector string) chromedp.CSS {
	return chromedp.CSS(fmt.Sprintf(`[data-phone="%d"] %s`, phone, selector))
}

// says waits until a message of the bot in the phone reads so.
func says(phone int, text string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](fmt.Sprintf(
		`[...document.querySelectorAll('[data-phone="%d"] [data-from=bot] [data-testid=text]')].at(-1)?.textContent.includes(%q)`, phone, text),
		chromedp.WithPollingTimeout(2*time.Minute))
}

func TestBrowser(t *testing.T) {
	tg, url := open(t)
	ctx := browser(t, url)
	click := func(phone int, selector string) chromedp.Action[chromedp.Void] {
		return chromedp.Click(in(phone, selector), chromedp.NodeVisible)
	}

	do(t, ctx, click(11, "[data-testid=start]"), says(11, "/start"))
	// The bot's text shows its styles, and as text what only looks like a tag.
	bold, err := chromedp.Run(ctx, chromedp.Text(in(11, "[data-from=bot] b")))
	if err != nil || bold != "Anda" {
		t.Errorf("bold: %q %v", bold, err)
	}
	images, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll(".text img").length`))
	if err != nil || images != 0 {
		t.Errorf("%d images out of a text, %v", images, err)
	}
	do(t, ctx, click(11, "[data-testid=deep-link]"), says(11, "/start dua"))
	do(t, ctx, click(11, `[data-testid=keyboard] [data-button="Bantuan"]`), says(11, "Gema: Bantuan"))
	do(t, ctx, chromedp.SendKeys(in(11, "[data-testid=input]"), "Selamat pagi\r"), says(11, "Gema: Selamat pagi"))

	do(t, ctx, click(11, "[data-testid=samples-open]"), click(11, "[data-sample=satu]"),
		click(11, "[data-testid=sample-suggest]"),
		click(11, "[data-testid=sample-send]"), says(11, "Foto: gula 15rb"),
		chromedp.WaitVisible(in(11, "[data-photo] img")))
	do(t, ctx, click(11, `.message [data-button="Tidak"]`), chromedp.WaitVisible(in(11, "[data-testid=alert]")),
		says(11, "Ditekan b"))
	if text, err := chromedp.Run(ctx, chromedp.Text(in(11, "[data-testid=alert] p"))); err != nil ||
		text != "Jawaban b" {
		t.Errorf("alert: %q %v", text, err)
	}
	do(t, ctx, click(11, "[data-testid=alert] button"))
	do(t, ctx, chromedp.Click(in(11, "[data-photo]"), chromedp.NodeVisible),
		chromedp.WaitVisible(chromedp.CSS("#lightbox img")),
		chromedp.Click(chromedp.CSS("#lightbox button")), chromedp.WaitNotVisible(chromedp.CSS("#lightbox img")))

	do(t, ctx, click(11, "[data-testid=commands-open]"), click(11, "[data-command=nota]"), says(11, "Gema: /nota"))
	if n := len(tg.Messages(12)); n != 0 {
		t.Errorf("%d messages in the other phone", n)
	}

	do(t, ctx, chromedp.Click(chromedp.CSS("[data-testid=add-phone]")),
		chromedp.SetValue(chromedp.CSS("[data-testid=add-name]"), "Bu Baru"),
		chromedp.SetValue(chromedp.CSS("[data-testid=add-link]"), "https://t.me/fake_bot?start=undang_7"),
		chromedp.Click(chromedp.CSS("[data-testid=add-ok]")),
		says(7_000_000_001, "/start undang_7"))

	// The page is whole again after a reload, and fits its window.
	do(t, ctx, chromedp.Reload(), says(11, "Gema: /nota"))
	wide,
		err := chromedp.Run(ctx,
		chromedp.Evaluate[string](
			`[...document.querySelectorAll(".phone")].filter((p) => p.scrollWidth > p.clientWidth).map((p) => p.dataset.phone).join()`))
	if err != nil || wide != "" {
		t.Errorf("too wide: %q %v", wide, err)
	}
	if out := os.Getenv("SCREENSHOT"); out != "" {
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(strings.TrimSpace(out), png, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
