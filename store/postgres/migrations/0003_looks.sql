-- +goose Up

-- What was seen in pictures. Nothing here is a record: it can be worked out again from the bytes.
create table looks (
	file  bigint      primary key references files,
	flaws text[]      not null,
	fine  bytea       not null,
	at    timestamptz not null
);

-- Hashes by which pictures that look alike are found: nearly equal ones share one of four bands of 16 bits.
create table prints (
	file  bigint   not null references files,
	ord   smallint not null,
	print bigint   not null,
	shape bigint[] not null check (cardinality(shape) = 4), -- to rank by what was found
	primary key (file, ord)
);
create index prints_band0 on prints ((print & 65535));
create index prints_band1 on prints ((print >> 16 & 65535));
create index prints_band2 on prints ((print >> 32 & 65535));
create index prints_band3 on prints ((print >> 48 & 65535));

-- Pictures of different notas that are nearly identical, both ways round.
create table likes (
	file  bigint not null references files,
	other bigint not null references files,
	primary key (file, other)
);

-- +goose Down
drop table likes, prints, looks;
