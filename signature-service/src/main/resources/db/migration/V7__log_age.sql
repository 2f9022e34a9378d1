-- How long the service has been running and watching the log, in milliseconds. Clocks can be wrong. Running time cannot
-- jump, so it decides when personal data is erased.
create table running_time (
    only_row boolean primary key default true check (only_row),
    millis   bigint  not null
);
insert into running_time (millis) values (0);

-- The head of the log at a point of the running time.
create table log_age (
    millis     bigint primary key,
    last_index bigint not null
);
