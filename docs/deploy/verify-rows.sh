#!/bin/bash
# verify-rows.sh FOLDER: whether every table holds what it held when backup.sh wrote FOLDER. restore.sh ends with it.
set -euo pipefail
: "${DATABASE_OWNER_URL:?set it}"
folder=$(cd "${1:?name a folder}" && pwd)
scripts=$(cd "$(dirname "$0")" && pwd)
found=$(mktemp)
trap 'rm -f "$found"' EXIT
psql "$DATABASE_OWNER_URL" --no-psqlrc --quiet --set ON_ERROR_STOP=1 --no-align --tuples-only --field-separator $'\t' \
  --set script="$scripts/rows.sql" <<'SQL' >"$found"
BEGIN READ ONLY;
\i :script
COMMIT;
SQL
if ! diff "$folder/rows.tsv" "$found" >&2; then
  echo "verify-rows.sh: the tables above differ (<: table, rows and digest as backed up, >: as they are)" >&2
  exit 1
fi
awk -F '\t' '{ rows += $2 } END { print NR " tables with " rows " rows are as they were backed up." }' "$found"
