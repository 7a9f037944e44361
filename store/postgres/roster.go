package postgres

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// roster keeps accounts that were read, so that a message costs no question who wrote it. A commit that changes a
// person, a consent, a recipient, a plan or an LPJ tells every process, and each forgets what it kept. Without the
// connection that listens, nothing is kept.
type roster struct {
	mu         sync.Mutex
	listening  bool
	generation int
	accounts   map[int64]store.Account
}

// mostAccounts bounds what is kept: the field's mentors and treasurers with room to spare.
const mostAccounts = 50_000

// get returns an account that was kept; the generation goes to put.
func (r *roster) get(id int64) (a store.Account, generation int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a, ok = r.accounts[id]
	a.People, a.Recipients = slices.Clone(a.People), slices.Clone(a.Recipients)
	return a, r.generation, ok
}

// put keeps an account, unless something changed since it was asked for.
func (r *roster) put(a store.Account, generation int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.listening || generation != r.generation || len(r.accounts) >= mostAccounts {
		return
	}
	a.People, a.Recipients = slices.Clone(a.People), slices.Clone(a.Recipients)
	r.accounts[a.ID] = a
}

// listens says whether changes are heard of, and forgets what was kept before.
func (r *roster) listens(to bool) {
	r.mu.Lock()
	r.listening = to
	r.mu.Unlock()
	r.forget()
}

// forget drops everything, and what is being read just now.
func (r *roster) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.generation++
	r.accounts = make(map[int64]store.Account)
}

// changesRoster are the kinds of records that an account is made of.
var changesRoster = map[string]bool{"person": true, "consent": true, "recipient": true, "plan": true, "report": true}

// listen forgets what was kept whenever some process says that the roster changed, until ctx ends.
func (d *DB) listen(ctx context.Context) {
	for ctx.Err() == nil {
		conn, err := pgx.ConnectConfig(ctx, d.pool.Config().ConnConfig.Copy())
		if err == nil {
			_, err = conn.Exec(ctx, `listen roster`)
			for err == nil {
				d.roster.listens(true)
				_, err = conn.WaitForNotification(ctx)
			}
			d.roster.listens(false)
			_ = conn.Close(context.WithoutCancel(ctx))
		}
		select {
		case <-ctx.Done():
		case <-time.After(500 * time.Millisecond):
		}
	}
}
