"""``flush`` for tests: the application's role may not truncate, and append-only tables refuse it,
so the owner empties them with triggers off. Only tables that hold rows are touched: truncating all of them
takes half a second, after every transactional test."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from psycopg import sql

from tests.support.owner import owner_connection

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
SEQUENCES = """
    SELECT setval(sequence.oid::regclass, 1, false) FROM pg_class sequence
      JOIN pg_depend link ON link.objid = sequence.oid AND link.deptype IN ('a', 'i')
      JOIN pg_class owner ON owner.oid = link.refobjid
     WHERE sequence.relkind = 'S' AND owner.relname = ANY(%s)
"""


class Command(BaseCommand):
    stealth_options = ("reset_sequences", "allow_cascade", "inhibit_post_migrate")
    help = "Empty every table of the test database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--database", default="default")
        parser.add_argument("--noinput", "--no-input", action="store_false", dest="interactive")

    def handle(self, *args: Any, **options: Any) -> None:
        with owner_connection() as owner, owner.transaction():
            name = owner.info.dbname
            if not name.startswith("test_"):
                raise RuntimeError(f"flush is for test databases only, not for {name}")
            owner.execute("SET LOCAL session_replication_role = replica")
            owner.execute("SET LOCAL lock_timeout = '20s'")
            rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            filled = "SELECT {name} WHERE EXISTS (SELECT FROM {table})"
            questions = [
                sql.SQL(filled).format(name=sql.Literal(row[0]), table=sql.Identifier(row[0]))
                for row in rows
                if row[0] not in KEPT
            ]
            tables = [row[0] for row in owner.execute(sql.SQL(" UNION ALL ").join(questions)).fetchall()]
            for table in tables:
                owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            owner.execute(SEQUENCES, [tables])
