package bot

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"time"

	"pendamping/flows"
	"pendamping/store"
)

// pace is the pause that everything keeps after a 429.
type pace struct{ until atomic.Int64 } // unix nanoseconds

func (p *pace) pause(d time.Duration) {
	until := time.Now().Add(d).UnixNano()
	for old := p.until.Load(); old < until; old = p.until.Load() {
		if p.until.CompareAndSwap(old, until) {
			return
		}
	}
}

func (p *pace) wait(ctx context.Context) bool {
	for {
		left := time.Until(time.Unix(0, p.until.Load()))
		if left <= 0 {
			return ctx.Err() == nil
		}
		if !sleep(ctx, left) {
			return false
		}
	}
}

// watchPause keeps the pauses that other processes were told to make.
func (b *Bot) watchPause(ctx context.Context) {
	for sleep(ctx, 250*time.Millisecond) {
		if b.memory.away.Load() {
			continue
		}
		if left, err := b.Gate.Paused(ctx); err == nil && left > 0 {
			b.pace.pause(left)
		}
	}
}

// say sends a message that no record hangs on, and tells its id.
func (b *Bot) say(ctx context.Context, m store.Message, language string) store.Mark {
	mark := b.send(ctx, m, language)
	b.Gate.Spent(m.Chat)
	if mark.State == store.Unreachable && m.Chat != 0 {
		if err := b.Records.Unreachable(ctx, b.Now(), m.Chat, mark.Reason); err != nil && ctx.Err() == nil {
			b.Log.Warn("a chat's state was not kept", "err", err.Error())
		}
	}
	return mark
}

// deliver sends what is in the outbox and due, in order, and marks it. What is due later is left to its time.
func (b *Bot) deliver(ctx context.Context, list []store.Delivery) {
	for _, d := range list {
		if d.Message.Due.After(b.Now()) {
			select {
			case b.due <- d.Message.Due:
			default: // the next look finds it
			}
			continue
		}
		if !isReply(d.Message) && !b.inGate(ctx, d) {
			return
		}
		mark := b.say(ctx, d.Message, d.Language)
		if mark.State == "" {
			return // stopped: the row is the safety net
		}
		mark.ID = d.ID
		b.marks.sent(mark)
	}
}

func isReply(m store.Message) bool { return m.Class == "" || m.Class == store.Reply }

// inGate waits for a place among what is not a reply.
func (b *Bot) inGate(ctx context.Context, d store.Delivery) bool {
	for {
		n, after, err := b.Gate.Take(ctx, d.Message.Class, 1, b.Rate)
		if err == nil && n == 1 {
			break
		}
		if err != nil {
			after = time.Second // Redis is away: bulk stops
		}
		if !sleep(ctx, max(after, time.Millisecond)) {
			return false
		}
	}
	after, err := b.Gate.Chat(ctx, d.Message.Chat, d.Message.Chat < 0)
	return err != nil || sleep(ctx, after)
}

// patience is how long a reply is tried while Telegram can't be reached.
const patience = 10 * time.Minute

// send puts a message into words and sends it until its fate is known. A reply whose fate is unsure is sent again: to be told
// twice is better than not at all. Anything else is then unknown. The empty state says that the process stops.
func (b *Bot) send(ctx context.Context, m store.Message, language string) store.Mark {
	started := time.Now()
	for try := 0; ; try++ {
		if !b.pace.wait(ctx) {
			return store.Mark{}
		}
		method, params := request(b.Locales, m, language)
		var answer json.RawMessage
		err := b.Telegram.call(ctx, 15*time.Second, method, params, &answer)
		b.metrics.call(method, err)
		if err == nil {
			var sent struct {
				ID int `json:"message_id"`
			}
			_ = json.Unmarshal(answer, &sent) // an edit may answer true
			if m.Menu != "" {
				b.setMenu(ctx, m.Chat, m.Menu, language)
			}
			return store.Mark{State: store.Sent, SentID: sent.ID}
		}
		if ctx.Err() != nil {
			return store.Mark{}
		}
		f, ok := fateOf(err)
		if !ok {
			return store.Mark{State: store.Sent} // carried out, its answer unreadable
		}
		switch f.kind {
		case same:
			return store.Mark{State: store.Sent, SentID: m.Edit}
		case gone:
			m.Edit, m.ReplyTo = 0, 0
		case wait:
			b.pace.pause(f.after)
			if err := b.Gate.Pause(ctx, f.after); err != nil && ctx.Err() == nil {
				b.Log.Warn("other processes could not be told to pause", "err", err.Error())
			}
		case migrated:
			if err := b.Records.MoveChat(ctx, m.Chat, f.moved); err != nil {
				b.Log.Warn("a group's new id was not kept", "err", err.Error())
			}
			m.Chat = f.moved
		case unreachable:
			return store.Mark{State: store.Unreachable, Reason: f.words}
		case unsure:
			if !isReply(m) {
				return store.Mark{State: store.Unknown, Reason: f.words}
			}
			if time.Since(started) > patience {
				return store.Mark{State: store.Failed, Reason: f.words}
			}
			if !sleep(ctx, min(100*time.Millisecond<<min(try, 5), 3*time.Second)) {
				return store.Mark{}
			}
		default:
			b.Log.Error("telegram refused a message", "method", method, "words", f.words)
			return store.Mark{State: store.Failed, Reason: f.words}
		}
	}
}

// setMenu gives a chat the commands of a role.
func (b *Bot) setMenu(ctx context.Context, chat int64, role store.Role, language string) {
	type command struct {
		Command     string `json:"command"`
		Description string `json:"description"`
	}
	var list []command
	for _, f := range flows.Menu(role) {
		list = append(list, command{f.Command, b.Locales.Text(language, "command."+f.Name, nil)})
	}
	commands, err := json.Marshal(list)
	if err != nil {
		return
	}
	scope, _ := json.Marshal(map[string]any{"type": "chat", "chat_id": chat})
	err = b.Telegram.call(ctx, 10*time.Second, "setMyCommands", map[string]string{"commands": string(commands), "scope": string(scope)}, nil)
	b.metrics.call("setMyCommands", err)
}

// sendDue sends what was queued for a time, when the time comes, and what waits behind replies.
func (b *Bot) sendDue(ctx context.Context) {
	const look = time.Second
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case at := <-b.due:
			if d := at.Sub(b.Now()); d < look {
				next.Reset(max(d, 0))
			}
		case <-next.C:
			for _, class := range []store.Class{store.Reply, store.Nudge} {
				list, err := b.Records.Claim(ctx, b.Process.Number(), b.Now(), class, 100)
				if err != nil {
					break // PostgreSQL is away; the next look finds them
				}
				b.deliver(ctx, list)
			}
			d := look
			if at, err := b.Records.NextDue(ctx, b.Now()); err == nil && !at.IsZero() {
				d = min(d, max(at.Sub(b.Now()), time.Millisecond))
			}
			next.Reset(d)
		}
	}
}
