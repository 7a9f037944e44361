-- +goose Up

create table reports (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	edition   int         not null check (edition > 0),
	state     text        not null check (state in ('drafted', 'sent', 'returned', 'verified', 'signed', 'uploaded', 'accepted', 'refused')),
	at        timestamptz,
	by        bigint      references persons,
	hands     bigint[]    not null,
	review    json, -- see store.Review
	wrong     text[]      not null,
	approval  bigint      references approvals,
	upload    json, -- see store.Upload
	result    json, -- see store.Result
	late      boolean     not null,
	reopened  int         not null check (reopened >= 0),
	unique (recipient, edition)
);
create unique index reports_open on reports (recipient) where state <> 'refused';
create index reports_closes on reports (recipient) where state in ('verified', 'signed', 'uploaded', 'accepted');
create index reports_sent on reports (id) where state = 'sent';

create table chapters (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	code      text        not null,
	text      text        not null,
	voice     bigint      references files,
	comment   text        not null,
	proposal  text        not null,
	advisor   bigint      references persons,
	by        bigint      references persons,
	at        timestamptz,
	unique (recipient, code)
);

create table annexes (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	edition   int         not null check (edition > 0),
	kind      text        not null check (kind in ('tool', 'activity', 'signed', 'copy', 'extension')),
	file      bigint      references files,
	note      text        not null,
	number    text        not null,
	day       date,
	until     date        check (kind <> 'extension' or until is not null),
	place     text        not null,
	stamped   boolean     not null,
	by        bigint      not null references persons,
	at        timestamptz not null,
	dropped   timestamptz
);
create index annexes_recipient on annexes (recipient, id);

create table seals (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	edition   int         not null check (edition > 0),
	code      text        not null unique,
	hash      text        not null check (hash ~ '^[0-9a-f]{64}$'),
	received  bigint      not null,
	spent     bigint      not null,
	deposited bigint      not null,
	data      text        not null, -- JSON
	by        bigint      not null references persons,
	at        timestamptz not null
);
create index seals_recipient on seals (recipient, id);

create index files_recipient on files (recipient, at, id) where visit is null;

-- +goose Down
drop index files_recipient;
drop table seals, annexes, chapters, reports;
