-- +goose Up

-- How a process takes updates in. Telegram has one webhook for a bot, and no polling beside it.
alter table processes
	add mode text not null default '' check (mode in ('', 'poll', 'webhook')),
	add backend int; -- the server's process that holds its lock; who buries a dead process holds the lock for a moment, too

-- +goose Down
alter table processes drop mode, drop backend;
