-- What is known about a sign call for a few days: the signals by which attacks are found. They are in no event, and so
-- neither in Kafka nor in a replay.
--
-- The tables are unlogged: their rows are in no write-ahead log, on no standby and in no base backup. After a crash or
-- a failover they are empty.
--
-- Each day has a partition. Its rows go all at once with its file. A delete would leave the old row versions in it.
create table signing_signal (
    -- The signature, whether or not the call was held.
    stream   uuid        not null,
    -- The time of the write by the database's clock, at most a second after the call.
    at       timestamptz not null,
    -- Keyed hashes under the key of the day: the registered mail domain, the IPv4 /24 or IPv6 /64, and the IPv4 /24 or
    -- IPv6 /48. 0 if the network is unknown.
    domain   bigint      not null,
    network  bigint      not null,
    wider    bigint      not null,
    petition integer     not null,
    -- How long the form was open in seconds; -1 if unknown. A null would add 8 bytes to each row.
    form     smallint    not null,
    -- Whether many people who do not know each other have addresses of the domain.
    shared    boolean not null,
    -- Whether the local part looks as if a program had made it.
    generated boolean not null,
    -- Whether the sender has done a proof of work.
    proof     boolean not null,
    -- Whether a rule held the call.
    held      boolean not null,
    -- Two or three letters, five bits each: the country, and the language of the call or 0.
    country   smallint not null,
    language  smallint not null
) partition by range (at);

-- The secret under which the hashes of a day were made. It is dropped with the signals of its day, and with it the
-- meaning of any copy.
create unlogged table signing_signal_key (
    day    date   primary key,
    secret bytea  not null,
    -- The running time of the service in milliseconds when the key was made. A clock that stands still keeps no key.
    made   bigint not null
);

-- The attacks on petitions. One that lasts has no end. Unlogged as the signals: the anomalies hold hashes of them.
create unlogged table signing_attack (
    petition integer     not null,
    since    timestamptz not null,
    -- When an anomaly was seen last.
    seen     timestamptz not null,
    until    timestamptz,
    -- Whether the event that alerts the organiser was recorded.
    reported boolean     not null default false,
    primary key (petition, since)
);

create unique index signing_attack_now on signing_attack (petition) where until is null;

-- What the sign calls of an attack have in common.
create unlogged table signing_anomaly (
    petition integer     not null,
    since    timestamptz not null,
    -- For example domain. The kinds are those of org.countersign.signature.signals.Anomaly.
    kind     text        not null,
    -- The day of the key of the hash in UTC.
    day      date        not null,
    -- The keyed hash of a domain or network, the code of a country or language, or 0.
    key      bigint      not null,
    -- The share of calls that match when it was seen last, and the largest numbers of these calls and of held ones.
    share    double precision not null,
    calls    integer     not null,
    held     integer     not null,
    seen     timestamptz not null,
    primary key (petition, since, kind, day, key)
);

-- Makes the partitions of yesterday, today and tomorrow, and drops those of days that began more than the given number
-- of days ago, by the clock or by the running time of the service. Days are those of UTC.
--
-- It runs with the rights of the owner, because the service's role cannot create tables.
create function keep_signals(keep_days integer) returns void language plpgsql
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
        end if;
    end loop;
    delete from signing_signal_key where day <= today - keep_days;
    delete from signing_anomaly where day <= today - keep_days;
    delete from signing_attack where until <= now() - keep_days * interval '1 day';
end $$;

-- Deletes the signals of signers. A long list is compared with all rows at once.
create function forget_signals(streams uuid[]) returns void language plpgsql
    set search_path = public, pg_temp set enable_seqscan = on as $$
begin
    if cardinality(streams) > 0 then
        delete from signing_signal where stream = any (streams);
    end if;
end $$;
