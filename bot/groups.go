package bot

import (
	"context"
	"sync"

	"pendamping/flows/receipt"
	"pendamping/store"
)

// groupQueues hold what is to be said in groups, besides replies, until each group's rate limit allows it. Nobody
// else waits for a group. Of several cards that come together only the last is sent.
type groupQueues struct {
	mu      sync.Mutex
	waiting map[int64][]store.Delivery
}

// queueForGroup says something in a group once its rate limit allows.
func (b *Bot) queueForGroup(ctx context.Context, d store.Delivery) {
	chat := d.Message.Chat
	b.groups.mu.Lock()
	defer b.groups.mu.Unlock()
	list, running := b.groups.waiting[chat]
	for i, old := range list {
		if d.Message.Key != "" && old.Message.Key == d.Message.Key {
			b.results.record(store.DeliveryOutcome{ID: old.ID, State: store.Withdrawn})
			list[i] = d
			return
		}
	}
	if b.groups.waiting == nil {
		b.groups.waiting = make(map[int64][]store.Delivery)
	}
	b.groups.waiting[chat] = append(list, d)
	if !running {
		b.queues.busy.Go(func() { b.sendToGroup(ctx, chat) })
	}
}

// sendToGroup sends what waits for a group, one message at a time.
func (b *Bot) sendToGroup(ctx context.Context, chat int64) {
	for b.groups.any(chat) {
		release, after := b.waitForToken(ctx, store.Nudge, chat)
		if after > 0 {
			sleep(ctx, after)
			continue
		}
		d := b.groups.next(chat)
		outcome := store.DeliveryOutcome{State: store.Queued} // requeued
		if release != nil {
			if b.editCard(ctx, &d.Message) {
				outcome = b.send(b.work, d.Message, d.Language)
			}
			release()
		}
		if outcome.State == "" {
			continue // stopped, so the outcome is unknown
		}
		outcome.ID = d.ID
		b.results.record(outcome)
	}
}

// any reports whether something waits for a group. If nothing does, the next message starts a new goroutine.
func (r *groupQueues) any(chat int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting[chat]) == 0 {
		delete(r.waiting, chat)
		return false
	}
	return true
}

func (r *groupQueues) next(chat int64) store.Delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.waiting[chat][0]
	r.waiting[chat] = r.waiting[chat][1:]
	return d
}

// editCard lets a group's card edit the one that the group shows now. It is looked up when the card is sent, because
// another may have been on its way, and a group that was moved shows none.
func (b *Bot) editCard(ctx context.Context, m *store.Message) bool {
	if m.Key != receipt.Card {
		return true
	}
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	var err error
	m.Edit, err = tx.LastSent(ctx, m.Chat, m.Key)
	return err == nil
}
