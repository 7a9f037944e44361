// Package doctor looks at everything the bot needs, and says what to do about what is not well.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"pendamping/bot"
	"pendamping/bot/telegram"
	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/settings"
	"pendamping/flows/sandbox"
	"pendamping/store/media"
	"pendamping/store/postgres"
	"pendamping/store/redis"
)

// Examine looks at everything the bot needs, and tells out line by line what is well, what is wrong and what to do.
// It returns whether all is well. What a setting that is not set would lead to is not looked at.
func Examine(ctx context.Context, s settings.Settings, box *sandbox.Box, now time.Time, out io.Writer) bool {
	well := true
	say := func(what string, err error, advice string) {
		if err == nil {
			fmt.Fprintf(out, "ok    %s\n", what)
			return
		}
		well = false
		fmt.Fprintf(out, "fail  %s: %s\n      %s\n", what, settings.OneLine(err), advice)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()

	wrong := s.Wrong("TELEGRAM_TOKEN", "DATABASE_URL", "REDIS_URL")
	for _, err := range wrong {
		say("settings", err, "See the table of settings in cmd/README.md.")
	}
	if len(wrong) == 0 {
		say("settings", nil, "")
	}
	if s.Token != "" {
		checkTelegram(ctx, s, say)
	}
	pictures, kept := media.Open(s.Media)
	if s.Database != "" {
		checkPostgres(ctx, s, pictures, now, say)
	}
	if s.Redis != "" {
		cache, err := redis.Open(ctx, s.Redis)
		say("redis", err, "See that Redis runs and REDIS_URL is right, that it is no replica and has memory left.")
		if err == nil {
			cache.Close()
		}
	}
	say("sandbox", box.Check(ctx),
		"See that this program may start itself, that TMPDIR can be written to, and that /proc is there.")
	if !sandbox.Enforced {
		fmt.Fprintf(out, "note  sandbox: this system does not limit the memory and processor time "+
			"of what opens strangers' files\n"+
			"      Run the bot on Linux.\n")
	}
	if kept == nil {
		kept = pictures.Check(ctx)
	}
	say("media", kept, "See that MEDIA_URL is a folder that this user may write to, with room left.")
	return well
}

// teller says of one thing that it is well, or what is wrong with it and what to do.
type teller func(what string, err error, advice string)

// checkTelegram asks Telegram who the bot is, and where its updates go.
func checkTelegram(ctx context.Context, s settings.Settings, say teller) {
	t := telegram.New(s.API, s.Token)
	defer t.Close()
	me, err := t.Me(ctx)
	say("token"+name(me.Username), err,
		"Copy the token anew from @BotFather, and see that this machine reaches the Bot API.")
	if err == nil {
		advice, err := webhook(ctx, t, s)
		say("webhook", err, advice)
	}
}

// name returns the bot's user name as it stands behind "token", or "" if it is not known.
func name(username string) string {
	if username == "" {
		return ""
	}
	return " (@" + username + ")"
}

// webhook compares what Telegram has with what the settings say, and tells what to do about the error.
func webhook(ctx context.Context, t *telegram.Client, s settings.Settings) (advice string, err error) {
	const serve = "Start `pendamping serve` with this PUBLIC_URL: it sets the webhook."
	w, err := t.Webhook(ctx)
	switch {
	case err != nil:
		return "See that this machine reaches the Bot API.", err
	case s.PublicURL == "" && w.URL != "":
		return "Give this shell the PUBLIC_URL of the running bot. " +
				"To poll instead, stop every process that has it, and start `pendamping serve` without.",
			errors.New("one is set at Telegram, but PUBLIC_URL is not set here")
	case s.PublicURL != "" && w.URL == "":
		return serve, errors.New("none is set at Telegram, but PUBLIC_URL is set")
	case s.PublicURL != "" && w.URL != bot.WebhookURL(s.PublicURL):
		return "Give this shell the PUBLIC_URL of the running bot. " +
				"To move it here, stop that one, and start `pendamping serve` with this PUBLIC_URL.",
			fmt.Errorf("%s is set at Telegram, but PUBLIC_URL wants %s", w.URL, bot.WebhookURL(s.PublicURL))
	case w.LastError != "":
		return "See that the proxy forwards this address to LISTEN_ADDR, with a certificate that Telegram takes.",
			fmt.Errorf("telegram says: %s (%d updates wait)", w.LastError, w.Pending)
	}
	return "", nil
}

// RetryQuarantined gives updates that were set aside to the bot again, and tells out how many.
func RetryQuarantined(ctx context.Context, s settings.Settings, out io.Writer) error {
	return records.With(ctx, s, func(db *postgres.DB) error {
		n, err := db.RetryQuarantined(ctx)
		if err == nil {
			fmt.Fprintf(out, "%d updates will be tried again\n", n)
		}
		return err
	})
}
