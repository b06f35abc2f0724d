"""How it is decided about a field that may say something of a person, and which fields those are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Fate(Enum):
    """What becomes of it when the person whom it is about is erased."""

    GOES = "goes"  # the row is deleted
    BLANKED = "blanked"  # the row stays, the value goes
    KEPT = "kept"  # the newsroom's record: it stays, and points at an account without a name
    PUBLIC = "public"  # the newsroom published it
    OTHERS = "others"  # of somebody outside the newsroom, under rules of their own
    NOBODY = "nobody"  # says nothing of a person


@dataclass(frozen=True, slots=True)
class Held:
    """``by`` is the field that says whose row it is, empty where none does; ``fields`` the rest that is
    decided on. ``is_private``: what stands in them is shown to the person alone, to no moderator."""

    fate: Fate
    by: str
    fields: tuple[str, ...]
    why: Any
    is_private: bool = False

    @property
    def decides(self) -> set[str]:
        return {*self.fields, *([self.by] if self.by else [])}


THEIRS = _("theirs alone")
RECORD = _("the record of a check: who did it stays, without a name")


def goes(by: str, *fields: str, why: Any = THEIRS, is_private: bool = False) -> Held:
    return Held(Fate.GOES, by, fields, why, is_private)


def blanked(by: str, *fields: str, why: Any) -> Held:
    return Held(Fate.BLANKED, by, fields, why)


def kept(by: str, *fields: str, why: Any = RECORD) -> Held:
    return Held(Fate.KEPT, by, fields, why)


def public(by: str, *fields: str, why: Any) -> Held:
    return Held(Fate.PUBLIC, by, fields, why)


def others(*fields: str, why: Any) -> Held:
    return Held(Fate.OTHERS, "", fields, why)


def nobody(*fields: str) -> Held:
    return Held(Fate.NOBODY, "", fields, _("names no person"))


PEOPLE = ("accounts.User", "ledger.AuditActor")
TELLING = ("name", "label", "person", "byline", "claimant", "contact", "author", "email", "phone", "address")


def may_be_personal(model: type[models.Model]) -> set[str]:
    """The fields of ``model`` that somebody has to decide on: who it points at, every e-mail address, free
    words in rows that belong to a person, and everything whose name says that it names one."""
    people = {apps.get_model(label) for label in PEOPLE}
    concrete = [field for field in model._meta.get_fields() if getattr(field, "concrete", False)]
    found = {field.name for field in concrete if field.related_model in people}
    is_somebodys = bool(found) or model in people
    for field in concrete:
        tells = is_somebodys or any(word in field.name for word in TELLING)
        if isinstance(field, models.EmailField | models.GenericIPAddressField) or (tells and _is_free(field)):
            found.add(field.name)
    return found


def _is_free(field: object) -> bool:
    if isinstance(field, models.CharField | models.TextField):
        return not field.choices
    return isinstance(field, models.JSONField | ArrayField)
