"""A whole site on temporary data: services, worker groups and two beats, each to be killed alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "chaos:"
CELERY = [sys.executable, "-m", "celery", "-A", "claimtracker.celery"]
WORKER = ["worker", "-O", "fair", "--without-gossip", "--without-mingle"]
FEW = {"reading": ("nlp,ingest", 1), "desk": ("match,review,mail,default", 2), "sending": ("deliver", 2)}
MANY = {
    "reading": ("nlp,ingest", 2),
    "desk-1": ("match,review,mail,default", 1),
    "desk-2": ("match,review,mail,default", 1),
    "sending-1": ("deliver", 1),
    "sending-2": ("deliver", 1),
}


def prepare(allow: str) -> Path:
    """Set the environment of this process and its children, before Django reads it. Returns the folder."""
    folder = Path(tempfile.mkdtemp(prefix="ct-chaos-"))
    os.environ |= {
        "CLAIMTRACKER_STATE": str(folder),
        "CLAIMTRACKER_EMBEDDED_FAST": "1",  # forgoes surviving a power cut, never a kill
        "CLAIMTRACKER_OUTBOUND_ALLOW": allow,
        "DJANGO_SETTINGS_MODULE": "claimtracker.settings.dev",
        "BROKER_PREFIX": PREFIX,
        "DEBUG": "false",
        "LOG_LEVEL": "INFO",
        "LOG_FORMAT": "plain",
        "CELERY_SKIP_CHECKS": "1",  # they import every page, a third of a worker's start
        "JOB_LEASE_SECONDS": "8",
        "WEBHOOK_TIMEOUT_SECONDS": "3",
        # a ladder of three days in a minute: the receivers here fall over for seconds
        "WEBHOOK_RETRY_SECONDS": ",".join(["1", "1", "2", "2", *["3"] * 40]),
    }
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_NAME", "REDIS_URL"):
        os.environ.pop(name, None)  # never a site that somebody works with
    return folder


def start_services() -> None:
    """Both services, Django and the tables."""
    import django

    from claimtracker import embedded

    embedded.start()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def remove(folder: Path) -> None:
    from claimtracker import embedded

    embedded.wipe()
    shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Group:
    """A command in a process group of its own."""

    name: str
    arguments: Sequence[str]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    starts: int = 0

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.running is not None and self.running.poll() is None:
            return
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                [*CELERY, *self.arguments],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.starts += 1

    def signal(self, sign: signal.Signals) -> None:
        """To every process of the group; nothing when it is gone already."""
        if self.running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, sign)

    def kill(self) -> None:
        """SIGKILL to the whole group."""
        self.signal(signal.SIGKILL)
        if self.running is not None:
            self.running.wait()
        self.running = None

    def stop(self, deadline: float) -> None:
        """Politely until ``deadline``, then by force."""
        if self.running is None:
            return
        self.running.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.running.wait(timeout=max(0.1, deadline - time.monotonic()))
        self.kill()


@dataclass
class Site:
    """The processes around the services. ``paused`` are groups that are frozen at the moment."""

    folder: Path
    groups: dict[str, Group] = field(default_factory=dict)
    timers: list[threading.Timer] = field(default_factory=list)

    @classmethod
    def start(cls, folder: Path, *, many: bool) -> Site:
        site = cls(folder)
        for name, (queues, children) in (MANY if many else FEW).items():
            arguments = [*WORKER, "-Q", queues, "-c", str(children), "-n", f"{name}@chaos"]
            site.groups[name] = Group(name, arguments, folder / f"{name}.log")
        for name in ("beat-1", "beat-2"):
            site.groups[name] = Group(name, ["beat", "--pidfile="], folder / f"{name}.log")
        for group in site.groups.values():
            group.start()
        return site

    def workers(self) -> list[Group]:
        return [group for name, group in self.groups.items() if not name.startswith("beat")]

    def beats(self) -> list[Group]:
        return [group for name, group in self.groups.items() if name.startswith("beat")]

    def later(self, seconds: float, act: object) -> None:
        """Do something after a while, in a thread of its own."""
        timer = threading.Timer(seconds, act)  # type: ignore[arg-type] - a bound method without arguments
        timer.daemon = True
        timer.start()
        self.timers.append(timer)

    def mend(self) -> None:
        """End every fault: wake what is frozen, start what is down."""
        from claimtracker import embedded

        for timer in self.timers:
            timer.join()
        embedded.start()
        for group in self.groups.values():
            group.signal(signal.SIGCONT)
            group.start()

    def wait_until_ready(self, seconds: float = 90) -> None:
        """Until every worker takes messages. Raises RuntimeError with the log of one that does not."""
        deadline = time.monotonic() + seconds
        for group in self.workers():
            while " ready." not in group.log.read_text(errors="replace"):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{group.name} does not start:\n{group.log.read_text()[-3000:]}")
                time.sleep(0.2)

    def stop(self) -> None:
        for timer in self.timers:
            timer.cancel()
        deadline = time.monotonic() + 15
        for group in self.groups.values():
            group.signal(signal.SIGCONT)
            if group.running is not None:
                group.running.terminate()
        for group in self.groups.values():
            group.stop(deadline)
