"""PostgreSQL and Valkey from wheels, for the demo, development and tests.

Used when DATABASE_URL or REDIS_URL is unset. Importing this starts nothing and is cheap; both services
outlive whoever starts them and are reached over unix sockets only.
"""

from pathlib import Path

from claimtracker.embedded.errors import EmbeddedUnavailable, ServiceFailed
from claimtracker.embedded.places import (
    database_url,
    redis_client_url,
    redis_url,
    socket_dir,
    state_dir,
    user_id,
)

__all__ = [
    "EmbeddedUnavailable",
    "ServiceFailed",
    "database_url",
    "postgres_pid",
    "redis_client_url",
    "redis_url",
    "running",
    "socket_dir",
    "start",
    "state_dir",
    "stop",
    "valkey_dir",
    "valkey_pid",
    "wipe",
]

# The parts are imported inside the functions: settings import this module, on every system and often.


def start() -> None:
    """Start whichever service is not running and wait until both serve.

    Several processes may call this at once. Raises EmbeddedUnavailable where the services cannot run,
    ServiceFailed when one does not start.
    """
    user_id()
    from claimtracker.embedded import wheels

    wheels.require()
    # Only now: these need a package that comes with the wheels.
    from claimtracker.embedded import layout, postgres, valkey

    if running() and postgres.ready():
        return
    with layout.locked():
        found, account = layout.make()
        valkey.start(found, account)
        postgres.start(found, account)


def stop() -> None:
    """Stop both services; everything they hold is kept. Raises ServiceFailed when one does not stop."""
    if not state_dir().exists():
        return
    from claimtracker.embedded import layout, postgres, valkey

    with layout.locked():
        found = layout.find()
        valkey.stop(found)
        postgres.stop(found)


def running() -> bool:
    """Whether both services answer right now; takes a few milliseconds."""
    from claimtracker.embedded import places, probes
    from claimtracker.embedded.provision import APP, DATABASE

    return (
        probes.ask_valkey(places.valkey_socket()) is probes.Answer.UP
        and probes.ask_postgres(places.postgres_socket(), user=APP, database=DATABASE) is probes.Answer.UP
    )


def postgres_pid() -> int | None:
    """The postmaster's pid, or None when PostgreSQL does not answer."""
    from claimtracker.embedded import postgres

    return postgres.pid()


def valkey_pid() -> int | None:
    """Valkey's pid, or None when Valkey does not answer."""
    from claimtracker.embedded import valkey

    return valkey.pid()


def valkey_dir() -> Path:
    """The folder that Valkey writes to; removing it loses the queue and nothing else."""
    from claimtracker.embedded import layout

    return layout.find().valkey


def wipe() -> None:
    """Stop both services and remove everything they hold. There is no way back."""
    stop()
    from claimtracker.embedded import layout

    layout.remove()
