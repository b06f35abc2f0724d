"""The site behind a real gunicorn, on the tests' database, with the endpoint that counts.

with ApiServer(folder) as server:
    answer = server.post("tests/count", {"n": 1}, key=plain, idempotency_key="a")
    server.kill_group()                 # SIGKILL to the master and its workers
    server.start()                      # the same address again
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

from claimtracker.embedded.ports import free_port

from .worker import ROOT, of_test_workers

START_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 when the connection broke."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def is_repeated(self) -> bool:
        return self.headers.get("idempotent-replayed") == "true"

    @property
    def content(self) -> tuple[int, bytes, str | None, str | None]:
        """What must be the same each time."""
        return self.status, self.body, self.headers.get("content-type"), self.headers.get("location")


class ApiServer:
    """See the module's docstring.

    While the file ``pause`` exists the endpoint stops in the middle of its work, and says so by ``reached``.
    """

    def __init__(self, folder: Path, *, workers: int = 2, threads: int = 8) -> None:
        self.port = free_port()
        self.pause = folder / "pause"
        self.reached = folder / "pause.reached"
        self._log = folder / "gunicorn.log"
        self._size = ["--workers", str(workers), "--threads", str(threads)]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if self._process is not None:
            self.pause.unlink(missing_ok=True)
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill_group()
        if kind is not None:
            sys.stderr.write(f"\n--- gunicorn's log\n{self._log.read_text(errors='replace')[-10000:]}\n")

    def start(self) -> None:
        """Start it and wait until every worker listens."""
        environment = {
            **os.environ,
            **of_test_workers(),
            "COUNTING_PAUSE": str(self.pause),
            "ALLOWED_HOSTS": "*",
        }
        command = [sys.executable, "-m", "gunicorn", "tests.support.counting_site"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--no-control-socket", "--timeout", "60", *self._size]
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while self.ask("GET", "articles").status == 0:
            if self._process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"gunicorn did not start:\n{self._log.read_text(errors='replace')[-5000:]}")
            time.sleep(0.1)

    def kill_group(self) -> None:
        """SIGKILL the master and all its workers at once."""
        process, self._process = self._process, None
        assert process is not None, "no server runs"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def post(self, path: str, content: Any, *, key: str, idempotency_key: str = "") -> Answer:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        if idempotency_key:
            headers["Idempotency-Key"] = f'"{idempotency_key}"'
        return self.ask("POST", path, json.dumps(content).encode(), headers)

    def post_until_answered(
        self, path: str, content: Any, *, key: str, idempotency_key: str, seconds: float = 30
    ) -> Answer:
        """As a client does it: again after a broken connection, and after Retry-After where a 409 says so."""
        until = time.monotonic() + seconds
        while True:
            answer = self.post(path, content, key=key, idempotency_key=idempotency_key)
            if answer.status not in (0, 409):
                return answer
            assert time.monotonic() < until, f"not answered within {seconds} s: {answer}"
            time.sleep(float(answer.headers.get("retry-after", "0.2")))

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/{path}", data=body, headers=headers or {}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - our own server
                return _answer(response)
        except urllib.error.HTTPError as refused:
            return _answer(refused)
        except (OSError, http.client.HTTPException):  # a killed server breaks off anywhere in its answer
            return Answer(0, b"", {})


def _answer(response: Any) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, response.read(), headers)
