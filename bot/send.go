package bot

import (
	"cmp"
	"context"
	"time"

	"pendamping/bot/telegram"
	"pendamping/flows"
	"pendamping/locales"
	"pendamping/store"
)

// say sends a message, with a document that was made for it, if any, and tells what became of it. A 429 gives it back: queued again,
// until its chat's pause ends. The empty state says that the process stops.
func (b *Bot) say(ctx context.Context, m store.Message, language string, with ...attached) store.Mark {
	mark := b.send(ctx, m, language, with)
	if b.Rate == 0 && (isReply(m) || len(with) > 0) {
		b.Gate.Spent(m.Chat) // with a limit, it took a place before, as everything else does
	}
	if mark.State == store.Unreachable && m.Chat != 0 {
		b.wrote.Delete(m.Chat)
		if err := b.Records.Unreachable(ctx, b.Now(), m.Chat, mark.Reason); err != nil && ctx.Err() == nil {
			b.Log.Warn("a chat's state was not kept", "err", err.Error())
		}
	}
	return mark
}

// answer sends a reply that is about no record; done is called when that is settled.
func (b *Bot) answer(m store.Message, language string, done func()) {
	b.reply(outgoing{Delivery: store.Delivery{Message: m, Language: language}, done: done}, false)
}

// answerBehind sends a reply that is about no record and that others go before when many are sent.
func (b *Bot) answerBehind(m store.Message, language string, done func()) {
	m.Yields = max(m.Yields, store.Behind)
	b.answer(m, language, done)
}

// answerStranger sends a reply to somebody who is not in the roster, or to a group that is not let in.
func (b *Bot) answerStranger(m store.Message, done func()) {
	m.Yields = store.BehindAll
	b.answer(m, "", done)
}

// manner is how replies are sent.
type manner struct {
	aside  bool  // none is waited for
	yields int64 // the chat whose replies go behind others' when many are sent, besides those that say so; 0: none
}

// deliver sends what is in this process's hands, in order, and marks it. at is when it was put there: what was due later
// then is in nobody's hands, and left to its time.
func (b *Bot) deliver(ctx context.Context, at time.Time, list []store.Delivery, how manner) {
	back := map[int64]time.Time{} // until when a chat's messages are given back: those after them wait too, so that their order stays
	for _, d := range list {
		due, waits := back[d.Message.Chat]
		switch {
		case d.Message.Due.After(at):
			select {
			case b.due <- d.Message.Due:
			default: // the next look finds it
			}
		case isReply(d.Message):
			if how.yields == d.Message.Chat {
				d.Message.Yields = max(d.Message.Yields, store.Behind)
			}
			b.reply(outgoing{Delivery: d}, how.aside)
		case d.Message.Chat < 0:
			b.later(ctx, d)
		case waits:
			b.marks.sent(store.Mark{ID: d.ID, State: store.Queued, Due: due})
		default:
			landed, after := b.slot(ctx, store.Nudge, d.Message.Chat)
			if landed == nil {
				mark := b.givenBack(d, after)
				back[d.Message.Chat] = mark.Due
				b.marks.sent(mark)
				continue
			}
			if mark, told := b.tell(b.work, d); told && mark.State != "" {
				if mark.State == store.Queued {
					back[d.Message.Chat] = mark.Due
				}
				b.marks.sent(mark)
			}
			landed()
		}
	}
}

// givenBack is the mark of a row that is not sent now, and not before that time.
func (b *Bot) givenBack(d store.Delivery, after time.Duration) store.Mark {
	m := store.Mark{ID: d.ID, State: store.Queued}
	if after > 0 {
		m.Due = b.Now().Add(after)
	}
	return m
}

// tell sends a message if it is still needed. Not told, it is settled already. Stopped, it leaves the row, which is the safety net.
func (b *Bot) tell(ctx context.Context, d store.Delivery) (mark store.Mark, told bool) {
	if d.Message.Need != "" {
		m, done := b.needed(ctx, d)
		if done {
			return store.Mark{}, false
		}
		d.Message = m
	}
	mark = b.say(ctx, d.Message, d.Language) // a call that has begun is not cut by the beginning of a stop
	mark.ID = d.ID
	return mark, true
}

func isReply(m store.Message) bool { return m.Class == "" || m.Class == store.Reply }

// classOf is the class of a message, which is a reply unless it says something else.
func classOf(m store.Message) store.Class { return cmp.Or(m.Class, store.Reply) }

// patience is how long a message is tried while Telegram can't be reached.
const patience = 10 * time.Minute

