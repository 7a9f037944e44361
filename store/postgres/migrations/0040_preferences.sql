-- +goose Up

-- What persons keep from themselves, and the audiences that coordinators save, become records with events. What is there gets its first
-- event here, so that from now on a row without one is forged. A hold that is lifted stays, without a day.
alter table holds
	add id bigint, add version int not null default 1 check (version > 0), alter until drop not null;
alter table audiences
	add id bigint, add version int not null default 1 check (version > 0);

-- +goose StatementBegin
do $do$
declare
	r record;
	n bigint := 0;
	block bigint;
	last record;
	moment timestamptz := clock_timestamp();
	text_ text;
	hash_ bytea;
begin
	for r in
		select 'hold' as kind, h.person, h.kind as name, coalesce(p.recipient, 0) as chain,
			json_build_object('person', h.person, 'kind', h.kind, 'until', to_char(h.until, 'YYYY-MM-DD'))::jsonb as after
		from holds h join persons p on p.id = h.person
		union all
		select 'audience', a.person, a.name, coalesce(p.recipient, 0),
			json_build_object('person', a.person, 'name', a.name, 'audience', a.query)::jsonb
		from audiences a join persons p on p.id = a.person
		order by 4, 1, 2, 3
	loop
		if n % 1000 = 0 then -- the increment of ids
			block := nextval('ids');
		end if;
		r.after := r.after || jsonb_build_object('id', block + n % 1000, 'version', 1);
		select length + 1 as seq, head into last from chains where id = r.chain for update;
		text_ := json_build_object(
			'chain', r.chain, 'seq', last.seq, 'at', to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'actor', json_build_object(),
			'what', r.kind || '.adopted', 'record', json_build_object('kind', r.kind, 'id', block + n % 1000, 'version', 1), 'after', r.after)::text;
		hash_ := sha256(last.head || convert_to(text_, 'UTF8'));
		insert into events (chain, seq, at, kind, record, version, body, hash)
		values (r.chain, last.seq, moment, r.kind, block + n % 1000, 1, text_, hash_);
		update chains set length = last.seq, head = hash_ where id = r.chain;
		if r.kind = 'hold' then
			update holds set id = block + n % 1000 where person = r.person and kind = r.name;
		else
			update audiences set id = block + n % 1000 where person = r.person and name = r.name;
		end if;
		n := n + 1;
	end loop;
end
$do$;
-- +goose StatementEnd

alter table holds
	drop constraint holds_pkey, add primary key (id), add unique (person, kind), alter version drop default;
alter table audiences
	drop constraint audiences_pkey, add primary key (id), add unique (person, name), alter version drop default;

-- +goose Down
delete from holds where until is null;
alter table holds
	drop constraint holds_pkey, drop constraint holds_person_kind_key, add primary key (person, kind), drop id, drop version, alter until set not null;
alter table audiences
	drop constraint audiences_pkey, drop constraint audiences_person_name_key, add primary key (person, name), drop id, drop version;
