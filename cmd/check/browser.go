package main

import (
	"context"
	"errors"
	"os/exec"
)

// browser sees to it that the demo's test finds a Chromium, where it can be had without asking anybody. Without one
// that test is skipped, which only a person at a desk may decide, not the CI.
func browser(ctx context.Context, ci bool) error {
	if hasBrowser() {
		return nil
	}
	install(ctx, "chromium")
	switch {
	case hasBrowser():
		return nil
	case ci:
		return errors.New("no Chromium for the demo's test: install chromium")
	}
	say("no Chromium: the demo's test in a browser is skipped; install chromium to have it")
	return ctx.Err()
}

// hasBrowser reports whether one of the names under which chromedp looks for a browser is on PATH.
func hasBrowser() bool {
	for _, name := range []string{"headless_shell", "headless-shell", "chromium", "chromium-browser", "google-chrome",
		"google-chrome-stable", "google-chrome-beta", "google-chrome-unstable"} {
		if _, err := exec.LookPath(name); err == nil {
			return true
		}
	}
	return false
}
