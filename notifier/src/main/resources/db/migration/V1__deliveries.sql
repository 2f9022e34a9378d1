-- Where to go on reading in each partition.
create table partition_position (
    topic       text    not null,
    partition   integer not null,
    next_offset bigint  not null,
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

-- Who wants to hear of milestones. Pseudonyms: the addresses are with the signature service alone.
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

-- Everything that is to be sent, was sent or could not be sent. The id is made from what it is for, so that planning twice plans
-- once. Deliveries of one lane go out one after the other, in order.
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
    -- Room on each page for the update that takes a delivery: it touches no index then.
) with (fillfactor = 85);
-- Without next_attempt: it changes whenever a delivery is taken.
create index delivery_due on delivery (medium, number) where state = 'planned';
create index delivery_lane on delivery (lane, number) where state = 'planned' and lane is not null;
create index delivery_petition on delivery (petition, number);

-- The same as Delivery.idFor makes: 122 bits of SHA-256 as a UUID of version 8.
create function delivery_id(purpose text) returns uuid language sql immutable as $$
    select cast(overlay(overlay(substr(hash, 1, 32) placing '8' from 13 for 1) placing
                        substr('89ab', 1 + (position(substr(hash, 17, 1) in '0123456789abcdef') - 1) % 4, 1) from 17 for 1) as uuid)
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
