package faketelegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// kindsByDefault are the updates a bot gets that never named any, see getUpdates in the Bot API.
var kindsByDefault = []string{"message", "edited_message", "callback_query", "my_chat_member", "poll", "poll_answer"}

var kindsKnown = append([]string{
	"channel_post", "edited_channel_post", "business_connection", "business_message", "edited_business_message",
	"deleted_business_messages", "message_reaction", "message_reaction_count", "inline_query", "chosen_inline_result",
	"shipping_query", "pre_checkout_query", "purchased_paid_media", "chat_member", "chat_join_request", "chat_boost",
	"removed_chat_boost",
}, kindsByDefault...)

// longestPoll is Telegram's limit for the timeout of getUpdates, in seconds.
const longestPoll = 50

// pastUpdates is how many acknowledged updates Redeliver can reach.
const pastUpdates = 1000

// emit queues an update if the bot asked for its kind. It needs the lock and is followed by touch.
func (s *Server) emit(kind string, chat int64, content any) {
	allowed := s.state.Allowed
	if len(allowed) == 0 {
		allowed = kindsByDefault
	}
	if !slices.Contains(allowed, kind) {
		return
	}
	body, err := json.Marshal(content)
	if err != nil {
		panic("faketelegram: " + err.Error())
	}
	s.state.NextUpdate++
	s.state.Updates = append(s.state.Updates, update{ID: s.state.NextUpdate, Kind: kind, Chat: chat, Body: body})
}

// Inject queues any JSON value as an update, of whatever kind: what Telegram would not send, but somebody might who
// knows the webhook's secret. An object without an update_id gets the next one; everything else is handed out as it is.
// The bot acknowledges it by the next id even if it carries another.
func (s *Server) Inject(raw json.RawMessage) {
	if !json.Valid(raw) {
		panic("faketelegram: an update is JSON")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.NextUpdate++
	u := update{ID: s.state.NextUpdate, Raw: slices.Clone(raw)}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil && object != nil && len(object["update_id"]) == 0 {
		_, fields, _ := bytes.Cut(raw, []byte("{"))
		comma := ""
		if len(object) > 0 {
			comma = ","
		}
		u.Raw = fmt.Appendf(nil, `{"update_id":%d%s%s`, u.ID, comma, fields)
	}
	s.state.Updates = append(s.state.Updates, u)
	s.touch(0)
}

func (c *call) allowedUpdates() error {
	var kinds []string
	ok, err := c.decode("allowed_updates", &kinds)
	if err != nil || !ok {
		return err
	}
	for _, k := range kinds {
		if !slices.Contains(kindsKnown, k) {
			return bad("faketelegram: no update is called " + k)
		}
	}
	c.s.state.Allowed = kinds
	return nil
}

func getUpdates(c *call, ctx context.Context) (any, error) {
	offset, err1 := c.integer("offset")
	limit, err2 := c.integer("limit")
	timeout, err3 := c.integer("timeout")
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			return nil, err
		}
	}
	if limit <= 0 || limit > 100 {
		limit = 100
	}
	s := c.s
	s.mu.Lock()
	if s.state.Webhook.URL != "" {
		s.mu.Unlock()
		return nil,
			fail(409,
				"Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if err := c.allowedUpdates(); err != nil {
		s.mu.Unlock()
		return nil, err
	}
	s.endPoll("terminated by other getUpdates request; make sure that only one bot instance is running")
	s.acknowledge(offset)
	ended := make(chan *apiError, 1)
	s.poll = ended
	s.mu.Unlock()

	timer := time.NewTimer(time.Duration(min(max(timeout, 0), longestPoll)) * time.Second)
	defer timer.Stop()
	for late := timeout <= 0; ; {
		s.mu.Lock()
		select {
		case e := <-ended:
			s.mu.Unlock()
			return nil, e
		default:
		}
		batch, changed := s.batch(int(limit)), s.changed
		if len(batch) > 0 || late {
			s.poll = nil
			s.mu.Unlock()
			return batch, nil
		}
		s.mu.Unlock()
		select {
		case e := <-ended:
			return nil, e
		case <-changed:
		case <-timer.C:
			late = true
		case <-ctx.Done():
			return nil, s.leavePoll(ended)
		case <-s.done:
			return nil, s.leavePoll(ended)
		}
	}
}

// leavePoll clears the waiting poll if it still is this one.
func (s *Server) leavePoll(ended chan *apiError) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.poll == ended {
		s.poll = nil
	}
	return fail(500, "Internal Server Error: restart")
}

// endPoll makes a waiting getUpdates fail, as Telegram does when another call takes its place.
func (s *Server) endPoll(why string) {
	if s.poll != nil {
		s.poll <- fail(409, "Conflict: "+why)
		s.poll = nil
	}
}

// acknowledge forgets the updates before the offset; a negative one keeps only that many from the end.
func (s *Server) acknowledge(offset int64) {
	q := s.state.Updates
	n := 0
	if offset < 0 {
		n = max(0, len(q)+int(max(offset, -int64(len(q)))))
	} else {
		for n < len(q) && q[n].ID < offset {
			n++
		}
	}
	if n == 0 {
		return
	}
	s.remember(q[:n]...)
	s.state.Updates = slices.Clone(q[n:])
	s.touch(0)
}

func (s *Server) remember(past ...update) {
	p := append(s.state.Past, past...)
	s.state.Past = slices.Clone(p[max(0, len(p)-pastUpdates):])
}

func (s *Server) batch(limit int) []json.RawMessage {
	out := []json.RawMessage{}
	for len(s.forced) > 0 && len(out) < limit {
		out = append(out, s.forced[0].wire())
		s.forced = s.forced[1:]
	}
	for _, u := range s.state.Updates[:min(len(s.state.Updates), limit-len(out))] {
		out = append(out, u.wire())
		if s.twice > 0 {
			s.twice--
			s.forced = append(s.forced, u)
		}
	}
	return out
}

// Redeliver hands out an update once more, acknowledged or not, and reports whether it is known. Only the last thousand
// acknowledged updates are.
func (s *Server) Redeliver(updateID int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range slices.Concat(s.state.Past, s.state.Updates) {
		if u.ID == updateID {
			s.forced = append(s.forced, u)
			s.touch(0)
			return true
		}
	}
	return false
}

// DuplicateNext makes each of the next n updates arrive twice.
func (s *Server) DuplicateNext(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.twice = n
}

// LastUpdate returns the id of the newest update, for Redeliver.
func (s *Server) LastUpdate() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.NextUpdate
}

// Pending returns the number of updates that the bot has not acknowledged.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.state.Updates) + len(s.forced)
}

// Idle waits until every update is acknowledged: by the offset of a later getUpdates, or by the webhook's 2xx.
func (s *Server) Idle(ctx context.Context) error {
	return s.until(ctx, func() bool { return s.Pending() == 0 })
}
