"""``migrate``, run by the owner role, followed by the grants that leave the application's role without
UPDATE, DELETE and TRUNCATE on append-only tables (docs/adr/0001-two-database-roles.md)."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections
from psycopg import sql


class Command(DjangoMigrate):
    help = "Migrate with the owner role and grant the application's role only what it needs."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"] not in settings.DATABASES:
            raise CommandError("Set DATABASE_OWNER_URL: migrations are run by the role that owns the tables.")
        super().handle(*args, **options)
        if not options.get("plan") and not options.get("check_unapplied"):
            grant_application_role(options["database"])


def append_only_tables() -> list[str]:
    """Tables of models that say ``append_only = True``."""
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


def grant_application_role(owner_alias: str) -> None:
    """Give the role of the ``default`` connection its rights on the tables that the owner made."""
    role_name = connections["default"].settings_dict["USER"]
    if role_name == connections[owner_alias].settings_dict["USER"]:
        return
    role = sql.Identifier(role_name)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(role),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role),
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(role),
    ]
    existing = set(connections[owner_alias].introspection.table_names())
    statements += [
        sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), role)
        for table in append_only_tables()
        if table in existing
    ]
    with connections[owner_alias].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
