-- Recipients of milestone mails, as pseudonyms. Only the signature service stores their addresses.
create table alert (
    id         uuid     primary key,
    petition   text     not null,
    -- The milestones. Empty for all.
    milestones bigint[] not null,
    -- The index of the event that requested it. Earlier milestones cause no mail.
    index      bigint   not null
);
create index alert_petition on alert (petition);

alter table delivery add column alert uuid;
create index delivery_alert on delivery (alert) where alert is not null;

-- Reached milestones. Organiser, recipients, subscribers and webhooks all plan from this table.
create table milestone (
    id         uuid        primary key,
    event      text        not null,
    petition   text        not null,
    threshold  bigint      not null,
    goal       bigint      not null,
    reached_by bigint      not null,
    reached_at timestamptz not null,
    details    text        not null,
    trace      text
);
create index milestone_petition on milestone (petition, reached_by);
