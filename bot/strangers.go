package bot

import (
	"context"
	"strconv"
	"sync"
	"time"

	"pendamping/flows"
	"pendamping/store"
)

// Who is not in the roster, and a group that only asks for what is said in private, gets a few answers an hour. After that nothing
// is answered, and what they send is not even kept, but for what may let them in. Anybody can make as many such chats as they like,
// so that each may cost little, and all of them together share a few answers a second. What is over is dropped and counted.
const (
	mostAnswered = 3                // answers an hour for each
	lookAgain    = 10 * time.Second // so often one of their updates is handled: they may be in the roster by now
	codeAgain    = time.Minute      // so often it is said beyond those answers why a code is not looked at
	endSpinner   = time.Second      // so often the spinner of an ignored button is ended: a flood of presses is no flood of calls
	mostStranger = 10_000           // chats that are remembered
	crowdOver    = time.Minute      // without a dropped answer the episode is over in the log
)

// strangers are the chats that got such an answer in this hour.
type strangers struct {
	bot   *Bot
	crowd episode // more write than are answered
	alone limiter // their shared pace while Redis is away

	mu    sync.Mutex
	chats map[int64]visit
}

type visit struct {
	hour    int64 // since 1970
	said    int
	looked  time.Time // when one of its updates was last handled
	coded   time.Time // when a code that was not looked at was last answered beyond those
	spun    time.Time // when the spinner of a button that is ignored was last ended
	dropped bool      // the last answer was dropped, because of all the others
}

// answer tells whether a stranger's chat is to be answered, and whether for the last time in this hour, and counts it. Whose code is not
// looked at hears why once a minute also after that.
func (s *strangers) answer(ctx context.Context, chat int64, code bool) (ok, last bool) {
	now := s.bot.Now()
	hour := now.Unix() / 3600
	s.mu.Lock()
	v := s.chats[chat]
	s.mu.Unlock()
	if v.hour != hour {
		v = visit{hour: hour}
	}
	v.looked, v.dropped = now, false
	may := store.HadItsAnswers
	key := strconv.FormatInt(chat, 10) + ":" + strconv.FormatInt(hour, 10)
	if v.said < mostAnswered {
		may = s.share(ctx, key, mostAnswered)
	}
	switch may {
	case store.AnswerStranger:
		v.said++
		last = v.said == mostAnswered // where Redis is away or was emptied
		ok = true
	case store.LastAnswer:
		v.said = mostAnswered
		ok, last = true, true
	case store.HadItsAnswers:
		v.said = mostAnswered // maybe by other processes
		if age := now.Sub(v.coded); code && (age < 0 || age >= codeAgain) {
			may = s.share(ctx, key+":"+strconv.Itoa(now.Minute()), 1)
		}
		if ok = may == store.AnswerStranger || may == store.LastAnswer; ok {
			v.coded = now
		} else {
			s.bot.metrics.ignored.Inc()
		}
	case store.TooManyStrangers:
		v.dropped = true
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
	return ok, last
}

// answerAnybody tells whether somebody is answered who is not in the roster and whose few answers are counted elsewhere.
func (s *strangers) answerAnybody(ctx context.Context) bool {
	return s.share(ctx, "", 0) == store.AnswerStranger
}

// share decides what a stranger's answer depends on beside this process: the answers of the others, and those to all strangers.
func (s *strangers) share(ctx context.Context, key string, most int) (may store.StrangerAnswer) {
	b := s.bot
	shared := b.Rate > 0
	asked := false
	if !b.memory.away.Load() {
		call, cancel := context.WithTimeout(ctx, laneTime)
		var err error
		may, err = b.Gate.Stranger(call, key, most, 2*time.Hour, shared)
		cancel()
		if asked = err == nil; !asked {
			b.memory.lost(ctx, err)
		}
	}
	if !asked && shared && !s.alone.allow(time.Now()) {
		may = store.TooManyStrangers
	}
	if may == store.TooManyStrangers {
		b.metrics.dropped.Inc()
		s.crowd.begin(nil)
	}
	return may
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
	if !known || v.said < mostAnswered && !v.dropped || v.hour != now.Unix()/3600 || u.private && flows.Knocks(u.event) {
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
