#!/bin/sh
# Runs once, when PostgreSQL makes its data directory: a database for each service, owned by a role that can do nothing else.
set -eu
database() {
    psql -v ON_ERROR_STOP=1 -v name="$1" -v password="$2" --username "$POSTGRES_USER" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke all on database :"name" from public;
SQL
}
database signature_service "$SIGNATURE_SERVICE_DB_PASSWORD"
database counter_projection "$COUNTER_PROJECTION_DB_PASSWORD"
database notifier "$NOTIFIER_DB_PASSWORD"
