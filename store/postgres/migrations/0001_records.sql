-- +goose Up

-- Ids of all records come from one sequence, a block of a thousand at a time: see ids.go.
create sequence ids increment by 1000;

create table programs (
	id      bigint primary key,
	code    text   not null,
	edition int    not null check (edition > 0),
	rules   json   not null,
	unique (code, edition)
);

create table recipients (
	id        bigint primary key,
	version   int     not null check (version > 0),
	code      text    not null unique check (code <> ''),
	name      text    not null,
	single    boolean not null,
	program   bigint  not null references programs,
	province  text    not null,
	regency   text    not null,
	village   text    not null,
	wave      text    not null,
	zone      text    not null,
	amount    bigint  not null check (amount >= 0), -- of the grant, a word that SQL keeps for itself
	disbursed date,
	mentor    bigint
);
create index recipients_mentor on recipients (mentor, name);

create table persons (
	id           bigint primary key,
	version      int    not null check (version > 0),
	key          text   not null,
	role         text   not null check (role in
		('koordinator', 'pendamping', 'ketua', 'sekretaris', 'bendahara', 'anggota', 'penerima')),
	code         text   not null,
	name         text   not null,
	recipient    bigint references recipients,
	organisation text   not null,
	province     text   not null,
	regency      text   not null,
	wa           text   not null,
	account      bigint,
	check (recipient is null or role not in ('koordinator', 'pendamping'))
);
create unique index persons_key on persons (key) where key <> ''; -- an erased person has none
create index persons_account on persons (account);
create index persons_role on persons (role, code, id);
create index persons_recipient on persons (recipient);

alter table recipients add foreign key (mentor) references persons;

-- What an account prefers. It is no record: it has no version and no event.
create table accounts (
	id       bigint primary key,
	language text   not null,
	active   bigint references persons
);
create index accounts_active on accounts (active);

create table consents (
	id        bigint primary key,
	version   int         not null check (version > 0),
	person    bigint      not null references persons,
	notice    text        not null check (notice <> ''),
	given     timestamptz not null,
	source    text        not null check (source in ('chat', 'paper')),
	withdrawn timestamptz
);
create index consents_person on consents (person, given desc, id desc);

-- The token and the short code are secrets: only their SHA-256 is here.
create table invites (
	id      bigint primary key,
	version int         not null check (version > 0),
	person  bigint      not null references persons,
	token   bytea       unique check (length(token) = 32),
	code    bytea       unique check (length(code) = 32),
	expires timestamptz not null,
	used    timestamptz,
	revoked timestamptz
);
create index invites_person on invites (person);

create table plans (
	id        bigint primary key,
	version   int    not null check (version > 0),
	recipient bigint not null references recipients,
	edition   int    not null check (edition > 0),
	state     text   not null check (state in ('proposed', 'agreed', 'declined')),
	reason    text   not null,
	by        bigint references persons,
	at        timestamptz,
	review    json, -- the decision: see store.Review
	unique (recipient, edition)
);
create unique index plans_proposed on plans (recipient) where state = 'proposed';

-- A line keeps its id through all editions.
create table lines (id bigint primary key);

create table plan_lines (
	id     bigint not null references lines,
	plan   bigint not null references plans,
	ord    int    not null check (ord > 0),
	item   text   not null,
	pos    text   not null,
	volume bigint not null check (volume >= 0), -- thousandths
	unit   text   not null,
	price  bigint not null check (price >= 0),
	primary key (plan, ord),
	unique (plan, id)
);

create table receipts (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	number    int         not null check (number > 0),
	state     text        not null check (state in ('unfinished', 'submitted', 'returned', 'verified', 'cancelled')),
	kind      text        not null check (kind in
		('', 'nota', 'struk', 'kuitansi', 'faktur', 'transfer', 'marketplace', 'none')),
	payment   text        not null,
	seller    text        not null,
	day       date,
	total     bigint      not null check (total >= 0),
	reason    text        not null,
	flags     text[]      not null,
	by        bigint      not null references persons,
	behalf    boolean     not null,
	hands     bigint[]    not null, -- persons
	review    json, -- the last decision: see store.Review
	begun     timestamptz not null,
	submitted timestamptz,
	draft     json,
	unique (recipient, number),
	check (state in ('unfinished', 'cancelled') or (total > 0 and day is not null and submitted is not null)),
	check (state not in ('returned', 'verified') or review is not null)
);
create index receipts_state on receipts (recipient, state, number desc);
create index receipts_twins on receipts (day, total) where state in ('submitted', 'returned', 'verified');
create index receipts_unfinished on receipts (by, begun desc) where state = 'unfinished';

create table receipt_items (
	receipt bigint not null references receipts,
	ord     int    not null check (ord > 0),
	item    text   not null,
	volume  bigint not null, -- thousandths
	unit    text   not null,
	price   bigint not null,
	amount  bigint not null,
	line    bigint references lines,
	pos     text   not null,
	primary key (receipt, ord)
);
create index receipt_items_line on receipt_items (line);

