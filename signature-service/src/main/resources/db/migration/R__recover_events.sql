-- Puts back events that a restored log lacks, at the indexes and stream places that they had. The first one must follow
-- the head. Returns the number of secrets that these events have destroyed again. No event gets a secret.
-- The codes are those of org.countersign.events.EventType.
create or replace function recover_events(
    first_index bigint, streams uuid[], sequences integer[], petitions integer[], types smallint[],
    times timestamptz[], traces uuid[], datas bytea[])
    returns bigint language plpgsql as $$
declare
    alert_stopped constant smallint := 5;
    signer_erased constant smallint := 16;
    last bigint;
    destroyed bigint;
begin
    select last_index into last from log_head for update;
    if first_index <> last + 1 then
        raise exception 'event % does not follow the head of the log, event %', first_index, last
            using errcode = 'CS002';
    end if;
    perform ensure_partitions(last + cardinality(streams));
    insert into event (global_index, stream, time, trace, petition, sequence, type, data)
    select last + o.ord, o.stream, o.time, o.trace, o.petition, o.sequence, o.type, o.data
    from unnest(streams, sequences, petitions, types, times, traces, datas)
             with ordinality as o (stream, sequence, petition, type, time, trace, data, ord);
    insert into stream_event (stream, sequence, global_index)
    select o.stream, o.sequence, last + o.ord
    from unnest(streams, sequences) with ordinality as o (stream, sequence, ord);
    update stream_event s set secret = null from unnest(streams, types) as o (stream, type)
    where o.type in (alert_stopped, signer_erased) and s.stream = o.stream and s.secret is not null;
    get diagnostics destroyed = row_count;
    update log_head set last_index = last + cardinality(streams);
    return destroyed;
end $$;
