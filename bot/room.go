package bot

import (
	"context"
	"sync"

	"pendamping/flows/receipt"
	"pendamping/store"
)

// rooms hold what is to be said in groups, beside replies, until each group's pace allows it. Nobody else waits for a
// group, and of several cards that come together the last is sent.
type rooms struct {
	mu      sync.Mutex
	waiting map[int64][]store.Delivery
}

// later says something in a group when its pace allows.
func (b *Bot) later(ctx context.Context, d store.Delivery) {
	chat := d.Message.Chat
	b.rooms.mu.Lock()
	defer b.rooms.mu.Unlock()
	list, running := b.rooms.waiting[chat]
	for i, old := range list {
		if d.Message.Key != "" && old.Message.Key == d.Message.Key {
			b.marks.sent(store.Mark{ID: old.ID, State: store.Withdrawn})
			list[i] = d
			return
		}
	}
	if b.rooms.waiting == nil {
		b.rooms.waiting = make(map[int64][]store.Delivery)
	}
	b.rooms.waiting[chat] = append(list, d)
	if !running {
		b.lanes.busy.Go(func() { b.inRoom(ctx, chat) })
	}
}

// inRoom says what waits for a group, one at a time.
func (b *Bot) inRoom(ctx context.Context, chat int64) {
	for b.rooms.any(chat) {
		landed, after := b.slot(ctx, store.Nudge, chat)
		if after > 0 {
			sleep(ctx, after)
			continue
		}
		d := b.rooms.next(chat)
		mark := store.Mark{State: store.Queued} // given back
		if landed != nil {
			if b.inPlace(ctx, &d.Message) {
				mark = b.say(b.work, d.Message, d.Language)
			}
			landed()
		}
		if mark.State == "" {
			continue // stopped: nobody knows
		}
		mark.ID = d.ID
		b.marks.sent(mark)
	}
}

// any tells whether something waits for a group; if nothing does, what comes next begins anew.
func (r *rooms) any(chat int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting[chat]) == 0 {
		delete(r.waiting, chat)
		return false
	}
	return true
}

func (r *rooms) next(chat int64) store.Delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.waiting[chat][0]
	r.waiting[chat] = r.waiting[chat][1:]
	return d
}

// inPlace lets a group's card change the one that it shows now. Which that is, is known only when it is sent: another may
// have been on its way, and a group that moved shows none.
func (b *Bot) inPlace(ctx context.Context, m *store.Message) bool {
	if m.Key != receipt.Card {
		return true
	}
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	var err error
	m.Edit, err = tx.LastSent(ctx, m.Chat, m.Key)
	return err == nil
}
