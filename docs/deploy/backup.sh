#!/bin/bash
# backup.sh FOLDER: the database with a count of its rows, the head of the audit chain and the copies of cited pages.
# Needs DATABASE_OWNER_URL, LEDGER_HEAD_PATH, SNAPSHOT_DIR where it is not /var/lib/claimtracker/snapshots, and a pg_dump
# at least as new as the server. Run while the site runs. A folder that holds an earlier backup gets the newer one.
set -euo pipefail
: "${DATABASE_OWNER_URL:?set it}" "${LEDGER_HEAD_PATH:?set it}"
export FOLDER=${1:?name a folder}
scripts=$(cd "$(dirname "$0")" && pwd)
copies=${SNAPSHOT_DIR:-/var/lib/claimtracker/snapshots}
umask 077
mkdir -p "$FOLDER/snapshots"
rm -f "$FOLDER"/database.dump "$FOLDER"/rows.tsv "$FOLDER"/*.part
# The head first: every seal it names is then in the dump.
cp "$LEDGER_HEAD_PATH" "$FOLDER/ledger-head.jsonl"
# Dump and count are of one moment, whatever is written meanwhile. Without sessions: whoever had the file could go on as
# the people who are signed in.
psql "$DATABASE_OWNER_URL" --no-psqlrc --quiet --set ON_ERROR_STOP=1 --no-align --tuples-only --field-separator $'\t' \
  --set rows="$FOLDER/rows.part" --set script="$scripts/rows.sql" <<'SQL'
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS moment \gset
\setenv MOMENT :moment
\! pg_dump --snapshot="$MOMENT" --format=custom --no-comments --exclude-table-data=public.django_session --exclude-table-data=public.usersessions_usersession --file "$FOLDER/database.part" "$DATABASE_OWNER_URL" && mv "$FOLDER/database.part" "$FOLDER/database.dump"
\o :rows
\i :script
\o
COMMIT;
SQL
test -e "$FOLDER/database.dump" || { echo "backup.sh: pg_dump failed; there is no backup in $FOLDER" >&2; exit 1; }
# After the dump, so that every copy it names is there. A copy stands under its digest and never changes; while they are
# read here, none is swept.
if [ -d "$copies" ]; then
  (
    touch "$copies/.lock" && exec 9<"$copies/.lock" && flock --shared 9
    cd "$copies"
    for part in [0-9a-f][0-9a-f]; do
      if [ -d "$part" ]; then cp -pRu "$part" "$FOLDER/snapshots/"; fi
    done
  )
else
  echo "backup.sh: no copies of cited pages in $copies (SNAPSHOT_DIR)" >&2
fi
mv "$FOLDER/rows.part" "$FOLDER/rows.tsv" # the last: a folder with it holds a whole backup
