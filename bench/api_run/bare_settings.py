"""Production settings of the servers beside which ours is measured: the same database, cache, key check and
throttle, and nothing of the product in front of a view."""

import os

from bench.pages_run.prod_on_sockets import *  # noqa: F403 - a settings module is its base plus what differs
from bench.pages_run.prod_on_sockets import INSTALLED_APPS as ALL_APPS
from bench.pages_run.prod_on_sockets import MIDDLEWARE as OURS

ROOT_URLCONF = "bench.api_run.bare_urls"
IS_BARE = os.environ.get("BENCH_MIDDLEWARE") != "ours"
MIDDLEWARE = [] if IS_BARE else OURS
# the product's models want allauth's, which does not start without its own middleware
QUIET = {"allauth.account": "bench.api_run.bare_apps.AccountsWithoutMiddleware"}
INSTALLED_APPS = [QUIET.get(name, name) if IS_BARE else name for name in ALL_APPS]
