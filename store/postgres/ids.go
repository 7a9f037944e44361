package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// block is how many ids one round trip brings; the sequence's increment in the schema.
const block = 1000

// ids hands out ids from a block held in memory. What is left of it when the process ends is never used.
type ids struct {
	mu        sync.Mutex
	next, end store.ID // ids from next up to but without end are free
}

// querier is what a pool and a transaction have in common.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// take returns a new id. The lock is not held while q is asked, for q may have to wait for others who want an id.
func (i *ids) take(ctx context.Context, q querier) (store.ID, error) {
	i.mu.Lock()
	id, ok := i.next, i.next < i.end
	if ok {
		i.next++
	}
	i.mu.Unlock()
	if ok {
		return id, nil
	}
	if err := q.QueryRow(ctx, `select nextval('ids')`).Scan(&id); err != nil {
		return 0, fmt.Errorf("postgres: id: %w", err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.next >= i.end {
		i.next, i.end = id+1, id+block
	}
	return id, nil
}

// forget drops what is left of the block.
func (i *ids) forget() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.next, i.end = 0, 0
}
