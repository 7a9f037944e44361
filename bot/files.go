package bot

import (
	"context"
	"encoding/json"

	"pendamping/bot/files"
	"pendamping/bot/telegram"
	"pendamping/flows/form"
	"pendamping/store"
)

// newFiles returns the loops that files go through, as this bot runs them.
func newFiles(b *Bot) *files.Files {
	return files.New(files.Config{
		Records: b.Records, Begin: func() files.Tx { return filesTx{b.Begin(b.Now(), 0), b} }, Media: b.Media,
		Telegram: b.Telegram, Process: b.Process, Inspect: b.Inspect, Read: b.Read,
		Offer: func(chat int64, f store.File, words string) {
			b.queues.addTask(chat, func() { b.offer(chat, f, words) })
		},
		Now: b.Now, Log: b.Log, Heartbeats: &b.heartbeats, MediaAway: &b.mediaAway,
		Called: b.metrics.call, Warn: b.warn,
	})
}

// filesTx is a transaction as the files' loops see it.
type filesTx struct {
	Tx
	bot *Bot
}

// Keep commits, and queues what is said as nudges.
func (t filesTx) Keep(ctx context.Context, say []store.Message) error {
	_, err := t.Commit(ctx, t.bot.Process.Number(), nil, toDeliveries(say))
	if err == nil && len(say) > 0 {
		wake(t.bot.nudges)
	}
	return err
}

// offer takes what was read through the chat's lease like an update, but writes no record.
func (b *Bot) offer(chat int64, f store.File, words string) {
	l, err := b.sessions.acquire(b.work, chat)
	if err != nil {
		return
	}
	var session []byte
	if !l.Stale { // a stale lease leaves it to the next update to bring the session up to date
		session = b.offerIn(l, chat, f, words)
	}
	_ = b.sessions.release(b.work, l, session)
}

// offerIn has the turn decide what is offered, and returns the session after it, or nil if it stays as it is.
func (b *Bot) offerIn(l lease, chat int64, f store.File, words string) []byte {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(b.work))
	e := form.Event{Account: chat, Chat: chat, Kind: form.PrintedWords, Text: words, Files: []store.File{f}}
	res, err := b.runTurn(b.work, tx, decodeSession(l.Session), update{Update: telegram.Update{Chat: chat, Event: e}})
	if err != nil || tx.Written() || len(res.Messages) == 0 && len(res.Session.Read) == 0 {
		return nil
	}
	session, err := json.Marshal(res.Session)
	if err != nil {
		return nil
	}
	for _, m := range res.Messages {
		b.answer(m, res.Language, nil)
	}
	return session
}
