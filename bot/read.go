package bot

import (
	"context"
	"encoding/json"
	"time"

	"pendamping/bot/telegram"
	"pendamping/flows/form"
	"pendamping/store"
)

// readAll reads the pictures of unfinished notas, one at a time and each sender in turn, and offers what was read to who sent them.
// Nobody waits for it; what goes wrong is left unread.
func (b *Bot) readAll(ctx context.Context) {
	for b.Read != nil {
		select {
		case <-ctx.Done():
			return
		case <-b.reads.some:
		}
		for f, ok := b.reads.take(); ok && ctx.Err() == nil; f, ok = b.reads.take() {
			began := time.Now()
			chat, words := b.readOne(ctx, f)
			b.reads.took(f, time.Since(began))
			if chat != 0 && words != "" {
				b.lanes.add(chat, func() { b.offer(chat, f, words) })
			}
		}
	}
}

// unread is how long a picture is read; what takes longer is left unread.
const unread = 20 * time.Second

// readOne reads a picture, if its nota is unfinished and somebody of a private chat sent it.
func (b *Bot) readOne(ctx context.Context, f store.File) (chat int64, words string) {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	r, err := tx.Receipt(ctx, f.Receipt)
	if err != nil || r.State != store.Unfinished {
		return 0, ""
	}
	p, err := tx.Person(ctx, f.By)
	if err != nil || p.Account == 0 {
		return 0, ""
	}
	picture, err := b.Media.Open(f.SHA256)
	if err != nil {
		return 0, ""
	}
	defer picture.Close()
	ctx, cancel := context.WithTimeout(ctx, unread)
	defer cancel()
	words, _ = b.Read(ctx, picture)
	return p.Account, words
}

// offer takes what was read through the chat's lane, like an update, but one that writes no record.
func (b *Bot) offer(chat int64, f store.File, words string) {
	l, err := b.memory.enter(b.work, chat)
	if err != nil {
		return
	}
	var session []byte
	if !l.Stale { // else the next update brings the session up to date first
		session = b.offerIn(l, chat, f, words)
	}
	_ = b.memory.leave(b.work, l, session)
}

func (b *Bot) offerIn(l lane, chat int64, f store.File, words string) []byte {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(b.work))
	e := form.Event{Account: chat, Chat: chat, Kind: form.Reading, Text: words, Files: []store.File{f}}
	res, err := b.carryOut(b.work, tx, decode(l.Session), update{Update: telegram.Update{Chat: chat, Event: e}})
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
