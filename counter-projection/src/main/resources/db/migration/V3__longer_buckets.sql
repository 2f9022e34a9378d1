-- Counts by hour and by day, so that a petition of years is shown as quickly as one of yesterday.
create table hour_count (
    petition text        not null,
    hour     timestamptz not null,
    verified bigint      not null,
    signed   bigint      not null,
    primary key (petition, hour)
);

create table day_count (
    petition text        not null,
    day      timestamptz not null,
    verified bigint      not null,
    signed   bigint      not null,
    primary key (petition, day)
);

insert into hour_count
select petition, date_trunc('hour', minute, 'UTC'), sum(verified), sum(signed) from minute_count group by 1, 2;

insert into day_count
select petition, date_trunc('day', minute, 'UTC'), sum(verified), sum(signed) from minute_count group by 1, 2;
