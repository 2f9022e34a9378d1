-- Takes turns for a batch of mails, and returns the mails that have to wait. The rows of recipients and domains stay
-- locked until the end, so that two workers never share a turn. All calls lock in the same order.
--
-- mails:      the deliveries
-- recipients: the key of each recipient; null for no limit
-- per_hour:   the maximum number of mails to a recipient in an hour
-- domains:    the key of each domain
-- per_minute: the maximum number of mails to each domain in a minute; null for no limit
create or replace function take_mail_turns(
    mails uuid[], recipients uuid[], per_hour integer, domains uuid[], per_minute integer[]
) returns table (waiting uuid, due timestamptz, by_domain boolean) language plpgsql as $$
declare
    -- Mails may be sent some seconds late, because workers poll.
    recipient_margin constant interval := interval '1 hour 5 seconds';
    -- A domain may make up for two seconds of its limit. The rate is lower by the same amount, so that no minute
    -- exceeds the limit.
    made_up_for      constant double precision := 2;
    mail             record;
    turn             recipient_turn;
    pace             domain_turn;
    moment           timestamptz;
    returns_         boolean;
    ids              uuid[];
    times            timestamptz[];
    promises         timestamptz[];
    busy             timestamptz[];
    one_mail         interval;
begin
    insert into domain_turn (domain, used_up_to, waiting_until)
        select distinct domain, '-infinity'::timestamptz, '-infinity'::timestamptz
        from unnest(domains, per_minute) as wanted (domain, rate) where rate is not null order by domain
        on conflict do nothing;
    perform from domain_turn where domain in (
        select wanted.domain from unnest(domains, per_minute) as wanted (domain, rate) where rate is not null)
        order by domain for update;

    for mail in
        select wanted.* from unnest(mails, recipients, domains, per_minute) with ordinality
            as wanted (id, recipient, domain, rate, place)
        where wanted.recipient is not null or wanted.rate is not null
        order by wanted.recipient, wanted.place
    loop
        turn := null;
        if mail.recipient is not null then
            select * into turn from recipient_turn where recipient = mail.recipient for update;
            if not found then
                insert into recipient_turn (recipient, deliveries, taken_at) values (mail.recipient, '{}', '{}')
                    on conflict do nothing;
                select * into turn from recipient_turn where recipient = mail.recipient for update;
            end if;
        end if;
        -- After the locks: a later turn has a later time.
        moment := clock_timestamp();
        waiting := mail.id;
        -- A mail that has waited goes first. Others stand behind those that wait.
        returns_ := coalesce((select delivery.postponed > 0 from delivery where delivery.id = mail.id), false);

        if mail.recipient is not null then
            select coalesce(array_agg(old.id order by old.at), '{}'), coalesce(array_agg(old.at order by old.at), '{}')
                into ids, times
                from unnest(turn.deliveries, turn.taken_at) as old (id, at)
                where old.at > moment - interval '1 hour' and old.id <> mail.id;
            select coalesce(array_agg(old.at order by old.at), '{}') into promises
                from unnest(turn.promised) as old (at) where old.at > moment;
            busy := case when returns_ then times else times || promises end;
            if cardinality(busy) >= per_hour then
                by_domain := false;
                due := busy[cardinality(busy) - per_hour + 1] + recipient_margin;
                promises := array(select at from unnest(promises || due) as all_ (at) order by at);
                update recipient_turn set deliveries = ids, taken_at = times,
                    promised = promises[greatest(1, cardinality(promises) - per_hour + 1):]
                    where recipient = mail.recipient;
                return next;
                continue;
            end if;
        end if;

        if mail.rate is not null then
            select * into pace from domain_turn where domain = mail.domain;
            one_mail := make_interval(secs => 60 * 60 / (mail.rate * (60 - made_up_for)));
            pace.used_up_to := greatest(
                pace.used_up_to, moment - one_mail * (1 + mail.rate * made_up_for / 60));
            if pace.used_up_to + one_mail > moment or pace.waiting_until > moment and not returns_ then
                by_domain := true;
                due := greatest(pace.used_up_to, pace.waiting_until) + one_mail;
                update domain_turn set waiting_until = due where domain = mail.domain;
                return next;
                continue;
            end if;
            update domain_turn set used_up_to = pace.used_up_to + one_mail where domain = mail.domain;
        end if;

        if mail.recipient is not null then
            update recipient_turn set deliveries = ids || mail.id, taken_at = times || moment, promised = promises
                where recipient = mail.recipient;
        end if;
    end loop;
end
$$;
