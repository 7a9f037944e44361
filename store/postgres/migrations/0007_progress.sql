-- +goose Up

-- How far each recipient has come, worked out from the records every few minutes: see fieldprogress.go. It is no record.
create table progress (
	recipient  bigint primary key references recipients,
	received   bigint not null,
	accounted  bigint not null,
	evidenced  bigint not null,
	unfinished int    not null,
	submitted  int    not null,
	returned   int    not null,
	counted    int    not null,
	checked    int    not null,
	percent    int    not null check (percent between 0 and 100),
	last_nota  timestamptz,
	last_visit timestamptz,
	due        date,       -- the LPJ's last day
	silent     timestamptz -- from when on nothing was heard for too long; null for who is done, and for who has no money yet
);
create index recipients_place on recipients (province, regency);

-- When it was worked out last.
create table progress_read (
	one bool primary key default true check (one),
	at  timestamptz not null
);

-- The figures at the beginning of each week, by place, to compare with.
create table progress_weeks (
	week      date   not null check (extract(isodow from week) = 1),
	province  text   not null,
	regency   text   not null,
	groups    int    not null,
	complete  int    not null,
	late      int    not null,
	silent    int    not null,
	received  bigint not null,
	evidenced bigint not null,
	primary key (week, province, regency)
);

alter table promises drop constraint promises_what_check,
	add constraint promises_what_check check (what in ('card', 'remind', 'digest'));

-- +goose Down
delete from promises where what = 'digest';
alter table promises drop constraint promises_what_check,
	add constraint promises_what_check check (what in ('card', 'remind'));
drop index recipients_place;
drop table progress_weeks, progress_read, progress;
