"""Production settings on the embedded services. Both are reached over sockets, and the client of the cache
writes their addresses otherwise than that of the broker, from which production takes it."""

from claimtracker import embedded
from claimtracker.settings.prod import *  # noqa: F403 - a settings module is its base plus what differs
from claimtracker.settings.prod import CACHES

CACHES = {"default": {**CACHES["default"], "LOCATION": embedded.redis_client_url()}}
