#!/bin/bash
# backup.sh FOLDER: the database and the head of the audit chain. Needs DATABASE_OWNER_URL, LEDGER_HEAD_PATH
# and a pg_dump at least as new as the server. Run while the site runs.
set -euo pipefail
: "${DATABASE_OWNER_URL:?set it}" "${LEDGER_HEAD_PATH:?set it}"
folder=${1:?name a folder}
umask 077
mkdir -p "$folder"
# The head first: every seal it names is then in the dump.
cp "$LEDGER_HEAD_PATH" "$folder/ledger-head.jsonl"
pg_dump --format=custom --no-comments --file "$folder/database.dump" "$DATABASE_OWNER_URL"
