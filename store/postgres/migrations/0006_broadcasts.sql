-- +goose Up

create table broadcasts (
	id       bigint primary key,
	version  int         not null check (version > 0),
	by       bigint      not null references persons,
	state    text        not null check (state in ('asked', 'declined', 'running', 'paused', 'cancelled', 'done')),
	words    text        not null,
	english  text        not null,
	files    text[]      not null, -- KIND:ID
	question text        not null,
	options  text[]      not null,
	ack      boolean     not null,
	ask      boolean     not null,
	link     text        not null,
	audience json        not null,
	count    int         not null check (count >= 0),
	urgent   text        not null,
	due      timestamptz,
	until    date,
	approved bigint      references persons,
	launched timestamptz,
	nudged   timestamptz,
	recalled timestamptz,
	card     int         not null,
	at       timestamptz not null
);
create index broadcasts_by on broadcasts (by, id);
create index broadcasts_open on broadcasts (id) where state in ('asked', 'running', 'paused');

create table audiences (
	person bigint not null references persons,
	name   text   not null,
	query  json   not null,
	primary key (person, name)
);

-- A row of an announcement has no words and no key; what it says is in its broadcast.
alter table outbox
	add broadcast bigint references broadcasts,
	drop constraint outbox_check1,
	add check (message is not null or broadcast is not null or state <> 'queued');
drop index outbox_waiting, outbox_keyed, outbox_owed, outbox_open;
create index outbox_waiting on outbox (class, due, id) where state = 'queued' and holder is null and broadcast is null;
create index outbox_keyed on outbox (chat, key) where state = 'queued' and holder is null and key <> '';
create index outbox_owed on outbox (update_id) where state = 'queued' and update_id is not null;
create index outbox_open on outbox (state) where state in ('queued', 'failed', 'unreachable', 'unknown') and broadcast is null;
create index outbox_bulk on outbox (broadcast, due, id) where state = 'queued' and holder is null and broadcast is not null;
create index outbox_reached on outbox (broadcast, chat) where broadcast is not null;

-- +goose Down
drop index outbox_bulk, outbox_reached, outbox_open, outbox_owed, outbox_keyed, outbox_waiting;
delete from outbox where broadcast is not null;
alter table outbox drop broadcast;
create index outbox_waiting on outbox (class, due, id) where state = 'queued' and holder is null;
create index outbox_keyed on outbox (chat, key) where state = 'queued' and holder is null;
create index outbox_owed on outbox (update_id) where state = 'queued';
create index outbox_open on outbox (state) where state in ('queued', 'failed', 'unreachable', 'unknown');
drop table audiences, broadcasts;
