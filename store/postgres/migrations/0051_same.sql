-- +goose Up

-- Who was the same human as somebody when their number or everything was erased: see store.Person.Same.
alter table persons add same bigint[] not null default '{}';
create index persons_same on persons using gin (same);

-- +goose Down
drop index persons_same;
alter table persons drop same;
