-- One row: the time up to which all mails of all instances have used the limit of the mail provider.
create table mail_pace (
    used_up_to timestamptz not null
);
insert into mail_pace values (now());
