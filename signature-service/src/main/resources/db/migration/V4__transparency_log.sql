-- The Merkle tree over the public entries, in tiles of up to 256 hashes (C2SP tlog-tiles). A partial tile is replaced
-- as it grows.
create table tile (
    level  smallint not null,
    number bigint   not null,
    hashes bytea    not null,
    primary key (level, number)
);

-- Hashes are incompressible.
alter table tile alter column hashes set storage external;

-- The signed heads of the tree (C2SP tlog-checkpoint). Each is larger than the one before. event_index is the last
-- event of the event log that the tree had read.
create table checkpoint (
    size        bigint      primary key,
    note        text        not null,
    event_index bigint      not null,
    made_at     timestamptz not null default now()
);

-- One row: the number of entries, and the last event that the tree has read. Two leaders cannot both move it from the
-- same place.
create table tree_progress (
    only_row    boolean primary key default true check (only_row),
    size        bigint  not null,
    event_index bigint  not null
);
insert into tree_progress (size, event_index) values (0, 0);

-- The events behind the entries, 256 entries in a row, so that the log can serve them again. One byte or two for each
-- entry: the distance to the event before, and the threshold of a milestone. org.countersign.signature.publiclog
-- .EntryBundle reads and writes them.
create table entry_bundle (
    number      bigint primary key,
    first_event bigint not null,
    entries     bytea  not null
);
create index entry_bundle_event on entry_bundle (first_event);

-- The petitions of the public log as of the newest entry: what the next entries depend on.
create table logged_petition (
    petition       text     primary key,
    position       bigint   not null,
    text           text     not null,
    goal           bigint   not null,
    milestones     bigint[] not null,
    verified       bigint   not null,
    last_milestone bigint   not null
);
