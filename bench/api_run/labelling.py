"""label-studio in a virtual environment of its own: the same rows in a database beside ours, two workers."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.pages_run.site import wait_for

from .load import Target, http
from .servers import THREADS, WORKERS, Server

PINNED = "label-studio==1.23.2"
DATABASE = "label_studio"
SETUP = Path(__file__).with_name("labelling_setup.py")
INSTALL_SECONDS = 1500


class NotToBeHad(Exception):
    """It could not be installed or set up; the words say why."""


@dataclass(frozen=True, slots=True)
class LabelStudio:
    server: Server
    token: str
    project: int

    def list(self) -> Target:
        path = f"/api/tasks?project={self.project}&page_size=25"
        request = http("GET", path, self._headers)
        return Target(self.server.port, lambda _number: request)

    def create(self, numbered: Callable[[bytes, int], bytes], text: str) -> Target:
        sent = json.dumps({"project": self.project, "data": {"text": text}}).encode()
        request = http("POST", "/api/tasks", self._headers | {"Content-Type": "application/json"}, sent)
        return Target(self.server.port, lambda number: numbered(request, number), frozenset({201}))

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.token}", "Accept": "application/json"}


@contextmanager
def label_studio(venvs: Path, folder: Path, texts: list[str]) -> Iterator[LabelStudio]:
    """Served until the block ends. Raises NotToBeHad."""
    python = installed(venvs / PINNED.replace("==", "-"))
    package = Path(_asked(python, "import label_studio; print(label_studio.__path__[0])"))
    token = secrets.token_hex(20)
    environ = _environ(folder / "label-studio", token)
    stored = folder / "texts.json"
    stored.write_text(json.dumps(texts), encoding="utf-8")
    _make_database()
    made = _run([python, str(SETUP), str(stored)], environ, package)
    project = int(made.strip().rpartition("project ")[2])
    with _served(python, package, environ) as server:
        yield LabelStudio(server, token, project)


def installed(venv: Path) -> str:
    """Its Python; installed on the first call, with gunicorn as ours is."""
    python = venv / "bin" / "python"
    done = venv / "installed"
    if done.exists():
        return str(python)
    venv.parent.mkdir(parents=True, exist_ok=True)
    _run([sys.executable, "-m", "venv", "--clear", str(venv)], dict(os.environ), venv.parent)
    wanted = [PINNED, f"gunicorn=={version('gunicorn')}"]
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, *wanted], dict(os.environ), venv, seconds=INSTALL_SECONDS)
    done.touch()
    return str(python)


def _environ(home: Path, token: str) -> dict[str, str]:
    """Its production form: PostgreSQL, no debugging, nothing sent home."""
    from claimtracker import embedded
    from claimtracker.embedded.places import POSTGRES_PORT
    from claimtracker.embedded.postgres import SUPERUSER

    home.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return kept | {
        "DJANGO_DB": "default",
        "DJANGO_SETTINGS_MODULE": "core.settings.label_studio",
        "POSTGRE_NAME": DATABASE,
        "POSTGRE_USER": SUPERUSER,
        "POSTGRE_HOST": str(embedded.socket_dir()),
        "POSTGRE_PORT": str(POSTGRES_PORT),
        "LABEL_STUDIO_BASE_DATA_DIR": str(home),
        "SECRET_KEY": secrets.token_urlsafe(40),
        "DEBUG": "false",
        "DEBUG_MODAL_EXCEPTIONS": "false",
        "LOG_LEVEL": "ERROR",
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "BENCH_TOKEN": token,
    }


def _make_database() -> None:
    import psycopg
    from psycopg import sql

    from claimtracker import embedded
    from claimtracker.embedded.places import POSTGRES_PORT
    from claimtracker.embedded.postgres import SUPERUSER

    socket = str(embedded.socket_dir())
    with psycopg.connect(
        host=socket, port=POSTGRES_PORT, user=SUPERUSER, dbname="postgres", autocommit=True
    ) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


@contextmanager
def _served(python: str, package: Path, environ: dict[str, str]) -> Iterator[Server]:
    from claimtracker.embedded.ports import free_port

    port = free_port()
    web = [python, "-m", "gunicorn", "core.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    web += ["--workers", str(WORKERS), "--threads", str(THREADS), "--timeout", "120"]
    with (Path(environ["LABEL_STUDIO_BASE_DATA_DIR"]) / "log").open("wb") as log:  # it talks much
        process = subprocess.Popen(web, cwd=package, env=environ, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", seconds=120)
        yield Server(port, process.pid)
    except OSError as error:
        raise NotToBeHad(f"it does not answer: {error}") from error
    finally:
        process.terminate()
        process.wait(timeout=30)


def _asked(python: str, code: str) -> str:
    return _run([python, "-c", code], dict(os.environ), Path("/")).strip()


def _run(command: list[Any], environ: dict[str, str], where: Path, seconds: float = 900) -> str:
    try:
        done = subprocess.run(
            command, cwd=where, env=environ, capture_output=True, text=True, timeout=seconds, check=True
        )
    except subprocess.CalledProcessError as error:
        raise NotToBeHad(f"{command[0]} failed: {error.stderr[-1500:]}") from error
    except (subprocess.TimeoutExpired, OSError) as error:
        raise NotToBeHad(f"{command[0]} failed: {error}") from error
    return done.stdout
