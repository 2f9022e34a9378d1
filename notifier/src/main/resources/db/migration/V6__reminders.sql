-- Whether unconfirmed signers of the petition are reminded.
alter table petition add column reminders boolean not null default true;

-- How far the reminders of each petition have followed its confirmation mails, for each step. A reminder is planned in
-- the transaction that moves the position.
create table reminder_position (
    petition text    not null,
    step     integer not null,
    number   bigint  not null,
    primary key (petition, step)
);

-- One row. The instance that holds its lock plans. Only confirmation mails that were planned after both marks are
-- followed by a reminder: those of this release, and none that a lost database may have followed already.
create table reminder_start (
    number bigint      not null,
    since  timestamptz not null
);
insert into reminder_start select case when is_called then last_value else 0 end, '-infinity' from delivery_number_seq;
