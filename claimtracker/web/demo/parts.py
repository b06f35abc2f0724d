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
        # They import every page, a third of a start; `make check` runs them.
        "CELERY_SKIP_CHECKS": "1",
    }


def add_web(supervisor: Supervisor, port: int) -> None:
    argv = [sys.executable, "-m", "gunicorn", "claimtracker.wsgi", "--bind", f"127.0.0.1:{port}"]
    argv += ["--workers", "1", "--threads", "8", "--graceful-timeout", "5", "--no-control-socket"]
    supervisor.add("web", argv, env=environment(port), cwd=ROOT)


def add_workers(supervisor: Supervisor, port: int) -> None:
    """Reading articles takes seconds, so it has a worker of its own and holds up nothing else; so has
    matching, which keeps an encoder in memory."""
    _add_worker(supervisor, port, "reading", queues="nlp", concurrency=2)
    _add_worker(supervisor, port, "matching", queues="match", concurrency=1)
    _add_worker(supervisor, port, "worker", queues="ingest,review,deliver,mail,default", concurrency=1)


def _add_worker(supervisor: Supervisor, port: int, name: str, *, queues: str, concurrency: int) -> None:
    argv = [sys.executable, "-m", "celery", "-A", "claimtracker", "worker", "--loglevel", "INFO"]
    argv += ["--hostname", f"{name}@%h", "--concurrency", str(concurrency), "--queues", queues]
    argv += ["-O", "fair", "--without-gossip", "--without-mingle"]
    supervisor.add(name, argv, env=environment(port), cwd=ROOT)


def add_beat(supervisor: Supervisor, port: int) -> None:
    argv = [sys.executable, "-m", "celery", "-A", "claimtracker", "beat", "--loglevel", "INFO"]
    argv += ["--pidfile", ""]
    supervisor.add("beat", argv, env=environment(port), cwd=ROOT)
