package bot

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"pendamping/bot/telegram"
	"pendamping/store"
)

// receive receives updates until ctx ends: by webhook, or by polling if this process leads.
func (b *Bot) receive(ctx context.Context) error {
	if b.PublicURL != "" {
		defer close(b.webhook.ended)
		if err := b.enterAs(ctx, store.ByWebhook); err != nil {
			return err
		}
		if err := b.setWebhook(ctx); err != nil {
			return err
		}
		b.setDescriptions(ctx)
		var keeper sync.WaitGroup
		keeper.Go(func() { b.keepWebhook(ctx) })
		defer keeper.Wait()
		b.webhook.run(ctx)
		return nil
	}
	if err := b.enterAs(ctx, store.ByPolling); err != nil {
		return err
	}
	if err := b.refuseToPoll(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		lead, err := b.Process.Lead(ctx, "poll")
		if err == nil && lead {
			b.setDescriptions(ctx)
			// What the last leader left comes before what Telegram has.
			for b.recoverAll(ctx) && sleep(ctx, 200*time.Millisecond) {
				b.heartbeats.Beat("receive", pollDeadline)
			}
			return b.poll(ctx)
		}
		sleep(ctx, 500*time.Millisecond)
	}
	return nil
}

// errToken names the setting that an error of Telegram's is about.
func errToken(err error) error {
	return fmt.Errorf("TELEGRAM_TOKEN: Telegram does not accept it any more; copy it anew from @BotFather (%w)", err)
}

// pollDeadline covers one round of polling: a long poll, an insert and a pause.
const pollDeadline = 3 * time.Minute

