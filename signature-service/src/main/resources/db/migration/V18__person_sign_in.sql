-- How people sign in, how they are invited, and where they are signed in.

create table person_credential (
    person         uuid        primary key references person,
    password_hash  text        not null,
    -- The secret of the codes, sealed.
    code_secret    bytea       not null,
    -- The time step of the last code. A code is good once.
    code_step      bigint      not null default 0,
    -- Wrong codes since the last good one. Too many stop further attempts for some minutes.
    code_failures  integer     not null default 0,
    code_failed_at timestamptz not null default '-infinity',
    changed_at     timestamptz not null
);

-- Keyed hashes of recovery codes. A code that was used is deleted.
create table person_recovery_code (
    person uuid  not null references person,
    hash   bytea not null,
    primary key (person, hash)
);

-- The link that makes the first operator. Only the newest is valid. A link that was used is deleted.
create table operator_link (
    id         uuid        primary key,
    expires_at timestamptz not null
);

-- Open invitations. One that was accepted or withdrawn, or has expired, is deleted.
create table person_invitation (
    id              uuid        primary key,
    organisation    uuid        not null references organisation,
    -- The same keyed hash of the mail address as that of a person.
    mail_hash       bytea       not null,
    -- Name and mail address, sealed.
    sealed          bytea       not null,
    roles           text[]      not null,
    petition        text        not null default '',
    invited_by      uuid        not null references person,
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    -- When the notifier took the mail over.
    mail_planned_at timestamptz
);

create index person_invitation_organisation on person_invitation (organisation);
create index person_invitation_unplanned on person_invitation (created_at) where mail_planned_at is null;

-- The tables of Spring Session 4.1. The cookie has a keyed hash beside the id, so this table alone signs nobody in.
create table person_session (
    primary_id            char(36) not null primary key,
    session_id            char(36) not null unique,
    creation_time         bigint   not null,
    last_access_time      bigint   not null,
    max_inactive_interval integer  not null,
    expiry_time           bigint   not null,
    principal_name        varchar(100)
);

create index person_session_expiry on person_session (expiry_time);
create index person_session_principal on person_session (principal_name);

create table person_session_attributes (
    session_primary_id char(36)     not null references person_session (primary_id) on delete cascade,
    attribute_name     varchar(200) not null,
    attribute_bytes    bytea        not null,
    primary key (session_primary_id, attribute_name)
);
