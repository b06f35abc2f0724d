"""A receiver that the outbound client may reach, and one that it may not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import claimtracker.partners.tasks  # noqa: F401 - registers the jobs in this process
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE

from .receiver import Receiver, running_receiver


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with running_receiver() as running:
        monkeypatch.setenv(ALLOW_VARIABLE, f"127.0.0.1:{running.port}")
        yield running
