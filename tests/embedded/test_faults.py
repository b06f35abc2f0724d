"""Both services come back after whatever happened to them, and keep what they held."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from claimtracker import embedded
from claimtracker.embedded import layout, pids, places


@pytest.fixture(autouse=True)
def up(services: Path) -> Iterator[None]:
    embedded.start()
    yield


def _kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def _note(text: str) -> None:
    with psycopg.connect(embedded.database_url(role="owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def _noted(text: str) -> bool:
    with psycopg.connect(embedded.database_url(role="owner")) as connection:
        return bool(connection.execute("SELECT FROM note WHERE text = %s", [text]).fetchall())


def test_postgres_returns_at_once_after_a_kill_again_and_again() -> None:
    for turn in range(4):
        _note(f"turn {turn}")
        before = embedded.postgres_pid()
        _kill(before)
        embedded.start()
        assert embedded.running()
        assert embedded.postgres_pid() != before
    assert all(_noted(f"turn {turn}") for turn in range(4))


def test_a_killed_postmaster_leaves_no_session_that_blocks_the_next() -> None:
    cluster = layout.find().cluster
    busy = psycopg.connect(embedded.database_url())
    waiting = threading.Thread(target=_sleep_until_cut, args=[busy])
    waiting.start()
    _kill(embedded.postgres_pid())
    embedded.start()
    assert embedded.running()
    waiting.join(timeout=10)
    assert not waiting.is_alive()
    postmaster = embedded.postgres_pid()
    assert postmaster is not None
    family = {postmaster, *(child.pid for child in psutil.Process(postmaster).children(recursive=True))}
    assert set(pids.working_in(cluster, program="postgres")) <= family


def _sleep_until_cut(connection: psycopg.Connection) -> None:
    try:
        connection.execute("SELECT pg_sleep(60)")
    except psycopg.OperationalError:
        connection.close()


def test_a_stale_pid_that_somebody_else_carries_now_is_no_hindrance() -> None:
    _note("before the newcomer")
    _kill(embedded.postgres_pid())
    pidfile = layout.find().cluster / "postmaster.pid"
    _wait_until(lambda: not embedded.running())
    lines = pidfile.read_text().splitlines()
    pidfile.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    embedded.start()
    assert _noted("before the newcomer")


def test_valkey_keeps_what_it_was_told(queue: redis.Redis) -> None:
    queue.set("kept", "yes")
    before = embedded.valkey_pid()
    _kill(before)
    assert not embedded.running()
    embedded.start()
    assert embedded.valkey_pid() != before
    assert redis.Redis.from_url(embedded.redis_client_url()).get("kept") == b"yes"


def test_valkey_starts_empty_when_its_folder_was_wiped(queue: redis.Redis) -> None:
    queue.set("gone", "yes")
    _kill(embedded.valkey_pid())
    shutil.rmtree(embedded.valkey_dir())
    embedded.start()
    client = redis.Redis.from_url(embedded.redis_client_url())
    assert client.get("gone") is None
    assert client.set("new", "yes")


def test_valkey_loads_a_file_that_was_cut_short(queue: redis.Redis) -> None:
    queue.flushall()
    queue.set("first", "yes")
    queue.set("last", "yes")
    _kill(embedded.valkey_pid())
    log = next((embedded.valkey_dir() / "appendonly").glob("*.incr.aof"))
    os.truncate(log, log.stat().st_size - 5)
    embedded.start()
    client = redis.Redis.from_url(embedded.redis_client_url())
    assert (client.get("first"), client.get("last")) == (b"yes", None)


def test_valkey_sets_an_unreadable_file_aside(queue: redis.Redis) -> None:
    queue.set("first", "yes")
    _kill(embedded.valkey_pid())
    log = next((embedded.valkey_dir() / "appendonly").glob("*.incr.aof"))
    log.write_bytes(b"this was never written by Valkey\r\n" * 40)
    embedded.start()
    assert redis.Redis.from_url(embedded.redis_client_url()).get("first") is None
    assert list(embedded.valkey_dir().glob("appendonly.broken-*"))


def test_services_that_lost_their_sockets_get_new_ones() -> None:
    _note("before the sweep of /tmp")
    places.postgres_socket().unlink()
    places.valkey_socket().unlink()
    assert not embedded.running()
    embedded.start()
    assert embedded.running()
    assert _noted("before the sweep of /tmp")


def test_a_warm_start_keeps_everything(queue: redis.Redis) -> None:
    _note("before the night")
    queue.set("before", "the night")
    embedded.stop()
    assert not embedded.running()
    assert (embedded.postgres_pid(), embedded.valkey_pid()) == (None, None)
    assert not pids.working_in(layout.find().cluster, program="postgres")
    started = time.monotonic()
    embedded.start()
    assert time.monotonic() - started < 5
    assert _noted("before the night")
    assert redis.Redis.from_url(embedded.redis_client_url()).get("before") == b"the night"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_files_of_another_service_user_are_taken_over() -> None:
    _note("before the new user")
    embedded.stop()
    found = layout.find()
    for folder in (found.postgres, found.valkey):
        for each in (folder, *folder.rglob("*")):
            os.chown(each, 54321, 54321)
    embedded.start()
    assert _noted("before the new user")


def test_a_dropped_main_database_is_made_again() -> None:
    with psycopg.connect(embedded.database_url("postgres", "owner"), autocommit=True) as connection:
        connection.execute("DROP DATABASE claimtracker")
    assert not embedded.running()
    embedded.start()
    assert embedded.running()


def test_asking_is_cheap_and_starting_twice_changes_nothing() -> None:
    before = (embedded.postgres_pid(), embedded.valkey_pid())
    embedded.start()
    assert (embedded.postgres_pid(), embedded.valkey_pid()) == before
    taken = []
    for _ in range(10):
        started = time.perf_counter()
        assert embedded.running()
        taken.append(time.perf_counter() - started)
    assert sorted(taken)[5] < 0.05


def test_data_of_another_major_version_is_refused_and_kept() -> None:
    embedded.stop()
    version = layout.find().cluster / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(embedded.ServiceFailed, match="made by PostgreSQL 17 and the wheel brings 18"):
        embedded.start()
    version.write_text("18\n")
    embedded.start()
    assert embedded.running()


def test_a_signal_to_the_starters_group_does_not_reach_them() -> None:
    embedded.stop()
    code = "from claimtracker import embedded; embedded.start(); input()"
    root = places.checkout_dir()
    starter = subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdin=subprocess.PIPE, start_new_session=True
    )
    _wait_until(embedded.running, seconds=60)
    found = (embedded.postgres_pid(), embedded.valkey_pid())
    os.killpg(starter.pid, signal.SIGINT)
    os.killpg(starter.pid, signal.SIGKILL)
    starter.communicate()
    time.sleep(0.2)
    assert (embedded.postgres_pid(), embedded.valkey_pid()) == found
    assert all(pid and os.getsid(pid) not in (starter.pid, os.getsid(0)) for pid in found)


def _wait_until(condition: object, *, seconds: float = 5.0) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.02)
