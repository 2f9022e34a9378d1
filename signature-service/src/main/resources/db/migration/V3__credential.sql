-- The users of organiser and auditor calls, with hashed passwords.
create table credential (
    user_name     text primary key,
    password_hash text not null
);

-- Who did what with data that needs credentials: logins, exports, reads of personal data, and changes by an organiser.
create table access_log (
    id        bigint generated always as identity primary key,
    at        timestamptz not null default now(),
    user_name text not null,
    action    text not null,
    object    text not null,
    row_count bigint,
    network   text not null
);

create index access_log_at on access_log (at);

-- Entries can only be added. Old ones can be deleted, so that the table has an end.
create function keep_access_log() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and old.at < now() - interval '30 days' then
        return old;
    end if;
    raise exception 'entries of access_log cannot be changed, and not deleted for 30 days'
        using errcode = 'insufficient_privilege';
end
$$;

create trigger access_log_is_kept before update or delete on access_log
    for each row execute function keep_access_log();

create trigger access_log_is_not_truncated before truncate on access_log
    for each statement execute function keep_access_log();
-- A fingerprint of every key that has been in use. It is the HMAC of a constant under the key, and reveals nothing
-- about the key. A service with other keys refuses to start.
create table key_pin (
    ring        text    not null,
    number      integer not null,
    fingerprint bytea   not null,
    primary key (ring, number)
);
