"""A production site in subprocesses: production settings, gunicorn, a worker and beat."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from claimtracker.celery import QUEUES
from claimtracker.embedded.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


class Site:
    """``with Site(services.environ, folder) as site``; everything it started is stopped at the end."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.head = folder / "outside" / "ledger-head.jsonl"
        self.snapshots = folder / "snapshots"
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self._owner_url = environ["DATABASE_OWNER_URL"]
        self._environ = {
            **inherited,
            **{key: value for key, value in environ.items() if key != "DATABASE_OWNER_URL"},
            "DJANGO_SETTINGS_MODULE": "claimtracker.settings.prod",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "LEDGER_KEY": secrets.token_urlsafe(32),
            "FIELD_KEY": secrets.token_urlsafe(32),
            "LEDGER_HEAD_PATH": str(self.head),
            "SNAPSHOT_DIR": str(self.snapshots),
            "ALLOWED_HOSTS": "claims.example",
            "SITE_URL": "https://claims.example",
            "STATIC_ROOT": str(folder / "static"),
            "LOG_FORMAT": "plain",
            # a state folder that does not exist: whoever turned to the embedded services would fail
            "CLAIMTRACKER_STATE": str(folder / "no-embedded-services"),
        }
        self._children: list[subprocess.Popen[bytes]] = []

    @property
    def environ(self) -> dict[str, str]:
        """The variables of its parts; none of them knows the owner's address."""
        return dict(self._environ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop_parts()
        if kind is not None:
            for log in sorted(self.folder.glob("*.log")):
                sys.stderr.write(f"\n--- {log.name}\n{log.read_text(errors='replace')[-5000:]}\n")

    def manage(self, *arguments: str, as_owner: bool = False, text: str = "", timeout: float = 100) -> str:
        """A management command; its standard output. Raises AssertionError with its errors when it fails."""
        environ = {**self._environ, "DATABASE_OWNER_URL": self._owner_url} if as_owner else self._environ
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environ,
            input=text,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {arguments[0]}: {done.stderr[-3000:]}"
        return done.stdout

    def start_parts(self) -> None:
        """Web, one worker for every queue, and beat."""
        celery = [sys.executable, "-m", "celery", "-A", "claimtracker"]
        web = [sys.executable, "-m", "gunicorn", "claimtracker.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        self._spawn("web", *web, "--threads", "4", "--no-control-socket")
        self._spawn("worker", *celery, "worker", "--queues", ",".join(QUEUES), "--concurrency", "1")
        self._spawn("beat", *celery, "beat", "--pidfile", "", "--schedule", str(self.folder / "beat"))

    def stop_parts(self) -> None:
        """Politely; after 10 s by force."""
        for child in reversed(self._children):
            child.terminate()
        for child in self._children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self._children.clear()

    def run_script(self, name: str, *arguments: str, path: Path, timeout: float = 60) -> str:
        """A script of docs/deploy, with the owner's address and ``path`` before PATH; its standard output.
        Raises AssertionError with its errors when it fails."""
        environ = {**self._environ, "DATABASE_OWNER_URL": self._owner_url}
        environ["PATH"] = f"{path}:{environ['PATH']}"
        command = [ROOT / "docs" / "deploy" / name, *arguments]
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=timeout, check=False
        )
        assert done.returncode == 0, f"{name}: {done.stderr[-3000:]}"
        return done.stdout

    def get(self, path: str, *, https: bool = True) -> tuple[int, str]:
        """Status and body, asked for as a proxy asks; (0, "") while nobody listens."""
        headers = {"Host": "claims.example", **({"X-Forwarded-Proto": "https"} if https else {})}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        opener = urllib.request.build_opener(_Staying)
        try:
            with opener.open(request, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode(errors="replace")
        except OSError:
            return 0, ""

    def wait(self, condition: Callable[[], object], *, seconds: float, what: str) -> None:
        """Until ``condition()`` is true. Raises AssertionError after ``seconds``, or if a part ended."""
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, f"not within {seconds} s: {what}"
            ended = [child.args for child in self._children if child.poll() is not None]
            assert not ended, f"it ended by itself: {ended}"
            time.sleep(0.2)

    def _spawn(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as output:
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._children.append(child)


class _Staying(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: it would lead to https://claims.example."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None
