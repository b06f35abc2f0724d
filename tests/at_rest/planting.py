"""A word of its own in every confidential field of the product."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pgtrigger
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from claims.models import Draft
from claimtracker.accounts.models import Role, User
from claimtracker.kernel.at_rest.fields import AtRest, EncryptedBinaryField, EncryptedJSONField, fields_of
from claimtracker.partners.endpoints import rotate_secret
from claimtracker.partners.models import WebhookEndpoint
from reviews.actions.complaints import decide_complaint
from reviews.models import Complaint, Source
from tests import factories
from tests.admin.conftest import make_one_of_each

FIELDS = [field for model in apps.get_models() for field in fields_of(model)]
IN_PLAIN = "Seen-by-everybody"
SOURCE_WORDS = {
    "url": "https://zq-source-address.example/",
    "title": "zq-source-title",
    "publisher": "zq-source-publisher",
    "citation": "zq-source-citation",
    "interest_note": "zq-source-interest",
    "confidential_because": "zq-source-because",
}


def name_of(field: AtRest) -> str:
    return field.place


def word_of(field: AtRest) -> str:
    return f"zq-{field.model._meta.model_name}-{field.name}-@planted.example"


def value_of(field: AtRest) -> Any:
    if isinstance(field, EncryptedBinaryField):
        return word_of(field).encode()
    return {"claims": [word_of(field)]} if isinstance(field, EncryptedJSONField) else word_of(field)


def plant_everywhere() -> None:
    """Rows of every model, each encrypted field with its word, a confidential source, and a word in plain."""
    make_one_of_each(1)
    person = User.objects.latest("pk")
    plant_draft(person)
    rotate_secret(WebhookEndpoint.objects.latest("pk"), by="system")
    complaint = Complaint.objects.latest("pk")
    editor = complaint.publication.approved_by
    decide_complaint(complaint, by=editor, outcome="not_upheld", answer="It stands.")
    plant_source(factories.make_user(Role.LEAD))
    with pgtrigger.ignore():  # some words are kept as they were written
        for field in FIELDS:
            plant(field)
    User.objects.filter(pk=User.objects.latest("pk").pk).update(name=IN_PLAIN)


def plant_draft(author: User) -> None:
    end = timezone.now() + timedelta(hours=1)
    Draft.objects.create(author=author, desk=factories.make_desk(), body="Not yet.", expires_at=end)


def plant_source(by: User) -> Source:
    facts = {name: word for name, word in SOURCE_WORDS.items() if name != "confidential_because"}
    claim = factories.make_claim()
    because = SOURCE_WORDS["confidential_because"]
    cited = factories.make_evidence(claim, by, **facts, is_confidential=True, confidential_because=because)
    return cited.source


def plant(field: AtRest) -> int:
    rows = field.model._base_manager
    row = rows.order_by("-pk").values_list("pk", flat=True).first()
    assert row is not None, f"make_one_of_each makes no {field.model.__name__}"
    rows.filter(pk=row).update(**{field.name: value_of(field)})
    return row


def plant_second_factor(user: User) -> tuple[Authenticator, Authenticator]:
    hide = get_adapter().encrypt
    kinds = Authenticator.Type
    return (
        Authenticator.objects.create(user=user, type=kinds.TOTP, data={"secret": hide("zq-totp-seed")}),
        Authenticator.objects.create(
            user=user,
            type=kinds.RECOVERY_CODES,
            data={"seed": hide("zq-recovery-seed"), "used_mask": 3, "migrated_codes": [hide("zq-old-code")]},
        ),
    )


def stored(field: AtRest, pk: int) -> str:
    """The column as the database has it."""
    return raw(field.model, field.column, pk)


def raw(model: type[models.Model], column: str, pk: int) -> str:
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{meta.db_table}" WHERE "{meta.pk.column}" = %s', [pk])
        value = cursor.fetchone()[0]
    if isinstance(value, memoryview | bytes):
        return bytes(value).decode("latin-1")
    return value if isinstance(value, str) else json.dumps(value)
