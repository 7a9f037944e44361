// Command demo runs everything embedded, and a web page to chat as any person: no Telegram account, no server to
// install.
//
//	go run ./cmd/demo          go on where the last demo ended
//	go run ./cmd/demo -fresh   begin again
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/cmd/demo/phones"
	"pendamping/cmd/internal/roster"
	"pendamping/flows/layout"
	"pendamping/flows/look"
	"pendamping/flows/look/sample"
	"pendamping/flows/sandbox"
	"pendamping/store"
	"pendamping/store/embedded"
)

func main() {
	box := sandbox.Start(look.Jobs(), layout.Jobs(), roster.Jobs())
	dir := flag.String("dir", ".demo", "folder for the demo's data")
	addr := flag.String("addr", "127.0.0.1:8090", "address of the page")
	fresh := flag.Bool("fresh", false, "begin again, forgetting what was said")
	people := flag.Int("crowd", 0, "so many people more in the roster, to announce something to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, box, *dir, *addr, *fresh, *people); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run opens things, joins them, runs until ctx ends, and closes them in the other order.
func run(ctx context.Context, box *sandbox.Box, dir, addr string, fresh bool, people int) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	page, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("the page's address is taken; give another with -addr: %w", err)
	}
	defer page.Close()
	if fresh {
		say("forgetting the last demo")
		if err := forget(dir); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}

	telegram := faketelegram.New(token)
	defer telegram.Close()
	telegram.SetUsername("pendamping_bot")
	chats := filepath.Join(dir, "telegram.tar")
	if err := load(telegram, chats); err != nil {
		return err
	}
	api, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	telegramServer := &http.Server{Handler: telegram}
	go telegramServer.Serve(api)
	defer telegramServer.Close()
	keeping := make(chan struct{})
	go func() { keep(ctx, telegram, chats); close(keeping) }()

	// The page is there at once; what is said before the bot runs waits for it.
	visitors := visitors
	if people > 0 {
		visitors = append(slices.Clone(visitors), second)
	}
	web := &http.Server{Handler: phones.New(telegram, visitors, sample.All(store.DayOf(time.Now(), time.Local)))}
	go web.Serve(page)
	defer web.Close()

	say("starting PostgreSQL and Redis")
	servers := embedded.Options{Dir: dir, Log: os.Stdout}
	postgres, err := embedded.StartPostgres(ctx, servers)
	if err != nil {
		return err
	}
	defer postgres.Stop()
	redis, err := embedded.StartAnyRedis(ctx, servers)
	if err != nil {
		return err
	}
	defer redis.Stop()

	house := house{box: box, dir: dir, database: postgres.URL, redis: redis.URL, api: "http://" + api.Addr().String()}
	say("loading the roster")
	if err := house.load(ctx, people, telegram); err != nil {
		return err
	}
	say("starting the bot")
	bot := make(chan error, 1)
	go func() { bot <- house.serve(ctx) }()

	say("ready: open http://%s in a browser; Ctrl-C ends it", page.Addr())
	select {
	case <-ctx.Done():
		say("ending; what was said is kept in %s", dir)
		err = <-bot
	case err = <-bot:
		if err == nil {
			err = errors.New("the bot stopped")
		}
	}
	if ctx.Err() != nil {
		<-keeping
	}
	return err
}

func say(format string, args ...any) { fmt.Printf(format+"\n", args...) }
