package main_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestCrowd plays an announcement to a crowd in a real browser: its number is typed, a second coordinator agrees where
// there are many, and its card shows how far it is.
func TestCrowd(t *testing.T) {
	path, program := chromium(t), built(t)
	people := "120"
	many := os.Getenv("PENDAMPING_FULL") != ""
	if many {
		people = "2000"
	}
	url, stop := start(t, program, t.TempDir(), "-crowd", people)
	defer stop()
	ctx := browser(t, path, url)
	const dewi, hadi = 1005, 1006
	send := click(dewi, "[data-testid=send]")
	do(t, ctx, click(dewi, "[data-testid=start]"), says(dewi, "Halo"), click(hadi, "[data-testid=start]"),
		says(hadi, "Halo"),
		types(dewi, "/umumkan Rapat LPJ hari Senin jam 9 di balai desa"), send, says(dewi, "Untuk siapa"))
	do(t, ctx, press(dewi, "Semua ("), says(dewi, "Sudah benar"), press(dewi, "Ubah"), press(dewi, "Tandai mendesak"),
		says(dewi, "mendesak"),
		types(dewi, "besok pagi"), send, says(dewi, "Sudah benar"))
	picture(t, ctx, "crowd-preview.png")
	do(t, ctx, press(dewi, "Ya, kirim"), says(dewi, "Ketik jumlah"))
	// How many can be reached changes while cards and digests find phones that were never started: what counts is what
	// it asks for.
	asked,
		err := chromedp.Run(ctx,
		chromedp.Evaluate[string](
			fmt.Sprintf(
				`[...document.querySelectorAll('[data-phone="%d"] [data-from=bot] [data-testid=text]')].at(-1).textContent`, dewi)))
	if err != nil {
		t.Fatal(err)
	}
	_, chats, _ := strings.Cut(asked, "penerimanya: ")
	do(t, ctx, types(dewi, strings.TrimSpace(chats)), send)
	if many {
		do(t, ctx, says(dewi, "memeriksa dulu"), press(hadi, "Lihat isinya"), says(hadi, "Boleh dikirim"),
			press(hadi, "Ya, kirim"))
	}
	if many { // few have it before a slow browser looks
		do(t, ctx, says(dewi, "pesan/detik"))
		time.Sleep(20 * time.Second)
	}
	picture(t, ctx, "crowd-card.png")
	do(t, ctx, says(dewi, "Selesai"), press(dewi, "Lihat hasilnya"), says(dewi, "menurut wilayah"))
	do(t, ctx, chromedp.Poll[chromedp.Void](`document.getAnimations().every((a) => a.playState !== "running")`))
	picture(t, ctx, "crowd-report.png")
}
