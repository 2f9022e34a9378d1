-- Appends the events of many commands in one statement. The events of one command have the same item number. They are
-- appended all, or none if another event has their place in the stream. Returns one row for each event: its index, or
-- null if it was not appended.
--
-- An event that ends the use of personal data destroys the secrets of its stream in the same transaction.
-- A log that ends before the event at_least was replaced, for example by a backup. Nothing is appended to it.
--
-- The codes are those of org.countersign.events.EventType.
create or replace function append_events(
    items integer[], streams uuid[], sequences integer[], petitions integer[], types smallint[],
    times timestamptz[], traces uuid[], datas bytea[], secrets bytea[], at_least bigint)
    returns table (ordinal bigint, appended_as bigint) language plpgsql as $$
declare
    alert_stopped constant smallint := 5;
    signer_erased constant smallint := 16;
    last bigint;
begin
    select last_index into last from log_head for update;
    if last < at_least then
        raise exception 'the log ends at event %, but the caller knows event %', last, at_least using errcode = 'CS001';
    end if;
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
        ), erased as (
            update stream_event s set secret = null from accepted a
            where a.type in (alert_stopped, signer_erased) and s.stream = a.stream and s.secret is not null
        ), moved as (
            update log_head set last_index = last + (select count(*) from accepted)
        )
        select o.ord, a.new_index from offered o left join accepted a on a.ord = o.ord order by o.ord;
end $$;
