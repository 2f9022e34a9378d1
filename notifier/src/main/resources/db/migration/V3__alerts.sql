-- Whom the organiser wants told of milestones by mail. Pseudonyms: the addresses are with the signature service alone.
create table alert (
    id         uuid     primary key,
    petition   text     not null,
    -- Of which milestones; empty for each.
    milestones bigint[] not null,
    -- At which event of the log it was requested: a milestone that was reached earlier is no news.
    index      bigint   not null
);
create index alert_petition on alert (petition);

alter table delivery add column alert uuid;

-- Milestones that were reached. It is filled first: organiser, recipients, subscribers and webhooks all plan from it.
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
