-- +goose Up

-- A row of an announcement is only ever written in the transaction that has its broadcast, which nobody deletes: looking each up
-- again costs a quarter of a launch.
alter table outbox drop constraint outbox_broadcast_fkey;

-- +goose Down
alter table outbox add constraint outbox_broadcast_fkey foreign key (broadcast) references broadcasts;
