"""Where the embedded services keep their files. Nothing here creates or starts anything.

Read by the settings on every start of every command, so it stays small and free of POSIX-only imports.
"""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

from claimtracker.embedded.errors import INSTEAD, EmbeddedUnavailable

POSTGRES_PORT = 5432  # only names the socket file: no TCP port is ever opened
SYSTEM_STATE = Path("/var/lib/claimtracker")

# A socket's path may have 107 bytes at most and a state folder may have any length, so sockets live in
# a folder of their own. It is made with mode 0700 and its owner is checked before it is trusted.
_SOCKETS_PARENT = Path("/tmp")  # noqa: S108 - see above; TMPDIR would differ from shell to shell


def user_id() -> int:
    """Who runs this. Raises EmbeddedUnavailable on a system without users of that kind."""
    if os.name != "posix":
        raise EmbeddedUnavailable(f"the embedded services need Linux or macOS: {INSTEAD}")
    return os.geteuid()


def checkout_dir() -> Path:
    """The folder that holds the `claimtracker` package."""
    return Path(__file__).resolve().parents[2]


def state_dir() -> Path:
    """The folder of everything that outlives a run, chosen by CLAIMTRACKER_STATE or by who runs this.

    A relative CLAIMTRACKER_STATE counts from the checkout, so that it does not depend on where a
    command was started. Raises EmbeddedUnavailable for a user without a home.
    """
    override = os.environ.get("CLAIMTRACKER_STATE", "").strip()
    if override:
        return Path(os.path.realpath(checkout_dir() / Path(override).expanduser()))
    name = short_hash(checkout_dir())
    if user_id() == 0:
        return SYSTEM_STATE / name
    base = os.environ.get("XDG_STATE_HOME", "").strip() or _home() / ".local" / "state"
    return Path(os.path.realpath(base)) / "claimtracker" / name


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError as error:
        raise EmbeddedUnavailable(
            f"user id {user_id()} has no home folder: choose one with CLAIMTRACKER_STATE, or {INSTEAD}"
        ) from error


def short_hash(path: Path) -> str:
    """Eight hexadecimal digits that stand for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def socket_dir() -> Path:
    """The short 0700 folder of both sockets."""
    return _SOCKETS_PARENT / f"ct-{user_id()}-{short_hash(state_dir())}"


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
