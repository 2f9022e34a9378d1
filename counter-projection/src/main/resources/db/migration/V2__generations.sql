-- Counts that are counted anew, beside those that are shown, take their place as the next generation: whoever keeps anything of the
-- last one in memory sees that it is of no use any more.
alter table position add column generation bigint not null default 0;

-- Who may have the counts counted anew. Passwords are hashed.
create table credential (
    user_name     text primary key,
    password_hash text not null
);
