"""A file that the worker's loop touches: whoever watches it sees a worker that runs and takes no messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery import bootsteps
from django.conf import settings

EVERY_SECONDS = 10.0


class Alive(bootsteps.StartStopStep):
    """Touches WORKER_ALIVE_FILE from the loop in which messages are taken, while there is a broker."""

    requires = ("celery.worker.consumer.connection:Connection",)

    def __init__(self, consumer: Any, **kwargs: Any) -> None:
        super().__init__(consumer, **kwargs)
        self.timer: Any = None

    def start(self, consumer: Any) -> None:
        if settings.WORKER_ALIVE_FILE:
            path = Path(settings.WORKER_ALIVE_FILE)
            path.touch()
            self.timer = consumer.timer.call_repeatedly(EVERY_SECONDS, path.touch)

    def stop(self, consumer: Any) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
