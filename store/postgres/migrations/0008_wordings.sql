-- +goose Up

-- edition counts the wordings of an announcement, and amended says to which one all that was sent has been brought; taking it back
-- is an edition too. why is the second coordinator's, unknown_left since when those who may not have it are left in peace.
alter table broadcasts
	add edition      int  not null default 0 check (edition >= 0),
	add amended      int  not null default 0 check (amended >= 0),
	add why          text not null default '',
	add unknown_left timestamptz;
create index broadcasts_outdated on broadcasts (id) where edition > amended;

-- Of an announcement's row: the edition that its chat has, none for the first, and what was sent before the message in sent_id.
-- A reason beside a sent row says why Telegram did not take an edition.
alter table outbox
	add edition int,
	add album   bigint[];

-- Polls that were sent, and what was chosen in each, by place; whose it was is not kept. An answer may come before its poll.
create table polls (
	id        text primary key, -- Telegram's
	broadcast bigint references broadcasts,
	chosen    int[] not null default '{}'
);
create index polls_of on polls (broadcast);

-- +goose Down
drop table polls;
alter table outbox drop edition, drop album;
alter table broadcasts drop edition, drop amended, drop why, drop unknown_left;
