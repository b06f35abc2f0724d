"""While an upgrade migrates, the old web processes go on: they write rows without the new columns, and wait
for every lock that a migration holds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, AddIndex, AlterField, CreateModel
from django.db.models.fields import NOT_PROVIDED

ROOMS = ("claimtracker", "claims", "reviews")
STALE = "take out what is no exception any more"

# Migrations from before this rule; their upgrades are over. Never add to these two.
COLUMNS_BEFORE_THE_RULE = {
    "jobs.0002_cause",
    "partners.0002_lanes",
    "reviews.0003_task_kinds",
    "reviews.0004_notices",
    "reviews.0005_source_interests_and_secrecy",
    "reviews.0007_routing_rules",
    "reviews.0009_corrections_and_the_gate",
    "reviews.0010_source_snapshots",
    "reviews.0013_reviewing_verdicts",
}
INDEXES_BEFORE_THE_RULE = {
    "claims.0006_known_claim_by_address",
    "claims.0008_watched_sources",
    "claims.0009_article_versions_followed",
    "claims.0010_words_of_the_queue",
    "claims.0011_search_by_words",
    "claims.0015_insight",
    "ledger.0002_audit_by_actor",
    "ledger.0003_insight",
    "partners.0002_lanes",
    "reviews.0004_notices",
    "reviews.0007_routing_rules",
    "reviews.0008_deadlines",
    "reviews.0009_corrections_and_the_gate",
    "reviews.0010_source_snapshots",
    "reviews.0012_talk",
    "reviews.0015_queue_indexes",
    "reviews.0023_search_by_words",
    "reviews.0029_insight",
    "reviews.0033_priority_by_hand_and_broken_changes",
}
# A few rows for each desk, partner or source: an index on them is built in a moment.
SMALL_TABLES = {
    "accounts.desk", "accounts.membership", "accounts.user", "claims.feed", "partners.apikey",
    "partners.partner", "partners.webhookendpoint", "reviews.routingrule",
}  # fmt: skip


def chain(app: str) -> list[Migration]:
    """The app's migrations in their order, without squashed ones: those make new databases only."""
    found = MigrationLoader(None).disk_migrations
    return [found[key] for key in sorted(found) if key[0] == app and not found[key].replaces]


def is_filled_in(field: models.Field) -> bool:
    """Whether a row that does not name the column can be written."""
    of_the_database = field.many_to_many or isinstance(field, models.GeneratedField)
    return bool(field.null or of_the_database or field.db_default is not NOT_PROVIDED)


def offences(migrations: list[Migration]) -> Iterator[tuple[str, str]]:
    """The migration, and what in it breaks or stops the old processes."""
    fields: dict[tuple[str, str], models.Field] = {}
    for migration in migrations:
        name = f"{migration.app_label}.{migration.name}"
        created = {each.name_lower for each in migration.operations if isinstance(each, CreateModel)}
        for step in migration.operations:
            if isinstance(step, AddField | AlterField):
                before = fields.get((step.model_name_lower, step.name))
                was_filled_in = before is not None and is_filled_in(before)
                is_new = isinstance(step, AddField) or was_filled_in
                if step.model_name_lower not in created and is_new and not is_filled_in(step.field):
                    yield name, f"{step.model_name}.{step.name} needs a db_default"
                fields[step.model_name_lower, step.name] = step.field
            elif isinstance(step, AddIndex) and step.model_name_lower not in created:
                is_small = f"{migration.app_label}.{step.model_name_lower}" in SMALL_TABLES
                if not is_small and not isinstance(step, AddIndexConcurrently):
                    yield name, f"index {step.index.name} needs AddIndexWithoutLock"


def of_the_house() -> list[tuple[str, str]]:
    ours = [config.label for config in apps.get_app_configs() if config.name.split(".")[0] in ROOMS]
    return [one for app in ours for one in offences(chain(app))]


def test_a_column_that_an_old_process_does_not_know_has_a_default_in_the_database() -> None:
    found = [(name, what) for name, what in of_the_house() if "db_default" in what]
    assert not [one for one in found if one[0] not in COLUMNS_BEFORE_THE_RULE]
    assert {name for name, _what in found} == COLUMNS_BEFORE_THE_RULE, STALE


def test_an_index_on_a_table_in_use_is_built_without_a_lock() -> None:
    found = [(name, what) for name, what in of_the_house() if "AddIndexWithoutLock" in what]
    assert not [one for one in found if one[0] not in INDEXES_BEFORE_THE_RULE]
    assert {name for name, _what in found} == INDEXES_BEFORE_THE_RULE, STALE


def test_small_tables_are_there() -> None:
    assert {model._meta.label_lower for model in apps.get_models()} >= SMALL_TABLES


def test_what_breaks_an_old_process_is_found() -> None:
    first, later = Migration("0001", "wire"), Migration("0002", "wire")
    nullable = models.UUIDField(null=True, default=uuid.uuid4)
    first.operations = [CreateModel("Letter", [("id", models.BigAutoField(primary_key=True))])]
    later.operations = [
        AddField("letter", "subject", models.CharField(max_length=9, default="")),
        AddField("letter", "kind", models.CharField(max_length=9, default="", db_default="")),
        AddField("letter", "sent_at", models.DateTimeField(null=True)),
        AddField("letter", "public_id", nullable),
        AlterField("letter", "public_id", models.UUIDField(unique=True, default=uuid.uuid4)),
        CreateModel("Stamp", [("id", models.BigAutoField(primary_key=True))]),
        AddField("stamp", "price", models.IntegerField(default=0)),
        AddIndex("letter", models.Index(fields=["kind"], name="letter_by_kind")),
        AddIndexConcurrently("letter", models.Index(fields=["sent_at"], name="letter_by_time")),
        AddIndex("stamp", models.Index(fields=["price"], name="stamp_by_price")),
    ]
    assert list(offences([first, later])) == [
        ("wire.0002", "letter.subject needs a db_default"),
        ("wire.0002", "letter.public_id needs a db_default"),
        ("wire.0002", "index letter_by_kind needs AddIndexWithoutLock"),
    ]
