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
	mostBorne    = 6                // more to whose invitation fits, besides their tries to show that it is theirs
	mostOfPaper  = 20               // and so many about one invitation, whoever has its code
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
	in      time.Time // until then it has an invitation that fits: what it sends is handled as a code is
	asked   time.Time // when the other processes were last asked whether it has
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
		v = visit{hour: hour, in: v.in, asked: v.asked}
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

// answerBearer tells whether somebody who is not in the roster is told what an invitation in their hands leads to, also in
// a crowd. Their chat has few of these answers in an hour, and so has the invitation, whose code may have leaked to anybody.
func (s *strangers) answerBearer(ctx context.Context, chat int64, paper string) bool {
	if s.bot.memory.away.Load() {
		return false // nobody counts
	}
	hour := strconv.FormatInt(s.bot.Now().Unix()/3600, 10)
	for _, of := range []struct {
		key  string
		most int
	}{{"bearer:" + strconv.FormatInt(chat, 10), mostBorne}, {paper, mostOfPaper}} {
		call, cancel := context.WithTimeout(ctx, laneTime)
		may, err := s.bot.Gate.Stranger(call, of.key+":"+hour, of.most, 2*time.Hour, false)
		cancel()
		if err != nil {
			s.bot.memory.lost(ctx, err)
		}
		if err != nil || may == store.HadItsAnswers {
			return false
		}
	}
	return true
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
	now := s.bot.Now()
	s.mu.Lock()
	if v, known := s.chats[chat]; known {
		v.in, v.asked = now.Add(forgetLetIn), now
		s.chats[chat] = v
	}
	s.mu.Unlock()
	s.tell(ctx, func(ctx context.Context) error { return s.bot.Gate.LetIn(ctx, chat, forgetLetIn) })
}

// tell tells Redis something, unless it is away.
func (s *strangers) tell(ctx context.Context, what func(context.Context) error) {
	if s.bot.memory.away.Load() {
		return
	}
	call, cancel := context.WithTimeout(ctx, laneTime)
	defer cancel()
	if err := what(call); err != nil {
		s.bot.memory.lost(ctx, err)
	}
}

// putOut forgets that of a chat, whose invitation fits no more.
func (s *strangers) putOut(ctx context.Context, chat int64) {
	s.mu.Lock()
	v, known := s.chats[chat]
	was := !v.in.IsZero()
	if known && was {
		v.in, v.asked = time.Time{}, s.bot.Now()
		s.chats[chat] = v
	}
	s.mu.Unlock()
	if was {
		s.tell(ctx, func(ctx context.Context) error { return s.bot.Gate.PutOut(ctx, chat) })
	}
}

// askLetIn asks the other processes which of the chats that may be ignored they have let in: once for all updates that came
// together, since those of others wait behind them, and seldom for each chat.
func (s *strangers) askLetIn(ctx context.Context, list []update) {
	if s.bot.memory.away.Load() {
		return
	}
	now := s.bot.Now()
	var chats []int64
	s.mu.Lock()
	for _, u := range list {
		v, known := s.chats[u.Chat]
		spent := known && v.hour == now.Unix()/3600 && (v.said >= mostAnswered || v.dropped)
		if spent && !v.in.After(now) && longAgo(now, v.asked, lookAgain) {
			v.asked = now
			s.chats[u.Chat] = v
			chats = append(chats, u.Chat)
		}
	}
	s.mu.Unlock()
	if len(chats) == 0 {
		return
	}
	call, cancel := context.WithTimeout(ctx, laneTime)
	defer cancel()
	in, err := s.bot.Gate.AreLetIn(call, chats)
	if err != nil {
		s.bot.memory.lost(ctx, err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, chat := range chats {
		if v, known := s.chats[chat]; known && in[i] && v.asked.Equal(now) { // else it became known meanwhile
			v.in = now.Add(forgetLetIn)
			s.chats[chat] = v
		}
	}
}

// ignores tells whether an update is of a chat that is answered no more, and can't change that, or has so many waiting that it may be sent
// again later; and whether it is a button whose spinner is to be ended all the same.
func (s *strangers) ignores(u update) (ignored, spins bool) {
	if ignored, spins = s.mayIgnore(u); ignored {
		s.bot.metrics.ignored.Inc()
	}
	return ignored, spins
}

// mayIgnore is ignores without counting.
func (s *strangers) mayIgnore(u update) (ignored, spins bool) {
	if u.Chat == 0 || u.Blocked || u.Unblocked || u.MovedTo != 0 || u.Event.Room != 0 {
		return false, false
	}
	behind := s.bot.lanes.behind(u.Chat)
	s.mu.Lock()
	defer s.mu.Unlock()
	v, known := s.chats[u.Chat]
	if !known {
		return false, false
	}
	now := s.bot.Now()
	if v.hour != now.Unix()/3600 { // they may be in the roster by now
		return false, false
	}
	knocks := u.Private && flows.Knocks(u.Event)
	heard := knocks || v.in.After(now) // at the pace of codes
	switch {
	case behind: // they may send it again
		if knocks && longAgo(now, v.late, codeAgain) {
			v.late = now
			s.bot.lanes.busy.Go(func() { s.bot.tellLate(u.Chat) })
		}
	case v.said < mostAnswered && !v.dropped:
		return false, false
	case heard && (v.codes < mostCodes || longAgo(now, v.knocked, codeAgain)):
		v.codes, v.knocked = v.codes+1, now
		s.chats[u.Chat] = v
		return false, false
	case !heard && longAgo(now, v.looked, lookAgain):
		v.looked = now
		s.chats[u.Chat] = v
		return false, false
	}
	if u.Callback != "" && longAgo(now, v.spun, endSpinner) {
		v.spun, spins = now, true
	}
	s.chats[u.Chat] = v
	return true, spins
}

// longAgo tells whether something was so long ago, or later than now because the clock was set back.
func longAgo(now, at time.Time, d time.Duration) bool { return now.Sub(at) < 0 || now.Sub(at) >= d }

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
		delete(s.chats, u.Chat)
		return
	}
	v := s.chats[u.Chat]
	if hour := s.bot.Now().Unix() / 3600; v.hour != hour && a != dialog.Guesser && u.Event.Room == 0 {
		s.keep(u.Chat, visit{hour: hour, in: v.in, asked: v.asked})
	}
}
