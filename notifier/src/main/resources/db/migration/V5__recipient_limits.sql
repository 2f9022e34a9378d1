-- The turns of recipients and domains, by keyed hashes that the signature service makes. No address and no domain is
-- stored. The tables are not logged: they would be in every backup otherwise, and each mail would cost twice as much.
-- A crash of the database empties them, so that a recipient may get the mails of one more hour.
create unlogged table recipient_turn (
    recipient  uuid          primary key,
    -- The mails of the last hour, and when each took its turn. A mail that is tried again takes its turn again.
    deliveries uuid[]        not null,
    taken_at   timestamptz[] not null,
    -- When the last mails that wait are due.
    promised   timestamptz[] not null default '{}'
    -- Free space on each page keeps updates out of the index.
) with (fillfactor = 85);

create unlogged table domain_turn (
    domain        uuid        primary key,
    -- The time up to which mails have used the limit.
    used_up_to    timestamptz not null,
    -- When the last mail that waits is due.
    waiting_until timestamptz not null
) with (fillfactor = 85);

alter table delivery
    -- How often the mail had to wait for a turn.
    add column postponed integer not null default 0,
    drop constraint delivery_state_check,
    -- Not valid: the earlier constraint held for all rows. A check of a long table would stop the service.
    add constraint delivery_state_check
        check (state in ('planned', 'sent', 'parked', 'dropped', 'suppressed')) not valid;
create index delivery_mailing_suppressed on delivery (mailing) where state = 'suppressed' and mailing is not null;
