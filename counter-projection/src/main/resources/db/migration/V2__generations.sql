-- A rebuild replaces the counts and increases the generation. Caches of an older generation are invalid.
alter table position add column generation bigint not null default 0;

-- The users of the rebuild call, with hashed passwords.
create table credential (
    user_name     text primary key,
    password_hash text not null
);
