#!/bin/bash
# restore.sh FOLDER: what backup.sh wrote, into the empty database that init-database.sh made. Stop web, workers
# and beat before. An existing head file is kept beside the restored one, since it may know of newer seals.
set -euo pipefail
: "${DATABASE_OWNER_URL:?set it}" "${LEDGER_HEAD_PATH:?set it}"
folder=${1:?name a folder}
pg_restore --exit-on-error --no-comments --single-transaction --dbname "$DATABASE_OWNER_URL" "$folder/database.dump"
if [ -e "$LEDGER_HEAD_PATH" ]; then
  mv "$LEDGER_HEAD_PATH" "$LEDGER_HEAD_PATH.before-restore"
fi
cp "$folder/ledger-head.jsonl" "$LEDGER_HEAD_PATH"
