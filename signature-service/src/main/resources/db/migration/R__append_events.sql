-- Reads the round from the data of a signature event, which begins with it. Returns null for other data: a forged event
-- must not stop the appends of others.
create or replace function event_round(data bytea) returns integer language sql immutable
    set search_path = public, pg_temp as $$
    select substring(encode(data, 'escape') from '^\{"round":([0-9]{1,9})[,}]')::integer
$$;

-- Appends the events of many commands in one statement. The events of one command have the same item number. They are
-- appended all, or none if another event has their place in the stream. Returns one row for each event: its index, or
-- null if it was not appended.
--
-- The first sign call of an address and a repeated one take the same work: a deferrable event whose place is taken is
-- stored as a repeated signing. It ends with the events of the command that settles it, or with a later withdrawal.
--
-- An event that ends the use of personal data destroys the secrets of its stream in the same transaction. A
-- confirmation destroys those of all other rounds, and an expiry those of its round and earlier ones.
--
-- A log that ends before the event at_least was replaced, for example by a backup. Nothing is appended to it.
--
-- The codes are those of org.countersign.events.EventType.
--
-- It runs with the rights of the owner, because the service's role cannot write events in any other way.
--
-- The plan is made once for each connection. Planning takes four times as long as the execution, and PostgreSQL would
-- plan every call, because it estimates more elements for an unknown array. A plan that was made while the tables were
-- empty must use their indexes, too.
create or replace function append_events(
    items integer[], streams uuid[], sequences integer[], petitions integer[], types smallint[],
    times timestamptz[], traces uuid[], datas bytea[], secrets bytea[], macs bytea[], may_waits boolean[],
    repeateds bigint[], at_least bigint)
    returns table (ordinal bigint, appended_as bigint) language plpgsql
    security definer set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    alert_stopped constant smallint := 5;
    petition_signed constant smallint := 10;
    signature_verified constant smallint := 11;
    signature_withdrawn constant smallint := 12;
    signature_expired constant smallint := 13;
    signer_erased constant smallint := 16;
    last bigint;
begin
    select last_index into last from log_head for update;
    if last < at_least then
        raise exception 'the log ends at event %, but the caller knows event %', last, at_least using errcode = 'CS001';
    end if;
    return query
        with offered as (
            select *, row_number() over (partition by o.stream, o.sequence order by o.ord) as place_use
            from unnest(items, streams, sequences, petitions, types, times, traces, datas, secrets, macs,
                        may_waits, repeateds)
                 with ordinality as o (item, stream, sequence, petition, type, time, trace, data, secret, mac,
                                       may_wait, repeated, ord)
        ), refused as (
            select o.item from offered o join stream_event s on s.stream = o.stream and s.sequence = o.sequence
            union select o.item from offered o where o.place_use > 1
            -- A withdrawal has ended the call in the meantime.
            union select o.item from offered o where o.repeated is not null
                and not exists (select from repeated_signing w where w.id = o.repeated)
        ), accepted as (
            select o.*, last + row_number() over (order by o.ord) as new_index
            from offered o where not exists (select from refused r where r.item = o.item)
        ), logged as (
            insert into event (global_index, stream, time, trace, petition, sequence, type, data, mac)
            select a.new_index, a.stream, a.time, a.trace, a.petition, a.sequence, a.type, a.data, a.mac
            from accepted a
        ), placed as (
            insert into stream_event (stream, sequence, global_index, secret)
            select a.stream, a.sequence, a.new_index, a.secret from accepted a
        ), deferred as (
            insert into repeated_signing (stream, petition, time, trace, data, secret, mac)
            select o.stream, o.petition, o.time, o.trace, o.data, o.secret, o.mac from offered o
            where o.may_wait and exists (select from refused r where r.item = o.item) order by o.ord
        ), settled as (
            delete from repeated_signing w using accepted a where w.id = a.repeated
        ), forgotten as (
            delete from repeated_signing w using accepted a
            where a.type in (signature_withdrawn, signer_erased) and w.stream = a.stream
                -- An expiry erases the past round. The call that waits begins the next one.
                and not exists (select from accepted x where x.item = a.item and x.type = signature_expired)
        ), unheld as (
            delete from held_signing h using accepted a
            where a.type in (signature_withdrawn, signer_erased) and h.stream = a.stream
                and not exists (select from accepted x where x.item = a.item and x.type = signature_expired)
        ), erased as (
            update stream_event s set secret = null from accepted a
            where a.type in (alert_stopped, signer_erased) and s.stream = a.stream and s.secret is not null
        ), ended as (
            update stream_event s set secret = null from accepted a, event e
            where a.type in (signature_verified, signature_expired) and s.stream = a.stream and s.secret is not null
                and e.global_index = s.global_index and e.type = petition_signed
                and case a.type when signature_verified then event_round(e.data) <> event_round(a.data)
                    else event_round(e.data) <= event_round(a.data) end
        ), moved as (
            update log_head set last_index = last + (select count(*) from accepted)
        )
        select o.ord, a.new_index from offered o left join accepted a on a.ord = o.ord order by o.ord;
