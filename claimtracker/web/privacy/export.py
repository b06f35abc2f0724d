"""Everything that concerns a person who works here, as one JSON document: what the law calls access."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.accounts.moderation import may_moderate
from claimtracker.kernel.decisions import Allowed, Decision, Denied
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditActor, AuditEntry
from claimtracker.ledger.tracing import facts_of
from reviews.actions.source_reads import note_reads
from reviews.models import Comment, Evidence, Source

from .deciding import Fate, Held
from .registry import REGISTRY

FORMAT, SHAPE = "claimtracker-person", 1
ACCOUNT = (
    "id",
    "email",
    "name",
    "is_active",
    "is_staff",
    "is_superuser",
    "date_joined",
    "last_login",
    "languages",
)
# secrets: nobody needs them to know what is held
NEVER = frozenset({"password", "data", "salt", "session_key", "digest"})
WITHHELD = "withheld"


def can_export_person(by: Any, person: User) -> Decision:
    """The person, and moderators: these without what is private."""
    if by.pk == person.pk or may_moderate(by):
        return Allowed()
    return Denied(_("Only moderators have the data of other people."))


@transaction.atomic
def export_person(person: User, *, by: User) -> dict[str, Any]:
    """The account; every row that is theirs, says who they are or that they did something, by kind, with
    their own words; what they did and what was done to them in the audit. Left out, and said to be: what is
    private, to a moderator; words of confidential sources, to whom they are not shown. Raises NotPermitted.
    Audits person.exported."""
    can_export_person(by, person).enforce()
    actor = audit.actor_for(person)
    facts = {
        "format": FORMAT,
        "shape": SHAPE,
        "made_at": timezone.now(),
        "account": {name: getattr(person, name) for name in ACCOUNT},
        "held": _held_of(person, by),
        "did": facts_of(AuditEntry.objects.filter(actor_ref=actor.ref).order_by("id")),
        "happened": facts_of(_about(person, actor).order_by("id")),
    }
    audit.record("person.exported", by=by, subject=actor, details={"user": person.pk})
    return facts


def _held_of(person: User, by: User) -> list[dict[str, Any]]:
    found = []
    for label, decided in REGISTRY.items():
        for held in decided:
            if held.by and held.fate != Fate.OTHERS and label != "ledger.AuditActor":
                rows = _rows_of(apps.get_model(label), held, person, by)
                if rows:
                    what = {"kind": label, "as": held.by, "if_erased": held.fate.value, "why": str(held.why)}
                    found.append({**what, "rows": rows})
    return found


def _rows_of(model: type[models.Model], held: Held, person: User, by: User) -> list[dict[str, Any]]:
    dates = [field.name for field in model._meta.concrete_fields if isinstance(field, models.DateField)]
    rows = model._base_manager.filter(**{held.by: person}).order_by("pk")
    if held.is_private and person.pk != by.pk:
        return [{"id": key, WITHHELD: list(held.fields)} for key in rows.values_list("pk", flat=True)]
    words = [name for name in held.fields if name not in NEVER]
    hidden = _hidden(model, person, by) if words else frozenset()
    return [
        {"id": row.pop("pk"), **(_blank(row, words) if hidden and row_id in hidden else row)}
        for row in rows.values("pk", *dates, *words)
        for row_id in [row["pk"]]
    ]


def _blank(row: dict[str, Any], words: list[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in words} | {WITHHELD: words}


def _hidden(model: type[models.Model], person: User, by: User) -> frozenset[int]:
    """Rows whose words tell of a confidential source that ``by`` is not shown. What is shown is noted."""
    if model is Comment:
        told = Comment.objects.filter(author=person, source__is_confidential=True)
        told = told.exclude(source__in=Source.objects.visible_to(by))
        return frozenset(told.values_list("pk", flat=True))
    if model is not Evidence:
        return frozenset()
    secret = Evidence.objects.filter(added_by=person, source__is_confidential=True)
    shown = Source.objects.visible_to(by).filter(is_confidential=True, evidence__in=secret).distinct()
    sources = list(shown)
    note_reads(sources, by=by)
    return frozenset(secret.exclude(source__in=sources).values_list("pk", flat=True))


def _about(person: User, actor: AuditActor) -> models.QuerySet[AuditEntry]:
    user, who = person._meta.label_lower, actor._meta.label_lower
    return AuditEntry.objects.filter(
        models.Q(subject_type=user, subject_id=str(person.pk))
        | models.Q(subject_type=who, subject_id=str(actor.pk))
    )
