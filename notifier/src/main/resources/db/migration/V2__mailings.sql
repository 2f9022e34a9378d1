-- At which event of the log somebody subscribed: a milestone that was reached earlier is no news to them.
alter table subscriber add column index bigint not null default 0;
-- What a receiver understands: standard, slack or discord.
alter table webhook add column format text not null default 'standard';

-- The news of a milestone to all who wanted to hear of it. Deliveries are planned a few at a time in the order of signatures; up to
-- where is stored with them, so that a mailing goes on after any stop where it was.
create table mailing (
    id            uuid        primary key,
    petition      text        not null,
    threshold     bigint      not null,
    reached_by    bigint      not null,
    details       text        not null,
    trace         text,
    recipients    bigint      not null,
    planned       bigint      not null default 0,
    planned_up_to uuid,
    -- Not at once: another instance may be storing somebody who subscribed before the milestone.
    turn_at       timestamptz not null default now() + interval '2 seconds',
    begun_at      timestamptz not null default now(),
    ended_at      timestamptz
);
create index mailing_petition on mailing (petition, begun_at);
create index mailing_running on mailing (turn_at) where ended_at is null;

-- One row: up to when mailings have used what their rate allows. Whoever holds it plans, however many instances there are.
create table mailing_pace (
    used_up_to timestamptz not null
);
insert into mailing_pace values (now());

alter table delivery add column mailing uuid;
-- Which instance took it last.
alter table delivery add column taken_by text;
create index delivery_mailing_waits on delivery (mailing) where state = 'planned' and mailing is not null;
create index delivery_mailing_failed on delivery (mailing) where state in ('parked', 'dropped') and mailing is not null;
