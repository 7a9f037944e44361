package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"pendamping/store"
)

// RoomOf returns the recipient that a group chat's photos are filed for; 0 when that is not known yet.
func (t *Tx) RoomOf(ctx context.Context, chat int64) (recipient store.ID, err error) {
	q, err := t.reads(ctx)
	if err != nil {
		return 0, err
	}
	err = q.QueryRow(ctx, `select recipient from rooms where chat = $1`, chat).Scan(&recipient)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return recipient, failed("room", err)
}

// Rooms returns a recipient's group chats, in no order.
func (t *Tx) Rooms(ctx context.Context, recipient store.ID) ([]int64, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `select chat from rooms where recipient = $1`, recipient)
	if err != nil {
		return nil, failed("rooms", err)
	}
	chats, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return chats, failed("rooms", err)
}

// PutRoom makes a group chat a recipient's; store.ErrConflict when it is somebody's already.
func (t *Tx) PutRoom(_ context.Context, chat int64, recipient store.ID) error {
	t.roster = true
	t.write(1, "room", `insert into rooms (chat, recipient) values ($1, $2) on conflict do nothing`, chat, recipient)
	return t.err
}

// moveRoom adds to a batch that a group chat has another id. One that is known by the new id already stays as it is
// there.
func moveRoom(b *pgx.Batch, from, to int64) {
	b.Queue(`
		insert into rooms (chat, recipient) select $2, recipient from rooms where chat = $1
		on conflict do nothing`, from, to)
	b.Queue(`delete from rooms where chat = $1`, from)
}
