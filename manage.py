#!/usr/bin/env python
"""Django's command line. In development it starts the embedded services when a command needs them."""

import os
import sys

WITHOUT_SERVICES = {
    "demo",  # starts them under its own supervisor, which stops them again
    "extract",
    "makemigrations",
    "check",
    "collectstatic",
    "help",
    "spectacular",
    "--help",
    "-h",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtracker.settings.dev")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in WITHOUT_SERVICES and not os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".prod"):
        from claimtracker import embedded

        try:
            if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
                embedded.start()
        except embedded.EmbeddedUnavailable as error:
            sys.exit(str(error))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
