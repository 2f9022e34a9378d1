-- Puts back events that a restored log lacks, at the indexes and stream places that they had. The first one must follow
-- the head. Returns the number of secrets that these events have destroyed again. No event gets a secret.
--
-- These events destroy the secrets that append_events destroyed for them, and end the sign calls that waited then.
-- The codes are those of org.countersign.events.EventType.
--
-- It runs with the rights of the owner, because the service's role cannot write events in any other way.
create or replace function recover_events(
    first_index bigint, streams uuid[], sequences integer[], petitions integer[], types smallint[],
    times timestamptz[], traces uuid[], datas bytea[], macs bytea[])
    returns bigint language plpgsql
    security definer set search_path = public, pg_temp as $$
declare
    alert_stopped constant smallint := 5;
    petition_signed constant smallint := 10;
    signature_verified constant smallint := 11;
    signature_withdrawn constant smallint := 12;
    signature_expired constant smallint := 13;
    signer_erased constant smallint := 16;
    signing_repeated constant smallint := 17;
    last bigint;
    erased bigint;
    ended bigint;
begin
    select last_index into last from log_head for update;
    if first_index <> last + 1 then
        raise exception 'event % does not follow the head of the log, event %', first_index, last
            using errcode = 'CS002';
    end if;
    perform ensure_partitions(last + cardinality(streams));
    insert into event (global_index, stream, time, trace, petition, sequence, type, data, mac)
    select last + o.ord, o.stream, o.time, o.trace, o.petition, o.sequence, o.type, o.data, o.mac
    from unnest(streams, sequences, petitions, types, times, traces, datas, macs)
             with ordinality as o (stream, sequence, petition, type, time, trace, data, mac, ord);
    insert into stream_event (stream, sequence, global_index)
    select o.stream, o.sequence, last + o.ord
    from unnest(streams, sequences) with ordinality as o (stream, sequence, ord);
    update stream_event s set secret = null from unnest(streams, types) as o (stream, type)
    where o.type in (alert_stopped, signer_erased) and s.stream = o.stream and s.secret is not null;
    get diagnostics erased = row_count;
    update stream_event s set secret = null from unnest(streams, types, datas) as o (stream, type, data), event e
    where o.type in (signature_verified, signature_expired) and s.stream = o.stream and s.secret is not null
        and e.global_index = s.global_index and e.type = petition_signed
        and case o.type when signature_verified then event_round(e.data) <> event_round(o.data)
            else event_round(e.data) <= event_round(o.data) end;
    get diagnostics ended = row_count;
    delete from repeated_signing w using unnest(streams, types, times) as o (stream, type, time)
    where o.type in (petition_signed, signing_repeated, signature_withdrawn, signer_erased) and w.stream = o.stream
        and w.time <= o.time;
    -- A held call from before was released, or its signer has withdrawn.
    delete from held_signing h using unnest(streams, types, times) as o (stream, type, time)
    where o.type in (petition_signed, signing_repeated, signature_withdrawn, signer_erased) and h.stream = o.stream
        and h.time <= o.time;
    update log_head set last_index = last + cardinality(streams);
    return erased + ended;
end $$;