// poll asks for updates. Asking for the next acknowledges the last, so it asks only once those are durable.
func (b *Bot) poll(ctx context.Context) error {
	offset, wait := int64(0), 100*time.Millisecond
	var removal webhookRemoval
	for ctx.Err() == nil {
		b.heartbeats.Beat("receive", pollDeadline)
		raws, err := b.Telegram.Updates(ctx, offset)
		if err == nil {
			b.otherPolls.End()
			b.otherHook.End()
			var last int64
			if last, err = b.accept(ctx, raws, true); err == nil {
				if len(raws) > 0 && last < offset { // asking again would give the same updates
					// If no id can be read, Telegram numbers these updates from offset on. Steps of one pass them in
					// the end and skip nothing.
					if last < 0 && offset > 0 {
						last = offset
					}
					sleep(ctx, wait)
				}
				offset, wait = max(offset, last+1), 100*time.Millisecond
				continue
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		if e, ok := telegram.AsError(err); ok {
			b.metrics.call("getUpdates", err)
			switch e.Class {
			case telegram.Unauthorized:
				return errToken(err)
			case telegram.Conflict:
				b.handleConflict(ctx, e, &removal)
			}
			if e.RetryAfter > wait {
				wait = e.RetryAfter
			}
		}
		sleep(ctx, wait)
		wait = min(wait*2, 2*time.Second)
	}
	return nil
}

// accept makes updates durable and dispatches the new ones. last is the highest id among them. It leaves out updates
// that can't be read, because asking for them again would give the same, and those that nobody answers.
func (b *Bot) accept(ctx context.Context, raws []json.RawMessage, tell bool) (last int64, err error) {
	came := make([]update, 0, len(raws))
	last = -1
	for _, raw := range raws {
		u, err := b.convert.Update(raw)
		if err != nil {
			if id := telegram.UpdateID(raw); id != 0 {
				last = max(last, id)
			}
			b.metrics.unread.Inc()
			continue
		}
		last = max(last, u.ID)
		came = append(came, update{Update: u})
	}
	b.strangers.askLetIn(ctx, came)
	list := make([]update, 0, len(came))
	rows := make([]store.Update, 0, len(came))
	for _, u := range came {
		if ignored, spins := b.strangers.ignores(u); ignored {
			if spins {
				b.queues.busy.Go(func() { b.stopSpinner(u) })
			}
			continue
		}
		if full, say := b.queues.full(u.Chat); full {
			b.metrics.overflowed.Inc()
			if say && u.Private {
				b.queues.busy.Go(func() { b.tellFull(u.Chat) })
			}
			continue
		}
		list = append(list, u)
		rows = append(rows, store.Update{ID: u.ID, Chat: u.Chat, Payload: u.Raw, At: b.Now()})
	}
	if len(rows) == 0 {
		return last, nil
	}
	offered := make(map[int64]bool, len(list))
	for _, u := range list {
		offered[u.ID] = true
	}
	uncertain := b.uncertain.due(func(d uncertainUpdate) bool { return offered[d.update.ID] })
	holder := b.Process.Number()
	fresh, err := b.Records.Accept(ctx, holder, rows)
	if err != nil {
		b.uncertain.add(list)
		b.lastRefusal.Store(time.Now().Unix())
		if ctx.Err() == nil {
			_ = b.checkPostgres(ctx) // logs it
		}
		if tell && ctx.Err() == nil {
			for _, u := range list {
				b.tellToWait(u)
			}
		}
		return -1, err
	}
	b.lastRefusal.Store(0)
	b.postgresAnswered()
	b.toldToWait.Clear()
	isFresh := make(map[int64]bool, len(fresh))
	for _, id := range fresh {
		isFresh[id] = true
	}
	kept := list[:0]
	for _, u := range list {
		if isFresh[u.ID] {
			kept = append(kept, u)
		}
	}
	// The uncertain ones came before.
	uncertain = slices.DeleteFunc(uncertain, func(u update) bool { return isFresh[u.ID] })
	b.settleUncertain(ctx, holder, uncertain)
	b.metrics.received.Add(float64(b.dispatch(holder, kept)))
	return last, nil
}

// tellFull tells a chat that its updates are not kept for now. The message is a row in the outbox, because the
// answers to all earlier updates would push out one in memory.
func (b *Bot) tellFull(chat int64) {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(b.work))
	said := store.Message{Chat: chat, Body: []store.Text{store.Say("busy.full")}}
	list, err := tx.Commit(b.work, b.Process.Number(), nil, toDeliveries([]store.Message{said}))
	if err != nil {
		b.warn(b.work, "a chat was not told that it sends too much", err)
		return
	}
	b.deliver(b.work, tx.Now(), list, deliverOptions{async: true})
}

// webhookHandler receives webhook calls. Calls that come within a moment share one insert.
type webhookHandler struct {
	bot   *Bot
	calls chan webhookCall
	ended chan struct{} // closed when nobody receives any more
}

type webhookCall struct {
	raw  json.RawMessage
	done chan error
}

// batchWindow is how long a webhook call waits for others to share its insert.
const batchWindow = 1500 * time.Microsecond

func newWebhookHandler(b *Bot) *webhookHandler {
	return &webhookHandler{bot: b, calls: make(chan webhookCall), ended: make(chan struct{})}
}

func (h *webhookHandler) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case first := <-h.calls:
			batch := []webhookCall{first}
			timer := time.NewTimer(batchWindow)
		more:
			for len(batch) < 100 {
				select {
				case c := <-h.calls:
					batch = append(batch, c)
				case <-timer.C:
					break more
				}
			}
			timer.Stop()
			h.bot.queues.busy.Go(func() { h.accept(batch) })
		}
	}
}

func (h *webhookHandler) accept(batch []webhookCall) {
	raws := make([]json.RawMessage, len(batch))
	for i, c := range batch {
		raws[i] = c.raw
	}
	ctx, cancel := context.WithTimeout(h.bot.work, 10*time.Second)
	defer cancel()
	_, err := h.bot.accept(ctx, raws, true)
	for _, c := range batch {
		c.done <- err
	}
}

// maxUpdate bounds the body of a webhook call, in bytes.
const maxUpdate = 1 << 20

// ServeHTTP receives an update from Telegram. It acknowledges only a durable one.
func (h *webhookHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !hmac.Equal([]byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")), []byte(h.bot.Telegram.Secret())) {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if err != nil || !json.Valid(raw) {
		http.Error(w, "not an update", http.StatusBadRequest)
		return
	}
	c := webhookCall{raw: raw, done: make(chan error, 1)}
	select {
	case h.calls <- c:
	case <-r.Context().Done():
		return
	case <-h.ended:
		http.Error(w, "stopping", http.StatusServiceUnavailable)
		return
	}
	select {
	case err = <-c.done:
	case <-r.Context().Done():
		return
	}
	if err != nil {
		http.Error(w, "not kept", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}
