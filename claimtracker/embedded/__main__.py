"""`python -m claimtracker.embedded up|down|status|urls|wipe`: the embedded services by hand."""

import argparse
import sys

from claimtracker import embedded

_DOWN = 3  # what pg_ctl status says for "not running"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code, 3 when `status` finds a service down."""
    parser = argparse.ArgumentParser(prog="python -m claimtracker.embedded", description=__doc__)
    parser.add_argument("command", choices=["up", "down", "status", "urls", "wipe"])
    parser.add_argument("--yes", action="store_true", help="do remove everything (wipe)")
    chosen = parser.parse_args(arguments)
    try:
        return _do(chosen.command, sure=chosen.yes)
    except embedded.EmbeddedUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _do(command: str, *, sure: bool) -> int:
    if command == "up":
        embedded.start()
    elif command == "down":
        embedded.stop()
    elif command == "urls":
        _say(f"DATABASE_URL={embedded.database_url()}")
        _say(f"DATABASE_OWNER_URL={embedded.database_url(role='owner')}")
        _say(f"REDIS_URL={embedded.redis_url()}")
        return 0
    elif command == "wipe":
        if not sure:
            sys.stderr.write(f"this removes the database in {embedded.state_dir()}: say --yes to go on\n")
            return 2
        embedded.wipe()
    return _status(expect_up=command not in ("down", "wipe"))


def _status(*, expect_up: bool) -> int:
    pids = {"PostgreSQL": embedded.postgres_pid(), "Valkey": embedded.valkey_pid()}
    for name, pid in pids.items():
        _say(f"{name}: {'down' if pid is None else f'up, pid {pid}'}")
    _say(f"state: {embedded.state_dir()}")
    return 0 if all(pids.values()) or not expect_up else _DOWN


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
