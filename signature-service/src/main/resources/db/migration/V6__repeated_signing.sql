-- Sign calls of addresses that have signed before. The statement that would append a first signing stores them, and the
-- service processes them afterwards. The answer to a sign call therefore takes the same work for every address.
create table repeated_signing (
    id       bigint      generated always as identity primary key,
    stream   uuid        not null,
    petition integer     not null,
    time     timestamptz not null,
    trace    uuid,
    data     bytea       not null,
    secret   bytea       not null,
    mac      bytea       not null,
    due      timestamptz not null default '-infinity'
);

create index repeated_signing_stream on repeated_signing (stream);
