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

// editsAtOnce is how many messages are edited or deleted side by side.
const editsAtOnce = 32

// editBroadcasts brings the sent messages of announcements to the last edition, by editing or deleting them. One
// process does it, every second. What it was doing when it was killed is done again, which changes nothing.
func (b *Bot) editBroadcasts(ctx context.Context) {
	tries := map[store.ID]int{} // counts what Telegram fails at without refusing it
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
				err = b.editBroadcast(ctx, cast, tries)
			}
		}
		if err != nil && ctx.Err() == nil {
			b.warn(ctx, "announcements were not corrected", err)
		}
	}
}

// editBroadcast goes through an announcement's chats once, at the rate of announcements. The announcement is done
// when it finds nothing to edit.
func (b *Bot) editBroadcast(ctx context.Context, cast store.Broadcast, tries map[store.ID]int) error {
	found := false
	for after := int64(math.MinInt64); ; {
		list, err := b.Records.Outdated(ctx, cast.ID, cast.Edition, after, editsAtOnce)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		after = list[len(list)-1].Message.Chat
		var mu sync.Mutex
		var outcomes []store.DeliveryOutcome
		var group sync.WaitGroup
		if found = b.waitOutPause(ctx); !found {
			return nil // Redis is away, or the process stops
		}
		for _, d := range list {
			group.Go(func() {
				reason, done := b.editDelivery(ctx, cast, d)
				mu.Lock()
				defer mu.Unlock()
				if !done && reason == notCalled {
					return
				}
				if tries[d.ID]++; done || tries[d.ID] >= maxDeliveryTries {
					outcomes = append(outcomes, store.DeliveryOutcome{ID: d.ID, Edition: cast.Edition, Reason: reason})
				}
			})
		}
		group.Wait()
		if err := b.Records.KeepEdits(b.work, outcomes); err != nil {
			return err
		}
		if cast, err = b.reloadBroadcast(ctx, cast); err != nil {
			return err
		}
	}
	if found {
		return nil
	}
	return b.finishEdits(ctx, cast)
}

// reloadBroadcast returns an announcement as it is now.
func (b *Bot) reloadBroadcast(ctx context.Context, cast store.Broadcast) (store.Broadcast, error) {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	return tx.Broadcast(ctx, cast.ID)
}

// editDelivery edits or deletes what a chat has of an announcement. If it isn't done it is tried again; a reason says
// why it can't be done.
func (b *Bot) editDelivery(ctx context.Context, cast store.Broadcast, d store.Delivery) (reason string, done bool) {
	for _, r := range b.editRequests(cast, d) {
		release, _ := b.waitForToken(ctx, store.Bulk, d.Message.Chat)
		if release == nil {
			return notCalled, false
		}
		_, err := b.Telegram.Send(b.work, r)
		release()
		b.metrics.call(r.Method, err)
		e, ok := telegram.AsError(err)
		switch {
		case !ok, e.Class == telegram.NotModified, strings.Contains(e.Description, "message to delete not found"):
			continue // it is so already
		case e.Class == telegram.Unauthorized:
			b.noticeTelegram()
			return notCalled, false
		case e.Class == telegram.TooManyRequests:
			b.obey429(b.work, store.Bulk, d.Message.Chat, e.RetryAfter)
			return e.Description, false
		case e.Class == telegram.NotDone, e.Class == telegram.OutcomeUnknown:
			return e.Description, false
		case e.Class == telegram.Unreachable:
			b.noteUnreachable(d.Message.Chat, e.Description)
		}
		reason = cmp.Or(reason, e.Description)
	}
	return reason, true
}

// editRequests returns the calls that bring a chat to an announcement's last edition: one to edit its message, or one
// to delete each.
func (b *Bot) editRequests(cast store.Broadcast, d store.Delivery) (list []telegram.Request) {
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

// finishEdits records that everything sent shows the last edition, and tells the coordinator how many chats don't.
// Calls under way may still say an earlier one.
func (b *Bot) finishEdits(ctx context.Context, cast store.Broadcast) error {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	a, err := tx.EditTallyOf(ctx, cast.ID)
	if err != nil || a.UnderWay > 0 {
		return err
	}
	cast.EditedTo = cast.Edition
	if err := tx.PutBroadcast(ctx, "broadcast.amended", &cast); err != nil {
		return err
	}
	told, err := broadcast.Edited(ctx, tx, cast, a, b.Zone)
	if err != nil {
		return err
	}
	_, err = tx.Commit(ctx, b.Process.Number(), nil, toDeliveries(told))
	wake(b.nudges)
	return err
}
