-- How far those who follow the log have come.
create table reader_position (
    reader       text   primary key,
    global_index bigint not null
);
