"""Somebody decided on every field that may tell of a person: what becomes of it when they are erased."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from claimtracker.accounts.models import User
from claimtracker.web.privacy.deciding import may_be_personal
from claimtracker.web.privacy.registry import APART, REGISTRY

MODELS = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label not in APART]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_somebody_decided_on_every_field_that_may_be_personal(model: type[models.Model]) -> None:
    decided: set[str] = set()
    for held in REGISTRY.get(model._meta.label, ()):
        assert not decided & held.decides, "decided twice"
        assert held.why
        decided |= held.decides
    wanted = may_be_personal(model)
    assert sorted(wanted - decided) == [], "say in claimtracker/web/privacy/registry.py what becomes of it"
    assert sorted(decided - wanted) == [], "no such field: take it out of the registry"


def test_nothing_is_decided_on_models_that_are_gone() -> None:
    assert sorted(set(REGISTRY) - {model._meta.label for model in MODELS}) == []


def test_a_new_field_with_a_name_an_address_or_a_person_has_to_be_decided_on() -> None:
    class Letter(models.Model):
        sent_to = models.EmailField()
        visitor_name = models.CharField(max_length=10)
        sha256 = models.CharField(max_length=64)

        class Meta:
            app_label = "support"

        def __str__(self) -> str:
            return self.sha256

    class Diary(models.Model):
        of = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
        entry = models.TextField()
        mood = models.CharField(max_length=3, choices=[("ok", "ok")])

        class Meta:
            app_label = "support"

        def __str__(self) -> str:
            return self.mood

    try:
        assert may_be_personal(Letter) == {"sent_to", "visitor_name"}
        assert may_be_personal(Diary) == {"of", "entry"}
    finally:
        for model in (Letter, Diary):
            del apps.all_models["support"][model._meta.model_name]
        apps.clear_cache()
