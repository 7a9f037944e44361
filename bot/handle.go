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

// maxTries is how often an update is retried before it is quarantined, so that it can't block its chat. An update
// that only meets conflicts is broken itself, so after maxConflicts a conflict counts as a failure.
const (
	maxTries     = 3
	maxConflicts = 20
)

// update is an update of Telegram's on its way through the house.
type update struct {
	telegram.Update
	committed []byte // the session if the records are committed, and only it is left to restore
	answered  bool   // its button press is being answered
}

// answers reports whether a message goes to where the update came from.
func (u update) answers(m store.Message) bool {
	return m.Chat == u.Chat || u.Event.GroupChat != 0 && m.Chat == u.Event.GroupChat
}

// dispatch puts updates that are durable in the name of a process number into their chats' queues, and returns how
// many: one that was uncertain is dispatched once. A button is answered at once unless its chat is far behind, because
// then a flood of presses would cause a flood of answers.
func (b *Bot) dispatch(holder int64, list []update) int {
	return b.uncertain.claim(holder, list, func(u update) {
		if u.Callback != "" && !b.queues.behind(u.Chat) {
			u.answered = true
			b.queues.busy.Go(func() { b.stopSpinner(u) })
		}
		b.queues.addUpdate(u)
	})
}

// spinnerTimeout is how long it tries to answer a button press. After that the person's phone has stopped waiting.
const spinnerTimeout = 15 * time.Second

// stopSpinner stops a button's spinner, outside the chat's queue.
func (b *Bot) stopSpinner(u update) {
	ctx, cancel := context.WithTimeout(b.work, spinnerTimeout)
	defer cancel()
	for pause := 100 * time.Millisecond; ; pause *= 2 {
		for {
			left := b.backoff.Left(store.Reply, u.Chat, time.Now())
			if left <= 0 {
				break
			}
			if !sleep(ctx, left) {
				return
			}
		}
		err := b.Telegram.AnswerCallback(ctx, u.Callback)
		b.metrics.call("answerCallbackQuery", err)
		e, _ := telegram.AsError(err)
		if e.Class == telegram.TooManyRequests {
			b.obey429(ctx, store.Reply, u.Chat, e.RetryAfter)
		} else if (e.Class != telegram.OutcomeUnknown && e.Class != telegram.NotDone) || !sleep(ctx, pause) {
			return
		}
	}
}

// handle carries an update out once, however often that has to be tried.
func (b *Bot) handle(u update) {
	if u.committed != nil {
		b.finishCommitted(u)
		return
	}
	if u.Callback != "" && !u.answered {
		b.queues.busy.Go(func() { b.stopSpinner(u) })
	}
	ctx, start, conflicts := b.work, time.Now(), 0
	for ctx.Err() == nil {
		said := newPendingWork(func() {
			b.results.recordHandled(u.ID)
			b.metrics.handled.Observe(time.Since(start).Seconds())
		})
		err := b.turn(ctx, u, said)
		switch {
		case err == nil:
			said.release()
			return
		case ctx.Err() != nil:
			return // it stays in the inbox for the next process
		case errors.Is(err, store.ErrConflict) && conflicts < maxConflicts:
			if settled, err := b.settleConflict(ctx, u); settled && err == nil {
				return
			}
			conflicts++
			sleep(ctx, min(time.Duration(conflicts)*5*time.Millisecond, 100*time.Millisecond))
		case b.checkPostgres(ctx) != nil:
			b.waitForRecords(ctx, u)
		default:
			if b.noteFailure(ctx, u, err) {
				return
			}
		}
	}
}

// noteFailure counts a failure of our own, and returns whether the update is quarantined now.
func (b *Bot) noteFailure(ctx context.Context, u update, err error) (quarantined bool) {
	b.Log.Error("an update failed", "update", u.ID, "kind", string(u.Event.Kind), "err", err.Error())
	tries, failErr := b.Records.Fail(ctx, u.ID, err.Error())
	if errors.Is(failErr, store.ErrNotFound) {
		return true // it is done, or quarantined by another process
	}
	if failErr != nil || tries < maxTries {
		sleep(ctx, 200*time.Millisecond)
		return false
	}
	if b.Records.Quarantine(ctx, u.ID, err.Error()) != nil {
		sleep(ctx, time.Second)
		return false
	}
	b.metrics.quarantined.Inc()
	if u.Private {
		b.answer(store.Message{Chat: u.Chat, Body: []store.Text{store.Say("sorry.parked")}}, "", nil)
	}
	return true
}

