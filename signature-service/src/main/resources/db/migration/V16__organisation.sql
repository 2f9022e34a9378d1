-- The people who run petitions, the organisations they work for, and their roles there. None of this is in the event
-- log: people leave, and their names have to go.

create table organisation (
    id         uuid        primary key,
    -- The name in addresses: lower-case letters, digits and hyphens.
    slug       text        not null unique,
    name       text        not null,
    created_at timestamptz not null
);

create table person (
    id          uuid        primary key,
    -- A keyed hash of the mail address, to find the person by it.
    mail_hash   bytea       not null unique,
    -- Name and mail address, sealed.
    sealed      bytea       not null,
    -- Operators of the installation create organisations and read no personal data of signers.
    operator    boolean     not null default false,
    created_at  timestamptz not null,
    -- A person that cannot sign in any more. The row stays, because decisions name it.
    disabled_at timestamptz
);

create table membership (
    organisation uuid        not null references organisation,
    person       uuid        not null references person,
    role         text        not null
        check (role in ('editor', 'publisher', 'moderator', 'exporter', 'auditor', 'operator')),
    -- The petition that the role is for, or '' for all petitions of the organisation.
    petition     text        not null default '',
    created_at   timestamptz not null,
    primary key (organisation, person, role, petition)
);

create index membership_person on membership (person);
