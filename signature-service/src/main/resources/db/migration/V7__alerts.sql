-- As before, and: the event that an alert was stopped (5) destroys, as the event that a signer was erased (16) does, the secrets of its stream.
create or replace function append_events(items integer[], streams uuid[], sequences integer[], petitions integer[], types smallint[],
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
        ), erased as (
            update stream_event s set secret = null from accepted a where a.type in (5, 16) and s.stream = a.stream and s.secret is not null
        ), moved as (
            update log_head set last_index = last + (select count(*) from accepted)
        )
        select o.ord, a.new_index from offered o left join accepted a on a.ord = o.ord order by o.ord;
end $$;
