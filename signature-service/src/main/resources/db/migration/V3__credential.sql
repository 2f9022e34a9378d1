-- The users of organiser and auditor calls, with hashed passwords.
create table credential (
    user_name     text primary key,
    password_hash text not null
);

-- A fingerprint of every key that has been in use. It is the HMAC of a constant under the key, and reveals nothing
-- about the key. A service with other keys refuses to start.
create table key_pin (
    ring        text    not null,
    number      integer not null,
    fingerprint bytea   not null,
    primary key (ring, number)
);
