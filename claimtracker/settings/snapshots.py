"""Settings of the copies that are kept of cited pages. docs/operations.md lists them."""

from .environment import env

# the folder of the content store; development and tests have one beside their other state
SNAPSHOT_DIR = env.str("SNAPSHOT_DIR", default="/var/lib/claimtracker/snapshots")
# the largest page that is kept, and how much is kept in all
SNAPSHOT_ITEM_BYTES = env.int("SNAPSHOT_ITEM_BYTES", default=10_000_000)
SNAPSHOT_TOTAL_BYTES = env.int("SNAPSHOT_TOTAL_BYTES", default=20_000_000_000)
# seconds in which a page must have come
SNAPSHOT_SECONDS = env.int("SNAPSHOT_SECONDS", default=20)
# after how many days a cited page is looked at again
SOURCE_RECHECK_DAYS = env.int("SOURCE_RECHECK_DAYS", default=7)
