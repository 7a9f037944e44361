package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"pendamping/bot/telegram"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// maxTries is after how many failures of our own an update is parked, so that it stops nobody. An update that meets nothing
// but conflicts has something wrong with itself, and its conflicts count as failures after maxConflicts.
const (
	maxTries     = 3
	maxConflicts = 20
)

// update is an update of Telegram's on its way through the house.
type update struct {
	telegram.Update
	committed []byte // the session of one whose records are committed, in the inbox: only that is left to do
	answered  bool   // its callback is being answered
}

// answers reports whether a message goes to where the update came from.
func (u update) answers(m store.Message) bool {
	return m.Chat == u.Chat || u.Event.Room != 0 && m.Chat == u.Event.Room
}

// dispatch gives updates that are durable to their chats' lanes. A button is answered at once, unless its chat is far behind: then
// a flood of presses would be a flood of answers.
func (b *Bot) dispatch(list []update) {
	for _, u := range list {
		if u.Callback != "" && !b.lanes.behind(u.Chat) {
			u.answered = true
			b.lanes.busy.Go(func() { b.stopSpinner(u) })
		}
		b.lanes.update(u)
	}
}

// spinner is how long an answer to a button is tried: after that the person's phone has given up waiting for it.
const spinner = 15 * time.Second

// stopSpinner ends a button's spinner, outside the lane.
func (b *Bot) stopSpinner(u update) {
	ctx, cancel := context.WithTimeout(b.work, spinner)
	defer cancel()
	for pause := 100 * time.Millisecond; ; pause *= 2 {
		for left := b.backoff.left(store.Reply, u.Chat, time.Now()); left > 0; left = b.backoff.left(store.Reply, u.Chat, time.Now()) {
			if !sleep(ctx, left) {
				return
			}
		}
		err := b.Telegram.AnswerCallback(ctx, u.Callback)
		b.metrics.call("answerCallbackQuery", err)
		f, _ := telegram.AsError(err)
		if f.Class == telegram.TooManyRequests {
			b.obey(ctx, store.Reply, u.Chat, f.RetryAfter)
		} else if (f.Class != telegram.OutcomeUnknown && f.Class != telegram.NotDone) || !sleep(ctx, pause) {
			return
		}
	}
}

// handle takes an update through the house, once, however often it has to be tried.
func (b *Bot) handle(u update) {
	if u.committed != nil {
		b.finish(u)
		return
	}
	if u.Callback != "" && !u.answered {
		b.lanes.busy.Go(func() { b.stopSpinner(u) })
	}
	ctx, start, conflicts := b.work, time.Now(), 0
	for ctx.Err() == nil {
		said := newOwed(func() {
			b.marks.handled(u.ID)
			b.metrics.handled.Observe(time.Since(start).Seconds())
		})
		err := b.turn(ctx, u, said)
		switch {
		case err == nil:
			said.release()
			return
		case ctx.Err() != nil:
			return // it is in the inbox, for the next process
		case errors.Is(err, store.ErrConflict) && conflicts < maxConflicts:
			if settled, err := b.settled(ctx, u); settled && err == nil {
				return
			}
			conflicts++
			sleep(ctx, min(time.Duration(conflicts)*5*time.Millisecond, 100*time.Millisecond))
		case b.answers(ctx) != nil:
			b.waitForRecords(ctx, u)
		default:
			if b.failed(ctx, u, err) {
				return
			}
		}
	}
}

// failed counts a failure of our own; parked means that the update was set aside.
func (b *Bot) failed(ctx context.Context, u update, err error) (parked bool) {
	b.Log.Error("an update failed", "update", u.ID, "kind", string(u.Event.Kind), "err", err.Error())
	tries, failErr := b.Records.Fail(ctx, u.ID, err.Error())
	if errors.Is(failErr, store.ErrNotFound) {
		return true // it is done, or parked by somebody else
	}
	if failErr != nil || tries < maxTries {
		sleep(ctx, 200*time.Millisecond)
		return false
	}
	if b.Records.Park(ctx, u.ID, err.Error()) != nil {
		sleep(ctx, time.Second)
		return false
	}
	b.metrics.parked.Inc()
	if u.Private {
		b.answer(store.Message{Chat: u.Chat, Body: []store.Text{store.Say("sorry.parked")}}, "", nil)
	}
	return true
}

