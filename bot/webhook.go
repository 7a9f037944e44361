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

// Telegram has one webhook for a bot, and answers getUpdates with 409 while it is set. Among the processes that share
// the records the webhook wins over polling, so that a deploy may move from polling to a webhook one process at a
// time:
//
//   - A process that starts to poll while one with a webhook lives is refused (ErrWebhook). Otherwise a forgotten
//     shell with the production token would delete the webhook, and the bot would be deaf until somebody noticed.
//   - A process that already polls stands down. It goes on sending and handling, and polls again once no process with
//     a webhook lives.
//   - Of several webhooks that of the newest process wins. It checks each minute whether its webhook is still set.
//
// A program with the same token and other records can't be asked. A poller removes its webhook at once, and then ever
// more rarely. So a forgotten webhook heals, and two programs that both insist don't fight: the one with the webhook
// sets it again within a minute.

// ErrWebhook refuses to poll beside a process that receives by webhook.
var ErrWebhook = errors.New("PUBLIC_URL is not set, but a running process of this bot receives by webhook: " +
	"give this one the same PUBLIC_URL, or stop that one first")

// WebhookURL returns where Telegram has to post updates for a PUBLIC_URL.
func WebhookURL(public string) string { return strings.TrimRight(public, "/") + "/telegram" }

func (b *Bot) hookURL() string { return WebhookURL(b.PublicURL) }

// enterAs tells the other processes how this one receives, as soon as the records can be written.
func (b *Bot) enterAs(ctx context.Context, mode store.Mode) error {
	return b.retryWhileAway(ctx, "entering among the processes", func() error { return b.Process.Enter(ctx, mode) })
}

// refuseToPoll returns ErrWebhook when a living process receives by webhook.
func (b *Bot) refuseToPoll(ctx context.Context) error {
	var newest int64
	err := b.retryWhileAway(ctx, "looking for a webhook", func() (err error) {
		newest, err = b.Records.Webhook(ctx)
		return err
	})
	if err == nil && newest != 0 {
		err = ErrWebhook
	}
	return err
}

// maxRefusals is how many times in a row the records may refuse, although they answer, what a start needs.
const maxRefusals = 10

// retryWhileAway retries what a start needs for as long as the records are away. It returns an error only if the
// records answer and still refuse, and nil also if ctx ends or this process is lost.
func (b *Bot) retryWhileAway(ctx context.Context, what string, do func() error) error {
	for refusals := 0; b.Process.Here(ctx); {
		err := do()
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if refusals++; b.checkPostgres(ctx) != nil {
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

// keepWebhook checks each minute whether the webhook is set. Every process checks, for its gauges, but only the
// newest sets it again.
func (b *Bot) keepWebhook(ctx context.Context) {
	for sleep(ctx, b.WebhookCheck) {
		w, err := b.Telegram.Webhook(ctx)
		if err != nil {
			continue // an outage of Telegram is noticed elsewhere
		}
		b.metrics.hookPending.Set(float64(w.Pending))
		b.metrics.hookError.Set(float64(w.LastErrorAt))
		if w.URL == b.hookURL() {
			b.noteUndelivered(w)
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
		b.Log.Warn("the webhook was taken away: set again. Does another program run with this token?",
			"found", hostOf(w.URL), "waiting", w.Pending)
		if err := b.setWebhook(ctx); err != nil {
			b.Log.Error("the webhook could not be set again", "err", err.Error())
		}
	}
}

// noteUndelivered logs once an episode that Telegram can't deliver. An error from before the last check may have been
// mended since.
func (b *Bot) noteUndelivered(w telegram.Webhook) {
	if w.Pending > 0 && w.LastErrorAt > 0 && time.Since(time.Unix(w.LastErrorAt, 0)) < 2*b.WebhookCheck {
		b.hookFails.Begin(nil, "words", w.LastError, "waiting", w.Pending)
		return
	}
	b.hookFails.End()
}

// hostOf returns the part of a URL that may be logged.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if address == "" || err != nil {
		return "none"
	}
	return u.Host
}

// webhookRemoval limits how often a foreign webhook is removed: at once, then after a minute, and ever more rarely.
type webhookRemoval struct {
	wait time.Duration
	next time.Time
}

const (
	firstRemovalWait = time.Minute
	maxRemovalWait   = time.Hour
)

func (t *webhookRemoval) due(now time.Time) bool {
	if now.Before(t.next) {
		return false
	}
	if now.Sub(t.next) > maxRemovalWait {
		t.wait = 0 // after a quiet hour it is another episode
	}
	t.wait = min(max(2*t.wait, firstRemovalWait), maxRemovalWait)
	t.next = now.Add(t.wait)
	return true
}

// handleConflict handles a poller's 409. It stands down for a process with a webhook, removes a webhook that belongs
// to none, or waits a moment for another poller.
func (b *Bot) handleConflict(ctx context.Context, e telegram.Error, t *webhookRemoval) {
	if !strings.Contains(strings.ToLower(e.Description), "webhook") { // includes "terminated by setWebhook request"
		b.otherPolls.Begin(nil)
		return
	}
	newest, err := b.Records.Webhook(ctx)
	switch {
	case err != nil:
		b.warn(ctx, "whether a process receives by webhook is not known", err)
		return
	case newest != 0:
		b.standsDown.Begin(nil, "process", newest)
		for err != nil || newest != 0 {
			b.heartbeats.Beat("receive", pollDeadline)
			if !sleep(ctx, time.Second) {
				return
			}
			newest, err = b.Records.Webhook(ctx)
		}
		b.standsDown.End()
		fallthrough
	case t.due(time.Now()):
		if err := b.Telegram.DeleteWebhook(ctx); err == nil {
			b.Log.Warn("removed a webhook that no running process keeps")
		}
	default:
		b.otherHook.Begin(nil, "next", t.wait.String())
		sleep(ctx, time.Second)
	}
}
