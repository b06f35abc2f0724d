"""``flush`` for tests: the application's role may not truncate, and append-only tables refuse it,
so the owner empties them with triggers off."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from psycopg import sql

from tests.support.owner import owner_connection

KEPT = {"django_migrations", "django_content_type", "auth_permission"}


class Command(BaseCommand):
    stealth_options = ("reset_sequences", "allow_cascade", "inhibit_post_migrate")
    help = "Empty every table of the test database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--database", default="default")
        parser.add_argument("--noinput", "--no-input", action="store_false", dest="interactive")

    def handle(self, *args: Any, **options: Any) -> None:
        with owner_connection() as owner:
            name = owner.info.dbname
            if not name.startswith("test_"):
                raise RuntimeError(f"flush is for test databases only, not for {name}")
            rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            tables = sql.SQL(", ").join(sql.Identifier(row[0]) for row in rows if row[0] not in KEPT)
            owner.execute("SET session_replication_role = replica")
            owner.execute("SET lock_timeout = '20s'")
            owner.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))
