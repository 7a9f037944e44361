package bot

import (
	"context"
	"encoding/json"
	"maps"
	"strconv"
	"sync"
	"time"

	"pendamping/flows"
	"pendamping/store"
)

// sendBulk sends announcements: it takes places in the gate first and claims as many rows as it was given, so that what a kill
// leaves unknown are the calls under way.
func (b *Bot) sendBulk(ctx context.Context) {
	words := &announcements{bot: b}
	f := flights{rate: b.Rate}
	defer f.wait()
	for ctx.Err() == nil {
		rest := b.untilBulk(ctx)
		for rest == 0 && b.pace.wait(ctx) {
			want := f.room(ctx)
			n, wait, err := b.Gate.Take(ctx, store.Bulk, want, b.Rate)
			if err != nil { // Redis is away: what is not a reply stops
				rest = look
				break
			}
			if n == 0 {
				sleep(ctx, wait)
				continue
			}
			list, err := b.Records.ClaimBulk(ctx, b.Process.Number(), b.Now(), n)
			if err != nil {
				rest = look
				break
			}
			for _, d := range list {
				f.begin(func() { b.announce(d, words) })
			}
			if len(list) < n {
				break // nothing more is due
			}
		}
		sleep(ctx, rest)
	}
}

// untilBulk is after how long it is worth looking at the outbox: 0 when something is due.
func (b *Bot) untilBulk(ctx context.Context) time.Duration {
	at := b.Now()
	due, err := b.Records.NextBulk(ctx, at)
	if err != nil || due.IsZero() {
		return look
	}
	return min(look, max(due.Sub(at), 0))
}

// again is after how long a message is tried once more that certainly did not arrive, and mostTries how often before it is set
// aside.
const (
	again     = 5 * time.Second
	mostTries = 8
)

// announce sends one row of an announcement and marks it. Only its first call has a place in the gate by now.
func (b *Bot) announce(d store.Delivery, words *announcements) {
	parts, edition, err := words.of(b.work, d)
	if err != nil {
		b.fates.sent(store.Mark{ID: d.ID, State: store.Queued, Due: b.Now().Add(again)})
		return
	}
	mark := store.Mark{State: store.Failed, Reason: "there is nothing to say"}
	var album []int
	for i, p := range parts {
		var ids []int
		if i == 0 {
			mark, ids = b.carryOnce(d.Message.Chat, p)
		} else {
			mark, ids = b.carryOn(d.Message.Chat, p)
		}
		if mark.State != store.Sent {
			break
		}
		mark.Album, album = album, append(album, ids...)
	}
	if mark.State == store.Queued && d.Tries >= mostTries {
		mark.State, mark.Due = store.Failed, time.Time{}
	}
	if mark.State == store.Unreachable {
		b.unreachable(d.Message.Chat, mark.Reason)
	}
	mark.ID, mark.Edition = d.ID, edition
	b.fates.sent(mark)
}

func (b *Bot) unreachable(chat int64, reason string) {
	b.wrote.Delete(chat)
	if err := b.Records.Unreachable(b.work, b.Now(), chat, reason); err != nil && b.work.Err() == nil {
		b.Log.Warn("a chat's state was not kept", "err", err.Error())
	}
}

// place waits for a place in the gate.
func (b *Bot) place(ctx context.Context, class store.Class) bool {
	for b.pace.wait(ctx) {
		n, wait, err := b.Gate.Take(ctx, class, 1, b.Rate)
		if err != nil || n > 0 {
			return err == nil
		}
		sleep(ctx, wait)
	}
	return false
}

// carryOn makes a further call for an announcement. What came before it is there, so the row can't be given back.
func (b *Bot) carryOn(to int64, p part) (store.Mark, []int) {
	for try := 1; b.place(b.work, store.Bulk); try++ {
		mark, ids := b.carryOnce(to, p)
		if mark.State != store.Queued {
			return mark, ids
		}
		if try == mostTries {
			return store.Mark{State: store.Failed, Reason: mark.Reason}, nil
		}
		sleep(b.work, mark.Due.Sub(b.Now()))
	}
	return store.Mark{State: store.Unknown, Reason: "stopped between its parts"}, nil
}

// carryOnce makes one call for an announcement, and tells the ids of the messages that it made. A failure that is certainly none
// of the person's gives the row back.
func (b *Bot) carryOnce(to int64, p part) (store.Mark, []int) {
	params := maps.Clone(p.params)
	params["chat_id"] = strconv.FormatInt(to, 10)
	if b.Paid {
		params["allow_paid_broadcast"] = "true"
	}
	if !b.ownPace(to) {
		return store.Mark{State: store.Queued}, nil
	}
	var answer json.RawMessage
	err := b.Telegram.call(b.work, 15*time.Second, p.method, params, &answer)
	b.metrics.call(p.method, err)
	if err == nil {
		ids, poll := made(answer)
		mark := store.Mark{State: store.Sent, Poll: poll}
		if len(ids) > 0 {
			mark.SentID = ids[len(ids)-1]
		}
		return mark, ids
	}
	f, ok := fateOf(err)
	if !ok {
		return store.Mark{State: store.Sent}, nil // carried out, its answer unreadable
	}
	switch f.kind {
	case wait:
		b.pauseAll(b.work, f.after)
		return store.Mark{State: store.Queued, Reason: f.words}, nil
	case migrated:
		if err := b.Records.MoveChat(b.work, to, f.moved); err != nil {
			b.Log.Warn("a group's new id was not kept", "err", err.Error())
		}
		return store.Mark{State: store.Queued, Reason: f.words}, nil
	case undone:
		return store.Mark{State: store.Queued, Due: b.Now().Add(again), Reason: f.words}, nil
	case unreachable:
		return store.Mark{State: store.Unreachable, Reason: f.words}, nil
	case unsure:
		return store.Mark{State: store.Unknown, Reason: f.words}, nil
	}
	b.Log.Error("telegram refused a message", "method", p.method, "words", f.words)
	return store.Mark{State: store.Failed, Reason: f.words}, nil
}

// ownPace waits for a chat's own place. Without a limit of the rate, in load tests, no chat has one.
func (b *Bot) ownPace(chat int64) bool {
	if b.Rate == 0 {
		return b.work.Err() == nil
	}
	after, err := b.Gate.Chat(b.work, chat, chat < 0)
	return err == nil && sleep(b.work, after)
}

// part is one call of an announcement, complete but for its chat.
type part struct {
	method string
	params map[string]string
}

// announcements are put into words once for each edition and language.
type announcements struct {
	bot   *Bot
	mu    sync.Mutex
	cast  store.Broadcast // the last one
	parts map[string][]part
}

// of are the calls that a row needs, and the edition that they say: that of the row or, if it was corrected since, a later one.
func (a *announcements) of(ctx context.Context, d store.Delivery) ([]part, int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cast.ID != d.Broadcast || a.cast.Edition < d.Edition {
		tx := a.bot.Begin(a.bot.Now(), 0)
		defer tx.Rollback(context.WithoutCancel(ctx))
		cast, err := tx.Broadcast(ctx, d.Broadcast)
		if err != nil {
			return nil, 0, err
		}
		a.cast, a.parts = cast, map[string][]part{}
	}
	if parts, ok := a.parts[d.Language]; ok {
		return parts, a.cast.Edition, nil
	}
	var parts []part
	for _, m := range flows.Announcement(a.cast, d.Language) {
		method, params := request(a.bot.Locales, m, d.Language)
		parts = append(parts, part{method, params})
	}
	a.parts[d.Language] = parts
	return parts, a.cast.Edition, nil
}
