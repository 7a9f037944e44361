-- +goose Up

alter table recipients
	add regular bigint references persons,
	add back    date,
	add check (regular is null or back is not null);
create index recipients_back on recipients (back) where regular is not null;

create table visits (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	state     text        not null check (state in ('planned', 'held', 'missed', 'cancelled')),
	mode      text        not null check (mode in ('person', 'phone', 'online', 'contact')),
	by        bigint      not null references persons,
	start     timestamptz not null,
	minutes   int         not null check (minutes >= 0),
	place     text        not null,
	spot      text        not null,
	met       text[]      not null,
	acts      text[]      not null,
	progress  int         not null check (progress between 0 and 100),
	words     text        not null,
	problem   text        not null,
	follow_up text        not null,
	due       date,
	solved    timestamptz,
	reason    text        not null,
	word      json, -- the group's: see store.Word
	at        timestamptz not null
);
create index visits_recipient on visits (recipient, start desc);
create index visits_by on visits (by, start);

alter table files add visit bigint references visits;
create index files_visit on files (visit, at, id) where visit is not null;

create table snapshots (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	visit     bigint      references visits,
	month     text        not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
	revenue   bigint      not null,
	profit    bigint      not null,
	capital   bigint      not null,
	workers   int         not null check (workers >= 0),
	permits   text        not null,
	by        bigint      not null references persons,
	at        timestamptz not null,
	unique (recipient, month)
);

create table initiatives (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	visit     bigint      references visits,
	kind      text        not null check (kind in ('partner', 'capital', 'market', 'idea')),
	words     text        not null,
	result    text        not null,
	closed    timestamptz,
	by        bigint      not null references persons,
	at        timestamptz not null
);
create index initiatives_recipient on initiatives (recipient, id);

create table letters (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	batch     bigint,
	template  text        not null,
	by        bigint      not null references persons,
	addressee bigint      not null references persons,
	words     text        not null,
	voice     bigint      references files,
	answers   bigint      references letters,
	at        timestamptz not null,
	due       timestamptz,
	cancelled timestamptz
);
create index letters_by on letters (by, id) where answers is null;
create index letters_recipient on letters (recipient, id);
create index letters_answers on letters (answers, id);

create table handovers (
	id         bigint primary key,
	version    int         not null check (version > 0),
	recipient  bigint      not null references recipients,
	kind       text        not null check (kind in ('mentor', 'leave', 'officer', 'phone')),
	state      text        not null check (state in ('asked', 'done', 'declined')),
	giver      bigint      references persons,
	taker      bigint      references persons,
	role       text        not null,
	leaves     boolean     not null,
	back       date,
	reason     text        not null,
	by         bigint      not null references persons,
	at         timestamptz not null,
	decided    bigint      references persons,
	answer     text        not null,
	decided_at timestamptz
);
create index handovers_recipient on handovers (recipient, id);
create index handovers_asked on handovers (id) where state = 'asked';

-- What was said to a person on a day, so that it is said once, and what persons keep from themselves. They are no records.
create table promises (
	person bigint      not null references persons,
	what   text        not null check (what in ('card', 'remind')),
	day    date        not null,
	at     timestamptz not null,
	kinds  text[]      not null,
	primary key (person, what, day)
);

create table holds (
	person bigint not null references persons,
	kind   text   not null,
	until  date   not null,
	primary key (person, kind)
);

alter table outbox drop constraint outbox_class_check,
	add constraint outbox_class_check check (class in ('reply', 'nudge', 'bulk', 'paper'));

-- +goose Down
alter table outbox drop constraint outbox_class_check,
	add constraint outbox_class_check check (class in ('reply', 'nudge', 'bulk'));
drop table holds, promises, handovers, letters, initiatives, snapshots;
alter table files drop visit;
drop table visits;
alter table recipients drop regular, drop back;
