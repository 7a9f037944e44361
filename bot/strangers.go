package bot

import (
	"context"
	"strconv"
	"sync"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/store"
)

// Who is not in the roster, and a group that only asks for what is said in private, gets a few answers an hour. After that nothing
// is answered, and what they send is not even kept, but for what may let them in. Anybody can make as many such chats as they like,
// so that each may cost little, and all of them together share a few answers a second. What is over is dropped and counted.
const (
	mostAnswered = 3                // answers an hour for each
	lookAgain    = 10 * time.Second // so often one of their updates is handled: they may be in the roster by now
	mostCodes    = 60               // codes an hour that are handled of whoever had those answers
	codeAgain    = time.Minute      // so often a code is handled beyond that, and so often it is said why codes lead to nothing
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
	codes   int       // of this hour that were handled since it had its answers
	knocked time.Time // when the last of them was
	late    time.Time // when it was last told that its codes come too fast
	spun    time.Time // when the spinner of a button that is ignored was last ended
	dropped bool      // the last answer was dropped, because of all the others
	in      bool      // it has an invitation that fits: what it sends is kept, and handled in its turn
}

// answer tells whether a stranger's chat is to be answered, and whether for the last time in this hour, and counts it. Whose code leads to
// nothing hears why once a minute also after that.
func (s *strangers) answer(ctx context.Context, chat int64, code bool) (ok, last bool) {
	now := s.bot.Now()
	hour := now.Unix() / 3600
	s.mu.Lock()
	v := s.chats[chat]
	s.mu.Unlock()
	if v.hour != hour {
		v = visit{hour: hour, in: v.in}
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
	s.keep(chat, v)
	return ok, last
}

// keep remembers a chat; s is locked.
func (s *strangers) keep(chat int64, v visit) {
	if len(s.chats) >= mostStranger {
		s.chats = nil // at worst some get a few answers more
	}
	if s.chats == nil {
		s.chats = map[int64]visit{}
	}
	s.chats[chat] = v
}

// answerAnybody tells whether somebody is answered who is not in the roster and whose few answers are counted elsewhere.
func (s *strangers) answerAnybody(ctx context.Context) bool {
	return s.share(ctx, "", 0) == store.AnswerStranger
}

// share decides what processes share: how many answers a stranger had from all of them, and how many all strangers had.
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
	if !asked && shared && !s.alone.allow(allChats, time.Now()) {
		may = store.TooManyStrangers
	}
	if may == store.TooManyStrangers {
		b.metrics.dropped.Inc()
		s.crowd.begin(nil)
	}
	return may
}

// forgetLetIn is for how long it is known of a chat that it has an invitation: longer than the hour in which it had its answers.
const forgetLetIn = 2 * time.Hour

// letIn notes for all processes that a chat has an invitation which fits.
func (s *strangers) letIn(ctx context.Context, chat int64) {
	s.mu.Lock()
	if v, known := s.chats[chat]; known {
		v.in = true
		s.chats[chat] = v
	}
	s.mu.Unlock()
	if s.bot.memory.away.Load() {
		return
	}
	call, cancel := context.WithTimeout(ctx, laneTime)
	defer cancel()
	if err := s.bot.Gate.LetIn(call, chat, forgetLetIn); err != nil {
		s.bot.memory.lost(ctx, err)
	}
}

// isLetIn tells whether a chat has an invitation which fits, as far as any process knows.
func (s *strangers) isLetIn(ctx context.Context, chat int64) bool {
	s.mu.Lock()
	v, known := s.chats[chat]
	s.mu.Unlock()
	if !known || v.in || s.bot.memory.away.Load() {
		return v.in
	}
	call, cancel := context.WithTimeout(ctx, laneTime)
	defer cancel()
	in, err := s.bot.Gate.IsLetIn(call, chat)
	if err != nil {
		s.bot.memory.lost(ctx, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, known := s.chats[chat]; known && in {
		v.in = true
		s.chats[chat] = v
	}
	return in
}

// ignores tells whether an update is of a chat that is answered no more, and can't change that, or has so many waiting that it may be sent
// again later; and whether it is a button whose spinner is to be ended all the same.
func (s *strangers) ignores(ctx context.Context, u update) (ignored, spins bool) {
	if ignored, spins = s.mayIgnore(u); ignored && !s.bot.lanes.behind(u.chat) && s.isLetIn(ctx, u.chat) {
		return false, false
	}
	if ignored {
		s.bot.metrics.ignored.Inc()
	}
	return ignored, spins
}

// mayIgnore is ignores of a chat that nobody has let in.
func (s *strangers) mayIgnore(u update) (ignored, spins bool) {
	if u.chat == 0 || u.left || u.back || u.moved != 0 || u.event.Room != 0 {
		return false, false
	}
	behind := s.bot.lanes.behind(u.chat)
	s.mu.Lock()
	defer s.mu.Unlock()
	v, known := s.chats[u.chat]
	if !known {
		return false, false
	}
	now := s.bot.Now()
	if v.hour != now.Unix()/3600 { // they may be in the roster by now
		return false, false
	}
	longAgo := func(at time.Time, d time.Duration) bool { return now.Sub(at) < 0 || now.Sub(at) >= d } // also where the clock was set back
	knocks := u.private && flows.Knocks(u.event)
	switch {
	case behind: // they may send it again
		if knocks && longAgo(v.late, codeAgain) {
			v.late = now
			s.bot.lanes.busy.Go(func() { s.bot.tellLate(u.chat) })
		}
	case v.said < mostAnswered && !v.dropped:
		return false, false
	case knocks && (v.codes < mostCodes || longAgo(v.knocked, codeAgain)):
		v.codes, v.knocked = v.codes+1, now
		s.chats[u.chat] = v
		return false, false
	case !knocks && longAgo(v.looked, lookAgain):
		v.looked = now
		s.chats[u.chat] = v
		return false, false
	}
	if u.callback != "" && longAgo(v.spun, endSpinner) {
		v.spun, spins = now, true
	}
	s.chats[u.chat] = v
	return true, spins
}

// tellLate tells a stranger that a code was not even kept, because of all that they sent before it.
func (b *Bot) tellLate(chat int64) {
	ok, last := b.strangers.answer(b.work, chat, true)
	if !ok {
		return
	}
	m := store.Message{Chat: chat, Body: []store.Text{store.Say("join.late")}}
	if last {
		m.Body = append(m.Body, store.Say("join.last"))
	}
	b.answerStranger(m, nil)
}

// met notes by the answer to a chat's update whether the chat is a stranger's. A wrong code does not tell: somebody in the roster may have
// typed it. Nor does what happens in a group.
func (s *strangers) met(u update, a dialog.Asker) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a == dialog.Known {
		delete(s.chats, u.chat)
		return
	}
	if hour := s.bot.Now().Unix() / 3600; s.chats[u.chat].hour != hour && a != dialog.Guesser && u.event.Room == 0 {
		s.keep(u.chat, visit{hour: hour})
	}
}
