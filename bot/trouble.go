package bot

import (
	"context"
	"log/slog"
	"time"

	"pendamping/bot/health"
)

// serverSteady is how long a server must work before it counts as back. At first it may refuse some calls, and calls
// that began during the outage end later: that is still the same outage.
const serverSteady = 3 * time.Second

// episodes are the kinds of trouble that many calls notice. Each is logged once when it begins and once when it ends.
type episodes struct {
	postgresAway, readOnly, telegramAway, mediaAway, frozen health.Episode
	tokenRejected, standsDown, otherPolls, otherHook        health.Episode
	hookFails, pauses, longPauses                           health.Episode
}

// logTo prepares the episodes to be logged there.
func (s *episodes) logTo(log *slog.Logger) {
	for e, logs := range map[*health.Episode][2]string{
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
		e.Log, e.Began, e.Ended = log, logs[0], logs[1]
	}
	s.postgresAway.Steady, s.readOnly.Steady, s.tokenRejected.Steady = serverSteady, serverSteady, serverSteady
}

// sendDeadline is for loops that wait for Telegram and for the rate limiter. A pause or an outage excuses them.
const sendDeadline = 15 * time.Minute

// watchSessions notices when Redis is back.
func (b *Bot) watchSessions(ctx context.Context) {
	b.sessions.watch(ctx, func() { b.heartbeats.Beat("sessions", time.Minute) })
}

// hungLoops names the loops that hang. While PostgreSQL or Telegram is away, or all sending is paused, a waiting loop
// is healthy, because ending the process would mend nothing.
func (b *Bot) hungLoops(ctx context.Context) []string {
	now := time.Now()
	late := b.heartbeats.Late(now, time.Time{})
	if len(late) == 0 {
		return nil
	}
	paused := b.backoff.End()
	if on, _ := b.telegramAway.Now(); on || now.Before(paused) || b.checkPostgres(ctx) != nil {
		return nil
	}
	excused := paused
	for _, e := range []*health.Episode{&b.postgresAway, &b.readOnly, &b.telegramAway} {
		if ago, ok := e.Over(); ok && now.Add(-ago).After(excused) {
			excused = now.Add(-ago)
		}
	}
	return b.heartbeats.Late(now, excused)
}

// awayAfter is how many calls in a row Telegram leaves unanswered before it counts as away.
const awayAfter = 5

// denialPause is how long a rejected token pauses everything. The pause is renewed while the token stays rejected.
const denialPause = 2 * time.Second

// noticeTelegram logs when Telegram stops answering or rejects the token, and when that is over. While the token is
// rejected this process sends nothing; another may have a newer token.
func (b *Bot) noticeTelegram() {
	if b.Telegram.TokenRejected() {
		b.metrics.denied.Set(1)
		b.tokenRejected.Begin(nil)
		b.backoff.Extend(denialPause, denialPause, time.Now())
	} else {
		b.metrics.denied.Set(0)
		b.tokenRejected.End()
	}
	switch n := b.Telegram.Unanswered(); {
	case n == 0:
		b.telegramAway.End()
	case n >= awayAfter:
		b.telegramAway.Begin(nil)
	}
}
