"""PostgreSQL from its wheel: made by its initdb, started by its pg_ctl, reached over a private socket."""

import hashlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from claimtracker.embedded import layout as layouts
from claimtracker.embedded import places, wheels
from claimtracker.embedded.accounts import Account
from claimtracker.embedded.errors import ServiceFailed
from claimtracker.embedded.layout import Layout
from claimtracker.embedded.pids import alive, end, working_in
from claimtracker.embedded.probes import Answer, ask_postgres
from claimtracker.embedded.provision import APP, DATABASE, provision_sql

SUPERUSER = "postgres"
PROGRAM = "postgres"
_RETRY_SECONDS = 10.0  # right after a kill -9 the first starts may find the dead server's remains
_RECOVERY_SECONDS = 120
_LOG_BYTES = 5_000_000


def answer() -> Answer:
    """What the server says to the application's role."""
    return ask_postgres(places.postgres_socket(), user=APP, database=DATABASE)


def pid() -> int | None:
    """The postmaster's pid, or None when the server does not answer."""
    return None if answer() is Answer.DOWN else _noted_pid(layouts.find().cluster)


def ready() -> bool:
    """Whether the server answers and has every role, extension and grant of this version."""
    return answer() is Answer.UP and _provisioned(layouts.find())


def start(layout: Layout, account: Account) -> None:
    """Bring the server up and provision it; whoever calls holds the lock.

    Raises EmbeddedUnavailable, or ServiceFailed with the end of the log.
    """
    programs = wheels.postgres_bin(account)
    deadline = time.monotonic() + _RETRY_SECONDS
    while not ready():
        if answer() in (Answer.DOWN, Answer.STARTING):
            _require_same_major(layout, programs, account)
            _write_settings(layout)
            if not layout.cluster.exists():
                _initdb(layout, programs, account)
            _bring_up(layout, programs, account)
        if ready():
            return
        try:
            _provision(layout, programs)
        except ServiceFailed:
            # Killed again since it answered: then the next round starts it again.
            if answer() is Answer.UP or time.monotonic() > deadline:
                raise


def stop(layout: Layout) -> None:
    """Shut down cleanly, cutting sessions off; a second and a third try are less polite."""
    found = working_in(layout.cluster, program=PROGRAM)
    postmaster = _noted_pid(layout.cluster)
    if not found:
        return
    if postmaster in found:
        for sign, seconds in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0)):
            if end([postmaster], sign, seconds=seconds):
                break
    if not end(working_in(layout.cluster, program=PROGRAM), signal.SIGKILL, seconds=5.0):
        raise ServiceFailed(f"PostgreSQL in {layout.cluster} does not stop")


def _bring_up(layout: Layout, programs: Path, account: Account) -> None:
    if _wait_for_living(layout):
        return
    deadline = time.monotonic() + _RETRY_SECONDS
    while True:
        _clear_remains(layout)
        _turn_log(layout)
        # pg_ctl hands these paths to a shell: relative ones keep odd characters of the state out of it.
        command: list[str | Path] = [
            programs / "pg_ctl",
            "start",
            "--silent",
            "--wait",
            "--timeout",
            str(_RECOVERY_SECONDS),
        ]
        command += ["-D", layout.cluster.name, "-l", layout.postgres_log.name]
        command += ["-o", "-c config_file=../postgresql.conf"]
        result = _run(command, layout, account)
        if result.returncode == 0:
            return
        if time.monotonic() > deadline:
            raise ServiceFailed(_told(f"PostgreSQL does not start: {result.stderr.strip()}", layout))
        time.sleep(0.3)


def _wait_for_living(layout: Layout) -> bool:
    """Whether a server of this cluster lives and came to answer; one that lost its socket is stopped.

    Raises ServiceFailed for one that lives and stays silent: killing it could lose what it is doing.
    """
    deadline = time.monotonic() + 30
    while (postmaster := _noted_pid(layout.cluster)) and postmaster in _living(layout):
        if answer() not in (Answer.DOWN, Answer.STARTING):
            return True
        if not places.postgres_socket().exists() and answer() is Answer.DOWN and _says_ready(layout):
            stop(layout)
            return False
        if time.monotonic() > deadline:
            raise ServiceFailed(_told(f"PostgreSQL runs as pid {postmaster} and does not answer", layout))
        time.sleep(0.05)
    return False


def _living(layout: Layout) -> list[int]:
    return working_in(layout.cluster, program=PROGRAM)


def _says_ready(layout: Layout) -> bool:
    lines = _pidfile(layout.cluster)
    return len(lines) > 7 and lines[7].strip() == "ready"


