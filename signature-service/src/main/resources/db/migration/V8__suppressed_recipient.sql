-- Recipients who want no mail at all. The key is a keyed hash of the canonical address: without the key of the service,
-- nobody can tell whose it is. No address is stored.
create table suppressed_recipient (
    recipient uuid        primary key,
    since     timestamptz not null default now()
);
