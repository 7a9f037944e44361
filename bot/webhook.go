package bot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"pendamping/bot/telegram"
	"pendamping/store"
)

// Telegram has one webhook for a bot, and answers getUpdates with 409 while it is set. Among processes that share the records the
// webhook wins over polling, so that a deploy may go from polling to a webhook one process at a time:
//
//   - A process that starts to poll while one with a webhook lives is refused (ErrWebhook). Without that, a forgotten shell with the
//     production token would delete the webhook and nobody would hear anything until somebody noticed.
//   - A process that polls already stands down, sends and handles on, and polls again when no process with a webhook lives.
//   - Of several webhooks the newest process's wins; it looks each minute whether it is still set.
//
// A stranger with the same token and other records can't be asked. Who polls takes the webhook away from it, at once and then ever
// more rarely, so that a forgotten one heals and two that are both meant do not fight: the one with the webhook sets it again within
// a minute.

// ErrWebhook refuses to poll beside a process that receives by webhook.
var ErrWebhook = errors.New("PUBLIC_URL is not set, but a running process of this bot receives by webhook: " +
	"give this one the same PUBLIC_URL, or stop that one first")

// WebhookURL is where Telegram is to post for a PUBLIC_URL.
func WebhookURL(public string) string { return strings.TrimRight(public, "/") + "/telegram" }

func (b *Bot) hookURL() string { return WebhookURL(b.PublicURL) }

// enter tells the other processes how this one receives, as soon as the records can be written.
func (b *Bot) enter(ctx context.Context, mode store.Mode) error {
	return b.whenRecordsAnswer(ctx, "entering among the processes", func() error { return b.Process.Enter(ctx, mode) })
}

// refuseToPoll returns ErrWebhook when a living process receives by webhook.
func (b *Bot) refuseToPoll(ctx context.Context) error {
	var newest int64
	err := b.whenRecordsAnswer(ctx, "looking for a webhook", func() (err error) {
		newest, err = b.Records.Webhook(ctx)
		return err
	})
	if err == nil && newest != 0 {
		err = ErrWebhook
	}
	return err
}

// maxRefusals is how often in a row records that answer may refuse what a start needs.
const maxRefusals = 10

// whenRecordsAnswer does what a start needs, however long the records are away. Its error is that of records that answer and refuse it
// all the same; there is none when the context is done, or this process is lost.
func (b *Bot) whenRecordsAnswer(ctx context.Context, what string, do func() error) error {
	for refusals := 0; b.Process.Here(ctx); {
		err := do()
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if refusals++; b.answers(ctx) != nil {
			refusals = 0
		}
		if refusals >= maxRefusals {
			return fmt.Errorf("%s: %w", what, err)
		}
		if !sleep(ctx, 200*time.Millisecond) {
			return nil
		}
	}
	return nil
}

func (b *Bot) setWebhook(ctx context.Context) error {
	for wait := 200 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := b.Telegram.SetWebhook(ctx, b.hookURL())
		if err == nil {
			return nil
		}
		switch e, _ := telegram.AsError(err); e.Class {
		case telegram.BadRequest:
			return err
		case telegram.Unauthorized:
			return errToken(err)
		}
		if !sleep(ctx, wait) {
			return nil
		}
	}
}

// keepWebhook looks each minute whether the webhook is set, and sets it again. Every process looks, for its gauges; the newest one sets.
func (b *Bot) keepWebhook(ctx context.Context) {
	for sleep(ctx, b.WebhookCheck) {
		w, err := b.Telegram.Webhook(ctx)
		if err != nil {
			continue // that Telegram does not answer is noticed elsewhere
		}
		b.metrics.hookPending.Set(float64(w.Pending))
		b.metrics.hookError.Set(float64(w.LastErrorAt))
		if w.URL == b.hookURL() {
			b.undelivered(w)
			continue
		}
		newest, err := b.Records.Webhook(ctx)
		if err != nil {
			b.warn(ctx, "whether a process receives by webhook is not known", err)
			continue
		}
		if newest != b.Process.Number() {
			continue // a newer process may want another address
		}
		b.metrics.hookLost.Inc()
		b.Log.Warn("the webhook was taken away: set again. Does another program run with this token?", "found", hostOf(w.URL), "waiting", w.Pending)
		if err := b.setWebhook(ctx); err != nil {
			b.Log.Error("the webhook could not be set again", "err", err.Error())
		}
	}
}

// undelivered logs once an episode that Telegram can't deliver. An error as old as the last look may have been mended since.
func (b *Bot) undelivered(w telegram.Webhook) {
	if w.Pending > 0 && w.LastErrorAt > 0 && time.Since(time.Unix(w.LastErrorAt, 0)) < 2*b.WebhookCheck {
		b.hookFails.begin(nil, "words", w.LastError, "waiting", w.Pending)
		return
	}
	b.hookFails.end()
}

// hostOf is the part of an address that may be logged.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if address == "" || err != nil {
		return "none"
	}
	return u.Host
}

// takeBack is how soon a webhook that somebody else set is removed again: at once, then after a minute, and ever more rarely.
type takeBack struct {
	wait time.Duration
	next time.Time
}

const (
	firstTakeBack   = time.Minute
	longestTakeBack = time.Hour
)

func (t *takeBack) due(now time.Time) bool {
	if now.Before(t.next) {
		return false
	}
	if now.Sub(t.next) > longestTakeBack {
		t.wait = 0 // it was quiet: another episode
	}
	t.wait = min(max(2*t.wait, firstTakeBack), longestTakeBack)
	t.next = now.Add(t.wait)
	return true
}

// conflicted is what a poller does about a 409: stand down for a process with a webhook, remove a webhook that belongs to none, or
// wait a moment for another poller.
func (b *Bot) conflicted(ctx context.Context, f telegram.Error, t *takeBack) {
	if !strings.Contains(strings.ToLower(f.Description), "webhook") { // also "terminated by setWebhook request"
		b.otherPolls.begin(nil)
		return
	}
	newest, err := b.Records.Webhook(ctx)
	switch {
	case err != nil:
		b.warn(ctx, "whether a process receives by webhook is not known", err)
		return
	case newest != 0:
		b.standsDown.begin(nil, "process", newest)
		for err != nil || newest != 0 {
			b.beats.beat("receive", pollPromise)
			if !sleep(ctx, time.Second) {
				return
			}
			newest, err = b.Records.Webhook(ctx)
		}
		b.standsDown.end()
		fallthrough
	case t.due(time.Now()):
		if err := b.Telegram.DeleteWebhook(ctx); err == nil {
			b.Log.Warn("removed a webhook that no running process keeps")
		}
	default:
		b.otherHook.begin(nil, "next", t.wait.String())
		sleep(ctx, time.Second)
	}
}