// waitForRecords waits until PostgreSQL is back, and tells the person once that their message is not forgotten.
func (b *Bot) waitForRecords(ctx context.Context, u update) {
	b.busy(u)
	for sleep(ctx, 200*time.Millisecond) {
		if b.answers(ctx) == nil {
			b.told.Clear()
			return
		}
	}
}

// busy says, once an outage, that a message waits.
func (b *Bot) busy(u update) {
	if _, told := b.told.LoadOrStore(u.Chat, true); !told && u.Private {
		b.answerBehind(store.Message{Chat: u.Chat, Body: []store.Text{store.Say("busy.wait")}}, "", nil) // maybe to a stranger
	}
}

func decode(b []byte) dialog.Session {
	var s dialog.Session
	if len(b) > 0 && json.Unmarshal(b, &s) != nil {
		return dialog.Session{} // of another time; what is durable goes on
	}
	return s
}

// turn carries an update out: records, their events, messages and session in one commit, or, when it changes no record, a
// session write and a send.
func (b *Bot) turn(ctx context.Context, u update, said *owed) error {
	if u.Poll != "" {
		return b.Records.Voted(ctx, u.Poll, u.Chosen)
	}
	if u.Chat == 0 {
		return nil
	}
	if u.Blocked {
		b.wrote.Delete(u.Chat)
		return b.Records.Unreachable(ctx, b.Now(), u.Chat, "blocked")
	}
	if u.MovedTo != 0 {
		return b.Records.MoveChat(ctx, u.Chat, u.MovedTo)
	}
	if err := b.reachable(ctx, cmp.Or(u.Event.Room, u.Chat)); err != nil || u.Unblocked {
		return err
	}
	if !u.Private {
		return b.inGroup(ctx, u, said)
	}
	l, err := b.memory.enter(ctx, u.Chat)
	if err != nil {
		return err
	}
	if l.Stale {
		if err := b.takeOver(ctx, &l, u); err != nil {
			b.memory.leave(ctx, l, nil)
			return err
		}
	}
	tx := b.Begin(b.Now(), u.ID)
	defer tx.Rollback(context.WithoutCancel(ctx))
	res, err := b.carryOut(ctx, tx, decode(l.Session), u)
	if err != nil {
		b.memory.leave(ctx, l, nil)
		return err
	}
	session, err := json.Marshal(res.Session)
	if err != nil {
		b.memory.leave(ctx, l, nil)
		return fmt.Errorf("session: %w", err)
	}
	b.strangers.met(u, res.Asker)
	if res.LetIn != 0 {
		b.strangers.letIn(ctx, res.LetIn)
	}
	if res.PutOut {
		b.strangers.putOut(ctx, u.Chat)
	}
	talks := slices.ContainsFunc(res.Messages, u.answers)
	if talks && !b.owes(ctx, u, res) {
		res.Messages = slices.DeleteFunc(res.Messages, u.answers) // what others are told of it, they are told
	}
	if res.Asker != dialog.Known {
		for i, m := range res.Messages {
			if u.answers(m) {
				res.Messages[i].Yields = store.BehindAll // also when another process says it
			}
		}
	}
	yields := func() bool { // asked once the turn is done: one that is tried again is no second one
		return talks && res.Asker == dialog.Known && b.Rate > 0 && !b.talks.allow(u.Chat, time.Now())
	}
	if !tx.Written() && !keyed(res.Messages) {
		if err := b.memory.leave(ctx, l, session); err != nil {
			return err
		}
		behind := yields()
		for _, m := range res.Messages {
			said.add()
			if behind && u.answers(m) {
				b.answerBehind(m, res.Language, said.release)
			} else {
				b.answer(m, res.Language, said.release)
			}
		}
		return nil
	}
	deliveries := queued(res.Messages)
	for i, d := range deliveries {
		if d.Message.Chat == u.Chat { // others read it in their own language
			deliveries[i].Language = res.Language
		}
	}
	deliveries, err = tx.Commit(ctx, b.Process.Number(), session, deliveries)
	if err != nil {
		b.memory.leave(ctx, l, nil)
		return err
	}
	if res.Asker == dialog.Guesser {
		b.guesses.count(ctx, b)
	}
	b.memory.leave(ctx, l, session) // a conflict is mended by who took the lane: the session is beside the update
	if len(u.Event.Files) > 0 {
		wake(b.files)
	}
	replies := slices.DeleteFunc(deliveries, func(d store.Delivery) bool { return !isReply(d.Message) })
	if len(replies) < len(res.Messages) {
		wake(b.paced)
		wake(b.papers)
	}
	how := manner{}
	if yields() {
		how.yields = cmp.Or(u.Event.Room, u.Chat)
	}
	b.deliver(ctx, tx.Now(), replies, how)
	return nil
}

