package bot

import (
	"context"
	"strconv"
	"sync"
	"time"

	"pendamping/flows"
)

// Who is not in the roster, and a group that only asks for what is said in private, gets a few answers an hour. After that nothing
// is answered, and what they send is not even kept, but for what may let them in. Anybody can make as many such chats as they like,
// so that each may cost little.
const (
	mostAnswered = 3                // times an hour
	lookAgain    = 10 * time.Second // so often one of their updates is handled: they may be in the roster by now
	endSpinner   = time.Second      // so often the spinner of an ignored button is ended: a flood of presses is no flood of calls
	mostStranger = 10_000           // chats that are remembered
)

// strangers are the chats that got such an answer in this hour.
type strangers struct {
	bot   *Bot
	mu    sync.Mutex
	chats map[int64]visit
}

type visit struct {
	hour   int64 // since 1970
	said   int
	looked time.Time // when one of its updates was last handled
	spun   time.Time // when the spinner of a button that is ignored was last ended
}

// answer tells whether a stranger's chat is to be answered, and counts it.
func (s *strangers) answer(ctx context.Context, chat int64) bool {
	now := s.bot.Now()
	hour := now.Unix() / 3600
	s.mu.Lock()
	v := s.chats[chat]
	s.mu.Unlock()
	if v.hour != hour {
		v = visit{hour: hour}
	}
	v.looked = now
	ok := v.said < mostAnswered
	if ok {
		v.said++
	}
	if ok && !s.bot.memory.away.Load() {
		call, cancel := context.WithTimeout(ctx, laneTime)
		here, err := s.bot.Gate.Allow(call, "stranger:"+strconv.FormatInt(chat, 10)+":"+strconv.FormatInt(hour, 10), mostAnswered, 2*time.Hour)
		cancel()
		if err == nil && !here { // other processes answered
			ok, v.said = false, mostAnswered
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.chats) >= mostStranger {
		s.chats = nil // at worst some get a few answers more
	}
	if s.chats == nil {
		s.chats = map[int64]visit{}
	}
	s.chats[chat] = v
	if !ok {
		s.bot.metrics.ignored.Inc()
	}
	return ok
}

// ignores tells whether an update is of a chat that is answered no more, and can't change that; and whether it is a button whose spinner
// is to be ended all the same.
func (s *strangers) ignores(u update) (ignored, spins bool) {
	if u.chat == 0 || u.left || u.back || u.moved != 0 || u.event.Room != 0 {
		return false, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v, known := s.chats[u.chat]
	now := s.bot.Now()
	if !known || v.said < mostAnswered || v.hour != now.Unix()/3600 || u.private && flows.Knocks(u.event) {
		return false, false
	}
	if age := now.Sub(v.looked); age < 0 || age >= lookAgain {
		v.looked = now
		s.chats[u.chat] = v
		return false, false
	}
	s.bot.metrics.ignored.Inc()
	if age := now.Sub(v.spun); u.callback != "" && (age < 0 || age >= endSpinner) {
		v.spun, spins = now, true
		s.chats[u.chat] = v
	}
	return true, spins
}

// known forgets that a chat was a stranger's.
func (s *strangers) known(chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.chats, chat)
}
