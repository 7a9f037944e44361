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

// send sends a message, with a document that was made for it, if any, and returns the result. A 429 requeues the
// message until its chat's pause ends. The state is empty if the process stops.
func (b *Bot) send(ctx context.Context, m store.Message, language string, with ...document) store.DeliveryOutcome {
	outcome := b.call(ctx, m, language, with)
	if b.Rate == 0 && (isReply(m) || len(with) > 0) {
		b.Limiter.Spent(m.Chat) // with a rate it took a token before, like everything else
	}
	if outcome.State == store.Unreachable && m.Chat != 0 {
		b.reachable.Delete(m.Chat)
		if err := b.Records.Unreachable(ctx, b.Now(), m.Chat, outcome.Reason); err != nil && ctx.Err() == nil {
			b.Log.Warn("a chat's state was not kept", "err", err.Error())
		}
	}
	return outcome
}

// answer sends a reply that is about no record. It calls done once that is settled.
func (b *Bot) answer(m store.Message, language string, done func()) {
	b.reply(outgoingReply{Delivery: store.Delivery{Message: m, Language: language}, done: done}, false)
}

// answerYielding sends a reply that is about no record and goes behind others when many are sent.
func (b *Bot) answerYielding(m store.Message, language string, done func()) {
	m.Yields = max(m.Yields, store.Behind)
	b.answer(m, language, done)
}

// answerStranger sends a reply to somebody who is not in the roster, or to a group that is not let in.
func (b *Bot) answerStranger(m store.Message, done func()) {
	m.Yields = store.BehindAll
	b.answer(m, "", done)
}

// deliverOptions say how replies are sent.
type deliverOptions struct {
	async  bool  // deliver doesn't wait for them
	yields int64 // the chat whose replies yield, besides those that say so; 0 for none
}

// deliver sends the rows that this process holds, in order, and records the results. It leaves out rows that were due
// later than at, when they were claimed, because nobody holds those.
func (b *Bot) deliver(ctx context.Context, at time.Time, list []store.Delivery, how deliverOptions) {
	// Until when a chat's messages are requeued. Later ones wait too, so that their order stays.
	back := map[int64]time.Time{}
	for _, d := range list {
		due, waits := back[d.Message.Chat]
		switch {
		case d.Message.Due.After(at):
			select {
			case b.due <- d.Message.Due:
			default: // the next look at the outbox finds it
			}
		case isReply(d.Message):
			if how.yields == d.Message.Chat {
				d.Message.Yields = max(d.Message.Yields, store.Behind)
			}
			b.reply(outgoingReply{Delivery: d}, how.async)
		case d.Message.Chat < 0:
			b.queueForGroup(ctx, d)
		case waits:
			b.results.record(store.DeliveryOutcome{ID: d.ID, State: store.Queued, Due: due})
		default:
			release, after := b.waitForToken(ctx, store.Nudge, d.Message.Chat)
			if release == nil {
				outcome := b.requeued(d, after)
				back[d.Message.Chat] = outcome.Due
				b.results.record(outcome)
				continue
			}
			if outcome, told := b.sendIfNeeded(b.work, d); told && outcome.State != "" {
				if outcome.State == store.Queued {
					back[d.Message.Chat] = outcome.Due
				}
				b.results.record(outcome)
			}
			release()
		}
	}
}

// requeued returns the result of a row that is not sent now, nor before that time has passed.
func (b *Bot) requeued(d store.Delivery, after time.Duration) store.DeliveryOutcome {
	m := store.DeliveryOutcome{ID: d.ID, State: store.Queued}
	if after > 0 {
		m.Due = b.Now().Add(after)
	}
	return m
}

// sendIfNeeded sends a message if it is still needed. It returns false if the message is settled already. If the
// process stops, the row remains for the next one.
func (b *Bot) sendIfNeeded(ctx context.Context, d store.Delivery) (outcome store.DeliveryOutcome, told bool) {
	if d.Message.Need != "" {
		m, done := b.stillNeeded(ctx, d)
		if done {
			return store.DeliveryOutcome{}, false
		}
		d.Message = m
	}
	outcome = b.send(ctx, d.Message, d.Language) // a stop doesn't cut off a call that has begun
	outcome.ID = d.ID
	return outcome, true
}

func isReply(m store.Message) bool { return m.Class == "" || m.Class == store.Reply }

// classOf returns the class of a message, by default store.Reply.
func classOf(m store.Message) store.Class { return cmp.Or(m.Class, store.Reply) }

// sendPatience is how long a message is retried while Telegram can't be reached.
const sendPatience = 10 * time.Minute

