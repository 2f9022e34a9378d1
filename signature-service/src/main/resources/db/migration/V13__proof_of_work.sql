-- Proof of work, which sign calls need while their petition is under attack.
--
-- Both tables are unlogged. A crash or a failover empties them together: without its key, no old challenge is good, so
-- none is good twice.
create unlogged table proof_key (
    id     uuid    primary key,
    secret bytea   not null,
    single boolean not null default true unique check (single)
);

-- The challenges that were used up, until they expire.
create unlogged table used_proof (
    challenge bytea       primary key,
    -- The signature that it was used for. Its signer may repeat the call.
    signature uuid        not null,
    expires   timestamptz not null
);

create index used_proof_expires on used_proof (expires);

-- Held calls that are released by themselves.
create index held_signing_provisional on held_signing (rule, held_at) where rule in ('proof-of-work', 'watch-domain');

-- Judges the sign calls that a rule has held provisionally for a time in milliseconds of running time. Those whose mail
-- domain or network turned out to be part of an attack stay held by the rule of that anomaly. The others are released
-- and noted as release_held does, also those without signals. Returns the number of calls that were judged.
--
-- It runs with the rights of the owner, because the service's role cannot store a sign call in any other way.
create function settle_held(of_rule text, held_millis bigint, at_most integer) returns bigint
    language sql security definer set search_path = public, pg_temp as $$
    with due as (
        select h.id, h.stream, h.petition, h.time from held_signing h
        where h.rule = of_rule and h.rule in ('proof-of-work', 'watch-domain')
            and h.held_at <= (select r.millis from running_time r) - held_millis
        order by h.held_at limit at_most for update skip locked
    ), attacked as (
        select d.*, a.since from due d
        join signing_attack a on a.petition = d.petition and (a.until is null or a.until > d.time)
    ), matching as materialized (
        -- Signals are read only if a petition is under attack.
        select t.id, min(n.kind) as kind from attacked t
        join signing_signal s on s.stream = t.stream and s.petition = t.petition
            and s.at > (select min(e.time) - interval '1 minute' from attacked e)
        join signing_anomaly n on n.petition = t.petition and n.since = t.since
            and n.day = cast(s.at at time zone 'UTC' as date)
            and (n.kind = 'domain' and n.key = s.domain or n.kind = 'network' and n.key = s.wider)
        group by t.id
    ), stay as (
        update held_signing h set rule = 'anomaly-' || m.kind from matching m where h.id = m.id
    ), gone as (
        delete from held_signing h using due d
        where h.id = d.id and not exists (select from matching m where m.id = d.id) returning h.*
    ), waiting as (
        insert into repeated_signing (stream, petition, time, trace, data, secret, mac, released)
        select g.stream, g.petition, g.time, g.trace, g.data, g.secret, g.mac, true from gone g order by g.time
    ), noted as (
        insert into signing_signal_release (petition, rule, stream, called, day)
        select g.petition, g.rule, g.stream, g.time, (g.time at time zone 'UTC')::date from gone g
    )
    select count(*) from due
$$;