// waitForRecords waits until PostgreSQL is back, and tells the person once that their message is not forgotten.
func (b *Bot) waitForRecords(ctx context.Context, u update) {
	b.tellToWait(u)
	for sleep(ctx, 200*time.Millisecond) {
		if b.checkPostgres(ctx) == nil {
			b.toldToWait.Clear()
			return
		}
	}
}

// tellToWait says, once an outage, that a message waits.
func (b *Bot) tellToWait(u update) {
	if _, told := b.toldToWait.LoadOrStore(u.Chat, true); !told && u.Private {
		wait := store.Message{Chat: u.Chat, Body: []store.Text{store.Say("busy.wait")}}
		b.answerYielding(wait, "", nil) // the person may be a stranger
	}
}

func decodeSession(b []byte) dialog.Session {
	var s dialog.Session
	if len(b) > 0 && json.Unmarshal(b, &s) != nil {
		return dialog.Session{} // of another version; what is durable goes on
	}
	return s
}

// turn carries an update out. Records, their events, messages and session are one commit; an update that changes no
// record only writes the session and sends.
func (b *Bot) turn(ctx context.Context, u update, said *pendingWork) error {
	if u.Poll != "" {
		return b.Records.Voted(ctx, u.Poll, u.Chosen)
	}
	if u.Chat == 0 {
		return nil
	}
	if u.Blocked {
		b.reachable.Delete(u.Chat)
		return b.Records.Unreachable(ctx, b.Now(), u.Chat, "blocked")
	}
	if u.MovedTo != 0 {
		return b.Records.MoveChat(ctx, u.Chat, u.MovedTo)
	}
	if err := b.noteReachable(ctx, cmp.Or(u.Event.GroupChat, u.Chat)); err != nil || u.Unblocked {
		return err
	}
	if !u.Private {
		return b.inGroup(ctx, u, said)
	}
	l, err := b.sessions.acquire(ctx, u.Chat)
	if err != nil {
		return err
	}
	if l.Stale {
		if err := b.recoverCommitted(ctx, &l, u); err != nil {
			b.sessions.release(ctx, l, nil)
			return err
		}
	}
	tx := b.Begin(b.Now(), u.ID)
	defer tx.Rollback(context.WithoutCancel(ctx))
	res, err := b.runTurn(ctx, tx, decodeSession(l.Session), u)
	if err != nil {
		b.sessions.release(ctx, l, nil)
		return err
	}
	session, err := json.Marshal(res.Session)
	if err != nil {
		b.sessions.release(ctx, l, nil)
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
	if talks && !b.mayAnswer(ctx, u, res) {
		res.Messages = slices.DeleteFunc(res.Messages, u.answers) // only what others are told remains
	}
	if res.Asker != dialog.Known {
		for i, m := range res.Messages {
			if u.answers(m) {
				res.Messages[i].Yields = store.BehindAll // so that it also yields if another process sends it
			}
		}
	}
	yields := func() bool { // asked only once the turn is done, so that a retried one doesn't count twice
		return talks && res.Asker == dialog.Known && b.Rate > 0 && !b.conversations.Allow(u.Chat, time.Now())
	}
	if !tx.Written() && !anyKeyed(res.Messages) {
		if err := b.sessions.release(ctx, l, session); err != nil {
			return err
		}
		behind := yields()
		for _, m := range res.Messages {
			said.add()
			if behind && u.answers(m) {
				b.answerYielding(m, res.Language, said.release)
			} else {
				b.answer(m, res.Language, said.release)
			}
		}
		return nil
	}
	deliveries := toDeliveries(res.Messages)
	for i, d := range deliveries {
		if d.Message.Chat == u.Chat { // others read it in their own language
			deliveries[i].Language = res.Language
		}
	}
	deliveries, err = tx.Commit(ctx, b.Process.Number(), session, deliveries)
	if err != nil {
		b.sessions.release(ctx, l, nil)
		return err
	}
	if res.Asker == dialog.Guesser {
		b.guesses.count(ctx, b)
	}
	// On a conflict the new lease holder finds the session beside the update.
	b.sessions.release(ctx, l, session)
	if len(u.Event.Files) > 0 {
		b.files.Came()
	}
	replies := slices.DeleteFunc(deliveries, func(d store.Delivery) bool { return !isReply(d.Message) })
	if len(replies) < len(res.Messages) {
		wake(b.nudges)
		wake(b.papers)
	}
	how := deliverOptions{}
	if yields() {
		how.yields = cmp.Or(u.Event.GroupChat, u.Chat)
	}
	b.deliver(ctx, tx.Now(), replies, how)
	return nil
}

// mayAnswer reports whether an update is answered. People who are not in the roster get few answers. A wrong code is
// always answered, because the few tries of an account bound it already.
func (b *Bot) mayAnswer(ctx context.Context, u update, res flows.Result) bool {
	switch res.Asker {
	case dialog.Bearer:
		return b.strangers.answerBearer(ctx, u.Chat, res.Bears) || b.mayAnswerStranger(ctx, u, res)
	case dialog.Anybody:
		return b.strangers.answerAnybody(ctx)
	case dialog.Knocker, dialog.Stranger:
		return b.mayAnswerStranger(ctx, u, res)
	}
	return true
}

// mayAnswerStranger reports whether a stranger is answered. The last answer says that no more will come, so that
// nobody meets a silence without a reason.
func (b *Bot) mayAnswerStranger(ctx context.Context, u update, res flows.Result) bool {
	code := res.Asker == dialog.Knocker || res.Asker == dialog.Bearer && flows.Knocks(u.Event)
	ok, last := b.strangers.answer(ctx, cmp.Or(u.Event.GroupChat, u.Chat), code)
	if ok && last {
		said := "join.last"
		if u.Event.GroupChat != 0 {
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

// maxReachable bounds how many chats are remembered, because there may be any number of strangers.
const maxReachable = 100_000

// noteReachable notes once a process that a chat wrote, and again after it became unreachable.
func (b *Bot) noteReachable(ctx context.Context, chat int64) error {
	if _, known := b.reachable.LoadOrStore(chat, true); known {
		return nil
	}
	if b.reachableCount.Add(1) > maxReachable { // at worst it is noted again
		b.reachable.Clear()
		b.reachableCount.Store(0)
	}
	_, err := b.Records.Reachable(ctx, chat)
	if err != nil {
		b.reachable.Delete(chat)
	}
	return err
}

// runTurn calls Config.Turn, and turns a panic into a failure of that one update.
func (b *Bot) runTurn(ctx context.Context, tx Tx, s dialog.Session, u update) (res flows.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.Log.Error("an update panicked", "update", u.ID, "stack", string(debug.Stack()))
			err = errors.New("panic")
			if r, ok := p.(runtime.Error); ok { // other values may repeat what a person wrote
				err = fmt.Errorf("panic: %w", r)
			}
		}
	}()
	return b.Turn(ctx, tx, b.setting, s, u.Event)
}

// anyKeyed reports whether a message replaces one that waits in the outbox.
func anyKeyed(list []store.Message) bool {
	for _, m := range list {
		if m.Key != "" {
			return true
		}
	}
	return false
}

// inGroup answers a command in a group by saying that the bot works in private chats, and what asks it to file a photo
// by saying why it can't. After a few times it is silent for a while.
func (b *Bot) inGroup(ctx context.Context, u update, said *pendingWork) error {
	id := cmp.Or(u.Unfiled, "group.private")
	if u.Unfiled == "" && (u.Event.Kind != form.Words || len(u.GroupText) == 0 || u.GroupText[0] != '/') {
		return ctx.Err()
	}
	if ok, last := b.strangers.answer(ctx, u.Chat, false); ok {
		m := store.Message{Chat: u.Chat, Topic: u.Event.Topic, Body: []store.Text{store.Say(id, "Bot", b.Name)}}
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
