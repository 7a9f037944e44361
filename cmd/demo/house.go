package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/cmd/demo/phones"
	"pendamping/cmd/internal/records"
	"pendamping/cmd/internal/roster"
	"pendamping/cmd/internal/serve"
	"pendamping/cmd/internal/settings"
	"pendamping/flows/join"
	"pendamping/flows/sandbox"
	"pendamping/store"
)

// token is of no bot: the demo's Telegram is its own.
const token = "2026:demo"

//go:embed roster.csv
var rosterFile []byte

//go:embed rab.csv
var plansFile []byte

// visitors are who a visitor can chat as.
var visitors = []phones.Person{
	{ID: 1001, Name: "Siti Utami", Role: "bendahara, Melati Jaya",
		Hint: "Send a photo of a nota: open the samples below, or type /bantuan."},
	{ID: 1002, Name: "Sri Wahyuni", Role: "ketua, Melati Jaya",
		Hint: "Type /saldo to see what is left, and approve the book there."},
	{ID: 1004, Name: "Rina Handayani", Role: "pendamping",
		Hint: "Type /tugas to see what is to be done, /tinjau to look at notas."},
	{ID: 1005, Name: "Dewi Kusumawati", Role: "koordinator",
		Hint: "Type /progres to see how far the field is, /umumkan to write to everybody."},
}

// house is the bot as in production, with other addresses.
type house struct {
	box                       *sandbox.Box
	dir, database, redis, api string
}

func (h house) settings() settings.Settings {
	return settings.Settings{
		Token: token, API: h.api, Database: h.database, Redis: h.redis, Listen: "127.0.0.1:0",
		Media: "file://" + filepath.Join(h.dir, "media"), Rate: 28, Zone: "Asia/Jakarta",
	}
}

// load imports the roster, with money that came ten days ago, and a crowd of so many people.
func (h house) load(ctx context.Context, people int, telegram *faketelegram.Server) error {
	mark := filepath.Join(h.dir, marker)
	day := store.DayOf(time.Now(), time.Local).Add(-10)
	if kept, err := os.ReadFile(mark); err == nil && store.Day(kept).Valid() {
		day = store.Day(kept) // the same roster again changes nothing
	}
	if err := os.WriteFile(mark, []byte(day), 0o600); err != nil {
		return err
	}
	file := filepath.Join(h.dir, "roster.csv")
	if err := os.WriteFile(file, bytes.ReplaceAll(rosterFile, []byte("{{tanggal_cair}}"), []byte(day)),
		0o600); err != nil {
		return err
	}
	rab := filepath.Join(h.dir, "rab.csv")
	if err := os.WriteFile(rab, plansFile, 0o600); err != nil {
		return err
	}
	db, err := records.Open(ctx, h.settings())
	if err != nil {
		return err
	}
	defer db.Close()
	var said strings.Builder
	files := roster.Files{Box: h.box, Roster: file, Plans: rab, Notice: join.Notice}
	if err := roster.Import(ctx, db.Begin(time.Now(), 0), files, &said); err != nil {
		return fmt.Errorf("the demo's roster: %w", err)
	}
	if people == 0 {
		return nil
	}
	file = filepath.Join(h.dir, "crowd.csv")
	if err := os.WriteFile(file, crowd(people, day, telegram), 0o600); err != nil {
		return err
	}
	if err := roster.Import(ctx, db.Begin(time.Now(), 0), roster.Files{Box: h.box, Roster: file, Notice: join.Notice},
		&said); err != nil {
		return fmt.Errorf("the crowd's roster: %w", err)
	}
	return nil
}

// serve runs the bot; it logs warnings only, so that the page's address stays in sight.
func (h house) serve(ctx context.Context) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return serve.Run(ctx, h.settings(), h.box, time.Now, log)
}
