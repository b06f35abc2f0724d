"""A plain connection as the owner role: what tests may do around, never through, the application's role."""

from typing import Any

import psycopg
from django.conf import settings


def owner_connection(**overrides: Any) -> psycopg.Connection[tuple[Any, ...]]:
    """Autocommitting connection to the test database (or another ``dbname``) as its owner."""
    config = settings.DATABASES["owner"]
    parameters = {
        "dbname": settings.DATABASES["default"]["NAME"],
        "user": config["USER"],
        "password": config["PASSWORD"] or None,
        "host": config["HOST"] or None,
        "port": config["PORT"] or None,
        **overrides,
    }
    return psycopg.connect(**{k: v for k, v in parameters.items() if v is not None}, autocommit=True)