// call renders a message and sends it until its outcome is known. A reply or a document whose outcome is unknown is
// sent again, because being told twice is better than not at all. Anything else is then marked as unknown.
func (b *Bot) call(ctx context.Context, m store.Message, language string, with []document) store.DeliveryOutcome {
	started := time.Now()
	for try := 0; ; try++ {
		r := telegram.NewRequest(b.Locales, m, language)
		if len(with) > 0 {
			r = r.WithDocument(with[0].name, with[0].bytes)
		}
		made, err := b.Telegram.Send(ctx, r)
		b.metrics.call(r.Method, err)
		if err == nil {
			b.backoff.NoteTaken(classOf(m), m.Chat, time.Now())
			sent := 0
			if len(made.Messages) > 0 {
				sent = made.Messages[0]
			}
			if m.Menu != "" {
				b.setMenu(ctx, m.Chat, m.Menu, language)
			}
			return store.DeliveryOutcome{State: store.Sent, SentID: sent}
		}
		if ctx.Err() != nil {
			return store.DeliveryOutcome{}
		}
		e, ok := telegram.AsError(err)
		if !ok {
			return store.DeliveryOutcome{State: store.Sent} // carried out, but its answer is unreadable
		}
		switch e.Class {
		case telegram.NotModified:
			return store.DeliveryOutcome{State: store.Sent, SentID: m.Edit}
		case telegram.MessageGone:
			switch {
			case m.Edit != 0 || m.ReplyTo != 0:
				m.Edit, m.ReplyTo = 0, 0
			case m.Topic != 0:
				m.Topic = 0
			default:
				return store.DeliveryOutcome{State: store.Failed, Reason: e.Description}
			}
		case telegram.Unauthorized:
			b.noticeTelegram()
			return store.DeliveryOutcome{State: store.Queued, Due: b.Now().Add(retryDelay)}
		case telegram.TooManyRequests:
			b.obey429(ctx, classOf(m), m.Chat, e.RetryAfter)
			return store.DeliveryOutcome{State: store.Queued, Due: b.Now().Add(e.RetryAfter)}
		case telegram.Migrated:
			if err := b.Records.MoveChat(ctx, m.Chat, e.MigratedTo); err != nil {
				b.Log.Warn("a group's new id was not kept", "err", err.Error())
			}
			m.Chat, m.Edit, m.ReplyTo = e.MigratedTo, 0, 0 // the messages of the old chat don't exist there
		case telegram.Unreachable:
			return store.DeliveryOutcome{State: store.Unreachable, Reason: e.Description}
		case telegram.OutcomeUnknown, telegram.NotDone:
			if !isReply(m) && len(with) == 0 && e.Class == telegram.OutcomeUnknown {
				return store.DeliveryOutcome{State: store.Unknown, Reason: e.Description}
			}
			if time.Since(started) > sendPatience {
				return store.DeliveryOutcome{State: store.Failed, Reason: e.Description}
			}
			if !b.rest(min(100*time.Millisecond<<min(try, 5), 3*time.Second)) {
				return store.DeliveryOutcome{}
			}
		default:
			b.Log.Error("telegram refused a message", "method", r.Method, "words", e.Description)
			return store.DeliveryOutcome{State: store.Failed, Reason: e.Description}
		}
	}
}

// setDescriptions sets what people read before they press start, in each language.
func (b *Bot) setDescriptions(ctx context.Context) {
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

// outboxPoll is how often the outbox is checked for what other processes left there.
const outboxPoll = time.Second

// sendDue sends replies that were queued for a time, when that time comes.
func (b *Bot) sendDue(ctx context.Context) {
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case due := <-b.due:
			if d := due.Sub(b.Now()); d < outboxPoll {
				next.Reset(max(d, 0))
			}
		case <-next.C:
			b.heartbeats.Beat("replies due", sendDeadline)
			at := b.Now()
			list, err := b.Records.Claim(ctx, b.Process.Number(), at, store.Reply, 100)
			b.noteClaim(ctx, err)
			if err == nil { // otherwise PostgreSQL is away, and the next look finds them
				b.deliver(b.work, at, list, deliverOptions{async: true})
			}
			next.Reset(b.untilDue(ctx, store.Reply))
		}
	}
}

func (b *Bot) untilDue(ctx context.Context, class store.Class) time.Duration {
	at := b.Now()
	due, err := b.Records.NextDue(ctx, at, class)
	if err != nil || due.IsZero() {
		return outboxPoll
	}
	return min(outboxPoll, max(due.Sub(at), time.Millisecond))
}

// sendNudges sends nudges, one after the other.
func (b *Bot) sendNudges(ctx context.Context) {
	for ctx.Err() == nil {
		b.heartbeats.Beat("nudges", sendDeadline)
		rest := b.untilDue(ctx, store.Nudge)
		if rest <= time.Millisecond {
			rest = outboxPoll
			if b.waitOutPause(ctx) {
				at := b.Now()
				list, err := b.Records.Claim(ctx, b.Process.Number(), at, store.Nudge, 1)
				b.noteClaim(ctx, err)
				if err == nil {
					rest = 0
				}
				b.deliver(ctx, at, list, deliverOptions{})
			}
		}
		select {
		case <-ctx.Done():
		case <-b.nudges:
		case <-time.After(rest):
		}
	}
}

// toDeliveries returns messages as deliveries that are queued with the records they are about, in the reader's own
// language.
func toDeliveries(list []store.Message) []store.Delivery {
	out := make([]store.Delivery, len(list))
	for i, m := range list {
		out[i] = store.Delivery{Message: m, State: store.Queued}
	}
	return out
}
