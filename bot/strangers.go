package bot

import (
	"context"
	"strconv"
	"sync"
	"time"

	"pendamping/bot/health"
	"pendamping/bot/ratelimit"
	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/store"
)

// A stranger is a person who is not in the roster, or a group that isn't let in. Each gets a few answers an hour.
// After that their updates are neither answered nor kept, unless they may lead to an invitation. Anybody can open any
// number of chats, so each chat costs little, and all of them share a few answers a second. What exceeds that is
// dropped and counted.
const (
	maxStrangerAnswers   = 3                // answers an hour for each
	maxBearerAnswers     = 6                // more an hour for a chat whose invitation fits but must still be proved
	maxInvitationAnswers = 20               // answers an hour about one invitation, whoever has its code
	handleAgainAfter     = 10 * time.Second // how often one is handled after them: they may be enrolled by now
	maxCodes             = 60               // codes an hour that are handled after the answers
	codeAgainAfter       = time.Minute      // how often a code is handled beyond those, or told why it fails
	spinnerEvery         = time.Second      // how often an ignored button's spinner is stopped, to bound the calls
	maxStrangers         = 10_000           // chats that are remembered
	crowdEndsAfter       = time.Minute      // the log's episode ends this long after the last dropped answer
)

// strangers are the chats that got such an answer within this hour.
type strangers struct {
	bot   *Bot
	crowd health.Episode  // strangers write more than is answered
	alone ratelimit.Chats // limits their shared rate while Redis is away

	mu    sync.Mutex
	chats map[int64]strangerState
}

type strangerState struct {
	hour       int64 // since 1970
	answers    int
	looked     time.Time // when one of its updates was last handled
	coded      time.Time // when a code that was not checked was last answered beyond the answers
	codes      int       // codes handled within this hour since it had its answers
	knocked    time.Time // when the last of those codes was handled
	late       time.Time // when it was last told that its codes come too fast
	spun       time.Time // when the spinner of an ignored button was last stopped
	dropped    bool      // the last answer was dropped because of all other strangers
	letInUntil time.Time // until then it has an invitation that fits, and its updates are handled as often as codes
	asked      time.Time // when other processes were last asked whether they let it in
}

