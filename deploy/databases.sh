#!/bin/sh
# Runs once, when PostgreSQL creates its data directory. Each service gets a database, a role that owns and migrates it,
# and a role for the running service. The migrations grant the second role what the service needs, and nothing else:
# rights on its tables, and temporary tables for the warm-up.
set -eu
database() {
    psql -v ON_ERROR_STOP=1 -v name="$1" -v owner="$1_owner" -v password="$2" -v owner_password="$3" \
        --username "$POSTGRES_USER" <<'SQL'
create role :"owner" login password :'owner_password';
create role :"name" login password :'password';
create database :"name" owner :"owner";
revoke all on database :"name" from public;
grant connect on database :"name" to :"name";
SQL
}
database signature_service "$SIGNATURE_SERVICE_DB_PASSWORD" "$SIGNATURE_SERVICE_DB_OWNER_PASSWORD"
database counter_projection "$COUNTER_PROJECTION_DB_PASSWORD" "$COUNTER_PROJECTION_DB_OWNER_PASSWORD"
database notifier "$NOTIFIER_DB_PASSWORD" "$NOTIFIER_DB_OWNER_PASSWORD"
# Its owner counts the synchronous standbys for the signature service, which sees only the number.
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" -c 'grant pg_read_all_stats to signature_service_owner'
