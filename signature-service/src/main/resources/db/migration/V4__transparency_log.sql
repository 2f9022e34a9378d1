-- The Merkle tree over the event log, in tiles of up to 256 hashes (C2SP tlog-tiles). A partial tile is replaced as it
-- grows.
create table tile (
    level  smallint not null,
    number bigint   not null,
    hashes bytea    not null,
    primary key (level, number)
);

-- Hashes are incompressible.
alter table tile alter column hashes set storage external;

-- The signed heads of the tree (C2SP tlog-checkpoint). Each is larger than the one before.
create table checkpoint (
    size    bigint      primary key,
    note    text        not null,
    made_at timestamptz not null default now()
);
