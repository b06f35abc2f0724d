from collections.abc import Iterator

import pytest

from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from tests.support.hostile_server import HostileServer, hostile_server


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    """A hostile server that the environment lets through by its exact host and port."""
    with hostile_server() as running:
        monkeypatch.setenv(ALLOW_VARIABLE, running.pair)
        yield running
