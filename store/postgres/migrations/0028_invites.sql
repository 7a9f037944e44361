-- +goose Up

-- From here on the token and the short code are kept as HMAC-SHA256, with a key that is not in the database. Invitations from
-- before have the plain SHA-256; they hold until they expire.
alter table invites
	add column wrong smallint not null default 0 check (wrong >= 0), -- proofs that failed
	add column claim text     not null default ''; -- the account that waits for a coordinator's word, as HMAC

-- Codes that were wrong, to slow down who guesses. They are no record and have no event, and are kept for a day.
create table guesses (
	account bigint      not null, -- Telegram's
	at      timestamptz not null
);
create index guesses_account on guesses (account, at);
create index guesses_at on guesses (at);

-- A message with a secret in it, which is forgotten as soon as it waits no longer, whatever became of it.
alter table outbox add column secret boolean not null default false;
-- +goose StatementBegin
create function forget_secret() returns trigger language plpgsql as $$
begin
	new.message := null;
	return new;
end $$;
-- +goose StatementEnd
create trigger forget_secret before insert or update on outbox
	for each row when (new.secret and new.state <> 'queued' and new.message is not null) execute function forget_secret();
update outbox set secret = true where message like '%"invite.forward"%';

-- +goose Down
drop trigger forget_secret on outbox;
drop function forget_secret();
alter table outbox drop secret;
drop table guesses;
alter table invites drop wrong, drop claim;
