"""The commands that make a running Claimtracker: web, worker and beat, each under the supervisor."""

from __future__ import annotations

import sys
from pathlib import Path

from claimtracker.embedded.supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent.parent


def environment(port: int) -> dict[str, str]:
    """What the parts need to know of each other."""
    return {
        "DJANGO_SETTINGS_MODULE": "claimtracker.settings.dev",
        "DEBUG": "0",
        "SITE_URL": f"http://127.0.0.1:{port}",
    }


def add_web(supervisor: Supervisor, port: int) -> None:
    argv = [sys.executable, "-m", "gunicorn", "claimtracker.wsgi", "--bind", f"127.0.0.1:{port}"]
    argv += ["--workers", "1", "--threads", "8", "--graceful-timeout", "5", "--no-control-socket"]
    supervisor.add("web", argv, env=environment(port), cwd=ROOT)


def add_worker(supervisor: Supervisor, port: int) -> None:
    argv = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "claimtracker",
        "worker",
        "--loglevel",
        "INFO",
        "-O",
        "fair",
    ]
    argv += [
        "--concurrency",
        "2",
        "--queues",
        "ingest,nlp,review,deliver,default",
        "--without-gossip",
        "--without-mingle",
    ]
    supervisor.add("worker", argv, env=environment(port), cwd=ROOT)


def add_beat(supervisor: Supervisor, port: int, state: Path) -> None:
    argv = [sys.executable, "-m", "celery", "-A", "claimtracker", "beat", "--loglevel", "INFO"]
    argv += ["--schedule", str(state / "beat-schedule"), "--pidfile", ""]
    supervisor.add("beat", argv, env=environment(port), cwd=ROOT)
