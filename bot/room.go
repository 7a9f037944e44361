package bot

import (
	"context"
	"regexp"
	"strings"
	"sync"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pendamping/flows/form"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// calls matches how the bot is called in a group: its name anywhere, or /nota in front that is not meant for another bot.
func calls(bot string) *regexp.Regexp {
	name := "@" + regexp.QuoteMeta(bot) + `\b`
	return regexp.MustCompile(`(?i)^\s*/nota(?:` + name + `|\s|$)|\B` + name)
}

// called tells whether words call the bot, and what else they say. tgbotapi knows commands in texts only, not in captions.
func called(words string, by *regexp.Regexp) (rest string, ok bool) {
	rest = by.ReplaceAllString(words, " ")
	return strings.TrimSpace(rest), rest != words
}

// file makes a message that asks in a group for a photo to be filed an event of its sender's private chat: one with the
// photo, or one that replies to it.
func (u *update) file(m *tgbotapi.Message, by *regexp.Regexp) {
	if u.event.Account == 0 || m.From.IsBot || m.SenderChat != nil { // a channel, or an administrator who hides: nobody to ask
		return
	}
	words, ok := called(u.event.Text, by)
	if !ok {
		return
	}
	e := form.Event{
		Update: u.id, Account: m.From.ID, Chat: m.From.ID, Room: m.Chat.ID,
		Kind: u.event.Kind, Files: u.event.Files, Album: u.event.Album, Text: words,
	}
	if !shows(e.Files) && u.event.Kind == form.Words && m.ReplyToMessage != nil {
		var of form.Event
		if _, err := said(&of, m.ReplyToMessage); err != nil {
			return
		}
		caption, _ := called(of.Text, by)
		e.Kind, e.Files, e.Album = of.Kind, of.Files, "" // of an album only this one
		for i := range e.Files {
			e.Files[i].Album = ""
		}
		e.Text = strings.TrimSpace(caption + "\n" + words)
	}
	if shows(e.Files) {
		u.event, u.chat, u.private, u.group = e, e.Chat, true, ""
	}
}

// shows tells whether files can show a paper: a photo, also as a document, or a PDF.
func shows(files []store.File) bool {
	return len(files) > 0 && (files[0].Kind == "photo" || files[0].MIME == "application/pdf")
}

// rooms hold what is to be said in groups, beside replies, until each group's pace allows it. Nobody else waits for a
// group, and of several cards that come together the last is sent.
type rooms struct {
	mu      sync.Mutex
	waiting map[int64][]store.Delivery
}

// later says something in a group when its pace allows.
func (b *Bot) later(ctx context.Context, d store.Delivery) {
	chat := d.Message.Chat
	b.rooms.mu.Lock()
	defer b.rooms.mu.Unlock()
	list, running := b.rooms.waiting[chat]
	for i, old := range list {
		if d.Message.Key != "" && old.Message.Key == d.Message.Key {
			b.marks.sent(store.Mark{ID: old.ID, State: store.Withdrawn})
			list[i] = d
			return
		}
	}
	if b.rooms.waiting == nil {
		b.rooms.waiting = make(map[int64][]store.Delivery)
	}
	b.rooms.waiting[chat] = append(list, d)
	if !running {
		b.lanes.busy.Go(func() { b.inRoom(ctx, chat) })
	}
}

// inRoom says what waits for a group, one at a time.
func (b *Bot) inRoom(ctx context.Context, chat int64) {
	for b.rooms.any(chat) {
		landed, after := b.slot(ctx, store.Nudge, chat)
		if after > 0 {
			sleep(ctx, after)
			continue
		}
		d := b.rooms.next(chat)
		mark := store.Mark{State: store.Queued} // given back
		if landed != nil {
			if b.inPlace(ctx, &d.Message) {
				mark = b.say(b.work, d.Message, d.Language)
			}
			landed()
		}
		if mark.State == "" {
			continue // stopped: nobody knows
		}
		mark.ID = d.ID
		b.marks.sent(mark)
	}
}

// any tells whether something waits for a group; if nothing does, what comes next begins anew.
func (r *rooms) any(chat int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting[chat]) == 0 {
		delete(r.waiting, chat)
		return false
	}
	return true
}

func (r *rooms) next(chat int64) store.Delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.waiting[chat][0]
	r.waiting[chat] = r.waiting[chat][1:]
	return d
}

// inPlace lets a group's card change the one that it shows now. Which that is, is known only when it is sent: another may
// have been on its way, and a group that moved shows none.
func (b *Bot) inPlace(ctx context.Context, m *store.Message) bool {
	if m.Key != receipt.Card {
		return true
	}
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	var err error
	m.Edit, err = tx.LastSent(ctx, m.Chat, m.Key)
	return err == nil
}
