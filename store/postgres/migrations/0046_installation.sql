-- +goose Up

-- What this database belongs with, in one row: the folder of photographs, by the mark in it, and the bot. They are no record and have no
-- event: who starts the bot with another folder or another bot's token is told.
create table installation (
	one   boolean primary key default true check (one),
	media text    not null default '',
	bot   bigint  not null default 0
);
insert into installation default values;

-- +goose Down
drop table installation;
