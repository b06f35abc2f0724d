"""The demo and the smoke run as a newcomer starts them: a process of its own, its own data, free ports."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from claimtracker.embedded.ports import free_port

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """As a fresh shell has it, with data of its own that is removed afterwards."""
    state = tempfile.mkdtemp(prefix="ct-flow-")
    ours = ("CLAIMTRACKER_", "DJANGO_", "DATABASE_", "REDIS_", "BROKER_", "PYTEST_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    yield {**clean, "CLAIMTRACKER_STATE": state}
    wipe = [sys.executable, "-m", "claimtracker.embedded", "wipe", "--yes"]
    subprocess.run(
        wipe, cwd=ROOT, env={**clean, "CLAIMTRACKER_STATE": state}, check=False, capture_output=True
    )
    shutil.rmtree(state, ignore_errors=True)


class Demo:
    """A running ``manage.py demo``."""

    def __init__(self, port: int, environment: dict[str, str]) -> None:
        self.log = Path(environment["CLAIMTRACKER_STATE"]) / "demo-said.log"
        with self.log.open("wb") as output:
            self.child = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(port)],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_it_serves(self) -> str:
        deadline = time.monotonic() + 120
        while "Ctrl-C stops" not in (said := self.log.read_text(encoding="utf-8")):
            assert self.child.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)
        return said

    def interrupt(self) -> str:
        self.child.send_signal(signal.SIGINT)
        assert self.child.wait(timeout=40) == 0, self.log.read_text(encoding="utf-8")
        return self.log.read_text(encoding="utf-8")


def test_the_demo_reads_its_articles_serves_stops_and_remembers(environment: dict[str, str]) -> None:
    port = free_port()
    page = f"http://127.0.0.1:{port}/fact-checks/"

    first = Demo(port, environment)
    said = first.wait_until_it_serves()
    assert "6 of 6 articles read" in said
    assert "checker@demo.example" in said
    rows = [line for line in said.splitlines() if line.startswith("Seven defence ministers")]
    assert len(rows) == 1, said
    published = httpx.get(page, trust_env=False).text
    assert "£940" in published
    key = next(word for word in said.split() if word.startswith("ct_live_"))
    headers = {"Authorization": f"Bearer {key}"}
    asked = httpx.get(f"http://127.0.0.1:{port}/api/v1/publications", headers=headers, trust_env=False)
    assert "£940" in asked.json()["results"][0]["claim"]["text"]
    assert "Everything is kept" in first.interrupt()
    with pytest.raises(httpx.ConnectError):
        httpx.get(page, trust_env=False)
    status = [sys.executable, "-m", "claimtracker.embedded", "status"]
    parts = subprocess.run(status, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert parts.stdout.count("down") == 2, "Ctrl-C stops PostgreSQL and Valkey too: " + parts.stdout

    second = Demo(port, environment)
    said = second.wait_until_it_serves()
    assert "ct_live_" not in said and "was shown at the first start" in said
    assert httpx.get(page, trust_env=False).text.count("£940") == published.count("£940")
    taken = subprocess.run(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert taken.returncode == 1
    assert f"Port {port} is taken. Choose another one: make demo PORT={port + 1}" in taken.stderr
    second.interrupt()


def test_the_smoke_run_walks_the_whole_chain(environment: dict[str, str]) -> None:
    smoke = subprocess.run(
        [sys.executable, "-m", "claimtracker.web.smoke"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert smoke.returncode == 0, smoke.stdout + smoke.stderr
    assert [line.split("  ")[-1] for line in smoke.stdout.splitlines()][-3:-1] == [
        "the webhook arrives, signed",
        "the ledger is sealed and holds",
    ]
