#!/bin/sh
# Makes the two users of the database, once, as its superuser: pendamping_owner, who migrates the schema and owns it, and
# pendamping_bot, who runs the bot and can neither change the audit trail nor the schema. Neither is a superuser.
#   POSTGRES_USER, POSTGRES_DB              the superuser to connect as, and the database that the bot is to have
#   OWNER_PASSWORD, BOT_PASSWORD            of letters and digits
# compose.yaml runs it when the volume is new. By hand: PGHOST=… POSTGRES_USER=postgres POSTGRES_DB=pendamping … sh roles.sh
set -eu
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
	--set=db="$POSTGRES_DB" --set=owner_password="$OWNER_PASSWORD" --set=bot_password="$BOT_PASSWORD" <<'SQL'
set client_min_messages = warning;
select 'create role pendamping_run nologin' where not exists (select from pg_roles where rolname = 'pendamping_run') \gexec
select 'create role pendamping_owner login' where not exists (select from pg_roles where rolname = 'pendamping_owner') \gexec
select 'create role pendamping_bot login' where not exists (select from pg_roles where rolname = 'pendamping_bot') \gexec
alter role pendamping_owner password :'owner_password';
alter role pendamping_bot password :'bot_password';
grant pendamping_run to pendamping_owner, pendamping_bot;
alter database :"db" owner to pendamping_owner;
revoke all on database :"db" from public;
grant connect on database :"db" to pendamping_bot;
SQL
