"""What is called append-only is so three times: by its own word, by role and by trigger."""

from __future__ import annotations

import pgtrigger
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

RECORDS = [model for model in apps.get_models() if getattr(model, "append_only", False)]
VERBS = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"]
ALL_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def trigger_names(model: type[models.Model]) -> set[str]:
    return {trigger.name for trigger in getattr(model._meta, "triggers", ())}


def test_there_are_records() -> None:
    assert {"AuditEntry", "LedgerSeal", "SealedEntry", "OutboxEvent"} <= {model.__name__ for model in RECORDS}


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_triggers_forbid_change_removal_and_truncation(model: type[models.Model]) -> None:
    protects = [each for each in model._meta.triggers if isinstance(each, pgtrigger.Protect)]
    forbidden = {str(each.operation) for each in protects}
    assert forbidden == {"UPDATE OR DELETE"}
    assert any(str(each.operation) == "TRUNCATE" for each in model._meta.triggers)


def test_nothing_is_protected_without_saying_so() -> None:
    """The role's rights follow the word ``append_only``, so a trigger alone would be half a lock."""
    protected = {
        model
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", ())
        if trigger.name.endswith("_append_only")
    }
    assert protected == set(RECORDS)


@pytest.mark.django_db
def test_the_applications_rights_are_as_small_as_they_should_be() -> None:
    records = {model._meta.db_table for model in RECORDS}
    with connection.cursor() as cursor:
        cursor.execute(ALL_TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(
                "SELECT ARRAY(SELECT v FROM unnest(%s::text[]) v "
                "WHERE has_table_privilege(current_user, %s, v))",
                [VERBS, table],
            )
            rights = set(cursor.fetchone()[0])
            if table == "django_migrations":
                assert rights == {"SELECT"}
            elif table in records:
                assert rights == {"SELECT", "INSERT"}, table
            else:
                assert rights == {"SELECT", "INSERT", "UPDATE", "DELETE"}, table


@pytest.mark.django_db
def test_every_declared_trigger_stands_in_the_database_and_is_on() -> None:
    wanted = {
        (model._meta.db_table, trigger.get_pgid(model))
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", ())
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgenabled = 'O'"
        )
        assert wanted <= set(cursor.fetchall())


@pytest.mark.django_db
def test_the_application_is_not_the_owner() -> None:
    assert settings.DATABASES["default"]["USER"] != settings.DATABASES["owner"]["USER"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
        )
        assert cursor.fetchone()[0] == 0
