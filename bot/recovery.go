package bot

import (
	"context"
	"time"

	"pendamping/bot/telegram"
	"pendamping/store"
)

// recover takes over what stopped processes left, at the start and then every second.
func (b *Bot) recover(ctx context.Context) {
	for {
		b.heartbeats.Beat("takeover", 5*time.Minute)
		b.recoverAll(ctx)
		if !sleep(ctx, time.Second) {
			return
		}
	}
}

// recoverBatch is how many updates are taken over at a time.
const recoverBatch = 1000

// recoverAll takes over what stopped processes left: it sends the replies, and then queues the updates in order. It
// reports whether a process is absent that may either come back or leave more behind.
func (b *Bot) recoverAll(ctx context.Context) (absent bool) {
	b.recovering.Lock()
	defer b.recovering.Unlock()
	for more := true; more; {
		holder := b.Process.Number()
		left, err := b.Records.Recover(ctx, holder, recoverBatch)
		b.noteClaim(ctx, err)
		absent = left.Absent
		if err == nil {
			b.postgresAnswered()
		} else if ctx.Err() == nil && b.checkPostgres(ctx) == nil {
			b.Log.Error("what a stopped process left was not taken over", "err", err.Error())
		}
		if len(left.Updates)+len(left.Replies) > 0 {
			b.Log.Info("took over from a stopped process", "updates", len(left.Updates), "messages", len(left.Replies))
		}
		b.deliver(b.work, b.Now(), left.Replies, deliverOptions{async: true})
		b.dispatch(holder, b.fromInbox(left.Updates))
		more = len(left.Updates) == recoverBatch
	}
	return absent
}

// fromInbox converts updates of the inbox. One that can't be read is marked as done.
func (b *Bot) fromInbox(list []store.Pending) []update {
	var updates []update
	for _, p := range list {
		u := telegram.Update{ID: p.ID, Chat: p.Chat}
		if p.Session == nil {
			var err error
			if u, err = b.convert.Update(p.Payload); err != nil {
				b.results.recordHandled(p.ID)
				continue
			}
		}
		updates = append(updates, update{Update: u, committed: p.Session})
	}
	return updates
}

// fromBacklog returns a chat's next updates in the inbox that this process has to handle. An uncertain one among them
// needs nobody else any more.
func (b *Bot) fromBacklog(chat, after int64) ([]update, error) {
	holder := b.Process.Number()
	list, err := b.Records.Held(b.work, holder, chat, after, maxInMemory)
	updates := b.fromInbox(list)
	b.uncertain.claim(holder, updates, func(update) {})
	return updates, err
}

// finishCommitted restores the session of an update whose records are committed. The replies were taken over beside
// it.
func (b *Bot) finishCommitted(u update) {
	for b.restoreSession(b.work, u.Chat, u.ID, u.committed) != nil {
		if !sleep(b.work, 100*time.Millisecond) {
			return
		}
	}
	b.results.recordHandled(u.ID)
}

// settleConflict finds out what became of an update whose commit was a conflict. If it was carried out, possibly by
// this process when the answer to the commit was lost, its session is restored and its replies are sent.
func (b *Bot) settleConflict(ctx context.Context, u update) (bool, error) {
	list, err := b.Records.PendingIn(ctx, u.Chat, u.ID+1)
	if err != nil {
		return false, err
	}
	for _, p := range list {
		if p.ID != u.ID {
			continue
		}
		if p.Session == nil {
			return false, nil // not carried out: a record had changed, so it is tried again
		}
		return true, b.resumeCommitted(ctx, p)
	}
	return true, nil
}

// resumeCommitted follows up an update whose records are committed: it restores the session and sends the replies,
// and runs nothing.
func (b *Bot) resumeCommitted(ctx context.Context, p store.Pending) error {
	if err := b.restoreSession(ctx, p.Chat, p.ID, p.Session); err != nil {
		return err
	}
	owed, err := b.Records.OwedFor(ctx, p.ID)
	if err != nil {
		return err
	}
	b.deliver(ctx, b.Now(), owed, deliverOptions{})
	b.results.recordHandled(p.ID)
	return nil
}

// restoreSession writes a committed session, unless the chat's session has taken that update or a later one already.
// A chat whose session was lost went on from the records, which have all that was committed.
func (b *Bot) restoreSession(ctx context.Context, chat, update int64, session []byte) error {
	l, err := b.sessions.acquire(ctx, chat)
	if err != nil {
		return err
	}
	if decodeSession(l.Session).Past(update) {
		session = nil
	}
	return b.sessions.release(ctx, l, session)
}

// recoverCommitted takes over the session that the last lease holder committed but did not write to Redis.
func (b *Bot) recoverCommitted(ctx context.Context, l *lease, u update) error {
	list, err := b.Records.PendingIn(ctx, u.Chat, u.ID)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.Session != nil && !decodeSession(l.Session).Took(p.ID) {
			l.Session = p.Session
		}
	}
	return nil
}
