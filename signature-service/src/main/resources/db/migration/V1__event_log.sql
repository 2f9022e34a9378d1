-- The event log: append-only, totally ordered, without gaps.

-- One row. Whoever appends locks it until commit, so that commit order is index order over all instances.
create table log_head (
    only_row   boolean primary key default true check (only_row),
    last_index bigint  not null
);
insert into log_head (last_index) values (0);

-- Petitions by a short number, so that each event need not carry its petition's name.
create table petition_name (
    id   integer generated always as identity primary key,
    slug text    not null unique
);

-- By range of index, so that old partitions can be detached and archived.
create table event (
    global_index bigint      not null,
    stream       uuid        not null,
    time         timestamptz not null,
    trace        uuid,
    petition     integer     not null,
    sequence     integer     not null,
    type         smallint    not null,
    data         bytea       not null,
    primary key (global_index)
) partition by range (global_index);

-- JSON of a few hundred bytes: compressing each alone costs time and saves next to nothing.
alter table event alter column data set storage external;

-- Petition events are few; signature events (from code 10) stay out of this index.
create index event_petition on event (global_index) where type < 10;

-- The place of each event in its stream. Its key is what makes one person count once: it spans all partitions, which a
-- unique key of the partitioned table can't. The secret is what the event's sealed data is encrypted with; erasing it
-- makes the data unreadable for ever while the event stays as it is.
create table stream_event (
    stream       uuid    not null,
    sequence     integer not null,
    global_index bigint  not null,
    secret       bytea,
    primary key (stream, sequence)
);

-- Makes sure that there are partitions for the indexes up to the given one and one partition beyond.
create function ensure_partitions(up_to bigint) returns void language plpgsql as $$
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

-- Appends the events of many commands at once. Each command's events (same item) are appended all or, where another
-- event has their place in the stream, none. Answers one row an event: its index, null where it was not appended.
create function append_events(items integer[], streams uuid[], sequences integer[], petitions integer[], types smallint[],
                              times timestamptz[], traces uuid[], datas bytea[], secrets bytea[])
    returns table (ordinal bigint, appended_as bigint) language plpgsql as $$
declare
    last bigint;
begin
    select last_index into last from log_head for update;
    return query
        with offered as (
            select * from unnest(items, streams, sequences, petitions, types, times, traces, datas, secrets)
                          with ordinality as o (item, stream, sequence, petition, type, time, trace, data, secret, ord)
        ), refused as (
            select distinct o.item from offered o join stream_event s on s.stream = o.stream and s.sequence = o.sequence
        ), accepted as (
            select o.*, last + row_number() over (order by o.ord) as new_index
            from offered o where not exists (select from refused r where r.item = o.item)
        ), logged as (
            insert into event (global_index, stream, time, trace, petition, sequence, type, data)
            select a.new_index, a.stream, a.time, a.trace, a.petition, a.sequence, a.type, a.data from accepted a
        ), placed as (
            insert into stream_event (stream, sequence, global_index, secret)
            select a.stream, a.sequence, a.new_index, a.secret from accepted a
        ), moved as (
            update log_head set last_index = last + (select count(*) from accepted)
        )
        select o.ord, a.new_index from offered o left join accepted a on a.ord = o.ord order by o.ord;
end $$;
