-- +goose Up

-- A root is named by its hour in UTC, "2026-11-23T05"; one that was made when there was one a day, by its day. By bytes, a day's
-- come in the order in which they were made.
alter table roots alter column day type text collate "C" using to_char(day, 'YYYY-MM-DD');
alter table roots rename column day to name;

-- Whether a coordinator asked for the roots.
alter table persons add roots boolean not null default false;

alter table promises drop constraint promises_what_check,
	add constraint promises_what_check check (what in ('card', 'remind', 'digest', 'data', 'root'));

-- +goose Down
delete from promises where what = 'root';
alter table promises drop constraint promises_what_check,
	add constraint promises_what_check check (what in ('card', 'remind', 'digest'));
alter table persons drop roots;
delete from roots where name like '%T%';
alter table roots rename column name to day;
alter table roots alter column day type date using day::date;
