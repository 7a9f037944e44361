package bot

import (
	"context"
	"time"

	"pendamping/bot/telegram"
	"pendamping/flows/broadcast"
	"pendamping/store"
)

// A coordinator sees the progress of her announcement in one message, which one process edits in place.
const (
	progressEvery = 3 * time.Second  // the time between two looks; what she does herself shows at once
	progressCost  = 100              // counting rows is slow, so it may take 1/progressCost of the time
	rateWindow    = 15 * time.Second // the rate is measured over this time
	cardWithin    = 5 * time.Second  // the message exists within this time after the launch, if there is one
)

// broadcastProgress is what the leading process knows of an announcement under way.
type broadcastProgress struct {
	version int
	next    time.Time // when to look next
	shown   string    // what its message shows, if this process edited it
	samples []progressSample
}

// progressSample is how many chats were settled at a time.
type progressSample struct {
	at   time.Time
	done int
}

// watchBroadcasts follows announcements until none of their rows waits. One process does it, every second.
func (b *Bot) watchBroadcasts(ctx context.Context) {
	known := map[store.ID]*broadcastProgress{}
	for sleep(ctx, time.Second) {
		b.heartbeats.Beat("announcements' cards", sendDeadline)
		if lead, err := b.Process.Lead(ctx, "announcements"); err != nil || !lead {
			clear(known)
			continue
		}
		tx := b.Begin(b.Now(), 0)
		open, err := tx.BroadcastsOpen(ctx)
		tx.Rollback(ctx)
		still := map[store.ID]*broadcastProgress{}
		for _, cast := range open {
			f := known[cast.ID]
			if f == nil || f.version != cast.Version {
				f = &broadcastProgress{version: cast.Version, next: time.Now().Add(progressEvery)}
			}
			still[cast.ID] = f
			if err == nil && !cast.Launched.IsZero() {
				err = b.trackBroadcast(ctx, cast, f)
			}
		}
		known = still
		if err != nil && ctx.Err() == nil {
			b.warn(ctx, "announcements were not looked at", err)
		}
	}
}

// trackBroadcast records that an announcement is done or, until then, shows its progress.
func (b *Bot) trackBroadcast(ctx context.Context, cast store.Broadcast, f *broadcastProgress) error {
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
	if over && sent == 0 && by.Account != 0 && tx.Now().Sub(cast.Launched) < cardWithin {
		return nil
	}
	looked := time.Now()
	tally, err := tx.TallyOf(ctx, cast.ID)
	if err != nil {
		return err
	}
	if over {
		return b.concludeBroadcast(ctx, tx, cast, tally, by.Account, sent)
	}
	f.next = time.Now().Add(max(progressEvery, progressCost*time.Since(looked)))
	perSecond := f.rate(time.Now(), tally)
	if sent == 0 {
		return nil
	}
	account, err := tx.Account(ctx, by.Account)
	if err == nil {
		m := broadcast.Progress(cast, tally, tx.Now().In(b.Zone), perSecond)
		m.Chat, m.Edit = by.Account, sent
		b.showProgress(ctx, m, account.Language, f)
	}
	return err
}

// concludeBroadcast records that an announcement is done, and shows so in its message. The edit is queued like a
// nudge, so that no kill loses it.
func (b *Bot) concludeBroadcast(
	ctx context.Context, tx Tx, cast store.Broadcast, tally store.Tally, account int64, sent int,
) error {
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
	_, err := tx.Commit(ctx, b.Process.Number(), nil, toDeliveries(list))
	wake(b.nudges)
	return err
}

// showProgress edits an announcement's message once; what it misses shows the next time. It takes a token like a
// nudge, so that no reply waits for it.
func (b *Bot) showProgress(ctx context.Context, m store.Message, language string, f *broadcastProgress) {
	r := telegram.NewRequest(b.Locales, m, language)
	shown := r.Shows()
	if shown == f.shown {
		return
	}
	release, _ := b.waitForToken(ctx, store.Nudge, m.Chat)
	if release == nil {
		return
	}
	_, err := b.Telegram.SendWithin(ctx, 5*time.Second, r)
	release()
	b.metrics.call(r.Method, err)
	if e, _ := telegram.AsError(err); e.Class == telegram.TooManyRequests {
		b.obey429(ctx, store.Nudge, m.Chat, e.RetryAfter)
	} else {
		f.shown = shown
	}
}

// rate returns how many chats a second were settled lately, or 0 if that is unknown.
func (f *broadcastProgress) rate(at time.Time, t store.Tally) float64 {
	now := progressSample{at: at}
	for state, n := range t {
		if state != store.Queued {
			now.done += n
		}
	}
	f.samples = append(f.samples, now)
	for at.Sub(f.samples[0].at) > rateWindow {
		f.samples = f.samples[1:]
	}
	first := f.samples[0]
	if seconds := at.Sub(first.at).Seconds(); seconds > 0 {
		return float64(now.done-first.done) / seconds
	}
	return 0
}
