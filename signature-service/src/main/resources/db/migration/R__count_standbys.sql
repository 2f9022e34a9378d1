-- Counts the synchronous standbys that are connected. Without pg_read_all_stats, PostgreSQL hides their state. That
-- role also shows the statements of all sessions, so only the owner gets it, and the service gets the count alone.
--
-- Returns false in "visible" if the owner lacks the role. The count is then meaningless.
create or replace function count_standbys()
    returns table (visible boolean, synchronous integer, observer text) language sql stable
    security definer set search_path = pg_catalog, pg_temp as $$
    select pg_has_role(current_user, 'pg_read_all_stats', 'usage'),
        count(*) filter (where state = 'streaming' and sync_state in ('sync', 'quorum'))::integer,
        current_user::text
    from pg_stat_replication
$$;
