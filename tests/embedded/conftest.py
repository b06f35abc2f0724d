"""Every test here has services of its own, in a state folder of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from claimtracker import embedded


@contextmanager
def _state(folder: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLAIMTRACKER_STATE", str(folder))
        patch.setenv("CLAIMTRACKER_EMBEDDED_FAST", "1")
        try:
            yield folder
        finally:
            embedded.wipe()


@pytest.fixture
def state() -> Iterator[Path]:
    """A folder such as `mktemp -d` makes, with nothing started yet."""
    folder = Path(tempfile.mkdtemp(prefix="ct-test-"))
    with _state(folder):
        yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def services() -> Iterator[Path]:
    """Services shared by one module; each test leaves them in a state from which start() works."""
    folder = Path(tempfile.mkdtemp(prefix="ct-test-"))
    with _state(folder):
        embedded.start()
        yield folder
    shutil.rmtree(folder)


@pytest.fixture
def owner(services: Path) -> Iterator[psycopg.Connection]:
    """The owner's session."""
    with psycopg.connect(embedded.database_url(role="owner"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def app(services: Path) -> Iterator[psycopg.Connection]:
    """The application's session."""
    with psycopg.connect(embedded.database_url(), autocommit=True) as connection:
        yield connection


@pytest.fixture
def queue(services: Path) -> Iterator[redis.Redis]:
    """A client of Valkey that does not hide a lost connection."""
    client = redis.Redis.from_url(embedded.redis_client_url())
    yield client
    client.close()
