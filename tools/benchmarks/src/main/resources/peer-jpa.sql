create sequence signature_seq increment by 50;
create table signature (
    id       bigint      primary key,
    petition text        not null,
    address  uuid        not null,
    at       timestamptz not null,
    country  text        not null,
    publicly boolean     not null,
    updates  boolean     not null,
    sealed   bytea       not null,
    unique (petition, address)
);
create table signature_key (
    signature bigint primary key,
    secret    bytea  not null
);
create table petition (
    slug            text   primary key,
    signature_count bigint not null
);
insert into petition values ('bench', 0);
