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
