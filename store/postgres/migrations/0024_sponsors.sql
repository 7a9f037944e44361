-- +goose Up

-- Who proposed an officer, or was given the code for the account, has a hand in what that officer enters.
alter table persons add sponsors bigint[] not null default '{}';
alter table receipts add sponsors bigint[] not null default '{}';
alter table plans add hands bigint[] not null default '{}';
alter table approvals add sponsors bigint[] not null default '{}';

-- A change of a group's people has the group's own word, and can be objected to.
alter table handovers
	add agreed      bigint references persons,
	add agreed_at   timestamptz,
	add ticket      text    not null default '',
	add objected    bigint references persons,
	add objected_at timestamptz,
	drop constraint handovers_state_check,
	add constraint handovers_state_check check (state in ('asked', 'done', 'declined', 'objected')),
	add check ((objected is null) = (state <> 'objected'));
