-- Run after the migrations, by who owns the tables: what the role pendamping_run may do in this database. It adds to the trail and
-- to its roots, and neither changes nor deletes them; it has no part in the schema. Where all is granted already, nothing changes.
do $do$
declare
	t record;
begin
	if not exists (select from pg_roles where rolname = 'pendamping_run') then
		begin
			create role pendamping_run nologin;
		exception
			when duplicate_object or unique_violation then null; -- roles belong to the whole server: another database's migration was quicker
			when insufficient_privilege then return; -- the bot runs as the owner, and doctor says so
		end;
	end if;
	-- With one user for everything, each connection that runs the bot steps down to the role.
	if not pg_has_role('pendamping_run', 'member') then
		begin
			execute format('grant pendamping_run to %I', current_user);
		exception
			when insufficient_privilege or unique_violation then null;
		end;
	end if;
	if not has_schema_privilege('pendamping_run', current_schema(), 'usage') then
		execute format('grant usage on schema %I to pendamping_run', current_schema());
	end if;
	if has_schema_privilege('pendamping_run', current_schema(), 'create') then -- databases of older servers let everybody
		execute format('revoke create on schema %I from public, pendamping_run', current_schema());
	end if;
	for t in
		with wanted as (
			select c.oid, case
				when c.relkind = 'v' or c.relname = 'goose_db_version' then array['select']
				when c.relname in ('events', 'personal', 'roots') then array['select', 'insert']
				else array['select', 'insert', 'update', 'delete']
			end as powers
			from pg_class c
			where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'v') and pg_has_role(c.relowner, 'usage')
		)
		select oid::regclass as name, array_to_string(powers, ', ') as powers
		from wanted
		where exists (
			select from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
			where has_table_privilege('pendamping_run', oid, p) <> (p = any (powers)))
	loop
		execute format('revoke all on %s from pendamping_run', t.name);
		execute format('grant %s on %s to pendamping_run', t.powers, t.name);
	end loop;
	for t in
		select c.oid::regclass as name from pg_class c
		where c.relnamespace = current_schema()::regnamespace and pg_has_role(c.relowner, 'usage')
		and case when c.relkind = 'S' then not has_sequence_privilege('pendamping_run', c.oid, 'usage') end
	loop
		execute format('grant usage on sequence %s to pendamping_run', t.name);
	end loop;
	if not has_function_privilege('pendamping_run', 'erase_personal(text, bigint, int, text[])', 'execute') then
		grant execute on function erase_personal(text, bigint, int, text[]) to pendamping_run;
	end if;
end
$do$;
