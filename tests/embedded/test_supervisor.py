"""Children that die come back, and all of them end together."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from claimtracker import embedded
from claimtracker.embedded import pids, places, supervisor
from claimtracker.embedded.ports import free_port, port_taken
from claimtracker.embedded.supervisor import ChildGaveUp, Supervisor

STUBBORN = ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"]
# Says when it is told to end, and takes half a second over it.
POLITE = [
    "sh",
    "-c",
    "trap 'echo told; sleep 0.5; echo done; exit 0' TERM; echo ready; while :; do sleep 0.05; done",
]


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def children(tmp_path: Path, lines: list[str]) -> Iterator[Supervisor]:
    with Supervisor(services=False, log_dir=tmp_path, report=lines.append) as running:
        yield running


def _wait_until(condition: Callable[[], object], *, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.02)


def _says(log: Path, word: str) -> bool:
    return log.exists() and word in log.read_text().split()


def test_a_killed_child_returns_and_nothing_of_its_group_stays(
    children: Supervisor, tmp_path: Path, lines: list[str]
) -> None:
    first = children.add("family", ["sh", "-c", "sleep 300 & echo $!; wait"])
    _wait_until(lambda: (tmp_path / "family.log").read_text().endswith("\n"))
    grandchild = int((tmp_path / "family.log").read_text())
    assert os.getsid(grandchild) == first != os.getsid(0)
    os.kill(first, signal.SIGKILL)  # the leader alone: whom it leaves behind must not run twice
    _wait_until(lambda: children.pid("family") not in (None, first))
    assert not pids.alive(grandchild)
    assert lines[0].startswith("family ended (Killed), again in 0.5 s; log: ")
    second = children.kill_group("family")
    _wait_until(lambda: children.pid("family") not in (None, second))


def test_a_child_gets_its_environment_and_log(children: Supervisor, tmp_path: Path) -> None:
    children.add("env", ["sh", "-c", "echo $GREETING $PATH; sleep 300"], env={"GREETING": "hello"})
    _wait_until(lambda: f"hello {os.environ['PATH']}\n" == (tmp_path / "env.log").read_text())
    with pytest.raises(ValueError, match="in use"):
        children.add("env", ["true"])
    with pytest.raises(FileNotFoundError):
        children.add("missing", ["/no/such/program"])


def test_a_child_that_keeps_dying_is_given_up_with_one_line(
    children: Supervisor, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_LONGEST_PAUSE", 0.6)
    children.add("broken", ["sh", "-c", "exit 7"])
    with pytest.raises(ChildGaveUp, match=r"broken died 5 times within 20 s, giving up; log: .*broken.log"):
        children.wait()
    assert [line.split(";")[0] for line in lines] == [
        "broken ended (exit code 7), again in 0.5 s",
        *["broken ended (exit code 7), again in 0.6 s"] * 3,
        "broken died 5 times within 20 s, giving up",
    ]
    assert children.pid("broken") is None


def test_stopping_is_polite_first_and_ends_the_stubborn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_POLITE_SECONDS", 1.5)
    with Supervisor(services=False, log_dir=tmp_path) as running:
        found = [running.add("polite", POLITE), running.add("stubborn", STUBBORN)]
        found.append(running.add("leaves", ["sh", "-c", "sleep 300 & echo ready; exec sleep 300"]))
        for name in ("polite", "stubborn", "leaves"):
            _wait_until(partial(_says, tmp_path / f"{name}.log", "ready"))
        started = time.monotonic()
    assert 1.4 < time.monotonic() - started < 5
    assert (tmp_path / "polite.log").read_text().split() == ["ready", "told", "done"]
    _wait_until(lambda: not any(_group_lives(pid) for pid in found))  # killed, but not yet buried by init


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return any(pids.alive(pid) for pid in supervisor._orphans(group))


def _at_a_terminal(tmp_path: Path, argv: list[str]) -> subprocess.Popen[str]:
    code = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from claimtracker.embedded.supervisor import Supervisor\n"
        "with Supervisor(services=False, log_dir=Path(sys.argv[1])) as s:\n"
        "    s.add('child', json.loads(sys.argv[2])); s.wait()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path), json.dumps(argv)],
        cwd=places.checkout_dir(),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_ctrl_c_stops_every_child_once(tmp_path: Path) -> None:
    demo = _at_a_terminal(tmp_path, POLITE)
    _wait_until(lambda: _says(tmp_path / "child.log", "ready"))
    os.killpg(demo.pid, signal.SIGINT)
    assert "KeyboardInterrupt" in demo.communicate(timeout=10)[1]
    assert (tmp_path / "child.log").read_text().split() == ["ready", "told", "done"]


def test_a_second_ctrl_c_hurries(tmp_path: Path) -> None:
    demo = _at_a_terminal(tmp_path, STUBBORN)
    _wait_until(lambda: _says(tmp_path / "child.log", "ready"))
    started = time.monotonic()
    os.killpg(demo.pid, signal.SIGINT)
    time.sleep(0.7)
    assert demo.poll() is None  # it waits for the child
    os.killpg(demo.pid, signal.SIGINT)
    demo.communicate(timeout=10)
    assert time.monotonic() - started < 5


def test_sigterm_ends_it_like_ctrl_c(tmp_path: Path) -> None:
    demo = _at_a_terminal(tmp_path, POLITE)
    _wait_until(lambda: _says(tmp_path / "child.log", "ready"))
    demo.terminate()
    demo.communicate(timeout=10)
    assert demo.returncode == 128 + signal.SIGTERM
    assert (tmp_path / "child.log").read_text().split() == ["ready", "told", "done"]


def test_services_come_back_and_stop_with_whoever_started_them(state: Path, lines: list[str]) -> None:
    with Supervisor(report=lines.append) as running:
        assert embedded.running()
        child = running.add("child", ["sleep", "300"])
        assert (state / "log" / "child.log").exists()
        for pid in (embedded.postgres_pid(), embedded.valkey_pid()):
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        _wait_until(lambda: not embedded.running())
        _wait_until(embedded.running, seconds=45)
        assert running.pid("child") == child
        with Supervisor():
            pass
        assert embedded.running()  # the inner one found them running
    assert not embedded.running()
    assert "an embedded service is down: starting it again" in lines


def test_ports() -> None:
    port = free_port()
    assert not port_taken(port)
    with socket.create_server(("127.0.0.1", port)):
        assert port_taken(port)
    assert not port_taken(port)
    with pytest.raises(ValueError, match="from 1 to 65535"):
        port_taken(0)
