-- +goose Up

-- The group chats in which photos are filed, and for whom. They are no record: they have no version and no event.
create table rooms (
	chat      bigint primary key,
	recipient bigint not null references recipients
);
create index rooms_recipient on rooms (recipient);

-- +goose Down
drop table rooms;
