-- Signers who asked for their mail again. The call stores the same row whatever became of the sign call, and the answer
-- does not wait for what follows. The id is pseudonymous. A row lives for seconds.
create table mail_again (
    signature    uuid        primary key,
    requested_at timestamptz not null default now()
);
