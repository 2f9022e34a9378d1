-- What the service's role may do. The owner of the database migrates it, see docs/operations.md. Events and held calls
-- are recorded by append_events, append_or_hold_events and recover_events alone, which run with the owner's rights. If
-- the service runs as the owner, nothing is restricted.
do $$ begin
    if current_user <> '${runtimeRole}' then
        revoke all on all tables in schema public from "${runtimeRole}";
        grant select on event, stream_event, log_head, petition_name, unauthentic_event, reader_position, credential,
            tile, checkpoint, tree_progress, entry_bundle, logged_petition, key_pin, repeated_signing, running_time,
            log_age, access_log, held_signing, signing_rate, signing_rate_key, signing_signal, signing_signal_key,
            signing_attack, signing_anomaly, proof_key, used_proof to "${runtimeRole}";
        grant insert on petition_name, unauthentic_event, reader_position, credential, tile, checkpoint, entry_bundle,
            logged_petition, key_pin, log_age, access_log, signing_rate, signing_rate_key, signing_signal,
            signing_signal_key, signing_attack, signing_anomaly, proof_key, used_proof to "${runtimeRole}";
        grant update on reader_position, credential, tile, tree_progress, entry_bundle, logged_petition,
            repeated_signing, running_time, signing_rate, signing_attack, signing_anomaly to "${runtimeRole}";
        grant delete on repeated_signing, log_age, access_log, held_signing, signing_rate, signing_rate_key,
            signing_signal, used_proof to "${runtimeRole}";
        grant select, insert, delete on signing_signal_wanted to "${runtimeRole}";
        grant select, delete on signing_signal_release to "${runtimeRole}";
        grant select, insert, update on invalidation_case, invalidation_case_item to "${runtimeRole}";
        grant select, insert, delete on suppressed_recipient to "${runtimeRole}";
        grant select, insert, update, delete on mail_again to "${runtimeRole}";
        grant select, insert on petition_search to "${runtimeRole}";
        grant select, insert on organisation to "${runtimeRole}";
        grant select, insert, update, delete on person, membership, api_token to "${runtimeRole}";
        grant select, insert, update, delete on person_credential, person_recovery_code, operator_link,
            person_invitation, person_session, person_session_attributes to "${runtimeRole}";
        -- The warm-up works on temporary copies of tables.
        execute format('grant temporary on database %I to %I', current_database(), '${runtimeRole}');
    end if;
end $$;

revoke all on function append_events, append_or_hold_events, recover_events, ensure_partitions, count_standbys,
    release_held, settle_held, keep_signals, forget_signals, signals_of_forms from public;
grant execute on function append_events, append_or_hold_events, recover_events, ensure_partitions, count_standbys,
    release_held, settle_held, keep_signals, forget_signals, signals_of_forms to "${runtimeRole}";