// answer reports whether a stranger's chat is answered, and whether for the last time within this hour, and counts
// the answer. Once a minute a chat whose code leads to nothing hears why even after that.
func (s *strangers) answer(ctx context.Context, chat int64, code bool) (ok, last bool) {
	now := s.bot.Now()
	hour := now.Unix() / 3600
	s.mu.Lock()
	v := s.chats[chat]
	s.mu.Unlock()
	if v.hour != hour {
		v = strangerState{hour: hour, letInUntil: v.letInUntil, asked: v.asked}
	}
	v.looked, v.dropped = now, false
	may := store.HadItsAnswers
	key := strconv.FormatInt(chat, 10) + ":" + strconv.FormatInt(hour, 10)
	if v.answers < maxStrangerAnswers {
		may = s.share(ctx, key, maxStrangerAnswers)
	}
	switch may {
	case store.AnswerStranger:
		v.answers++
		last = v.answers == maxStrangerAnswers // counts here if Redis is away or was emptied
		ok = true
	case store.LastAnswer:
		v.answers = maxStrangerAnswers
		ok, last = true, true
	case store.HadItsAnswers:
		v.answers = maxStrangerAnswers // perhaps from other processes
		if age := now.Sub(v.coded); code && (age < 0 || age >= codeAgainAfter) {
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

// answerBearer reports whether a stranger is told what their invitation leads to, even in a crowd. The chat has few
// such answers an hour, and so has the invitation, because its code may have leaked.
func (s *strangers) answerBearer(ctx context.Context, chat int64, paper string) bool {
	if s.bot.sessions.away.Load() {
		return false // nobody counts them then
	}
	hour := strconv.FormatInt(s.bot.Now().Unix()/3600, 10)
	for _, of := range []struct {
		key  string
		most int
	}{{"bearer:" + strconv.FormatInt(chat, 10), maxBearerAnswers}, {paper, maxInvitationAnswers}} {
		call, cancel := context.WithTimeout(ctx, leaseTimeout)
		may, err := s.bot.Limiter.Stranger(call, of.key+":"+hour, of.most, 2*time.Hour, false)
		cancel()
		if err != nil {
			s.bot.sessions.noteError(ctx, err)
		}
		if err != nil || may == store.HadItsAnswers {
			return false
		}
	}
	return true
}

// keep remembers a chat. The caller holds s.mu.
func (s *strangers) keep(chat int64, v strangerState) {
	if len(s.chats) >= maxStrangers {
		s.chats = nil // at worst some chats get a few more answers
	}
	if s.chats == nil {
		s.chats = map[int64]strangerState{}
	}
	s.chats[chat] = v
}

// answerAnybody reports whether a stranger is answered whose few answers are counted elsewhere.
func (s *strangers) answerAnybody(ctx context.Context) bool {
	return s.share(ctx, "", 0) == store.AnswerStranger
}

// share asks Redis, which counts for all processes the answers of each stranger and of all strangers together.
func (s *strangers) share(ctx context.Context, key string, most int) (may store.StrangerAnswer) {
	b := s.bot
	shared := b.Rate > 0
	asked := false
	if !b.sessions.away.Load() {
		call, cancel := context.WithTimeout(ctx, leaseTimeout)
		var err error
		may, err = b.Limiter.Stranger(call, key, most, 2*time.Hour, shared)
		cancel()
		if asked = err == nil; !asked {
			b.sessions.noteError(ctx, err)
		}
	}
	if !asked && shared && !s.alone.Allow(ratelimit.AllChats, time.Now()) {
		may = store.TooManyStrangers
	}
	if may == store.TooManyStrangers {
		b.metrics.dropped.Inc()
		s.crowd.Begin(nil)
	}
	return may
}

// forgetLetIn is how long a chat's invitation is remembered, which is longer than the hour of its answers.
const forgetLetIn = 2 * time.Hour

// letIn tells all processes that a chat has an invitation that fits.
func (s *strangers) letIn(ctx context.Context, chat int64) {
	now := s.bot.Now()
	s.mu.Lock()
	if v, known := s.chats[chat]; known {
		v.letInUntil, v.asked = now.Add(forgetLetIn), now
		s.chats[chat] = v
	}
	s.mu.Unlock()
	s.tell(ctx, func(ctx context.Context) error { return s.bot.Limiter.LetIn(ctx, chat, forgetLetIn) })
}

// tell tells Redis something, unless it is away.
func (s *strangers) tell(ctx context.Context, what func(context.Context) error) {
	if s.bot.sessions.away.Load() {
		return
	}
	call, cancel := context.WithTimeout(ctx, leaseTimeout)
	defer cancel()
	if err := what(call); err != nil {
		s.bot.sessions.noteError(ctx, err)
	}
}

// putOut forgets that a chat had an invitation that fits.
func (s *strangers) putOut(ctx context.Context, chat int64) {
	s.mu.Lock()
	v, known := s.chats[chat]
	was := !v.letInUntil.IsZero()
	if known && was {
		v.letInUntil, v.asked = time.Time{}, s.bot.Now()
		s.chats[chat] = v
	}
	s.mu.Unlock()
	if was {
		s.tell(ctx, func(ctx context.Context) error { return s.bot.Limiter.PutOut(ctx, chat) })
	}
}

// askLetIn asks Redis which of the chats that may be ignored were let in by other processes. It asks once for all
// updates of a batch, because other people's updates wait for the answer, and seldom for each chat.
func (s *strangers) askLetIn(ctx context.Context, list []update) {
	if s.bot.sessions.away.Load() {
		return
	}
	now := s.bot.Now()
	var chats []int64
	s.mu.Lock()
	for _, u := range list {
		v, known := s.chats[u.Chat]
		spent := known && v.hour == now.Unix()/3600 && (v.answers >= maxStrangerAnswers || v.dropped)
		if spent && !v.letInUntil.After(now) && longAgo(now, v.asked, handleAgainAfter) {
			v.asked = now
			s.chats[u.Chat] = v
			chats = append(chats, u.Chat)
		}
	}
	s.mu.Unlock()
	if len(chats) == 0 {
		return
	}
	call, cancel := context.WithTimeout(ctx, leaseTimeout)
	defer cancel()
	in, err := s.bot.Limiter.AreLetIn(call, chats)
	if err != nil {
		s.bot.sessions.noteError(ctx, err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, chat := range chats {
		if v, known := s.chats[chat]; known && in[i] && v.asked.Equal(now) { // or else it was set meanwhile
			v.letInUntil = now.Add(forgetLetIn)
			s.chats[chat] = v
		}
	}
}

// ignores reports whether an update is ignored: its chat gets no more answers and the update can't change that, or so
// many of the chat's updates wait that it may be sent again later. spins reports whether it is a button press whose
// spinner is stopped all the same.
func (s *strangers) ignores(u update) (ignored, spins bool) {
	if ignored, spins = s.mayIgnore(u); ignored {
		s.bot.metrics.ignored.Inc()
	}
	return ignored, spins
}

// mayIgnore is ignores without the counting.
func (s *strangers) mayIgnore(u update) (ignored, spins bool) {
	if u.Chat == 0 || u.Blocked || u.Unblocked || u.MovedTo != 0 || u.Event.GroupChat != 0 {
		return false, false
	}
	behind := s.bot.queues.behind(u.Chat)
	s.mu.Lock()
	defer s.mu.Unlock()
	v, known := s.chats[u.Chat]
	if !known {
		return false, false
	}
	now := s.bot.Now()
	if v.hour != now.Unix()/3600 { // the sender may be in the roster by now
		return false, false
	}
	knocks := u.Private && flows.Knocks(u.Event)
	heard := knocks || v.letInUntil.After(now) // handled as often as codes
	switch {
	case behind: // the sender may send it again
		if knocks && longAgo(now, v.late, codeAgainAfter) {
			v.late = now
			s.bot.queues.busy.Go(func() { s.bot.tellLate(u.Chat) })
		}
	case v.answers < maxStrangerAnswers && !v.dropped:
		return false, false
	case heard && (v.codes < maxCodes || longAgo(now, v.knocked, codeAgainAfter)):
		v.codes, v.knocked = v.codes+1, now
		s.chats[u.Chat] = v
		return false, false
	case !heard && longAgo(now, v.looked, handleAgainAfter):
		v.looked = now
		s.chats[u.Chat] = v
		return false, false
	}
	if u.Callback != "" && longAgo(now, v.spun, spinnerEvery) {
		v.spun, spins = now, true
	}
	s.chats[u.Chat] = v
	return true, spins
}

// longAgo reports whether something was at least that long ago, or lies in the future because the clock was set back.
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

// met notes whether a chat is a stranger's, by the answer to its update. A wrong code doesn't tell, because somebody
// in the roster may have typed it; nor does what happens in a group.
func (s *strangers) met(u update, a dialog.Asker) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a == dialog.Known {
		delete(s.chats, u.Chat)
		return
	}
	v := s.chats[u.Chat]
	if hour := s.bot.Now().Unix() / 3600; v.hour != hour && a != dialog.Guesser && u.Event.GroupChat == 0 {
		s.keep(u.Chat, strangerState{hour: hour, letInUntil: v.letInUntil, asked: v.asked})
	}
}
