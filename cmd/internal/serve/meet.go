package serve

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"pendamping/bot/telegram"
)

// meet asks Telegram who the bot is, patiently: a wrong token is said at once, an absent network is waited for and
// logged once.
func meet(ctx context.Context, t *telegram.Client, log *slog.Logger) (telegram.Me, error) {
	said := false
	for wait := 200 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		me, err := t.Me(ctx)
		if err == nil {
			if said {
				log.Info("telegram answers")
			}
			return me, nil
		}
		if telegram.TokenRejected(err) {
			return me, errors.New("TELEGRAM_TOKEN is not valid for this Bot API: copy it anew from @BotFather")
		}
		if !said && ctx.Err() == nil {
			log.Warn("telegram does not answer yet: the start waits for it", "err", err.Error())
			said = true
		}
		select {
		case <-ctx.Done():
			return me, ctx.Err()
		case <-time.After(wait):
		}
	}
}
