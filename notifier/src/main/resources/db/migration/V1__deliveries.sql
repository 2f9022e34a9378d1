-- The position of the next record in each partition. The id shows whether a topic was created again. Events up to
-- last_index are planned, at whatever offset they come again. The deliveries of records before planned_until were
-- planned by a database that was lost or replaced by a backup.
create table partition_position (
    topic         text    not null,
    partition     integer not null,
    topic_id      text    not null default '',
    next_offset   bigint  not null,
    last_index    bigint  not null default 0,
    planned_until bigint  not null default 0,
    primary key (topic, partition)
);

create table petition (
    slug       text     primary key,
    title      text     not null,
    language   text     not null,
    goal       bigint   not null,
    -- The milestones that the organiser chose. Empty for the default ones.
    milestones bigint[] not null
);

-- Subscribers, as pseudonyms. Only the signature service stores their addresses.
create table subscriber (
    petition  text    not null,
    signature uuid    not null,
    round     integer not null,
    primary key (petition, signature)
);

create table webhook (
    id         uuid        primary key,
    petition   text,
    url        text        not null,
    events     text[]      not null,
    created_at timestamptz not null default now()
);

-- Deliveries that are planned, sent or parked. The id is derived from the purpose, so that planning twice adds nothing.
-- Deliveries of one lane are sent in order.
create table delivery (
    id           uuid        primary key,
    number       bigint      not null generated always as identity,
    medium       text        not null,
    kind         text        not null,
    lane         text,
    petition     text        not null,
    signature    uuid,
    round        integer     not null default 0,
    webhook      uuid,
    details      text,
    trace        text,
    state        text        not null default 'planned' check (state in ('planned', 'sent', 'parked', 'dropped')),
    attempts     integer     not null default 0,
    next_attempt timestamptz not null default now(),
    recipient    text,
    error        text,
    planned_at   timestamptz not null default now(),
    sent_at      timestamptz
    -- Free space on each page keeps the update that leases a delivery out of the indexes.
) with (fillfactor = 85);
-- Without next_attempt, because it changes with each lease.
create index delivery_due on delivery (medium, number) where state = 'planned';
create index delivery_lane on delivery (lane, number) where state = 'planned' and lane is not null;
create index delivery_petition on delivery (petition, number);
-- For the erasure of a signer.
create index delivery_signature on delivery (signature) where signature is not null;

-- The same id as Delivery.idFor: 122 bits of SHA-256 as a UUID of version 8.
create function delivery_id(purpose text) returns uuid language sql immutable as $$
    select cast(overlay(overlay(substr(hash, 1, 32) placing '8' from 13 for 1) placing
                        substr('89ab', 1 + (position(substr(hash, 17, 1) in '0123456789abcdef') - 1) % 4, 1)
                        from 17 for 1) as uuid)
    from (select encode(sha256(convert_to(purpose, 'UTF8')), 'hex') as hash) as hashed
$$;

create table unreadable_record (
    topic     text        not null,
    partition integer     not null,
    position  bigint      not null,
    reason    text        not null,
    seen_at   timestamptz not null default now(),
    primary key (topic, partition, position)
);

create table credential (
    user_name     text primary key,
    password_hash text not null
);

-- Who did what with data that needs credentials: logins, exports, reads of personal data, and changes by an organiser.
create table access_log (
    id        bigint generated always as identity primary key,
    at        timestamptz not null default now(),
    user_name text not null,
    action    text not null,
    object    text not null,
    row_count bigint,
    network   text not null
);

create index access_log_at on access_log (at);

-- Entries can only be added. Old ones can be deleted, so that the table has an end.
create function keep_access_log() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and old.at < now() - interval '30 days' then
        return old;
    end if;
    raise exception 'entries of access_log cannot be changed, and not deleted for 30 days'
        using errcode = 'insufficient_privilege';
end
$$;

create trigger access_log_is_kept before update or delete on access_log
    for each row execute function keep_access_log();

create trigger access_log_is_not_truncated before truncate on access_log
    for each statement execute function keep_access_log();
-- A fingerprint of every key that has been in use. It is the HMAC of a constant under the key, and reveals nothing
-- about the key. A service with other keys refuses to start.
create table key_pin (
    ring        text    not null,
    number      integer not null,
    fingerprint bytea   not null,
    primary key (ring, number)
);
