package bot

import (
	"context"
	"time"

	"pendamping/bot/telegram"
	"pendamping/flows/broadcast"
	"pendamping/store"
)

// A coordinator sees how her announcement goes in one message, which one process edits in place.
const (
	showEvery = 3 * time.Second  // between two looks at how far it has come; what she does herself shows so at once
	showPart  = 100              // of the time is spent on looking at most: a long one's rows take a while to count
	paceOf    = 15 * time.Second // what is sent in that time tells the pace
	cardComes = 5 * time.Second  // within that time after its launch its message is there, if there is one
)

// following is what the leading process knows of an announcement under way.
type following struct {
	version int
	next    time.Time // to look
	shown   string    // what its message shows, when this process edited it
	done    []reading
}

// reading is how many chats were done with at a time.
type reading struct {
	at   time.Time
	done int
}

// watchBulk follows announcements until nothing of them waits any more: looked at every second, by one process.
func (b *Bot) watchBulk(ctx context.Context) {
	known := map[store.ID]*following{}
	for sleep(ctx, time.Second) {
		b.beats.beat("announcements' cards", sendPromise)
		if lead, err := b.Process.Lead(ctx, "announcements"); err != nil || !lead {
			clear(known)
			continue
		}
		tx := b.Begin(b.Now(), 0)
		open, err := tx.BroadcastsOpen(ctx)
		tx.Rollback(ctx)
		still := map[store.ID]*following{}
		for _, cast := range open {
			f := known[cast.ID]
			if f == nil || f.version != cast.Version {
				f = &following{version: cast.Version, next: time.Now().Add(showEvery)}
			}
			still[cast.ID] = f
			if err == nil && !cast.Launched.IsZero() {
				err = b.follow(ctx, cast, f)
			}
		}
		known = still
		if err != nil && ctx.Err() == nil {
			b.warn(ctx, "announcements were not looked at", err)
		}
	}
}

// follow keeps an announcement's end, and until then shows how it goes.
func (b *Bot) follow(ctx context.Context, cast store.Broadcast, f *following) error {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	waiting, underWay, err := tx.Unsent(ctx, cast.ID)
	if err != nil {
		return err
	}
	over := !waiting && !underWay
	if !over && time.Now().Before(f.next) {
		return nil
	}
	by, err := tx.Person(ctx, cast.By)
	if err != nil {
		return err
	}
	sent, err := tx.LastSent(ctx, by.Account, broadcast.CardKey(cast.ID))
	if err != nil {
		return err
	}
	if over && sent == 0 && by.Account != 0 && tx.Now().Sub(cast.Launched) < cardComes {
		return nil
	}
	looked := time.Now()
	tally, err := tx.TallyOf(ctx, cast.ID)
	if err != nil {
		return err
	}
	if over {
		return b.conclude(ctx, tx, cast, tally, by.Account, sent)
	}
	f.next = time.Now().Add(max(showEvery, showPart*time.Since(looked)))
	perSecond := f.pace(time.Now(), tally)
	if sent == 0 {
		return nil
	}
	account, err := tx.Account(ctx, by.Account)
	if err == nil {
		m := broadcast.Progress(cast, tally, tx.Now().In(b.Zone), perSecond)
		m.Chat, m.Edit = by.Account, sent
		b.showCard(ctx, m, account.Language, f)
	}
	return err
}

// conclude keeps that an announcement is done, and shows so in its message. Like a nudge that is not lost in a kill.
func (b *Bot) conclude(ctx context.Context, tx Tx, cast store.Broadcast, tally store.Tally, account int64, sent int) error {
	cast.State = store.BroadcastDone
	if err := tx.PutBroadcast(ctx, "broadcast.done", &cast); err != nil {
		return err
	}
	var list []store.Message
	if account != 0 {
		m := broadcast.Progress(cast, tally, tx.Now().In(b.Zone), 0)
		m.Chat, m.Class, m.Edit = account, store.Nudge, sent
		list = append(list, m)
	}
	_, err := tx.Commit(ctx, b.Process.Number(), nil, queued(list))
	wake(b.paced)
	return err
}

// showCard edits an announcement's message, once: what is missed shows the next time. It takes its places as a nudge does, so
// that no reply waits.
func (b *Bot) showCard(ctx context.Context, m store.Message, language string, f *following) {
	r := telegram.NewRequest(b.Locales, m, language)
	shown := r.Shows()
	if shown == f.shown {
		return
	}
	landed, _ := b.slot(ctx, store.Nudge, m.Chat)
	if landed == nil {
		return
	}
	_, err := b.Telegram.SendWithin(ctx, 5*time.Second, r)
	landed()
	b.metrics.call(r.Method, err)
	if e, _ := telegram.AsError(err); e.Class == telegram.TooManyRequests {
		b.obey(ctx, store.Nudge, m.Chat, e.RetryAfter)
	} else {
		f.shown = shown
	}
}

// pace is how many chats a second are done with lately; 0 when that is not known.
func (f *following) pace(at time.Time, t store.Tally) float64 {
	now := reading{at: at}
	for state, n := range t {
		if state != store.Queued {
			now.done += n
		}
	}
	f.done = append(f.done, now)
	for at.Sub(f.done[0].at) > paceOf {
		f.done = f.done[1:]
	}
	first := f.done[0]
	if seconds := at.Sub(first.at).Seconds(); seconds > 0 {
		return float64(now.done-first.done) / seconds
	}
	return 0
}
