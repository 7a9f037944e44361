package bot

import (
	"context"
	"maps"
	"strconv"
	"sync"
	"time"

	"pendamping/flows"
	"pendamping/store"
)

// Calls under way for announcements: window without a limit of the rate. With one, as many as a slow network needs to keep it:
// three fill 30/s at 100 ms a call, and the more there are, the more a kill leaves unknown.
const window = 64

// fresh is how long the words of an announcement are believed before they are read again, as they may be corrected.
const fresh = time.Second

// sendBulk sends announcements: it takes places in the gate first and claims as many rows as it was given, so that what a kill
// leaves unknown are the calls under way.
func (b *Bot) sendBulk(ctx context.Context) {
	words := &announcements{bot: b}
	var f flights
	defer f.wait()
	for ctx.Err() == nil {
		rest := b.untilBulk(ctx)
		for rest == 0 && b.pace.wait(ctx) {
			// Without a limit of the rate, half the window at a time: a claim costs as much for one as for many.
			want := f.room(ctx, map[bool]int{true: window / 2, false: 1}[b.Rate == 0])
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
		if rest == 0 {
			continue
		}
		select {
		case <-ctx.Done():
		case <-b.bulk:
		case <-time.After(rest):
		}
	}
}

// flights are the calls under way for announcements.
type flights struct {
	mu     sync.Mutex
	flying int
	landed chan struct{} // closed when the next one ends
	all    sync.WaitGroup
}

// room waits until at least so many more calls may begin, and tells how many may.
func (f *flights) room(ctx context.Context, least int) int {
	for {
		f.mu.Lock()
		free := window - f.flying
		if f.landed == nil {
			f.landed = make(chan struct{})
		}
		landed := f.landed
		f.mu.Unlock()
		if free >= least {
			return free
		}
		select {
		case <-ctx.Done():
			return 1
		case <-landed:
		}
	}
}

func (f *flights) begin(call func()) {
	f.mu.Lock()
	f.flying++
	f.mu.Unlock()
	f.all.Go(func() {
		call()
		f.mu.Lock()
		defer f.mu.Unlock()
		f.flying--
		if f.landed != nil {
			close(f.landed)
			f.landed = nil
		}
	})
}

func (f *flights) wait() { f.all.Wait() }

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

// announce sends one row of an announcement and marks it.
func (b *Bot) announce(d store.Delivery, words *announcements) {
	parts, err := words.of(b.work, d.Broadcast, d.Language)
	if err != nil {
		b.fates.sent(store.Mark{ID: d.ID, State: store.Queued, Due: b.Now().Add(again)})
		return
	}
	mark := store.Mark{State: store.Failed, Reason: "there is nothing to say"}
	chat := strconv.FormatInt(d.Message.Chat, 10)
	for _, p := range parts {
		if mark = b.carryOnce(d.Message.Chat, p, chat); mark.State != store.Sent {
			break
		}
	}
	if mark.State == "" {
		return // stopped
	}
	if mark.State == store.Queued && d.Tries >= mostTries {
		mark.State, mark.Due = store.Failed, time.Time{}
	}
	if mark.State == store.Unreachable {
		b.wrote.Delete(d.Message.Chat)
		if err := b.Records.Unreachable(b.work, b.Now(), d.Message.Chat, mark.Reason); err != nil && b.work.Err() == nil {
			b.Log.Warn("a chat's state was not kept", "err", err.Error())
		}
	}
	mark.ID = d.ID
	b.fates.sent(mark)
}

// carryOnce makes one call for an announcement. A failure that is certainly none of the person's gives the row back.
func (b *Bot) carryOnce(to int64, p part, chat string) store.Mark {
	params := maps.Clone(p.params)
	params["chat_id"] = chat
	if b.Rate > 0 { // without a limit, in load tests, no chat has one
		if after, err := b.Gate.Chat(b.work, to, to < 0); err != nil || !sleep(b.work, after) {
			return store.Mark{State: store.Queued}
		}
	}
	var sent struct {
		ID int `json:"message_id"`
	}
	err := b.Telegram.call(b.work, 15*time.Second, p.method, params, &sent)
	b.metrics.call(p.method, err)
	if err == nil {
		return store.Mark{State: store.Sent, SentID: sent.ID}
	}
	f, ok := fateOf(err)
	if !ok {
		return store.Mark{State: store.Sent} // carried out, its answer unreadable
	}
	switch f.kind {
	case wait:
		b.pauseAll(b.work, f.after)
		return store.Mark{State: store.Queued, Reason: f.words}
	case undone:
		return store.Mark{State: store.Queued, Due: b.Now().Add(again), Reason: f.words}
	case unreachable:
		return store.Mark{State: store.Unreachable, Reason: f.words}
	case unsure:
		return store.Mark{State: store.Unknown, Reason: f.words}
	}
	b.Log.Error("telegram refused a message", "method", p.method, "words", f.words)
	return store.Mark{State: store.Failed, Reason: f.words}
}

// part is one call of an announcement, complete but for its chat.
type part struct {
	method string
	params map[string]string
}

// announcements are put into words once for each language.
type announcements struct {
	bot   *Bot
	mu    sync.Mutex
	known map[store.ID]*worded
}

type worded struct {
	at    time.Time
	cast  store.Broadcast
	parts map[string][]part
}

func (a *announcements) of(ctx context.Context, id store.ID, language string) ([]part, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w := a.known[id]
	if w == nil || time.Since(w.at) > fresh {
		tx := a.bot.Begin(a.bot.Now(), 0)
		cast, err := tx.Broadcast(ctx, id)
		tx.Rollback(ctx)
		if err != nil {
			return nil, err
		}
		if w == nil || w.cast.Version != cast.Version {
			w = &worded{cast: cast, parts: map[string][]part{}}
		}
		w.at = time.Now()
		a.known = map[store.ID]*worded{id: w} // one at a time is sent
	}
	if parts, ok := w.parts[language]; ok {
		return parts, nil
	}
	var parts []part
	for _, m := range flows.Announcement(w.cast, language) {
		method, params := request(a.bot.Locales, m, language)
		parts = append(parts, part{method, params})
	}
	w.parts[language] = parts
	return parts, nil
}

// watchBulk ends announcements of which nothing waits any more: looked at every second, by one process.
func (b *Bot) watchBulk(ctx context.Context) {
	for sleep(ctx, time.Second) {
		if lead, err := b.Process.Lead(ctx, "announcements"); err != nil || !lead {
			continue
		}
		tx := b.Begin(b.Now(), 0)
		open, err := tx.BroadcastsOpen(ctx)
		tx.Rollback(ctx)
		for _, cast := range open {
			if err == nil {
				err = b.follow(ctx, cast)
			}
		}
		if err != nil && ctx.Err() == nil {
			b.Log.Warn("announcements were not looked at", "err", err.Error())
		}
	}
}

// follow keeps an announcement's end.
func (b *Bot) follow(ctx context.Context, cast store.Broadcast) error {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	tally, err := tx.TallyOf(ctx, cast.ID)
	if err != nil {
		return err
	}
	if tally[store.Queued] > 0 || cast.Launched.IsZero() {
		return nil
	}
	cast.State = store.BroadcastDone
	if err := tx.PutBroadcast(ctx, "broadcast.done", &cast); err != nil {
		return err
	}
	_, err = tx.Commit(ctx, b.Process.Number(), nil, nil)
	return err
}
