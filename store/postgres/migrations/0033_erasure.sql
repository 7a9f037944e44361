-- +goose Up

-- The role that runs the bot may not delete from personal: roles.sql. This is its one way to, and it runs as who owns the table.
-- The path is pinned, so that no table of the caller's takes personal's place.
-- +goose StatementBegin
do $do$
begin
	execute format($sql$
		create function erase_personal(of_kind text, of_record bigint, up_to int, of_fields text[]) returns void
		language sql security definer set search_path = %I, pg_temp as $body$
			delete from personal where kind = $1 and record = $2 and version <= $3 and field = any ($4)
		$body$
	$sql$, current_schema());
	revoke all on function erase_personal from public;
end
$do$;
-- +goose StatementEnd

-- +goose Down
drop function erase_personal;
