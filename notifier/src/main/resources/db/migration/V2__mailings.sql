-- The index of the event that subscribed the signer. Earlier milestones cause no mail.
alter table subscriber add column index bigint not null default 0;
-- The format of the body: standard, slack or discord.
alter table webhook add column format text not null default 'standard';

-- The mails about a milestone to all subscribers. Deliveries are planned in batches, in the order of signatures. The
-- position is stored with them, so that a mailing continues after a crash.
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
    -- Not immediately: another instance may be storing an earlier subscriber.
    turn_at       timestamptz not null default now() + interval '2 seconds',
    begun_at      timestamptz not null default now(),
    -- Whether a database that was lost or replaced may have sent it.
    planned_before boolean    not null default false,
    ended_at      timestamptz
);
create index mailing_petition on mailing (petition, begun_at);
create index mailing_running on mailing (turn_at) where ended_at is null;

-- One row: the time up to which mailings have used their rate. The instance that holds its lock plans.
create table mailing_pace (
    used_up_to timestamptz not null
);
insert into mailing_pace values (now());

alter table delivery add column mailing uuid;
-- The instance that leased it last.
alter table delivery add column taken_by text;
create index delivery_mailing_waits on delivery (mailing) where state = 'planned' and mailing is not null;
create index delivery_mailing_failed on delivery (mailing) where state in ('parked', 'dropped') and mailing is not null;
