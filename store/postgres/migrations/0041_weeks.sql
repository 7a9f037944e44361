-- +goose Up

-- The figures of a week become records with events. Those of before have none, and only said what had changed in a week: the next
-- week's has nothing to compare with.
drop table progress_weeks;
create table progress_weeks (
	id        bigint primary key,
	version   int    not null check (version > 0),
	week      date   not null check (extract(isodow from week) = 1),
	province  text   not null,
	regency   text   not null,
	groups    int    not null,
	complete  int    not null,
	late      int    not null,
	silent    int    not null,
	received  bigint not null,
	evidenced bigint not null,
	unique (week, province, regency)
);

-- +goose Down
drop table progress_weeks;
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
