-- The users of organiser and auditor calls, with hashed passwords.
create table credential (
    user_name     text primary key,
    password_hash text not null
);