def _clear_remains(layout: Layout) -> None:
    """Take away what a killed server left: its orphans first, since they still use its shared memory,
    then the files whose pid a zombie or a newcomer may carry."""
    if not end(_living(layout), signal.SIGKILL, seconds=5.0):
        raise ServiceFailed(_told("processes of a killed PostgreSQL do not go away", layout))
    socket = places.postgres_socket()
    for each in (layout.cluster / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
        each.unlink(missing_ok=True)


def _initdb(layout: Layout, programs: Path, account: Account) -> None:
    fresh = layout.cluster.with_name("cluster.new")
    if fresh.exists():  # an initdb that was cut short
        shutil.rmtree(fresh)
    command: list[str | Path] = [
        programs / "initdb",
        "-D",
        fresh.name,
        "-U",
        SUPERUSER,
        "--auth=trust",
        "--no-instructions",
    ]
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    result = _run([*command, "--no-sync"] if _fast() else command, layout, account)
    if result.returncode != 0:
        raise ServiceFailed(f"initdb failed in {layout.postgres}: {result.stderr.strip()}")
    fresh.rename(layout.cluster)


def _require_same_major(layout: Layout, programs: Path, account: Account) -> None:
    try:
        have = (layout.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return
    told = _run([programs / "postgres", "--version"], layout, account).stdout.split()
    want = told[-1].split(".")[0] if told else "?"
    if have != want:
        raise ServiceFailed(
            f"{layout.cluster} was made by PostgreSQL {have} and the wheel brings {want}: "
            "dump it with the old wheel, or empty it with `python -m claimtracker.embedded wipe --yes`"
        )


def _write_settings(layout: Layout) -> None:
    sockets = str(places.socket_dir()).replace("'", "''")
    # Fast forgoes surviving a power cut, never a kill: a commit still reaches the kernel before it is
    # confirmed, which it would not with synchronous_commit off.
    durable = "off" if _fast() else "on"
    (layout.home / "pg_hba.conf").write_text(
        # The socket's folder has mode 0700 and no TCP port is open: only its owner and root get this far,
        # and both must be able to connect as either role.
        "local all all trust\n",
        encoding="utf-8",
    )
    (layout.home / "postgresql.conf").write_text(
        f"""\
listen_addresses = ''
port = {places.POSTGRES_PORT}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
hba_file = '../pg_hba.conf'
max_connections = 120
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = 1GB
random_page_cost = 1.1
max_wal_size = 1GB
wal_level = minimal
max_wal_senders = 0
fsync = {durable}
synchronous_commit = on
full_page_writes = {durable}
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
log_checkpoints = off
""",
        encoding="utf-8",
    )
    for name in ("pg_hba.conf", "postgresql.conf"):
        (layout.home / name).chmod(0o644)  # read by the service user


def _fast() -> bool:
    return os.environ.get("CLAIMTRACKER_EMBEDDED_FAST", "") == "1"


def _provision(layout: Layout, programs: Path) -> None:
    script = provision_sql()
    command: list[str | Path] = [
        programs / "psql",
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        places.socket_dir(),
    ]
    command += ["-p", str(places.POSTGRES_PORT), "-U", SUPERUSER, "-d", "template1", "-f", "-"]
    result = subprocess.run(
        command, input=script, capture_output=True, text=True, env=_environment(), check=False
    )
    if result.returncode != 0:
        raise ServiceFailed(_told(f"the database could not be prepared: {result.stderr.strip()}", layout))
    (layout.home / "provisioned").write_text(_fingerprint(), encoding="ascii")


def _provisioned(layout: Layout) -> bool:
    try:
        return (layout.home / "provisioned").read_text(encoding="ascii") == _fingerprint()
    except OSError:
        return False


def _fingerprint() -> str:
    return hashlib.sha256(provision_sql().encode()).hexdigest()


def _run(command: list[str | Path], layout: Layout, account: Account) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=layout.postgres,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
        start_new_session=True,  # a Ctrl-C in the terminal is not for the server
        **account.spawn_options,
    )


def _environment() -> dict[str, str]:
    """Ours without the PG* variables, which would redirect the programs, and with a locale all have."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


def _pidfile(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _noted_pid(cluster: Path) -> int | None:
    lines = _pidfile(cluster)
    return int(lines[0]) if lines and lines[0].strip().isdigit() and alive(int(lines[0])) else None


def _turn_log(layout: Layout) -> None:
    log = layout.postgres_log
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _told(what: str, layout: Layout) -> str:
    try:
        tail = layout.postgres_log.read_text(encoding="utf-8", errors="replace")[-1500:]
    except OSError:
        tail = ""
    return f"{what}\n{layout.postgres_log}:\n{tail}".rstrip()
