package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pendamping/bot/faketelegram"
)

// load puts the chats of the last demo back; without any it begins with none.
func load(telegram *faketelegram.Server, path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return telegram.Load(f)
}

// keep saves the chats soon after they changed, and at the end.
func keep(ctx context.Context, telegram *faketelegram.Server, path string) {
	watch, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	changes := telegram.Watch(watch)
	for {
		select {
		case <-ctx.Done():
			time.Sleep(300 * time.Millisecond) // the bot's last words
			save(telegram, path)
			return
		case <-changes:
			time.Sleep(500 * time.Millisecond)
			for len(changes) > 0 {
				<-changes
			}
			save(telegram, path)
		}
	}
}

func save(telegram *faketelegram.Server, path string) {
	tmp, err := os.CreateTemp(filepath.Dir(path), "telegram-*")
	if err != nil {
		say("the chats are not kept: %v", err)
		return
	}
	defer os.Remove(tmp.Name())
	err = errors.Join(telegram.Save(tmp), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		say("the chats are not kept: %v", err)
	}
}

// forget removes the last demo's data.
func forget(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, marker)); err != nil {
		return errors.New(dir + " is not a folder that the demo made; nothing was removed")
	}
	// The database's folder may be a link to where its user can enter.
	if to, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres")); err == nil {
		if err := os.RemoveAll(to); err != nil {
			return err
		}
	}
	return os.RemoveAll(dir)
}

// marker is a file that says whose folder it is.
const marker = "made-by-the-demo"
