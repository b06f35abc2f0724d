"""Production settings of the servers beside which ours is measured: the same database, cache, key check and
throttle, and nothing of the product in front of a view."""

import os

from claimtracker.settings.prod import *  # noqa: F403 - a settings module is its base plus what differs
from claimtracker.settings.prod import MIDDLEWARE as OURS

ROOT_URLCONF = "bench.api_run.bare_urls"
MIDDLEWARE = OURS if os.environ.get("BENCH_MIDDLEWARE") == "ours" else []
