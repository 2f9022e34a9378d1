-- How far the log has been counted. Whoever counts moves it on from where it found it; if it is not there any more,
-- somebody else counts, and the transaction is void.
create table position (
    only_row     boolean primary key default true check (only_row),
    global_index bigint  not null
);
insert into position (global_index) values (0);

-- Where to go on reading in each partition: the first record whose event is not counted yet.
create table partition_position (
    topic       text    not null,
    partition   integer not null,
    next_offset bigint  not null,
    primary key (topic, partition)
);

create table petition_count (
    petition       text        primary key,
    verified       bigint      not null,
    pending        bigint      not null,
    withdrawn      bigint      not null,
    goal           bigint      not null,
    own_milestones bigint[]    not null,
    last_milestone bigint      not null,
    as_of_index    bigint      not null,
    as_of          timestamptz not null
);
create index petition_count_changed on petition_count (as_of_index);

create table country_count (
    petition text   not null,
    country  text   not null,
    verified bigint not null,
    primary key (petition, country)
);

-- By the minute in which an event happened: how it moved the verified count, and how many signed.
create table minute_count (
    petition text        not null,
    minute   timestamptz not null,
    verified bigint      not null,
    signed   bigint      not null,
    primary key (petition, minute)
);

-- Each milestone once, for ever. It is also the outbox: what is not published yet is published next, in this order.
create table milestone (
    petition     text        not null,
    threshold    bigint      not null,
    goal         bigint      not null,
    reached_at   timestamptz not null,
    global_index bigint      not null,
    published    boolean     not null default false,
    primary key (petition, threshold)
);
create index milestone_unpublished on milestone (global_index, threshold) where not published;

-- Records that are no event of the contract. They are passed over; a person should know.
create table unreadable_record (
    topic     text        not null,
    partition integer     not null,
    position  bigint      not null,
    reason    text        not null,
    seen_at   timestamptz not null default now(),
    primary key (topic, partition, position)
);