create table receipt_sources (
	receipt bigint not null references receipts,
	ord     int    not null check (ord > 0),
	person  bigint not null references persons,
	message int    not null,
	name    text   not null,
	primary key (receipt, ord)
);
create index receipt_sources_message on receipt_sources (person, message);

create table entries (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	number    int         not null check (number > 0),
	kind      text        not null check (kind in ('grant', 'withdraw', 'fee', 'refund', 'deposit')),
	state     text        not null check (state in ('stands', 'cancelled')),
	amount    bigint      not null check (amount > 0),
	day       date,
	pos       text        not null,
	note      text        not null,
	by        bigint      references persons,
	at        timestamptz not null,
	unique (recipient, number)
);

create table files (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      references recipients, -- null while it waits for the answer to whose it is
	receipt   bigint      references receipts,
	entry     bigint      references entries,
	kind      text        not null check (kind in ('photo', 'document', 'voice')),
	file_id   text        not null,
	unique_id text        not null,
	name      text        not null,
	words     text        not null,
	mime      text        not null,
	size      bigint      not null check (size >= 0),
	width     int         not null check (width >= 0),
	height    int         not null check (height >= 0),
	sha256    text        check (sha256 ~ '^[0-9a-f]{64}$'), -- null until the bytes are here
	by        bigint      references persons,
	album     text        not null,
	message   int         not null,
	at        timestamptz not null,
	looked    boolean     not null default false -- at the picture: see looks; no part of the record
);
create index files_held on files (by, at, id) where recipient is null;
create index files_same on files (sha256);
create index files_unique on files (unique_id);
create index files_album on files (by, album) where album <> '';
create index files_receipt on files (receipt, at, id);
create index files_entry on files (entry);
create index files_fetch on files (id) where sha256 is null;
create index files_look on files (id) where not looked and sha256 is not null and receipt is not null and kind = 'photo';

create table complaints (
	id        bigint primary key,
	version   int         not null check (version > 0),
	person    bigint      not null references persons,
	recipient bigint      references recipients,
	province  text        not null,
	regency   text        not null,
	topic     text        not null,
	words     text        not null,
	state     text        not null check (state in ('sent', 'taken', 'closed')),
	reply     text        not null,
	at        timestamptz not null
);
create index complaints_scope on complaints (lower(province), lower(regency), at desc);

create table remarks (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	receipt   bigint      not null references receipts,
	kind      text        not null check (kind in ('question', 'objection')),
	by        bigint      not null references persons,
	addressee bigint      not null references persons,
	at        timestamptz not null,
	words     text        not null,
	voice     bigint      references files,
	answer    text        not null,
	heard     bigint      references files,
	answered  timestamptz
);
create index remarks_receipt on remarks (receipt, id);
create index remarks_open on remarks (addressee, id) where answered is null;

create table approvals (
	id        bigint primary key,
	version   int         not null check (version > 0),
	recipient bigint      not null references recipients,
	book      text        not null,
	notas     int         not null,
	spent     bigint      not null,
	remaining bigint      not null,
	by        bigint      not null references persons,
	at        timestamptz not null,
	paper     bigint      references files,
	review    json
);
create index approvals_recipient on approvals (recipient, id);
create index approvals_open on approvals (id) where paper is not null and review is null;

-- The audit trail: see audit.go. Bodies are text, because their exact bytes are hashed.
create table chains (
	id           bigint primary key, -- the recipient's, or 0
	length       bigint not null check (length >= 0),
	head         bytea  not null check (length(head) = 32),
	last_receipt int    not null check (last_receipt >= 0),
	last_entry   int    not null check (last_entry >= 0)
);
insert into chains values (0, 0, decode(repeat('00', 32), 'hex'), 0, 0);

create table events (
	chain   bigint      not null references chains,
	seq     bigint      not null check (seq > 0),
	at      timestamptz not null,
	kind    text        not null,
	record  bigint      not null,
	version int         not null check (version > 0),
	body    text        not null,
	hash    bytea       not null check (length(hash) = 32),
	primary key (chain, seq),
	unique (kind, record, version)
);

-- Personal values that the events know only by a salted hash. Deleting rows here, and the values in the record, erases a
-- person and leaves the chains whole.
create table personal (
	kind    text   not null,
	record  bigint not null,
	version int    not null,
	field   text   not null,
	salt    bytea  not null,
	value   text   not null, -- JSON
	primary key (kind, record, version, field),
	foreign key (kind, record, version) references events (kind, record, version)
);

create table roots (
	day  date  primary key,
	body text  not null,
	hash bytea not null unique check (length(hash) = 32)
);

-- For checks from outside: one row for each photo of a confirmed, not cancelled nota.
create view accepted_photos as
	select f.file_id
	from files f
	join receipts r on r.id = f.receipt
	where f.kind = 'photo' and r.state not in ('unfinished', 'cancelled');

-- +goose Down
drop view accepted_photos;
drop table roots, personal, events, chains, complaints, approvals, remarks, files, entries, receipt_sources, receipt_items, receipts,
	plan_lines, lines, plans, invites, consents, accounts, persons, recipients, programs;
drop sequence ids;
