"""Running an example of the guide as a partner would."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from claimtracker.api.guide.contents import EXAMPLES, LANGUAGES, Vector
from claimtracker.jobs import runner
from claimtracker.jobs.models import Job
from tests import factories

PROGRAMS = {"sh": ["bash", "-eu"], "py": [sys.executable], "mjs": ["node"]}
SUFFIXES = [suffix for suffix, _language in LANGUAGES]
SECRET = Vector().secret


class Runs:
    """Runs an example in one language, from an empty folder, with the key of a partner."""

    def __init__(self, site: str, suffix: str, folder: Path) -> None:
        program = PROGRAMS[suffix]
        if shutil.which(program[0]) is None:
            pytest.skip(f"{program[0]} is not here")
        self.suffix, self.folder = suffix, folder
        self.partner = factories.make_partner("gazette")
        _key, plain = factories.make_key(self.partner)
        self.environment = {
            "PATH": os.environ["PATH"],
            "CLAIMTRACKER_URL": site,
            "CLAIMTRACKER_KEY": plain,
            "PYTHONUNBUFFERED": "1",
        }

    def command(self, name: str) -> list[str]:
        return [*PROGRAMS[self.suffix], str(EXAMPLES / f"{name}.{self.suffix}")]

    def run(self, name: str, **variables: str) -> str:
        """What it prints. It has to end well."""
        done = self._done(name, variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def gives_up(self, name: str, **variables: str) -> str:
        """What it says when it ends with an error, without having crashed."""
        done = self._done(name, variables)
        assert done.returncode != 0 and done.stdout == "", done.stdout
        assert "Traceback" not in done.stderr and "    at " not in done.stderr, done.stderr
        return done.stderr

    def _done(self, name: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(name),
            env={**self.environment, **variables},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
        )

    @contextmanager
    def running(self, name: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            self.command(name),
            env={**self.environment, **variables},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()


def publish(quote: str = "The council built 900 homes") -> Any:
    article = factories.make_article(f"“{quote},” the mayor Ann Lee said.\n")
    return factories.make_publication(claim=factories.make_claim(quote, article=article))


def work_off(kind: str) -> None:
    for job in Job.objects.open().filter(kind=kind):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
        runner.run(job.pk)


def until(holds: Any, seconds: float = 30) -> None:
    for _try in range(int(seconds / 0.1)):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it did not come")


def send(port: int, body: str, *, id: str, signed: str = "", age: int = 0, leave_out: str = "") -> int:
    at = timezone.now() - timedelta(seconds=age)
    headers = {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(id, at, signed or body),
    }
    headers.pop(leave_out, None)
    return httpx.post(f"http://127.0.0.1:{port}/", content=body.encode(), headers=headers).status_code


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _try in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the receiver did not start")
