package bot_test

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"pendamping/bot"
	"pendamping/flows/documents"
	"pendamping/store"
)

// points calls at with the name of each point that a process passes and the update that passes it (at "account", the
// account), and fails there with the error that at returns. It wraps the real parts.
type points struct {
	bot.Records
	leases bot.Leases
	at     func(point string, of int64) error
}

// watched puts points into a configuration.
func watched(at func(point string, of int64) error) func(*bot.Config) {
	return func(c *bot.Config) {
		p := points{c.Records, c.Leases, at}
		begin, made := c.Begin, c.Make
		c.Make = func(ctx context.Context, w io.Writer, from documents.Source, m store.Message,
			language string) (string, error) {
			if err := at("make", 0); err != nil {
				return "", err
			}
			return made(ctx, w, from, m, language)
		}
		c.Records, c.Leases = p, pointLeases{p.leases, at}
		c.Begin = func(now time.Time, update int64) bot.Tx {
			return pointTx{begin(now, update), at, update}
		}
	}
}

func (p points) Accept(ctx context.Context, holder int64, list []store.Update) ([]int64, error) {
	if err := p.at("accept", list[0].ID); err != nil {
		return nil, err
	}
	fresh, err := p.Records.Accept(ctx, holder, list)
	if err == nil {
		for _, u := range list {
			err = errors.Join(err, p.at("accepted", u.ID))
		}
	}
	return fresh, err
}

func (p points) HeldUpdates(ctx context.Context, holder int64, ids []int64) ([]int64, error) {
	if err := p.at("look up", ids[0]); err != nil {
		return nil, err
	}
	held, err := p.Records.HeldUpdates(ctx, holder, ids)
	return held, errors.Join(err, p.at("looked up", ids[0]))
}

func (p points) Recover(ctx context.Context, holder int64, limit int) (store.LeftBehind, error) {
	if err := p.at("recover", holder); err != nil {
		return store.LeftBehind{}, err
	}
	return p.Records.Recover(ctx, holder, limit)
}

func (p points) KeepOutcomes(ctx context.Context, now time.Time, marks []store.DeliveryOutcome) error {
	if err := p.at("mark", 0); err != nil {
		return err
	}
	return p.Records.KeepOutcomes(ctx, now, marks)
}

func (p points) Done(ctx context.Context, ids []int64) error {
	if err := p.at("done", ids[0]); err != nil {
		return err
	}
	return p.Records.Done(ctx, ids)
}

type pointTx struct {
	bot.Tx
	at     func(string, int64) error
	update int64
}

func (t pointTx) Account(ctx context.Context, id int64) (store.Account, error) {
	if err := t.at("account", id); err != nil {
		return store.Account{}, err
	}
	return t.Tx.Account(ctx, id)
}

func (t pointTx) Commit(
	ctx context.Context, holder int64, session []byte, list []store.Delivery,
) ([]store.Delivery, error) {
	if t.update == 0 {
		return t.Tx.Commit(ctx, holder, session, list)
	}
	if err := t.at("commit", t.update); err != nil {
		return nil, err
	}
	list, err := t.Tx.Commit(ctx, holder, session, list)
	if err == nil {
		err = t.at("committed", t.update)
	}
	return list, err
}

type pointLeases struct {
	bot.Leases
	at func(string, int64) error
}

func (l pointLeases) Release(ctx context.Context, chat int64, owner string, revision int64, session []byte) error {
	err := l.Leases.Release(ctx, chat, owner, revision, session)
	if err == nil && session != nil {
		err = l.at("left", 0)
	}
	return err
}

// trail is the points that were passed, in order.
type trail struct {
	mu     sync.Mutex
	passed map[string][]int64
}

func (t *trail) at(point string, update int64) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.passed == nil {
		t.passed = map[string][]int64{}
	}
	t.passed[point] = append(t.passed[point], update)
	return nil
}

func (t *trail) of(point string) []int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]int64(nil), t.passed[point]...)
}