// owes tells whether an answer is said: to those who are not in the roster there are few. A wrong code costs its account one of its tries, so
// that its answer is no flood, and is owed.
func (b *Bot) owes(ctx context.Context, u update, res flows.Result) bool {
	switch res.Asker {
	case dialog.Bearer:
		return b.strangers.answerBearer(ctx, u.Chat, res.Bears) || b.answersStranger(ctx, u, res)
	case dialog.Anybody:
		return b.strangers.answerAnybody(ctx)
	case dialog.Knocker, dialog.Stranger:
		return b.answersStranger(ctx, u, res)
	}
	return true
}

// answersStranger tells whether a stranger hears what they are told; the last time it is said that nothing more will be, so that nobody is
// left with a silence that has no reason.
func (b *Bot) answersStranger(ctx context.Context, u update, res flows.Result) bool {
	code := res.Asker == dialog.Knocker || res.Asker == dialog.Bearer && flows.Knocks(u.Event)
	ok, last := b.strangers.answer(ctx, cmp.Or(u.Event.Room, u.Chat), code)
	if ok && last {
		said := "join.last"
		if u.Event.Room != 0 {
			said = "group.last"
		}
		for i, m := range slices.Backward(res.Messages) {
			if u.answers(m) {
				res.Messages[i].Body = append(m.Body, store.Say(said))
				break
			}
		}
	}
	return ok
}

// mostWriters is how many chats that wrote are remembered: strangers could be any number.
const mostWriters = 100_000

// reachable notes once a process that a chat wrote, and again when it had become unreachable since.
func (b *Bot) reachable(ctx context.Context, chat int64) error {
	if _, known := b.wrote.LoadOrStore(chat, true); known {
		return nil
	}
	if b.writers.Add(1) > mostWriters { // at worst it is noted again
		b.wrote.Clear()
		b.writers.Store(0)
	}
	_, err := b.Records.Reachable(ctx, chat)
	if err != nil {
		b.wrote.Delete(chat)
	}
	return err
}

// carryOut is Config.Turn, where a panic is a failure of one update's and not the end of the process.
func (b *Bot) carryOut(ctx context.Context, tx Tx, s dialog.Session, u update) (res flows.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.Log.Error("an update panicked", "update", u.ID, "stack", string(debug.Stack()))
			err = errors.New("panic")
			if r, ok := p.(runtime.Error); ok { // another value may repeat what a person wrote
				err = fmt.Errorf("panic: %w", r)
			}
		}
	}()
	return b.Turn(ctx, tx, b.setting, s, u.Event)
}

// keyed tells whether a message takes the place of one that waits in the outbox.
func keyed(list []store.Message) bool {
	for _, m := range list {
		if m.Key != "" {
			return true
		}
	}
	return false
}

// inGroup answers in a group: the bot works in private chats. Said a few times, it is not said again for a while.
func (b *Bot) inGroup(ctx context.Context, u update, said *owed) error {
	if u.Event.Kind != form.Words || len(u.GroupText) == 0 || u.GroupText[0] != '/' {
		return ctx.Err()
	}
	if ok, last := b.strangers.answer(ctx, u.Chat, false); ok {
		m := store.Message{Chat: u.Chat, Body: []store.Text{store.Say("group.private", "Bot", b.Name)}}
		if last {
			m.Body = append(m.Body, store.Say("group.last"))
		}
		said.add()
		b.answerStranger(m, said.release)
	}
	return ctx.Err()
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
