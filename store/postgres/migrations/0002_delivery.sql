-- +goose Up

-- Running processes. Each holds the advisory lock (class, id) as long as it lives: see process.go.
create table processes (
	id         bigint generated always as identity primary key,
	started_at timestamptz not null
);

-- Telegram's updates, kept before they are acknowledged. A holder is a process, but no reference: it may be gone.
create table inbox (
	id      bigint primary key, -- Telegram's
	chat    bigint      not null,
	at      timestamptz not null,
	payload bytea,
	holder  bigint,
	tries   int         not null default 0 check (tries >= 0),
	state   smallint    not null default 0 check (state between 0 and 3), -- pending, committed, done, parked
	session bytea, -- what a committed update left to keep
	reason  text,
	check (state = 2 or payload is not null),
	check (state <> 2 or (payload is null and session is null and reason is null)),
	check (state <> 1 or session is not null)
);
create index inbox_open on inbox (chat, id) where state in (0, 1);
create index inbox_parked on inbox (id) where state = 3;
create index inbox_done on inbox (at) where state = 2;

-- What the bot says. A queued row without a holder waits for any process; with one, it is in that process's hands.
create table outbox (
	id        bigint primary key,
	chat      bigint      not null,
	class     text        not null check (class in ('reply', 'nudge', 'bulk')),
	message   text, -- JSON; null once it was redacted
	language  text        not null,
	key       text        not null,
	due       timestamptz not null,
	state     text        not null check (state in
		('queued', 'sent', 'failed', 'unreachable', 'unknown', 'acknowledged', 'withdrawn')),
	holder    bigint,
	tries     int         not null check (tries >= 0),
	sent_id   bigint,
	reason    text,
	update_id bigint, -- the update that it answers
	at        timestamptz not null, -- when it was queued
	marked_at timestamptz,
	check (holder is null or state = 'queued'),
	check (message is not null or state <> 'queued')
);
create index outbox_waiting on outbox (class, due, id) where state = 'queued' and holder is null;
create index outbox_keyed on outbox (chat, key) where state = 'queued' and holder is null;
create index outbox_said on outbox (chat, key) where key <> '' and state in ('sent', 'acknowledged');
create index outbox_owed on outbox (update_id) where state = 'queued';
create index outbox_held on outbox (holder, id) where holder is not null;
create index outbox_open on outbox (state) where state in ('queued', 'failed', 'unreachable', 'unknown');
create index outbox_words on outbox (at) where message is not null and state <> 'queued';

-- Chats that cannot be written to until they write again.
create table unreachable (
	chat   bigint primary key,
	since  timestamptz not null,
	reason text        not null
);

-- +goose Down
drop table unreachable, outbox, inbox, processes;
