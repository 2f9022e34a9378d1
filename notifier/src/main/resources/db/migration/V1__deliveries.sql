-- Where to go on reading in each partition.
create table partition_position (
    topic       text    not null,
    partition   integer not null,
    next_offset bigint  not null,
    primary key (topic, partition)
);

create table petition (
    slug  text primary key,
    title text not null
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

-- Everything that is to be sent, was sent or could not be sent. What it is for (purpose) is unique, so that planning twice
-- plans once. Deliveries of one lane go out one after the other, in order.
create table delivery (
    id           uuid        primary key,
    number       bigint      not null generated always as identity,
    purpose      text        not null unique,
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
);
create index delivery_due on delivery (next_attempt, number) where state = 'planned';
create index delivery_lane on delivery (lane, number) where state = 'planned' and lane is not null;
create index delivery_petition on delivery (petition, number);

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
