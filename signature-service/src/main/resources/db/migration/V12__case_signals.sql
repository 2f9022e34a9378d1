-- What cases need to choose signatures by signals and by rule. Both tables are unlogged as the signals, and their rows
-- go with the signals of their day: a rule may name a domain or network, and the hashes of networks are signals.

-- The sign calls that an organiser has released, and the rule that had held them.
create unlogged table signing_signal_release (
    petition integer     not null,
    rule     text        not null,
    stream   uuid        not null,
    -- The time of the call. It is that of the signing if the call was the first one of its address.
    called   timestamptz not null,
    released timestamptz not null default now(),
    -- The day of the call in UTC.
    day      date        not null
);

create index signing_signal_release_rule on signing_signal_release (petition, rule, stream);

-- The keyed hashes of the networks whose signatures a case is choosing. They go when it has chosen.
create unlogged table signing_signal_wanted (
    case_id uuid   not null,
    -- The day of the key in UTC.
    day     date   not null,
    hash    bigint not null,
    primary key (case_id, day, hash)
);

-- As in V9, and notes the rule of each released call.
create or replace function release_held(
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
    ), noted as (
        insert into signing_signal_release (petition, rule, stream, called, day)
        select r.petition, r.rule, r.stream, r.time, (r.time at time zone 'UTC')::date from released r
    )
    select count(*) from waiting
$$;

-- As in V11, and drops the rows of cases and releases with the signals of their day.
create or replace function keep_signals(keep_days integer) returns void language plpgsql
    security definer set search_path = public, pg_temp as $$
declare
    today constant date := (now() at time zone 'UTC')::date;
    millis_per_day constant bigint := 86400000;
    running constant bigint := (select millis from running_time);
    of_day date;
    name text;
begin
    -- One instance at a time.
    perform pg_advisory_xact_lock(x'636f756e74657306'::bigint);
    for of_day in select today + generate_series(-1, 1) loop
        name := 'signing_signal_' || to_char(of_day, 'YYYYMMDD');
        if to_regclass(name) is null then
            execute format('create unlogged table %I partition of signing_signal for values from (%L) to (%L)',
                name, of_day::timestamp at time zone 'UTC', (of_day + 1)::timestamp at time zone 'UTC');
            -- A summary of few pages takes 2 bytes a row, an ordinary index 40.
            execute format('create index on %I using brin (at, stream uuid_bloom_ops '
                || '(n_distinct_per_range = 800, false_positive_rate = 0.01)) '
                || 'with (pages_per_range = 8, autosummarize = on)', name);
        end if;
    end loop;
    for name, of_day in
        select c.relname, to_date(right(c.relname, 8), 'YYYYMMDD')
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'signing_signal'::regclass
    loop
        if of_day <= today - keep_days
            or exists (select from signing_signal_key k
                where k.day = of_day and k.made <= running - keep_days * millis_per_day) and of_day < today
        then
            execute format('drop table %I', name);
            delete from signing_signal_key where day = of_day;
            delete from signing_signal_release where day <= of_day;
            delete from signing_signal_wanted where day <= of_day;
        end if;
    end loop;
    delete from signing_signal_key where day <= today - keep_days;
    delete from signing_signal_release where day <= today - keep_days;
    delete from signing_signal_wanted where day <= today - keep_days;
    delete from signing_anomaly where day <= today - keep_days;
    delete from signing_attack where until <= now() - keep_days * interval '1 day';
end $$;

-- As in V11, and deletes what is known about their released calls.
create or replace function forget_signals(streams uuid[]) returns void language plpgsql
    set search_path = public, pg_temp set enable_seqscan = on as $$
begin
    if cardinality(streams) > 0 then
        delete from signing_signal where stream = any (streams);
        delete from signing_signal_release where stream = any (streams);
    end if;
end $$;

-- Returns the signals of the sign call that made each form: of all calls of its signature, the nearest in time. A later
-- round may wait before it is recorded, so that its call may be days older than the form. Calls after the form are left
-- out, apart from differences of clocks: who signs with the address of somebody else cannot change what matches.
--
-- Times are in microseconds. Loops over the signatures would read the index for each of them.
create function signals_of_forms(of_petition integer, streams uuid[], forms bigint[], earliest bigint[])
    returns table (stream uuid, at timestamptz, network bigint, wider bigint, form smallint, generated boolean)
    language plpgsql stable set search_path = public, pg_temp set enable_nestloop = off as $$
declare
    micro constant interval := interval '1 microsecond';
    clocks constant interval := interval '2 minutes';
    epoch constant timestamptz := 'epoch';
    first_at constant timestamptz := epoch - clocks + micro * (select min(e) from unnest(earliest) e);
    last_at constant timestamptz := epoch + clocks + micro * (select max(f) from unnest(forms) f);
begin
    return query
        select distinct on (c.id) c.id, s.at, s.network, s.wider, s.form, s.generated
        from (
            select u.id, epoch + micro * u.form as form, epoch - clocks + micro * u.earliest as earliest
            from unnest(streams, forms, earliest) as u (id, form, earliest)
        ) c
        join signing_signal s on s.stream = c.id and s.at >= c.earliest and s.at <= c.form + clocks
        where s.petition = of_petition and s.at >= first_at and s.at <= last_at
        order by c.id, abs(extract(epoch from s.at - c.form));
end $$;
