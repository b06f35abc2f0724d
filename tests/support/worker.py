"""A real Celery worker, and a beat when asked, for the tests' database and broker.

    @pytest.mark.django_db(transaction=True)
    def test_something(worker):                     # the fixture: all queues, ready, one for the file
        enqueue(...)
        wait_until(lambda: ...)

    with Worker(queues=["nlp"], beat=True) as worker:   # or by hand
        worker.kill_group()                             # SIGKILL to the worker and its children; beat stays
        worker.start()                                  # a new worker, same queues

``worker.log_text()`` is what both wrote; on a failed start or a failing ``with`` block it is printed.
Import the fixture in a conftest: ``from tests.support.worker import ready_worker, worker  # noqa: F401``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import pytest
import redis
from django.conf import settings
from django.db import connections

from claimtracker.celery import QUEUES
from claimtracker.jobs import sweep

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 40


def wait_until(
    condition: Callable[[], object], *, seconds: float = 20, pause: float = 0.05, what: str = ""
) -> float:
    """Wait until ``condition()`` is true; returns the seconds that took. Fails the test when too long."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            pytest.fail(f"not within {seconds} s: {what or condition}")
        time.sleep(pause)
    return time.monotonic() - began


def forget_messages() -> None:
    """Remove what earlier tests left in the broker under our prefix."""
    with sweep._broker() as client:
        prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
        keys = list(client.scan_iter(match=f"{prefix}*"))
        if keys:
            client.delete(*keys)


def of_test_workers() -> dict[str, str]:
    """The environment in which a process works on this test's database and broker."""
    return {
        "DJANGO_SETTINGS_MODULE": "claimtracker.settings.test",
        "DATABASE_NAME": str(connections["default"].settings_dict["NAME"]),
        "BROKER_PREFIX": settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"],
        "LOG_FORMAT": "plain",
        "LOG_LEVEL": "INFO",
        # Django's system checks import every page, a third of the start; `make check` runs them
        "CELERY_SKIP_CHECKS": "1",
    }


class Worker:
    """See the module's docstring.

    ``env`` is laid over the environment (JOB_LEASE_SECONDS, …); ``forget`` empties the broker first; without
    ``workers`` only beat runs.
    """

    def __init__(
        self,
        queues: Sequence[str] = QUEUES,
        *,
        concurrency: int = 2,
        beat: bool = False,
        forget: bool = True,
        workers: bool = True,
        env: dict[str, str] | None = None,
    ) -> None:
        self._queues, self._concurrency, self._beat = queues, concurrency, beat
        self._forget, self._workers, self._env = forget, workers, env or {}
        with tempfile.NamedTemporaryFile(prefix="ct-worker-", suffix=".log", delete=False) as log:
            self.log = Path(log.name)
        self._worker: subprocess.Popen[bytes] | None = None
        self._beat_process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._forget:
            forget_messages()
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self.stop()
        if kind is not None:
            sys.stderr.write(f"\n--- worker's log\n{self.log_text()[-20000:]}\n")
        self.log.unlink(missing_ok=True)
        self.alive.unlink(missing_ok=True)

    @property
    def pid(self) -> int:
        """The worker's pid, which is also its process group."""
        assert self._worker is not None, "no worker runs"
        return self._worker.pid

    @property
    def beat_pid(self) -> int:
        assert self._beat_process is not None, "no beat runs"
        return self._beat_process.pid

    def start(self) -> None:
        """Start what is not running, and wait until the worker takes messages."""
        if self._beat and self._beat_process is None:
            self._beat_process = self._spawn("beat")
        if self._workers and self._worker is None:
            seen = len(self.log_text())
            queues = ["-Q", ",".join(self._queues), "-c", str(self._concurrency)]
            self._worker = self._spawn(
                "worker", "-O", "fair", *queues, "--without-gossip", "--without-mingle"
            )
            self._wait_until_ready(self._worker, seen)

    def kill_group(self) -> None:
        """SIGKILL the worker and all its children at once."""
        worker, self._worker = self._worker, None
        assert worker is not None, "no worker runs"
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def stop(self) -> None:
        """Stop both politely; after 10 s by force."""
        for process in (self._beat_process, self._worker):
            if process is None:
                continue
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._worker = self._beat_process = None

    @property
    def alive(self) -> Path:
        """What the worker touches while it takes messages."""
        return self.log.with_suffix(".alive")

    def log_text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _spawn(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            **of_test_workers(),
            "WORKER_ALIVE_FILE": str(self.alive),
            **self._env,
        }
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "claimtracker.celery", *arguments],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes], seen: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while " ready." not in self.log_text()[seen:]:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the worker did not start:\n{self.log_text()[-5000:]}")
            time.sleep(0.1)


@pytest.fixture(scope="module")
def ready_worker(django_db_setup: None, django_db_blocker: Any) -> Iterator[Worker]:
    with django_db_blocker.unblock(), Worker() as running:
        yield running


@pytest.fixture
def worker(transactional_db: None, ready_worker: Worker) -> Worker:
    """A ready worker for all queues, the same for all tests of a file. Tests that start workers by hand stand
    in another file: this one would take their jobs."""
    return ready_worker


@pytest.fixture
def broker(services: None) -> Iterator[redis.Redis]:
    """A client of the broker, empty of what other tests left."""
    forget_messages()
    with sweep._broker() as client:
        yield client
