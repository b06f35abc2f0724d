#!/bin/bash
# Makes the two roles, the database and its extensions, as claimtracker/embedded/provision.py does for the
# embedded PostgreSQL. The postgres image runs it once, on an empty data directory; it may also be run by
# hand, as a superuser, any number of times. Passwords: letters and digits only, since they stand in URLs.
set -euo pipefail
: "${OWNER_DATABASE_PASSWORD:?set it}" "${APP_DATABASE_PASSWORD:?set it}"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set owner_password="$OWNER_DATABASE_PASSWORD" --set app_password="$APP_DATABASE_PASSWORD" <<'SQL'
SET client_min_messages = warning;
SELECT 'CREATE ROLE claimtracker_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'claimtracker_owner') \gexec
SELECT 'CREATE ROLE claimtracker_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'claimtracker_app') \gexec
ALTER ROLE claimtracker_owner LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE claimtracker_app LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';
SELECT 'CREATE DATABASE claimtracker OWNER claimtracker_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'claimtracker') \gexec
GRANT CONNECT ON DATABASE claimtracker TO claimtracker_app;
\connect claimtracker
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS vector;
REVOKE CREATE ON SCHEMA public FROM PUBLIC, claimtracker_app;
GRANT USAGE ON SCHEMA public TO claimtracker_app;
SQL
