"""A temporary site with production settings (hashed and compressed files, no debugging), and the newsroom of
the tests at work in it."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.matching_store import temporary_database

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def newsroom_site(rows: int) -> Iterator[tuple[str, Any]]:
    """The address of the site and its newsroom with ``rows`` of everything that is listed."""
    key = secrets.token_urlsafe(64)
    with tempfile.TemporaryDirectory(prefix="ct-pages-") as folder:
        os.environ |= {
            "SECRET_KEY": key,
            "FIELD_KEY": secrets.token_urlsafe(32),  # this process writes what the site reads
            "SNAPSHOT_DIR": f"{folder}/snapshots",
        }
        with temporary_database():
            from tests.support.newsroom import Newsroom

            room = Newsroom()
            room.grow(rows)
            with served(Path(folder)) as address:
                yield address, room


@contextmanager
def served(folder: Path) -> Iterator[str]:
    from claimtracker.embedded.ports import free_port

    port = free_port()
    environ = production_environ(folder, port)
    collect_static(environ)
    with gunicorn(environ, port, workers=1, threads=4):
        yield environ["SITE_URL"]


def production_environ(folder: Path, port: int) -> dict[str, str]:
    """Production settings, with the embedded services where the site's own would be."""
    from claimtracker import embedded

    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.pages_run.prod_on_sockets",
        "DATABASE_URL": embedded.database_url(role="app"),
        "REDIS_URL": embedded.redis_url(),
        "LEDGER_KEY": secrets.token_urlsafe(32),
        "LEDGER_HEAD_PATH": str(folder / "head.jsonl"),
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": f"http://localhost:{port}",
        "STATIC_ROOT": str(folder / "static"),
        "SECURE_SSL_REDIRECT": "false",
        "MFA_ROLES": "",  # the people of the pictures have none
    }


def collect_static(environ: dict[str, str]) -> None:
    manage = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(manage, cwd=ROOT, env=environ, check=True)


@contextmanager
def gunicorn(
    environ: dict[str, str], port: int, *, workers: int, threads: int
) -> Iterator[subprocess.Popen[bytes]]:
    """The site until the block ends; yields once it answers."""
    web = [sys.executable, "-m", "gunicorn", "claimtracker.wsgi", "--bind", f"localhost:{port}"]
    web += ["--workers", str(workers), "--threads", str(threads), "--no-control-socket"]
    process = subprocess.Popen([*web, "--log-level", "error"], cwd=ROOT, env=environ)
    try:
        wait_for(f"http://localhost:{port}/health/live")
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(address: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own, on loopback
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def cookie_of(room: Any, who: str, address: str) -> dict[str, Any]:
    """The cookie of a session in which that person is signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(room.person(who), backend="django.contrib.auth.backends.ModelBackend")
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": address,
    }
