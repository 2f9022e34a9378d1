-- The event log: append-only, totally ordered, without gaps. R__append_events.sql appends to it.

-- One row. An append locks it until commit, so that commit order is index order across all instances.
create table log_head (
    only_row   boolean primary key default true check (only_row),
    last_index bigint  not null
);
insert into log_head (last_index) values (0);

-- Short numbers for petitions. An event stores the number instead of the slug.
create table petition_name (
    id   integer generated always as identity primary key,
    slug text    not null unique
);

-- Partitioned by range of index, so that old partitions can be detached and archived.
create table event (
    global_index bigint      not null,
    stream       uuid        not null,
    time         timestamptz not null,
    trace        uuid,
    petition     integer     not null,
    sequence     integer     not null,
    type         smallint    not null,
    data         bytea       not null,
    -- The key number and 16 bytes of HMAC-SHA-256 over stream, sequence, petition, type, time and data. The key is not
    -- in the database. Readers pass over an event without a valid MAC.
    mac          bytea       not null,
    primary key (global_index)
) partition by range (global_index);

-- Compressing a few hundred bytes of JSON costs time and saves almost nothing.
alter table event alter column data set storage external;

-- Petition events are few. Signature events (codes from 10) stay out of this index.
create index event_petition on event (global_index) where type < 10;

-- The place of each event in its stream. The primary key spans all partitions, which a unique key of the partitioned
-- table cannot. It makes each person count once. The secret encrypts the event's sealed data. Erasing the secret makes
-- the data unreadable and leaves the event as it is.
create table stream_event (
    stream       uuid    not null,
    sequence     integer not null,
    global_index bigint  not null,
    secret       bytea,
    primary key (stream, sequence)
);

-- The events without a valid MAC that the relay has met. An operator examines them and deletes the notes.
create table unauthentic_event (
    global_index bigint      primary key,
    stream       uuid        not null,
    sequence     integer     not null,
    seen_at      timestamptz not null default now()
);

-- Creates the partitions for the indexes up to the given one, and one partition more.
create function ensure_partitions(up_to bigint) returns void language plpgsql
    security definer set search_path = public, pg_temp as $$
declare
    size  constant bigint := 10000000;
    part  bigint;
begin
    for part in 0 .. up_to / size + 1 loop
        if to_regclass('event_' || part) is null then
            execute format('create table event_%s partition of event for values from (%s) to (%s)',
                           part, part * size, (part + 1) * size);
        end if;
    end loop;
end $$;

select ensure_partitions(0);
