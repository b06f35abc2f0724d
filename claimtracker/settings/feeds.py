"""Settings of the sources that are watched. docs/operations.md lists them."""

from .environment import env

# the least pause between two requests to one host, in seconds
FEED_HOST_PAUSE_SECONDS = env.float("FEED_HOST_PAUSE_SECONDS", default=2.0)
# how long a host rests that asked us to come back later without saying when; doubles each time
FEED_HOST_REST_SECONDS = env.float("FEED_HOST_REST_SECONDS", default=60.0)
# seconds in which a feed or one of its pages must have come
FEED_FETCH_SECONDS = env.float("FEED_FETCH_SECONDS", default=15.0)
# the wait before the first repeat of a visit that failed; doubles each time
FEED_RETRY_SECONDS = env.float("FEED_RETRY_SECONDS", default=300.0)
# how often a page is tried before it is left out
FEED_ITEM_TRIES = env.int("FEED_ITEM_TRIES", default=6)
# how old an entry may be, by its own date, to be brought in
FEED_OLDEST_DAYS = env.int("FEED_OLDEST_DAYS", default=14)
# after how many hours a page that was brought in is looked at again, since newsrooms change their articles
FEED_REVISIT_HOURS = [
    float(hours) for hours in env.list("FEED_REVISIT_HOURS", default=["1", "6", "24", "72", "168"])
]
