"""Database sessions of our own, beside Django's, that live as long as their process and hold its locks."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connections

Session = psycopg.Connection[tuple[Any, ...]]

# a machine that is gone without a word must not hold a lock for the two hours that are TCP's default
_NOTICE_THE_DEAD = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"


def open_session(name: str) -> Session:
    """A new autocommitting session of the application's role. Raises psycopg.Error when it cannot be had."""
    parameters = connections["default"].get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert")
    return psycopg.connect(
        **{key: parameters[key] for key in wanted if parameters.get(key)},
        autocommit=True,
        connect_timeout=5,
        options=_NOTICE_THE_DEAD,
        application_name=f"claimtracker {name}",
    )
