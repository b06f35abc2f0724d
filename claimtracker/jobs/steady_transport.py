"""kombu's transport for Redis, but for one thing: a message that cannot be confirmed takes up no room.

A worker takes as many messages as it has room for. Where the broker goes away before one is confirmed, kombu
goes on counting it, takes no further message, and never learns that the connection is broken: nothing is
asked of it any more. Messages are hints here, so that forgetting one costs nothing (ADR 3).
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis, virtual


class SteadyQoS(redis.QoS):
    def ack(self, delivery_tag: Any) -> None:
        try:
            self._remove_from_indices(delivery_tag).execute()
        finally:
            virtual.QoS.ack(self, delivery_tag)


class SteadyChannel(redis.Channel):
    QoS = SteadyQoS


class SteadyTransport(redis.Transport):
    Channel = SteadyChannel
