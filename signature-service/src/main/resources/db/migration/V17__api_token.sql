-- The organisation of all petitions that name none, among them those of earlier releases.
insert into organisation (id, slug, name, created_at)
values ('00000000-0000-0000-0000-000000000001', 'main', 'Main organisation', now());

-- What programs authenticate with. A token has roles of its owner in one organisation, as long as the owner has them.
create table api_token (
    id           uuid        primary key,
    organisation uuid        not null references organisation,
    person       uuid        not null references person,
    name         text        not null,
    -- A keyed hash of the secret. The secret is stored nowhere.
    secret_hash  bytea       not null,
    scope        text[]      not null,
    -- The petition that the token is for, or '' for all petitions that its roles are for.
    petition     text        not null default '',
    created_at   timestamptz not null,
    expires_at   timestamptz not null check (expires_at <= created_at + interval '366 days'),
    -- Written at most once a minute.
    last_used_at timestamptz,
    revoked_at   timestamptz
);

create index api_token_organisation on api_token (organisation, created_at);
create index api_token_person on api_token (person);
