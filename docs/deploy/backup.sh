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
# With a session in the file, whoever has it could go on as the person who is signed in.
pg_dump --format=custom --no-comments --exclude-table-data=public.django_session --file "$folder/database.dump" "$DATABASE_OWNER_URL"
