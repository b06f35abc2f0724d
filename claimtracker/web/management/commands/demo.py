"""The main job on real parts: everything set up, articles fed through the worker, then a newsroom to walk
around in."""

from __future__ import annotations

import logging
import os
import time
from typing import Any

import httpx
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claimtracker import embedded
from claimtracker.embedded.ports import port_taken
from claimtracker.embedded.supervisor import ChildGaveUp, Supervisor


class Command(BaseCommand):
    help = "Set up the demo newsroom, feed the sample articles through the worker, and serve until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        try:
            taken = port_taken(port)
        except ValueError as error:
            raise CommandError(f"PORT: {error}.") from error
        if taken:
            raise CommandError(f"Port {port} is taken. Choose another one: make demo PORT={port + 1}")
        settings.SITE_URL = f"http://127.0.0.1:{port}"
        logging.getLogger("httpx").setLevel(logging.WARNING)
        uses_embedded = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
        try:
            with Supervisor(services=uses_embedded, report=self.say) as supervisor:
                self.run_demo(supervisor, port)
        except KeyboardInterrupt:
            self.say("Stopped. Everything is kept: make demo brings it back.")
        except (ChildGaveUp, embedded.EmbeddedUnavailable) as error:
            raise CommandError(str(error)) from error

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def run_demo(self, supervisor: Supervisor, port: int) -> None:
        from claimtracker.web.demo import feeding, newsroom, parts, story

        self.say("Database and queue are up; bringing the tables up to date ...")
        call_command("migrate", verbosity=0)
        newsroom.set_up_newsroom()
        parts.add_web(supervisor, port)
        parts.add_workers(supervisor, port)
        parts.add_beat(supervisor, port)
        articles = feeding.feed_samples()
        self.say(f"{len(articles)} articles are in; the worker reads them ...")
        if not feeding.wait_until_read(articles, say=lambda line: self.say(f"  {line}")):
            supervisor.check()
            log = embedded.state_dir() / "log" / "reading.log"
            self.say(f"  The worker is slow today; it goes on. Its log: {log}")
        story.tell_story(articles)
        self.wait_for_web(supervisor, port)
        self.say("\n" + feeding.format_table(feeding.table(articles)))
        self.show_sign_ins(port)
        supervisor.wait()

    def wait_for_web(self, supervisor: Supervisor, port: int) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            supervisor.check()
            try:
                if (
                    httpx.get(f"http://127.0.0.1:{port}/fact-checks/", timeout=5, trust_env=False).status_code
                    == 200
                ):
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise CommandError(
            f"The web server did not answer within 30 s; its log: {embedded.state_dir() / 'log' / 'web.log'}"
        )

    def show_sign_ins(self, port: int) -> None:
        from claimtracker.web.demo.newsroom import PASSWORD, PEOPLE

        address = f"http://127.0.0.1:{port}"
        self.say(f"\nNewsroom      {address}/")
        self.say(f"Fact-checks   {address}/fact-checks/")
        self.say(f"Partner API   {address}/api/docs/")
        self.say(f"Admin         {address}/admin/  (as the moderator)")
        self.say(f"\nSign in with the password {PASSWORD} as")
        for email, name, role in PEOPLE:
            self.say(f"  {email:<24} {name}, {role}")
        self.show_partner_key()
        self.say("\nCtrl-C stops everything and keeps the data.")

    def show_partner_key(self) -> None:
        from claimtracker.web.demo.partner import make_partner

        key = make_partner()
        if key:
            self.say(f"\nThe demo partner's API key, shown this once:\n  {key}")
        else:
            self.say("\nThe demo partner's API key was shown at the first start; the admin issues others.")
