-- The index of the last counted event. A counter updates it from the value that it has read. If the value has changed,
-- another instance counts, and the transaction is void.
create table position (
    only_row        boolean primary key default true check (only_row),
    global_index    bigint  not null,
    -- The number of public events and milestones up to that event. It is the only index that the public sees.
    public_position bigint  not null default 0
);
insert into position (global_index) values (0);

-- The next offset of each partition: the first record whose event is not counted yet.
create table partition_position (
    topic       text    not null,
    partition   integer not null,
    next_offset bigint  not null,
    primary key (topic, partition)
);

create table petition_count (
    petition        text        primary key,
    verified        bigint      not null,
    pending         bigint      not null,
    withdrawn       bigint      not null,
    expired         bigint      not null,
    invalidated     bigint      not null,
    goal            bigint      not null,
    own_milestones  bigint[]    not null,
    last_milestone  bigint      not null,
    as_of_index     bigint      not null,
    -- The position of the newest public entry, and the time of its event.
    public_position bigint      not null,
    as_of           timestamptz not null
);
create index petition_count_changed on petition_count (public_position);

create table country_count (
    petition text   not null,
    country  text   not null,
    verified bigint not null,
    primary key (petition, country)
);

-- By minute of the events: the change of the verified count, and the number of sign events.
create table minute_count (
    petition text        not null,
    minute   timestamptz not null,
    verified bigint      not null,
    signed   bigint      not null,
    primary key (petition, minute)
);

-- Each milestone once. The table is also the outbox: unpublished milestones are published in this order.
create table milestone (
    petition        text        not null,
    threshold       bigint      not null,
    goal            bigint      not null,
    reached_at      timestamptz not null,
    global_index    bigint      not null,
    public_position bigint      not null,
    published       boolean     not null default false,
    primary key (petition, threshold)
);
create index milestone_unpublished on milestone (public_position) where not published;

-- Unreadable records. They are skipped, and an operator should look at them.
create table unreadable_record (
    topic     text        not null,
    partition integer     not null,
    position  bigint      not null,
    reason    text        not null,
    seen_at   timestamptz not null default now(),
    primary key (topic, partition, position)
);