end $$;

-- Like append_events, with two more arrays: the rule that holds a sign call, and the id under which it is held. Both
-- are null for any other event. A held call is stored by the same statement and in the same commit as all others, but
-- it takes no place in the stream and no index.
--
-- append_events stays for instances of the release before. It is no wrapper: the warm-up of that release runs a copy of
-- append_events on temporary tables, and a call from there would write to the real ones.
create or replace function append_or_hold_events(
    items integer[], streams uuid[], sequences integer[], petitions integer[], types smallint[],
    times timestamptz[], traces uuid[], datas bytea[], secrets bytea[], macs bytea[], may_waits boolean[],
    repeateds bigint[], held_rules text[], held_ids uuid[], at_least bigint)
    returns table (ordinal bigint, appended_as bigint, held boolean) language plpgsql
    security definer set search_path = public, pg_temp
    set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    alert_stopped constant smallint := 5;
    petition_signed constant smallint := 10;
    signature_verified constant smallint := 11;
    signature_withdrawn constant smallint := 12;
    signature_expired constant smallint := 13;
    signer_erased constant smallint := 16;
    last bigint;
begin
    select last_index into last from log_head for update;
    if last < at_least then
        raise exception 'the log ends at event %, but the caller knows event %', last, at_least using errcode = 'CS001';
    end if;
    return query
        with offered as (
            select *, row_number() over (
                partition by o.stream, o.sequence, o.held_rule is null order by o.ord) as place_use
            from unnest(items, streams, sequences, petitions, types, times, traces, datas, secrets, macs,
                        may_waits, repeateds, held_rules, held_ids)
                 with ordinality as o (item, stream, sequence, petition, type, time, trace, data, secret, mac,
                                       may_wait, repeated, held_rule, held_id, ord)
        ), refused as (
            select o.item from offered o join stream_event s on s.stream = o.stream and s.sequence = o.sequence
            union select o.item from offered o where o.place_use > 1
            -- A withdrawal has ended the call in the meantime.
            union select o.item from offered o where o.repeated is not null
                and not exists (select from repeated_signing w where w.id = o.repeated)
        ), accepted as (
            select o.*, last + row_number() over (order by o.ord) as new_index
            from offered o
            where o.held_rule is null and not exists (select from refused r where r.item = o.item)
        ), logged as (
            insert into event (global_index, stream, time, trace, petition, sequence, type, data, mac)
            select a.new_index, a.stream, a.time, a.trace, a.petition, a.sequence, a.type, a.data, a.mac
            from accepted a
        ), placed as (
            insert into stream_event (stream, sequence, global_index, secret)
            select a.stream, a.sequence, a.new_index, a.secret from accepted a
        ), deferred as (
            insert into repeated_signing (stream, petition, time, trace, data, secret, mac)
            select o.stream, o.petition, o.time, o.trace, o.data, o.secret, o.mac from offered o
            where o.may_wait and o.held_rule is null
                and exists (select from refused r where r.item = o.item) order by o.ord
        ), kept as (
            insert into held_signing (id, stream, petition, time, trace, data, secret, mac, rule, held_at)
            select o.held_id, o.stream, o.petition, o.time, o.trace, o.data, o.secret, o.mac, o.held_rule,
                (select r.millis from running_time r)
            from offered o where o.held_rule is not null order by o.ord
            -- The writer offers a call again if the answer to its commit was lost.
            on conflict (id) do nothing
        ), settled as (
            delete from repeated_signing w using accepted a where w.id = a.repeated
        ), forgotten as (
            delete from repeated_signing w using accepted a
            where a.type in (signature_withdrawn, signer_erased) and w.stream = a.stream
                -- An expiry erases the past round. The call that waits begins the next one.
                and not exists (select from accepted x where x.item = a.item and x.type = signature_expired)
        ), unheld as (
            delete from held_signing h using accepted a
            where a.type in (signature_withdrawn, signer_erased) and h.stream = a.stream
                and not exists (select from accepted x where x.item = a.item and x.type = signature_expired)
        ), erased as (
            update stream_event s set secret = null from accepted a
            where a.type in (alert_stopped, signer_erased) and s.stream = a.stream and s.secret is not null
        ), ended as (
            update stream_event s set secret = null from accepted a, event e
            where a.type in (signature_verified, signature_expired) and s.stream = a.stream and s.secret is not null
                and e.global_index = s.global_index and e.type = petition_signed
                and case a.type when signature_verified then event_round(e.data) <> event_round(a.data)
                    else event_round(e.data) <= event_round(a.data) end
        ), moved as (
            update log_head set last_index = last + (select count(*) from accepted)
        )
        select o.ord, a.new_index, o.held_rule is not null
        from offered o left join accepted a on a.ord = o.ord order by o.ord;
end $$;
