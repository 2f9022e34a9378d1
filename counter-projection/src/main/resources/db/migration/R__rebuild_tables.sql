-- The tables in which a rebuild counts. They have the columns of the shown tables. A migration that changes those must
-- change this file, which then runs again. Unlogged: a crash ends the rebuild anyway.
drop schema if exists rebuild cascade;
create schema rebuild;
create unlogged table rebuild.position (like public.position including defaults);
create unlogged table rebuild.partition_position (like public.partition_position including defaults including indexes);
create unlogged table rebuild.petition_count (like public.petition_count including defaults including indexes);
create unlogged table rebuild.country_count (like public.country_count including defaults including indexes);
create unlogged table rebuild.minute_count (like public.minute_count including defaults including indexes);
create unlogged table rebuild.hour_count (like public.hour_count including defaults including indexes);
create unlogged table rebuild.day_count (like public.day_count including defaults including indexes);
create unlogged table rebuild.milestone (like public.milestone including defaults including indexes);

do $$ begin
    if current_user <> '${runtimeRole}' then
        revoke all on all tables in schema public from "${runtimeRole}";
        grant select, insert, update, delete on partition_position, petition_count, country_count, minute_count,
            hour_count, day_count, milestone to "${runtimeRole}";
        grant select, update on position to "${runtimeRole}";
        grant select, insert, delete on access_log to "${runtimeRole}";
        grant select, insert on unreadable_record, key_pin to "${runtimeRole}";
        grant select, insert, update on credential, topic_identity to "${runtimeRole}";
        grant usage on schema rebuild to "${runtimeRole}";
        grant select, insert, update, delete, truncate on all tables in schema rebuild to "${runtimeRole}";
        -- The warm-up works on temporary copies of tables.
        execute format('grant temporary on database %I to %I', current_database(), '${runtimeRole}');
    end if;
end $$;
