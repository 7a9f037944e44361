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

// receive takes updates in until ctx ends: by a webhook, or by polling when this process leads.
func (b *Bot) receive(ctx context.Context) error {
	if b.PublicURL != "" {
		defer close(b.hook.ended)
		if err := b.enter(ctx, store.ByWebhook); err != nil {
			return err
		}
		if err := b.setWebhook(ctx); err != nil {
			return err
		}
		b.introduce(ctx)
		var keeper sync.WaitGroup
		keeper.Go(func() { b.keepWebhook(ctx) })
		defer keeper.Wait()
		b.hook.run(ctx)
		return nil
	}
	if err := b.enter(ctx, store.ByPolling); err != nil {
		return err
	}
	if err := b.refuseToPoll(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		lead, err := b.Process.Lead(ctx, "poll")
		if err == nil && lead {
			b.introduce(ctx)
			for b.takeOverAll(ctx) && sleep(ctx, 200*time.Millisecond) { // what the last leader left comes before what Telegram has
				b.beats.beat("receive", pollPromise)
			}
			return b.poll(ctx)
		}
		sleep(ctx, 500*time.Millisecond)
	}
	return nil
}

// errToken says of an error of Telegram's which setting it is about.
func errToken(err error) error {
	return fmt.Errorf("TELEGRAM_TOKEN: Telegram does not accept it any more; copy it anew from @BotFather (%w)", err)
}

// pollPromise is how long one round of polling may take: a long poll, an insert and a pause.
const pollPromise = 3 * time.Minute

// poll asks for updates; asking for the next acknowledges the last, so it asks only when those are durable.
func (b *Bot) poll(ctx context.Context) error {
	offset, wait := int64(0), 100*time.Millisecond
	var hooked takeBack
	for ctx.Err() == nil {
		b.beats.beat("receive", pollPromise)
		raws, err := b.Telegram.Updates(ctx, offset)
		if err == nil {
			b.otherPolls.end()
			b.otherHook.end()
			var last int64
			if last, err = b.accept(ctx, raws, true); err == nil {
				if len(raws) > 0 && last < offset { // asking again gives the same
					// Without any id, what Telegram counts them as is offset or later, so that steps of one pass them in the end
					// and skip nothing.
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
		if f, ok := telegram.AsError(err); ok {
			b.metrics.call("getUpdates", err)
			switch f.Class {
			case telegram.Unauthorized:
				return errToken(err)
			case telegram.Conflict:
				b.conflicted(ctx, f, &hooked)
			}
			if f.RetryAfter > wait {
				wait = f.RetryAfter
			}
		}
		sleep(ctx, wait)
		wait = min(wait*2, 2*time.Second)
	}
	return nil
}

// accept makes updates durable and hands the new ones to their lanes. last is the highest id among them. An update that can't
// be read is kept out: asking for it again would give the same. So is one that nobody answers.
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
				b.lanes.busy.Go(func() { b.stopSpinner(u) })
			}
			continue
		}
		if full, say := b.lanes.full(u.Chat); full {
			b.metrics.overflowed.Inc()
			if say && u.Private {
				b.lanes.busy.Go(func() { b.tellFull(u.Chat) })
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
	doubtful := b.doubts.take(func(d doubt) bool { return offered[d.update.ID] })
	fresh, err := b.Records.Accept(ctx, b.Process.Number(), rows)
	if err != nil {
		b.doubts.add(doubtful...)
		for _, u := range list {
			if !slices.ContainsFunc(doubtful, func(d doubt) bool { return d.update.ID == u.ID }) {
				b.doubts.add(doubt{u, time.Now()})
			}
		}
		b.refusedAt.Store(time.Now().Unix())
		if ctx.Err() == nil {
			_ = b.answers(ctx) // for the log
		}
		if tell && ctx.Err() == nil {
			for _, u := range list {
				b.busy(u)
			}
		}
		return -1, err
	}
	b.refusedAt.Store(0)
	b.answered()
	b.told.Clear()
	b.metrics.received.Add(float64(len(fresh)))
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
	// The doubtful ones came before.
	b.settleDoubts(ctx, slices.DeleteFunc(doubtful, func(d doubt) bool { return isFresh[d.update.ID] }))
	b.dispatch(kept)
	return last, nil
}

// tellFull tells a chat that what it sends is not kept for now. It has a row, or the answers to all before it would push it out.
func (b *Bot) tellFull(chat int64) {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(b.work))
	said := store.Message{Chat: chat, Body: []store.Text{store.Say("busy.full")}}
	list, err := tx.Commit(b.work, b.Process.Number(), nil, queued([]store.Message{said}))
	if err != nil {
		b.warn(b.work, "a chat was not told that it sends too much", err)
		return
	}
	b.deliver(b.work, tx.Now(), list, manner{aside: true})
}

// hook receives webhook calls; those that come within a moment share one insert.
type hook struct {
	bot   *Bot
	calls chan call
	ended chan struct{} // nobody receives any more
}

type call struct {
	raw  json.RawMessage
	done chan error
}

// share is how long a webhook call waits for others to share its insert.
const share = 1500 * time.Microsecond

func newHook(b *Bot) *hook { return &hook{bot: b, calls: make(chan call), ended: make(chan struct{})} }

func (h *hook) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case first := <-h.calls:
			batch := []call{first}
			timer := time.NewTimer(share)
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
			h.bot.lanes.busy.Go(func() { h.accept(batch) })
		}
	}
}

func (h *hook) accept(batch []call) {
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

// maxUpdate bounds what a webhook call may carry.
const maxUpdate = 1 << 20

// ServeHTTP takes an update from Telegram. Only a durable one is acknowledged.
func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !hmac.Equal([]byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")), []byte(h.bot.Telegram.Secret())) {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if err != nil || !json.Valid(raw) {
		http.Error(w, "not an update", http.StatusBadRequest)
		return
	}
	c := call{raw: raw, done: make(chan error, 1)}
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
