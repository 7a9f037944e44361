-- +goose Up

-- What people ask about their own data (UU 27/2022): see store.DataRequest.
create table data_requests (
	id        bigint primary key,
	version   int         not null check (version > 0),
	person    bigint      not null references persons,
	recipient bigint      references recipients,
	province  text        not null,
	regency   text        not null,
	kind      text        not null check (kind in ('access', 'correction', 'erasure', 'withdrawal')),
	part      text        not null check (part in ('', 'name', 'wa', 'other')),
	words     text        not null,
	at        timestamptz not null,
	outcome   text        not null check (outcome in ('', 'given', 'corrected', 'erased', 'restricted', 'refused', 'withdrawn')),
	reason    text        not null,
	reply     text        not null,
	by        bigint      references persons,
	answered  timestamptz,
	check ((outcome = '') = (answered is null))
);
create index data_requests_person on data_requests (person, id);
create index data_requests_scope on data_requests (lower(province), lower(regency), at);
create index data_requests_open on data_requests (at) where outcome = '';

-- The register of breaches: see store.Breach.
create table breaches (
	id       bigint primary key,
	version  int         not null check (version > 0),
	found    timestamptz not null,
	what     text        not null check (what <> ''),
	data     text        not null,
	people   int         not null check (people >= 0),
	done     text        not null,
	notified timestamptz
);

-- What is kept beyond the programme's years: see store.LegalHold.
create table legal_holds (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	reason    text        not null check (reason <> ''),
	at        timestamptz not null,
	released  timestamptz
);
create unique index legal_holds_open on legal_holds (recipient) where released is null;

-- Coordinators are reminded of open requests each morning.
alter table promises drop constraint promises_what_check, add constraint promises_what_check check (what in ('card', 'remind', 'digest', 'data', 'root'));

-- +goose Down
alter table promises drop constraint promises_what_check, add constraint promises_what_check check (what in ('card', 'remind', 'digest')) not valid;
drop table legal_holds, breaches, data_requests;
