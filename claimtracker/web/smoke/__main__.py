"""Set the environment before Django reads it, walk the chain, stop everything, and let the exit code tell."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    state = Path(tempfile.mkdtemp(prefix="claimtracker-smoke-"))
    from claimtracker.embedded.ports import free_port

    web_port, receiver_port = free_port(), free_port()
    os.environ |= {
        "CLAIMTRACKER_STATE": str(state),
        "CLAIMTRACKER_OUTBOUND_ALLOW": f"127.0.0.1:{receiver_port}",
        "DJANGO_SETTINGS_MODULE": "claimtracker.settings.dev",
        "DEBUG": "0",
        "LOG_LEVEL": "WARNING",
        "SITE_URL": f"http://127.0.0.1:{web_port}",
    }
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_NAME", "REDIS_URL"):
        os.environ.pop(name, None)  # smoke never touches a real site's data
    started = time.perf_counter()
    try:
        import django

        django.setup()
        from claimtracker.web.smoke.walk import Failed, walk

        try:
            walk(web_port=web_port, receiver_port=receiver_port)
        except Failed as failure:
            sys.stdout.write(f"FAILED  {failure}\n")
            show_logs(state)
            return 1
        sys.stdout.write(f"smoke passed in {time.perf_counter() - started:.1f} s\n")
        return 0
    finally:
        from claimtracker import embedded

        embedded.wipe()
        shutil.rmtree(state, ignore_errors=True)


def show_logs(state: Path) -> None:
    """The last lines of every part, where the reason usually stands."""
    for log in sorted((state / "log").glob("*.log")):
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        sys.stdout.write(f"--- {log.name}\n" + "\n".join(tail) + "\n")


if __name__ == "__main__":
    sys.exit(main())
