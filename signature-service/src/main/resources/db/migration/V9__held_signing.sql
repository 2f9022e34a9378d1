-- Sign calls that a rule holds until the organiser decides. append_or_hold_events stores them in the place of an event.
create table held_signing (
    id       uuid        primary key,
    stream   uuid        not null,
    petition integer     not null,
    time     timestamptz not null,
    trace    uuid,
    data     bytea       not null,
    secret   bytea       not null,
    mac      bytea       not null,
    -- For example limit-domain, or hold-domain:*.evil.example. Only the organiser's own rule names a domain.
    rule     text        not null,
    -- The running time of the service in milliseconds, so that no wrong clock expires a call.
    held_at  bigint      not null
);

create index held_signing_stream on held_signing (stream);
create index held_signing_rule on held_signing (petition, rule, time);
create index held_signing_time on held_signing (petition, time);
create index held_signing_age on held_signing (held_at);

-- A released call has the time of its signing. The processor sees to that for the first signing of an address.
alter table repeated_signing add column released boolean not null default false;

-- What each network, mail domain and petition has signed lately, for all instances: a level that rises with each sign
-- call and falls with time. The key is an HMAC under a key of the day, so that no row tells a network or a domain.
--
-- Both tables are unlogged: their rows are in no write-ahead log, on no standby and in no base backup. After a crash or
-- a failover they are empty, and the limits begin anew.
create unlogged table signing_rate (
    key   uuid             primary key,
    level double precision not null,
    -- By how much the level falls in a second.
    rate  double precision not null,
    -- The highest level, so that a limit that was exceeded is free again some time later.
    max   double precision not null,
    at    timestamptz      not null default clock_timestamp()
);

create index signing_rate_at on signing_rate (at);

-- The key of each day. It is deleted with the day after, and with it the meaning of what is left of the day's rows.
create unlogged table signing_rate_key (
    day    date  primary key,
    secret bytea not null
);

-- Moves held calls to the repeated signings, from where the service processes them. Returns their number. Without ids,
-- it moves the calls of a rule and a time window. The time of a call stays, because its MAC covers it.
--
-- It runs with the rights of the owner, because the service's role cannot store a sign call in any other way.
create function release_held(
    of_petition integer, ids uuid[], of_rule text, begins timestamptz, ends timestamptz, at_most integer)
    returns bigint language sql
    security definer set search_path = public, pg_temp as $$
    with chosen as (
        select h.id from held_signing h
        where h.petition = of_petition
            and case when ids is not null then h.id = any (ids)
                else h.rule = of_rule and h.time >= begins and h.time < ends end
        order by h.time limit at_most for update
    ), released as (
        delete from held_signing h using chosen c where h.id = c.id returning h.*
    ), waiting as (
        insert into repeated_signing (stream, petition, time, trace, data, secret, mac, released)
        select r.stream, r.petition, r.time, r.trace, r.data, r.secret, r.mac, true from released r order by r.time
        returning 1
    )
    select count(*) from waiting
$$;
