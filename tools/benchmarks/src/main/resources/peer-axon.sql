create table signature_key (
    signature uuid  primary key,
    secret    bytea not null
);
