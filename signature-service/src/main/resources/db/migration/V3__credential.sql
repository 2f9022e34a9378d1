-- Who may do what only organisers and auditors may. Passwords are hashed.
create table credential (
    user_name     text primary key,
    password_hash text not null
);
