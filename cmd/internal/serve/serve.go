// Package serve runs the bot, and asks one that runs how it is.
package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"golang.org/x/net/netutil"

	"pendamping/bot"
	"pendamping/bot/telegram"
	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/settings"
	"pendamping/flows/receipt"
	"pendamping/flows/sandbox"
	"pendamping/locales"
	"pendamping/store/media"
	"pendamping/store/postgres"
	"pendamping/store/redis"
)

// Run runs the bot until ctx ends, and then finishes what is in hand and returns nil. box runs what reads strangers'
// bytes; now is the clock. Its error is one line: a setting that is missing or wrong, by its name, or what
// ended the bot.
func Run(ctx context.Context, s settings.Settings, box *sandbox.Box, now func() time.Time, log *slog.Logger) error {
	if err := s.Need("TELEGRAM_TOKEN", "DATABASE_URL", "REDIS_URL"); err != nil {
		return err
	}
	zone, err := s.Location()
	if err != nil {
		return err
	}
	words, err := locales.Load()
	if err != nil {
		return err
	}
	words.Missing = func(lang, id string) { log.Warn("a sentence is missing", "id", id, "language", lang) }
	db, err := records.Open(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Writable(ctx); err != nil {
		return fmt.Errorf("DATABASE_URL: %s: give it the server that takes changes, not a standby",
			settings.OneLine(err))
	}
	if err := records.CheckBot(ctx, db, s.Token); err != nil {
		return fmt.Errorf("TELEGRAM_TOKEN: %s", settings.OneLine(err))
	}
	cache, err := redis.Open(ctx, s.Redis)
	if errors.Is(err, redis.ErrCluster) {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	if err != nil {
		return fmt.Errorf("REDIS_URL: Redis does not answer or can't be written; "+
			"see that it runs, has memory left and the address is right: %s", settings.OneLine(err))
	}
	defer cache.Close()
	pictures, err := media.Open(s.Media)
	if err != nil {
		return fmt.Errorf("MEDIA_URL: %w", err)
	}
	if err := records.MarkFolder(ctx, db, pictures); err != nil {
		return fmt.Errorf("MEDIA_URL: %s", settings.OneLine(err))
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("LISTEN_ADDR: %w", err)
	}
	var front front
	server := newServer(&front, log)
	go server.Serve(netutil.LimitListener(listener, mostConnections))
	defer server.Close()
	front.await("telegram")
	client := telegram.New(s.API, s.Token)
	defer client.Close()
	me, err := meet(ctx, client, log)
	if ctx.Err() != nil {
		return nil // told to stop before Telegram answered
	}
	if err != nil {
		return err
	}
	front.await("postgres")
	if err := db.SetBot(ctx, records.BotID(s.Token)); err != nil {
		log.Warn("which bot the database belongs to was not kept: the next start does", "err", settings.OneLine(err))
	}
	if err := box.Check(ctx); err != nil { // what it opens would all be set aside
		return fmt.Errorf("opening strangers' files in a child process does not work; run `pendamping doctor`: %s",
			settings.OneLine(err))
	}
	if !sandbox.Enforced {
		log.Warn("this system does not limit the memory and processor time of what opens strangers' files: " +
			"run the bot on Linux")
	}
	log.Info("serving", "bot", me.Username, "listen", listener.Addr().String(), "webhook", s.PublicURL != "")
	defer log.Info("stopped")
	var next *postgres.Process
	for {
		self := next
		if next = nil; self == nil {
			if self, err = joinProcesses(ctx, db, now, log); err != nil {
				return nil // told to stop before the database let it in
			}
		}
		b := bot.New(bot.Config{
			Telegram: client, Name: me.Username, PublicURL: s.PublicURL,
			Records: db, Begin: func(at time.Time, update int64) bot.Tx { return db.Begin(at, update) },
			Process: self, Join: func(ctx context.Context) (err error) { next, err = db.Join(ctx, now()); return err },
			Leases: cache, Limiter: cache, Media: pictures,
			Inspect: receipt.InspectIn(box), Make: makes(box, db, self.Number()), Read: reader(ctx, s, box),
			Locales: words, Zone: zone, Rate: s.Rate, Paid: s.Paid, Now: now, Log: log,
		})
		front.set(b.Handler())
		err = b.Run(ctx)
		self.Close()
		if !errors.Is(err, bot.ErrLost) {
			if next != nil {
				next.Close()
			}
			return err
		}
	}
}

// Logger writes a JSON line for each record.
func Logger(w io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(w, nil)) }
