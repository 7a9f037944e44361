package faketelegram

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"
)

// Answer is what the bot said to the press of a button.
type Answer struct {
	Text  string
	Alert bool // shown in a window of its own, not as a passing notice
	URL   string
}

// Press is one press of an inline button.
type Press struct {
	s    *Server
	id   string
	done chan struct{}
	got  *Answer
}

// Press presses the inline button with this callback data under a message, or says that no such button is shown.
func (u *User) Press(messageID int, data string) (*Press, error) {
	u.s.mu.Lock()
	c := u.in()
	e := c.find(messageID)
	shown := e != nil && hasButton(e.M.ReplyMarkup, data)
	u.s.mu.Unlock()
	if !shown {
		return nil, fmt.Errorf("faketelegram: message %d shows no button %q", messageID, data)
	}
	return u.PressOld(messageID, data), nil
}

// PressOld presses a button whether or not it is still shown: what a slow network or an old screen does.
func (u *User) PressOld(messageID int, data string) *Press {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	c := u.in()
	u.awake(c)
	id := strconv.FormatInt(4_000_000_000_000_000_000+s.nextID(), 10)
	q := callbackQuery{ID: id, From: *s.state.Users[u.id], Data: data, ChatInstance: instance(c.Ref.ID)}
	if e := c.find(messageID); e != nil {
		q.Message = c.wire(e)
	} else {
		q.Message = inaccessible{Chat: c.Ref, MessageID: messageID}
	}
	p := &Press{s: s, id: id, done: make(chan struct{})}
	s.presses[id] = p
	s.state.Callbacks[id] = &callback{Chat: c.Ref.ID, Date: s.now()}
	s.emit("callback_query", c.Ref.ID, q)
	s.touch(c.Ref.ID)
	return p
}

func instance(chat int64) string {
	return base64.RawURLEncoding.EncodeToString(strconv.AppendInt(nil, chat, 10))
}

// answer keeps the first answer; it needs the lock.
func (p *Press) answer(a Answer) {
	if p.got == nil {
		p.got = &a
		delete(p.s.presses, p.id)
		close(p.done)
	}
}

// ID returns the callback query's id.
func (p *Press) ID() string { return p.id }

// Expire makes the query too old to answer.
func (p *Press) Expire() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.state.Callbacks[p.id].Old = true
}

// Wait waits for the bot's first answer.
func (p *Press) Wait(ctx context.Context) (Answer, error) {
	select {
	case <-p.done:
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	case <-p.s.done:
		return Answer{}, context.Canceled
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return *p.got, nil
}

// tooOld is how long a callback query can be answered by the server's clock.
const tooOld = 15 * time.Minute

func answerCallbackQuery(c *call) (any, error) {
	id := c.args["callback_query_id"]
	q := c.s.state.Callbacks[id]
	if q == nil || q.Old || c.s.clock().Sub(time.Unix(q.Date, 0)) > tooOld {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	if units(c.args["text"]) > 200 {
		return nil, bad("MESSAGE_TOO_LONG")
	}
	if p := c.s.presses[id]; p != nil {
		p.answer(Answer{Text: c.args["text"], Alert: c.flag("show_alert"), URL: c.args["url"]})
	}
	c.s.touch(q.Chat)
	return true, nil
}
