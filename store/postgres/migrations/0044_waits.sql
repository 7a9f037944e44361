-- +goose Up

-- Who waits for a coordinator's word can be looked up until it is said: the account that claims an invitation stands beside its HMAC, outside
-- of the trail, and goes with the claim.
alter table invites add column account bigint;
create index invites_claimed on invites (id) where claim <> '' and used is null and revoked is null;

-- Changes that were objected to are looked for as those that were asked for.
create index handovers_state on handovers (state, id);
drop index handovers_asked;

-- What waits for a decision is said each morning, and that a code was sent once more is said once a day.
alter table promises drop constraint promises_what_check,
	add constraint promises_what_check check (what in ('card', 'remind', 'digest', 'data', 'root', 'wait', 'claim'));

-- +goose Down
delete from promises where what in ('wait', 'claim');
alter table promises drop constraint promises_what_check,
	add constraint promises_what_check check (what in ('card', 'remind', 'digest', 'data', 'root'));
create index handovers_asked on handovers (id) where state = 'asked';
drop index handovers_state;
drop index invites_claimed;
alter table invites drop column account;
