-- +goose Up

-- Who ever had a WhatsApp number: see store.People.Sharers. A value is JSON.
create index personal_wa on personal (value) where kind = 'person' and field = 'wa';

-- A coordinator who has not read earlier complaints, or not decided earlier requests, is told of more once a day.
alter table promises drop constraint promises_what_check,
	add constraint promises_what_check check (
		what in ('card', 'remind', 'digest', 'data', 'root', 'wait', 'claim', 'complaint', 'request'));

-- +goose Down
delete from promises where what in ('complaint', 'request');
alter table promises drop constraint promises_what_check,
	add constraint promises_what_check check (what in ('card', 'remind', 'digest', 'data', 'root', 'wait', 'claim'));
drop index personal_wa;