// send puts a message into words and sends it until its fate is known. A reply, or a document, whose fate is unsure is sent
// again: to be told twice is better than not at all. Anything else is then unknown.
func (b *Bot) send(ctx context.Context, m store.Message, language string, with []attached) store.Mark {
	started := time.Now()
	for try := 0; ; try++ {
		r := telegram.NewRequest(b.Locales, m, language)
		if len(with) > 0 {
			r = r.WithDocument(with[0].name, with[0].bytes)
		}
		made, err := b.Telegram.Send(ctx, r)
		b.metrics.call(r.Method, err)
		if err == nil {
			b.backoff.noteTaken(classOf(m), m.Chat, time.Now())
			sent := 0
			if len(made.Messages) > 0 {
				sent = made.Messages[0]
			}
			if m.Menu != "" {
				b.setMenu(ctx, m.Chat, m.Menu, language)
			}
			return store.Mark{State: store.Sent, SentID: sent}
		}
		if ctx.Err() != nil {
			return store.Mark{}
		}
		f, ok := telegram.AsError(err)
		if !ok {
			return store.Mark{State: store.Sent} // carried out, its answer unreadable
		}
		switch f.Class {
		case telegram.NotModified:
			return store.Mark{State: store.Sent, SentID: m.Edit}
		case telegram.MessageGone:
			if m.Edit == 0 && m.ReplyTo == 0 {
				return store.Mark{State: store.Failed, Reason: f.Description}
			}
			m.Edit, m.ReplyTo = 0, 0
		case telegram.Unauthorized:
			b.noticeTelegram()
			return store.Mark{State: store.Queued, Due: b.Now().Add(again)}
		case telegram.TooManyRequests:
			b.obey(ctx, classOf(m), m.Chat, f.RetryAfter)
			return store.Mark{State: store.Queued, Due: b.Now().Add(f.RetryAfter)}
		case telegram.Migrated:
			if err := b.Records.MoveChat(ctx, m.Chat, f.MigratedTo); err != nil {
				b.Log.Warn("a group's new id was not kept", "err", err.Error())
			}
			m.Chat, m.Edit, m.ReplyTo = f.MigratedTo, 0, 0 // the messages of the old chat are not there
		case telegram.Unreachable:
			return store.Mark{State: store.Unreachable, Reason: f.Description}
		case telegram.OutcomeUnknown, telegram.NotDone:
			if !isReply(m) && len(with) == 0 && f.Class == telegram.OutcomeUnknown {
				return store.Mark{State: store.Unknown, Reason: f.Description}
			}
			if time.Since(started) > patience {
				return store.Mark{State: store.Failed, Reason: f.Description}
			}
			if !b.rest(min(100*time.Millisecond<<min(try, 5), 3*time.Second)) {
				return store.Mark{}
			}
		default:
			b.Log.Error("telegram refused a message", "method", r.Method, "words", f.Description)
			return store.Mark{State: store.Failed, Reason: f.Description}
		}
	}
}

// introduce sets what people read before they press start, in each language.
func (b *Bot) introduce(ctx context.Context) {
	for _, text := range []struct {
		method, id string
		set        func(ctx context.Context, language, text string) error
	}{
		{"setMyDescription", "bot.description", b.Telegram.SetDescription},
		{"setMyShortDescription", "bot.about", b.Telegram.SetShortDescription},
	} {
		for _, l := range b.Locales.Languages() {
			code := l
			if l == locales.Default {
				code = ""
			}
			b.metrics.call(text.method, text.set(ctx, code, b.Locales.Text(l, text.id, nil)))
		}
	}
}

// setMenu gives a chat the commands of a role.
func (b *Bot) setMenu(ctx context.Context, chat int64, role store.Role, language string) {
	var list []telegram.Command
	for _, c := range flows.Commands(role) {
		list = append(list, telegram.Command{Name: c.Name, Description: b.Locales.Text(language, c.What, nil)})
	}
	b.metrics.call("setMyCommands", b.Telegram.SetCommands(ctx, chat, list))
}

// look is how often the outbox is looked at for what other processes left there.
const look = time.Second

// sendDue sends replies that were queued for a time, when the time comes.
func (b *Bot) sendDue(ctx context.Context) {
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case due := <-b.due:
			if d := due.Sub(b.Now()); d < look {
				next.Reset(max(d, 0))
			}
		case <-next.C:
			b.beats.beat("replies due", sendPromise)
			at := b.Now()
			list, err := b.Records.Claim(ctx, b.Process.Number(), at, store.Reply, 100)
			b.claimed(ctx, err)
			if err == nil { // else PostgreSQL is away, and the next look finds them
				b.deliver(b.work, at, list, manner{aside: true})
			}
			next.Reset(b.untilDue(ctx, store.Reply))
		}
	}
}

func (b *Bot) untilDue(ctx context.Context, class store.Class) time.Duration {
	at := b.Now()
	due, err := b.Records.NextDue(ctx, at, class)
	if err != nil || due.IsZero() {
		return look
	}
	return min(look, max(due.Sub(at), time.Millisecond))
}

// sendPaced sends nudges, one after the other.
func (b *Bot) sendPaced(ctx context.Context) {
	for ctx.Err() == nil {
		b.beats.beat("nudges", sendPromise)
		rest := b.untilDue(ctx, store.Nudge)
		if rest <= time.Millisecond {
			rest = look
			if b.open(ctx) {
				at := b.Now()
				list, err := b.Records.Claim(ctx, b.Process.Number(), at, store.Nudge, 1)
				b.claimed(ctx, err)
				if err == nil {
					rest = 0
				}
				b.deliver(ctx, at, list, manner{})
			}
		}
		select {
		case <-ctx.Done():
		case <-b.paced:
		case <-time.After(rest):
		}
	}
}

// queued are messages as they are kept with the records that they tell of; who they are for has chosen the language.
func queued(list []store.Message) []store.Delivery {
	out := make([]store.Delivery, len(list))
	for i, m := range list {
		out[i] = store.Delivery{Message: m, State: store.Queued}
	}
	return out
}
