-- The last index that each reader of the log has processed.
create table reader_position (
    reader       text   primary key,
    global_index bigint not null
);
