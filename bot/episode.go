package bot

import (
	"log/slog"
	"sync"
	"time"
)

// serverSteady is how long a server must work before it counts as back. At first it may refuse some calls, and calls
// that began during the outage end later: that is still the same outage.
const serverSteady = 3 * time.Second

// episode is trouble that many calls notice, and that is logged only twice: when it begins and when it ends.
type episode struct {
	log          *slog.Logger
	began, ended string        // the two log lines
	steady       time.Duration // the trouble ends when nobody noticed it for this long

	mu    sync.Mutex
	since time.Time // zero if there is no trouble
	met   time.Time // when it was last noticed
	last  time.Time // when the last trouble ended
}

// begin notes that the trouble is there. err may be nil.
func (e *episode) begin(err error, args ...any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.met = time.Now()
	if !e.since.IsZero() {
		return
	}
	e.since = e.met
	if err != nil {
		args = append(args, "err", err.Error())
	}
	e.log.Warn(e.began, args...)
}

// end notes that the trouble is over. It has to be called until the trouble was not noticed for e.steady.
func (e *episode) end() { e.endAfter(e.steady) }

// endAfter ends the trouble if nobody noticed it for that long.
func (e *episode) endAfter(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.since.IsZero() || time.Since(e.met) < d {
		return
	}
	e.log.Info(e.ended, "after", time.Since(e.since).Round(time.Millisecond).String())
	e.since, e.last = time.Time{}, time.Now()
}

// now reports whether the trouble is there, and for how long.
func (e *episode) now() (on bool, since time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.since.IsZero() {
		return false, 0
	}
	return true, time.Since(e.since)
}

// over returns how long ago the last trouble ended; ok is false if there was none.
func (e *episode) over() (ago time.Duration, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Since(e.last), !e.last.IsZero()
}

// episodes are the kinds of trouble that many calls notice. Each is logged once when it begins and once when it ends.
type episodes struct {
	postgresAway, readOnly, telegramAway, mediaAway, frozen episode
	tokenRejected, standsDown, otherPolls, otherHook        episode
	hookFails, pauses, longPauses                           episode
}

// logTo prepares the episodes to be logged there.
func (s *episodes) logTo(log *slog.Logger) {
	for e, logs := range map[*episode][2]string{
		&s.postgresAway: {"postgres is away: updates wait", "postgres is back"},
		&s.readOnly:     {"PostgreSQL is read-only: updates wait", "PostgreSQL takes changes again"},
		&s.telegramAway: {"telegram does not answer: messages wait", "telegram answers again"},
		&s.mediaAway: {"media: the bytes of files can't be kept; they are fetched again until they can",
			"media: bytes of files are kept again"},
		&s.frozen: {"another process stands still, as when it is frozen or its machine is paused; " +
			"soon others take over from it", "no other process stands still"},
		&s.tokenRejected: {"telegram does not accept TELEGRAM_TOKEN: nothing is sent, and messages wait. " +
			"If the token was revoked, copy the new one from @BotFather and start again",
			"telegram accepts TELEGRAM_TOKEN again"},
		&s.standsDown: {"stands down from polling: another process receives by webhook",
			"no process receives by webhook any more: polls again"},
		&s.otherPolls: {"another program polls with this token: some updates go there until it stops",
			"nobody else polls any more"},
		&s.otherHook: {"another program sets a webhook for this token: no updates come here until it stops",
			"no webhook is set any more"},
		&s.hookFails: {"telegram can't deliver to the webhook", "telegram delivers to the webhook again"},
		&s.pauses:    {"telegram asks everybody to wait", "telegram asks nobody to wait any more"},
		&s.longPauses: {"telegram asks for a very long pause, which is cut",
			"telegram asks for no very long pauses any more"},
	} {
		e.log, e.began, e.ended = log, logs[0], logs[1]
	}
	s.postgresAway.steady, s.readOnly.steady, s.tokenRejected.steady = serverSteady, serverSteady, serverSteady
}
