"""A message that cannot be confirmed takes up no room in the worker."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from claimtracker.celery import app
from claimtracker.jobs.steady_transport import SteadyQoS, SteadyTransport


def test_the_site_uses_it() -> None:
    with app.connection() as connection:
        assert connection.get_transport_cls() is SteadyTransport
    with app.connection(hostname="memory://") as other:
        assert other.get_transport_cls() is not SteadyTransport


def test_room_is_given_back_though_the_broker_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    qos = SteadyQoS.__new__(SteadyQoS)
    qos.channel = SimpleNamespace(do_restore=False)
    qos.prefetch_count, qos._delivered, qos._dirty = 1, {}, set()
    qos._quick_ack, qos._quick_append = qos._dirty.add, qos._delivered.__setitem__
    qos._delivered["a"] = object()
    assert not qos.can_consume()

    class Away:
        def execute(self) -> Any:
            raise ConnectionError("away")

    monkeypatch.setattr(qos, "_remove_from_indices", lambda tag: Away(), raising=False)
    with pytest.raises(ConnectionError):
        qos.ack("a")
    assert qos.can_consume()
