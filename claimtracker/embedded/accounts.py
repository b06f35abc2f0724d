"""The operating-system user that the services run as: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from claimtracker.embedded.errors import INSTEAD, EmbeddedUnavailable

OWN_NAME = "claimtracker"


class SpawnOptions(TypedDict, total=False):
    """Keywords of subprocess.Popen that drop privileges."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A user that owns the services' files and runs them."""

    name: str
    uid: int
    gid: int

    @property
    def spawn_options(self) -> SpawnOptions:
        """How subprocess becomes this user; nothing when we already are."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Whether this user may walk down to `folder`, by mode bits."""
        return all(self._may_enter(each) for each in (folder, *folder.parents))

    def _may_enter(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        return bool(status.st_mode & (0o010 if status.st_gid == self.gid else 0o001))


def service_account() -> Account:
    """Ourselves, or for root a user without privileges: Debian's `postgres`, else one of our own.

    Raises EmbeddedUnavailable when there is none and none can be made.
    """
    if os.geteuid() != 0:
        return _ourselves()
    for name in ("postgres", OWN_NAME):
        if found := _named(name):
            return found
    _create()
    if found := _named(OWN_NAME):
        return found
    raise EmbeddedUnavailable(
        f'PostgreSQL does not run as root and no user "{OWN_NAME}" could be made: '
        f"run this as an ordinary user, or {INSTEAD}"
    )


def make_open(folder: Path, mode: int) -> None:
    """Make a folder with just this mode, whatever the umask; one that is there stays as it is."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)


def _ourselves() -> Account:
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise EmbeddedUnavailable(
            f"user id {os.geteuid()} has no name in /etc/passwd, which PostgreSQL needs: "
            f"give it one, or {INSTEAD}"
        ) from None
    return Account(entry.pw_name, os.geteuid(), os.getegid())


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)


def _create() -> None:
    useradd, adduser = shutil.which("useradd"), shutil.which("adduser")
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", OWN_NAME]
    elif adduser:  # BusyBox
        command = [adduser, "-S", "-D", "-H", "-s", "/bin/false", OWN_NAME]
    else:
        return
    # Another start may have made the user in the meantime: what counts is that it is there afterwards.
    subprocess.run(command, check=False, capture_output=True)
