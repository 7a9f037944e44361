package bot

import (
	"context"
	"time"

	"pendamping/bot/telegram"
	"pendamping/store"
)

// adopt takes over what stopped processes left: at the start, and then every second.
func (b *Bot) adopt(ctx context.Context) {
	for {
		b.beats.beat("takeover", 5*time.Minute)
		b.takeOverAll(ctx)
		if !sleep(ctx, time.Second) {
			return
		}
	}
}

// mostAdopted is how many updates are taken over at once.
const mostAdopted = 1000

// takeOverAll puts what stopped processes left into its chats' lanes: what is owed, and then what is not done, in order. It tells
// whether a process is absent that may come back, or else leave more.
func (b *Bot) takeOverAll(ctx context.Context) (absent bool) {
	b.adopting.Lock()
	defer b.adopting.Unlock()
	for more := true; more; {
		left, err := b.Records.Adopt(ctx, b.Process.Number(), mostAdopted)
		b.claimed(ctx, err)
		absent = left.Absent
		if err == nil {
			b.answered()
		} else if ctx.Err() == nil && b.answers(ctx) == nil {
			b.Log.Error("what a stopped process left was not taken over", "err", err.Error())
		}
		if len(left.Updates)+len(left.Replies) > 0 {
			b.Log.Info("took over from a stopped process", "updates", len(left.Updates), "messages", len(left.Replies))
		}
		b.deliver(b.work, b.Now(), left.Replies, manner{aside: true})
		b.dispatch(b.fromInbox(left.Updates))
		more = len(left.Updates) == mostAdopted
	}
	return absent
}

// fromInbox reads updates of the inbox. One that can't be read is done with.
func (b *Bot) fromInbox(list []store.Pending) []update {
	var updates []update
	for _, p := range list {
		u := telegram.Update{ID: p.ID, Chat: p.Chat}
		if p.Session == nil {
			var err error
			if u, err = b.convert.Update(p.Payload); err != nil {
				b.marks.handled(p.ID)
				continue
			}
		}
		updates = append(updates, update{Update: u, committed: p.Session})
	}
	return updates
}

// waiting are a chat's next updates in the inbox that this process has to handle.
func (b *Bot) waiting(chat, after int64) ([]update, error) {
	list, err := b.Records.Held(b.work, b.Process.Number(), chat, after, mostWaiting)
	return b.fromInbox(list), err
}

// finish hands back the session of an update whose records are committed; what it owes was taken over beside it.
func (b *Bot) finish(u update) {
	for b.restore(b.work, u.Chat, u.ID, u.committed) != nil {
		if !sleep(b.work, 100*time.Millisecond) {
			return
		}
	}
	b.marks.handled(u.ID)
}

// settled finds out what became of an update whose commit said conflict: somebody carried it out, possibly this process
// when the answer to its commit was lost. Then the session is handed back and what is owed is sent.
func (b *Bot) settled(ctx context.Context, u update) (bool, error) {
	list, err := b.Records.PendingIn(ctx, u.Chat, u.ID+1)
	if err != nil {
		return false, err
	}
	for _, p := range list {
		if p.ID != u.ID {
			continue
		}
		if p.Session == nil {
			return false, nil // not carried out: a record had changed; try anew
		}
		return true, b.handBack(ctx, p)
	}
	return true, nil
}

// handBack follows up an update whose records are committed: its session goes to Redis, what is owed is sent, and nothing runs.
func (b *Bot) handBack(ctx context.Context, p store.Pending) error {
	if err := b.restore(ctx, p.Chat, p.ID, p.Session); err != nil {
		return err
	}
	owed, err := b.Records.OwedFor(ctx, p.ID)
	if err != nil {
		return err
	}
	b.deliver(ctx, b.Now(), owed, manner{})
	b.marks.handled(p.ID)
	return nil
}

// restore puts a committed session in its lane, unless the lane has taken that update already, or a later one: with its
// session lost it went on from the records, which have all that was committed.
func (b *Bot) restore(ctx context.Context, chat, update int64, session []byte) error {
	l, err := b.memory.enter(ctx, chat)
	if err != nil {
		return err
	}
	if decode(l.Session).Past(update) {
		session = nil
	}
	return b.memory.leave(ctx, l, session)
}

// takeOver finishes what the lane's last owner committed but did not put into the session.
func (b *Bot) takeOver(ctx context.Context, l *lane, u update) error {
	list, err := b.Records.PendingIn(ctx, u.Chat, u.ID)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.Session != nil && !decode(l.Session).Took(p.ID) {
			l.Session = p.Session
		}
	}
	return nil
}
