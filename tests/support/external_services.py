"""PostgreSQL over TCP with passwords and Debian's redis-server: what a production site would connect to."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
import redis

from claimtracker.embedded import wheels
from claimtracker.embedded.accounts import Account, service_account
from claimtracker.embedded.ports import free_port
from claimtracker.embedded.provision import APP, DATABASE, OWNER, provision_sql

HOST = "127.0.0.1"
_SUPERUSER = "postgres"
_POLICY = Path("/usr/sbin/policy-rc.d")
_INSTALLING = Path(tempfile.gettempdir()) / "claimtracker-tests-install.lock"


class ExternalServices:
    """Both servers for the length of a `with` block, in a temporary folder and on free ports.

    Gives `database_url`, `database_owner_url` and `redis_url`, and `environ` with the three variables.
    Raises RuntimeError with one line when redis-server is missing and cannot be installed.
    """

    def __init__(self) -> None:
        self._folder = Path()
        self._account: Account = service_account()
        self._children: list[subprocess.Popen[bytes]] = []
        self._passwords = {name: secrets.token_urlsafe(12) for name in (_SUPERUSER, OWNER, APP, "redis")}
        self.postgres_port = 0
        self.redis_port = 0

    @property
    def database_url(self) -> str:
        """The application's role."""
        return self._database_url(APP)

    @property
    def database_owner_url(self) -> str:
        """The role that migrates."""
        return self._database_url(OWNER)

    @property
    def redis_url(self) -> str:
        """Database 0 of Redis, with its password."""
        return f"redis://:{self._passwords['redis']}@{HOST}:{self.redis_port}/0"

    @property
    def environ(self) -> dict[str, str]:
        """The variables a site would set."""
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "REDIS_URL": self.redis_url,
        }

    def __enter__(self) -> Self:
        program = redis_server()
        # Not pytest's own folder: the service user could not walk down to it.
        self._folder = Path(tempfile.mkdtemp(prefix="ct-external-", dir="/tmp"))
        try:
            os.chown(self._folder, self._account.uid, self._account.gid)
            self._start_postgres()
            self._start_redis(program)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _database_url(self, role: str, name: str = DATABASE) -> str:
        return f"postgresql://{role}:{self._passwords[role]}@{HOST}:{self.postgres_port}/{name}"

    def _start_postgres(self) -> None:
        programs = wheels.postgres_bin(self._account)
        secret = self._folder / "superuser"
        secret.write_text(self._passwords[_SUPERUSER], encoding="ascii")
        os.chown(secret, self._account.uid, self._account.gid)
        self._run(
            [
                *(
                    programs / "initdb",
                    "-D",
                    "cluster",
                    "-U",
                    _SUPERUSER,
                    "--auth=scram-sha-256",
                    "--no-sync",
                ),
                *("--pwfile", secret, "--encoding=UTF8", "--locale=C", "--no-instructions"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ]
        )
        self.postgres_port = free_port()
        server = self._spawn(
            [
                *(programs / "postgres", "-D", "cluster", "-h", HOST, "-p", str(self.postgres_port)),
                *("-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=60"),
            ],
            log="postgres.log",
        )
        superuser = self._database_url(_SUPERUSER, "template1")
        self._wait(server, "postgres.log", lambda: psycopg.connect(superuser, connect_timeout=2).close())
        script = provision_sql(owner_password=self._passwords[OWNER], app_password=self._passwords[APP])
        command: list[str | Path] = [
            programs / "psql",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            "-",
            superuser,
        ]
        subprocess.run(command, input=script, text=True, check=True, capture_output=True)

    def _start_redis(self, program: str) -> None:
        self.redis_port = free_port()
        settings = self._folder / "redis.conf"  # a file, since anyone may read a command line
        settings.write_text(
            f"bind {HOST}\nport {self.redis_port}\nrequirepass {self._passwords['redis']}\n"
            f'save ""\nappendonly yes\ndir {self._folder}\n',
            encoding="ascii",
        )
        os.chown(settings, self._account.uid, self._account.gid)
        server = self._spawn([program, settings], log="redis.log")
        self._wait(server, "redis.log", lambda: redis.Redis.from_url(self.redis_url).ping())

    def _run(self, command: Sequence[str | Path]) -> None:
        subprocess.run(
            command, cwd=self._folder, check=True, capture_output=True, **self._account.spawn_options
        )

    def _spawn(self, command: Sequence[str | Path], *, log: str) -> subprocess.Popen[bytes]:
        with (self._folder / log).open("ab") as output:
            child = subprocess.Popen(
                command,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self._account.spawn_options,
            )
        self._children.append(child)
        return child

    def _wait(self, server: subprocess.Popen[bytes], log: str, attempt: Callable[[], object]) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                attempt()
                return
            except (psycopg.OperationalError, redis.ConnectionError) as error:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self._folder / log).read_text(errors="replace")[-2000:]) from error
            time.sleep(0.05)

    def _stop(self) -> None:
        for child in reversed(self._children):
            child.send_signal(2)  # SIGINT: PostgreSQL's fast shutdown, and Redis takes it as well
        for child in self._children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()
        shutil.rmtree(self._folder, ignore_errors=True)


def redis_server() -> str:
    """The path of Debian's redis-server, installed if we may. Raises RuntimeError when it is missing."""
    if not (shutil.which("redis-server") or os.geteuid() or not shutil.which("apt-get")):
        with _INSTALLING.open("w") as lock:  # runners side by side would meet at the package manager's own
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not shutil.which("redis-server"):
                _apt_install()
    if found := shutil.which("redis-server"):
        return found
    raise RuntimeError("redis-server is missing: get it with `apt-get install -y redis-server` as root")


def _apt_install() -> None:
    # Without this the package would start a server of its own, on the port people expect theirs on.
    ours = not _POLICY.exists()
    if ours:
        _POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        _POLICY.chmod(0o755)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", "redis-server"]
    try:
        for command in (install, ["apt-get", "update"], install):  # an image may come without its lists
            result = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
            if shutil.which("redis-server"):
                return
        sys.stderr.write(result.stderr[-1000:])
    finally:
        if ours:
            _POLICY.unlink(missing_ok=True)
