-- +goose Up

-- Who of the programme passed an invitation on does not say that the account which opens it is the right one: see store.Invite.
alter table invites add column held bigint[] not null default '{}';

-- Who ever had an account: see store.People.Sharers. A value is JSON.
create index personal_account on personal (value) where kind = 'person' and field = 'account';
