package bot

import (
	"context"
	"errors"
	"time"

	"pendamping/flows"
	"pendamping/store"
)

// lookAll looks at pictures whose bytes are here, one at a time and resting in between, so that replies never wait for it. One
// process does it.
func (b *Bot) lookAll(ctx context.Context) {
	for b.Inspect != nil {
		select {
		case <-ctx.Done():
			return
		case <-b.looks:
		case <-time.After(2 * time.Second):
		}
		if lead, err := b.Process.Lead(ctx, "look"); err != nil || !lead {
			continue
		}
		for after := store.ID(0); ctx.Err() == nil; {
			list, err := b.Records.FilesToLook(ctx, after, 64)
			if err != nil || len(list) == 0 {
				break
			}
			after = list[len(list)-1].ID
			for _, f := range list {
				began := time.Now()
				if err := b.look(ctx, f); err != nil && ctx.Err() == nil {
					b.Log.Warn("a picture was not looked at", "file", int64(f.ID), "err", err.Error())
				}
				if !sleep(ctx, 2*time.Since(began)) {
					return
				}
			}
		}
	}
}

// look looks at one picture and tells its sender how to take it better.
func (b *Bot) look(ctx context.Context, f store.File) error {
	r, err := b.Media.Open(f.SHA256)
	if errors.Is(err, store.ErrNotFound) {
		return nil // doctor and verify say so
	}
	if err != nil {
		return err
	}
	defer r.Close()
	if b.Read != nil {
		select {
		case b.reads <- f:
		default:
		}
	}
	l, err := b.Inspect(ctx, b.Records, f, r)
	if err != nil {
		return err
	}
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	tell, err := flows.Coach(ctx, tx, f, l)
	if err != nil {
		return err
	}
	if err := tx.KeepLook(ctx, l); err != nil {
		return err
	}
	_, err = tx.Commit(ctx, b.Process.Number(), nil, queued(tell))
	if len(tell) > 0 {
		wake(b.paced)
	}
	return err
}
