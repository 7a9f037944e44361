-- +goose Up

-- Which coordinators have opened a complaint or answered it, so that nobody hides it from the others by closing it. They
-- are no record. Of the complaints of before nobody has: those of the last two weeks are told of once more.
create table complaint_reads (
	complaint bigint      not null references complaints,
	person    bigint      not null references persons,
	at        timestamptz not null,
	primary key (complaint, person)
);

-- Who closed a complaint, and when. Of those that were closed before only the trail tells.
alter table complaints add closer bigint references persons, add closed timestamptz;

-- What coordinators have not opened is said each morning.
alter table promises drop constraint promises_what_check,
	add constraint promises_what_check check (
		what in ('card', 'remind', 'digest', 'data', 'root', 'wait', 'claim', 'complaint', 'request', 'unread'));

-- +goose Down
delete from promises where what = 'unread';
alter table promises drop constraint promises_what_check,
	add constraint promises_what_check check (
		what in ('card', 'remind', 'digest', 'data', 'root', 'wait', 'claim', 'complaint', 'request'));
alter table complaints drop closed, drop closer;
drop table complaint_reads;
