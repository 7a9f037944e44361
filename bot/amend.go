package bot

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"pendamping/bot/telegram"
	"pendamping/flows/broadcast"
	"pendamping/store"
)

// some is how many messages are changed or deleted side by side.
const some = 32

// amendAll brings what was sent of announcements to their last edition, corrected or taken back: looked at every second, by one
// process. What it was about when it was killed is done again, which changes nothing.
func (b *Bot) amendAll(ctx context.Context) {
	tries := map[store.ID]int{} // what Telegram fails at without refusing it
	for sleep(ctx, time.Second) {
		if lead, err := b.Process.Lead(ctx, "amendments"); err != nil || !lead {
			continue
		}
		tx := b.Begin(b.Now(), 0)
		list, err := tx.BroadcastsOutdated(ctx)
		tx.Rollback(ctx)
		if len(list) == 0 {
			clear(tries)
		}
		for _, cast := range list {
			if err == nil {
				err = b.amend(ctx, cast, tries)
			}
		}
		if err != nil && ctx.Err() == nil {
			b.warn(ctx, "announcements were not corrected", err)
		}
	}
}

// amend goes through an announcement's chats once, at the pace of announcements. When it finds nothing to do it is done.
func (b *Bot) amend(ctx context.Context, cast store.Broadcast, tries map[store.ID]int) error {
	found := false
	for after := int64(math.MinInt64); ; {
		list, err := b.Records.Outdated(ctx, cast.ID, cast.Edition, after, some)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		after = list[len(list)-1].Message.Chat
		var mu sync.Mutex
		var marks []store.Mark
		var group sync.WaitGroup
		if found = b.open(ctx); !found {
			return nil // Redis is away, or it is told to stop
		}
		for _, d := range list {
			group.Go(func() {
				reason, done := b.amendOne(ctx, cast, d)
				mu.Lock()
				defer mu.Unlock()
				if !done && reason == uncalled {
					return
				}
				if tries[d.ID]++; done || tries[d.ID] >= mostTries {
					marks = append(marks, store.Mark{ID: d.ID, Edition: cast.Edition, Reason: reason})
				}
			})
		}
		group.Wait()
		if err := b.Records.Amended(b.work, marks); err != nil {
			return err
		}
		if cast, err = b.newest(ctx, cast); err != nil {
			return err
		}
	}
	if found {
		return nil
	}
	return b.amended(ctx, cast)
}

// newest is an announcement as it is now.
func (b *Bot) newest(ctx context.Context, cast store.Broadcast) (store.Broadcast, error) {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	return tx.Broadcast(ctx, cast.ID)
}

// amendOne changes or deletes what a chat has of an announcement. Not done, it is tried again; a reason says why it can't be.
func (b *Bot) amendOne(ctx context.Context, cast store.Broadcast, d store.Delivery) (reason string, done bool) {
	for _, r := range b.amendment(cast, d) {
		landed, _ := b.slot(ctx, store.Bulk, d.Message.Chat)
		if landed == nil {
			return uncalled, false
		}
		_, err := b.Telegram.Send(b.work, r)
		landed()
		b.metrics.call(r.Method, err)
		f, ok := telegram.AsError(err)
		switch {
		case !ok, f.Class == telegram.NotModified, strings.Contains(f.Description, "message to delete not found"):
			continue // it is so now
		case f.Class == telegram.Unauthorized:
			b.noticeTelegram()
			return uncalled, false
		case f.Class == telegram.TooManyRequests:
			b.obey(b.work, store.Bulk, d.Message.Chat, f.RetryAfter)
			return f.Description, false
		case f.Class == telegram.NotDone, f.Class == telegram.OutcomeUnknown:
			return f.Description, false
		case f.Class == telegram.Unreachable:
			b.unreachable(d.Message.Chat, f.Description)
		}
		reason = cmp.Or(reason, f.Description)
	}
	return reason, true
}

// amendment are the calls that bring a chat to an announcement's last edition: a deletion of each message, or a change of the
// words.
func (b *Bot) amendment(cast store.Broadcast, d store.Delivery) (list []telegram.Request) {
	if !cast.Recalled.IsZero() {
		for _, id := range append(slices.Clone(d.Album), d.SentID) {
			list = append(list, telegram.Delete(d.Message.Chat, id))
		}
		return list
	}
	m, ok := broadcast.Corrected(cast, d.Language, d.SentID, d.State == store.Acknowledged)
	if !ok {
		return nil
	}
	m.Chat = d.Message.Chat
	return []telegram.Request{telegram.NewRequest(b.Locales, m, d.Language)}
}

// amended keeps that all that was sent has the last edition, and tells how many don't. What is under way now may say an earlier
// one.
func (b *Bot) amended(ctx context.Context, cast store.Broadcast) error {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	a, err := tx.AmendmentOf(ctx, cast.ID)
	if err != nil || a.UnderWay > 0 {
		return err
	}
	cast.Amended = cast.Edition
	if err := tx.PutBroadcast(ctx, "broadcast.amended", &cast); err != nil {
		return err
	}
	told, err := broadcast.Amended(ctx, tx, cast, a, b.Zone)
	if err != nil {
		return err
	}
	_, err = tx.Commit(ctx, b.Process.Number(), nil, queued(told))
	wake(b.paced)
	return err
}
