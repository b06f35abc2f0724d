"""Where the embedded services keep their files. Nothing here creates or starts anything.

Read by the settings on every start of every command, so it stays small and free of POSIX-only imports.
"""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

POSTGRES_PORT = 5432  # only names the socket file: no TCP port is ever opened
SYSTEM_STATE = Path("/var/lib/claimtracker")

# A socket's path may have 107 bytes at most and a state folder may have any length, so sockets live in
# a folder of their own. It is made with mode 0700 and its owner is checked before it is trusted.
_SOCKETS_PARENT = Path("/tmp")  # noqa: S108 - see above; TMPDIR would differ from shell to shell


def checkout_dir() -> Path:
    """The folder that holds the `claimtracker` package."""
    return Path(__file__).resolve().parents[2]


def state_dir() -> Path:
    """The folder of everything that outlives a run, chosen by CLAIMTRACKER_STATE or by who runs this.

    A relative CLAIMTRACKER_STATE counts from the checkout, so that it does not depend on where a
    command was started.
    """
    override = os.environ.get("CLAIMTRACKER_STATE", "").strip()
    if override:
        return Path(os.path.realpath(checkout_dir() / Path(override).expanduser()))
    name = short_hash(checkout_dir())
    if os.geteuid() == 0:
        return SYSTEM_STATE / name
    base = os.environ.get("XDG_STATE_HOME", "").strip() or str(Path.home() / ".local" / "state")
    return Path(os.path.realpath(base)) / "claimtracker" / name


def short_hash(path: Path) -> str:
    """Eight hexadecimal digits that stand for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def socket_dir() -> Path:
    """The short 0700 folder of both sockets."""
    return _SOCKETS_PARENT / f"ct-{os.geteuid()}-{short_hash(state_dir())}"


def postgres_socket() -> Path:
    """PostgreSQL's socket."""
    return socket_dir() / f".s.PGSQL.{POSTGRES_PORT}"


def valkey_socket() -> Path:
    """Valkey's socket."""
    return socket_dir() / "valkey.sock"


def database_url(name: str = "claimtracker", role: str = "app") -> str:
    """The address of one embedded database for one role, "app" or "owner".

    Raises ValueError for another role.
    """
    if role not in ("app", "owner"):
        raise ValueError(f'role must be "app" or "owner", not {role!r}')
    host = quote(str(socket_dir()), safe="/")
    return f"postgresql://claimtracker_{role}@/{quote(name, safe='')}?host={host}&port={POSTGRES_PORT}"


def redis_url(db: int = 0) -> str:
    """Valkey's address in Celery's spelling."""
    return f"redis+socket://{valkey_socket()}?virtual_host={db}"


def redis_client_url(db: int = 0) -> str:
    """Valkey's address in the spelling of redis.Redis.from_url."""
    return f"unix://{valkey_socket()}?db={db}"
