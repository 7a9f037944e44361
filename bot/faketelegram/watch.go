package faketelegram

import (
	"context"
	"slices"
)

// Wait waits until ok says yes to the messages of the chat. It looks after every change.
func (u *User) Wait(ctx context.Context, ok func([]Message) bool) error {
	return u.s.until(ctx, func() bool { return ok(u.Messages()) })
}

// ChatInfo is a chat in a list of chats.
type ChatInfo struct {
	ID      int64
	Type    string // "private", "group" or "supergroup"
	Title   string // the person's name or the group's title
	Started bool   // the bot may write here
	Blocked bool
	Action  string // what the bot last said it is doing, such as "typing"
}

// Chats returns all chats, by id.
func (s *Server) Chats() []ChatInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []ChatInfo
	for _, c := range s.state.Chats {
		if c.Migrated == 0 {
			out = append(out, ChatInfo{
				c.Ref.ID, c.Ref.Type, c.Ref.Title + c.Ref.FirstName, c.Started, c.Blocked, c.Typing,
			})
		}
	}
	slices.SortFunc(out, func(a, b ChatInfo) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	return out
}

// Watch returns a channel of the ids of chats that changed, until ctx ends or the server is closed; then it is closed.
// A slow reader gets one id for several changes and never holds the server up.
func (s *Server) Watch(ctx context.Context) <-chan int64 {
	out := make(chan int64)
	seen := map[int64]int64{}
	s.mu.Lock()
	for id, c := range s.state.Chats {
		seen[id] = c.Version
	}
	changed := s.changed
	s.mu.Unlock()
	go func() {
		defer close(out)
		for {
			select {
			case <-changed:
			case <-ctx.Done():
				return
			case <-s.done:
				return
			}
			var news []int64
			s.mu.Lock()
			changed = s.changed
			for id, c := range s.state.Chats {
				if seen[id] != c.Version {
					seen[id] = c.Version
					news = append(news, id)
				}
			}
			s.mu.Unlock()
			for _, id := range news {
				select {
				case out <- id:
				case <-ctx.Done():
					return
				case <-s.done:
					return
				}
			}
		}
	}()
	return out
}

// until waits for a condition that is looked at after every change, without the lock.
func (s *Server) until(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.done:
			return context.Canceled
		}
	}
}
