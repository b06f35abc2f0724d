#!/bin/bash
# restore.sh FOLDER: what backup.sh wrote, into the empty database that init-database.sh made, and proof that every row is
# back. Stop web, workers and beat before. An existing head file is kept beside the restored one, since it may know of
# newer seals; copies of cited pages that are there stay.
set -euo pipefail
: "${DATABASE_OWNER_URL:?set it}" "${LEDGER_HEAD_PATH:?set it}"
folder=$(cd "${1:?name a folder}" && pwd)
scripts=$(cd "$(dirname "$0")" && pwd)
copies=${SNAPSHOT_DIR:-/var/lib/claimtracker/snapshots}
test -e "$folder/rows.tsv" || { echo "restore.sh: $folder holds no whole backup: rows.tsv is missing" >&2; exit 1; }
pg_restore --exit-on-error --no-comments --single-transaction --dbname "$DATABASE_OWNER_URL" "$folder/database.dump"
if [ -e "$LEDGER_HEAD_PATH" ]; then
  mv "$LEDGER_HEAD_PATH" "$LEDGER_HEAD_PATH.before-restore"
fi
cp "$folder/ledger-head.jsonl" "$LEDGER_HEAD_PATH"
if [ -d "$folder/snapshots" ]; then
  mkdir -p "$copies"
  cp -pRu "$folder/snapshots/." "$copies"
fi
"$scripts/verify-rows.sh" "$folder"
