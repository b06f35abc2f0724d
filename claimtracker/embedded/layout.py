"""Make, find and lock the folders that places.py only names."""

import fcntl
import os
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from claimtracker.embedded import places
from claimtracker.embedded.accounts import Account, make_open, service_account
from claimtracker.embedded.errors import INSTEAD, EmbeddedUnavailable, ServiceFailed
from claimtracker.embedded.pids import working_in

# Where root keeps the services' files of a state folder that the service user cannot reach.
ELSEWHERE = places.SYSTEM_STATE / "elsewhere"
_POINTER = "services-are-in"
_OWNER = "belongs-to"


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one state: settings lie in `home`, written by whoever starts the services, and
    each service owns only its own folder below, so that root never writes where the service could."""

    home: Path

    @property
    def postgres(self) -> Path:
        """PostgreSQL's own folder."""
        return self.home / "postgres"

    @property
    def cluster(self) -> Path:
        """The database cluster."""
        return self.postgres / "cluster"

    @property
    def postgres_log(self) -> Path:
        """What PostgreSQL had to say."""
        return self.postgres / "postgres.log"

    @property
    def valkey(self) -> Path:
        """Valkey's own folder, its working folder as well."""
        return self.home / "valkey"

    @property
    def valkey_log(self) -> Path:
        """What Valkey had to say."""
        return self.valkey / "valkey.log"


def find() -> Layout:
    """The layout as it is, without making anything."""
    state = places.state_dir()
    try:
        home = Path((state / _POINTER).read_text(encoding="utf-8").strip())
    except OSError:
        return Layout(state)
    return Layout(home if _owner_of(home) == state else state)


def make() -> tuple[Layout, Account]:
    """Create what is missing. Raises EmbeddedUnavailable when a folder cannot be made or trusted."""
    account = service_account()
    try:
        layout = _home_for(account)
        for folder in (layout.postgres, layout.valkey):
            folder.mkdir(mode=0o700, exist_ok=True)
            _give(folder, account)
        _make_socket_dir(account)
    except OSError as error:
        raise EmbeddedUnavailable(
            f"{error.filename or places.state_dir()}: {error.strerror}; "
            f"choose another folder with CLAIMTRACKER_STATE, or {INSTEAD}"
        ) from error
    return layout, account


@contextmanager
def locked(*, seconds: float = 120.0) -> Iterator[None]:
    """Let one starter or stopper in at a time; `seconds` is how long to wait for the others.

    Raises ServiceFailed when the others take longer, EmbeddedUnavailable when the state folder cannot
    be made.
    """
    state = places.state_dir()
    try:
        _make_state_dir(state)
        lock = os.open(state / "start.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise EmbeddedUnavailable(
            f"{state}: {error.strerror}; choose another folder with CLAIMTRACKER_STATE, or {INSTEAD}"
        ) from error
    try:
        deadline = time.monotonic() + seconds
        while not _try_lock(lock):
            if time.monotonic() > deadline:
                raise ServiceFailed(
                    f"another start of the services in {state} has not ended in {seconds:.0f} s"
                )
            time.sleep(0.03)
        yield
    finally:
        os.close(lock)


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _make_state_dir(state: Path) -> None:
    if os.geteuid() == 0:
        if state.parent == places.SYSTEM_STATE:
            make_open(places.SYSTEM_STATE, 0o755)
        # Others may walk through, the service user among them, but not look around.
        make_open(state, 0o711)
    else:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)


def _home_for(account: Account) -> Layout:
    state = places.state_dir()
    if account.uid == os.geteuid():
        return Layout(state)
    known = find()
    if known.home != state:
        return known
    if not account.can_enter(state.parent):
        return Layout(_make_elsewhere(state))
    if not account.can_enter(state):  # a folder of ours, such as mktemp -d makes: let the user walk through
        state.chmod(stat.S_IMODE(state.stat().st_mode) | 0o111)
    return Layout(state)


def _make_elsewhere(state: Path) -> Path:
    """A folder under /var/lib for a state below, say, root's home or pytest's private folder."""
    for each in (places.SYSTEM_STATE, ELSEWHERE):
        make_open(each, 0o755)
    _clear_forgotten()
    # A new name each time: a state folder that was removed and made again must start empty.
    home = ELSEWHERE / secrets.token_hex(6)
    make_open(home, 0o711)
    (home / _OWNER).write_text(f"{state}\n", encoding="utf-8")
    (state / _POINTER).write_text(f"{home}\n", encoding="utf-8")
    return home


def _clear_forgotten() -> None:
    """Remove what temporary states left behind; others are kept, since their disk may only be away."""
    temporary = Path(tempfile.gettempdir()).resolve()
    for home in ELSEWHERE.iterdir():
        state = _owner_of(home)
        if state is None or temporary not in state.parents or (state / _POINTER).exists():
            continue
        layout = Layout(home)
        if not working_in(layout.cluster, program="postgres") and not working_in(
            layout.valkey, program="valkey-server"
        ):
            shutil.rmtree(home, ignore_errors=True)


def _owner_of(home: Path) -> Path | None:
    try:
        return Path((home / _OWNER).read_text(encoding="utf-8").strip())
    except OSError:
        return None


def _make_socket_dir(account: Account) -> None:
    folder = places.socket_dir()
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    # /tmp is everybody's: whoever made this folder first could pose as our database.
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {os.geteuid(), account.uid}:
        raise EmbeddedUnavailable(f"{folder} belongs to somebody else: remove it, or {INSTEAD}")
    _give(folder, account)


def _give(folder: Path, account: Account) -> None:
    status = folder.lstat()
    if status.st_uid != account.uid:
        # All of it: the service user is another than last time when, say, a package has brought one.
        for each in (folder, *folder.rglob("*")):
            os.chown(each, account.uid, account.gid, follow_symlinks=False)
    if stat.S_IMODE(status.st_mode) != 0o700:
        folder.chmod(0o700)


def remove() -> None:
    """Remove the services' files and nothing else that lies in the state folder."""
    state, layout = places.state_dir(), find()
    if not state.exists():
        return
    with locked():
        for folder in (layout.postgres, layout.valkey, places.socket_dir()):
            if folder.exists():
                shutil.rmtree(folder)
        for name in ("postgresql.conf", "pg_hba.conf", "valkey.conf", "provisioned"):
            (layout.home / name).unlink(missing_ok=True)
        if layout.home != state:
            shutil.rmtree(layout.home)
        (state / _POINTER).unlink(missing_ok=True)
