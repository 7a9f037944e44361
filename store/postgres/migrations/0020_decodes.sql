-- +goose Up

-- Attempts to open strangers' files that have not ended well, counted before each attempt so that one that ends the process is known
-- at the next start. Nothing here is a record. A file that is open in a running process has a row of that process's own, which others
-- don't count.
create table decodes (
	sha256  text        not null,
	job     text        not null, -- what was done with it: look, print
	process bigint      not null,
	tries   smallint    not null check (tries > 0),
	at      timestamptz not null,
	primary key (sha256, job, process)
);

-- +goose Down
drop table decodes;
