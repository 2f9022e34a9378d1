-- The Merkle tree over the event log, in tiles of up to 256 hashes (C2SP tlog-tiles). A tile that is not full is replaced as it grows.
create table tile (
    level  smallint not null,
    number bigint   not null,
    hashes bytea    not null,
    primary key (level, number)
);

-- Hashes can't be compressed.
alter table tile alter column hashes set storage external;

-- The tree's heads as they were signed (C2SP tlog-checkpoint), each larger than the one before.
create table checkpoint (
    size    bigint      primary key,
    note    text        not null,
    made_at timestamptz not null default now()
);
