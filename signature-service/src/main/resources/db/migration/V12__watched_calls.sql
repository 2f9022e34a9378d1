-- The keyed hash of the IPv4 /16 or IPv6 /32 in 16 bits, 0 if unknown. It fills the rest of a row's last 8 bytes.
alter table signing_signal add column block smallint not null default 0;

-- Calls that wait to be judged. There are few at a time.
create index held_signing_watched on held_signing (time) where rule = 'watch-domain';

-- Judges the sign calls that were held for a while because many domains signed the petition: those whose domain or
-- network turned out to be part of an attack stay held, and the others are released. Returns how many were released.
--
-- It runs with the rights of the owner, as release_held does. A call without signals is released.
create function settle_watched(watched_for interval, at_most integer) returns bigint language sql
    security definer set search_path = public, pg_temp as $$
    with chosen as (
        select h.id, h.stream, h.petition, a.since from held_signing h
        left join signing_attack a on a.petition = h.petition and a.until is null
        where h.rule = 'watch-domain' and h.time <= now() - watched_for
        order by h.time limit at_most for update of h skip locked
    ), matching as materialized (
        -- Signals are read only if a petition is under attack.
        select c.id, min(n.kind) as kind
        from chosen c
        join signing_signal s on s.stream = c.stream and s.at > now() - watched_for - interval '10 minutes'
        join signing_anomaly n on n.petition = c.petition and n.since = c.since
            and n.day = cast(s.at at time zone 'UTC' as date)
            and (n.kind = 'domain' and n.key = s.domain or n.kind = 'network' and n.key = s.wider)
        where c.since is not null
        group by c.id
    ), kept as (
        update held_signing h set rule = 'anomaly-' || m.kind from matching m where h.id = m.id
    ), released as (
        delete from held_signing h using chosen c
        where h.id = c.id and not exists (select from matching m where m.id = c.id)
        returning h.*
    ), waiting as (
        insert into repeated_signing (stream, petition, time, trace, data, secret, mac, released)
        select r.stream, r.petition, r.time, r.trace, r.data, r.secret, r.mac, true from released r order by r.time
        returning 1
    )
    select count(*) from waiting
$$;
