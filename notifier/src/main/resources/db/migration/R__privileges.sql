-- What the service's role may do. The owner of the database migrates it, see docs/operations.md. If the service runs as
-- the owner, nothing is restricted.
do $$ begin
    if current_user <> '${runtimeRole}' then
        revoke all on all tables in schema public from "${runtimeRole}";
        grant select, insert, update, delete on partition_position, petition, subscriber, webhook, delivery, mailing,
            alert, milestone, recipient_turn, domain_turn, reminder_position to "${runtimeRole}";
        grant select, update on mailing_pace, mail_pace, reminder_start to "${runtimeRole}";
        grant select, insert, delete on access_log to "${runtimeRole}";
        grant select, insert on unreadable_record, key_pin to "${runtimeRole}";
        grant select, insert, update on credential to "${runtimeRole}";
        -- The warm-up works on temporary copies of tables.
        execute format('grant temporary on database %I to %I', current_database(), '${runtimeRole}');
    end if;
end $$;
