"""A list is narrowed by what its rows show and by nothing else: whether a row is found tells the rest."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from claimtracker.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
ENDINGS = ("", "__startswith", "__contains", "__gte", "__regex", "__isnull")


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/admin/accounts/user/", "password__startswith=md5"),
        ("/admin/partners/webhookendpoint/", "secret__startswith=w"),
        ("/admin/partners/apikey/", "secret_sha256__startswith=a"),
        ("/admin/ledger/auditactor/", "salt__startswith=a"),
        ("/admin/reviews/source/", "confidential_because__contains=a"),
    ],
)
def test_secrets_are_not_guessed_letter_by_letter(desk_of: Client, address: str, asked: str) -> None:
    assert desk_of.get(f"{address}?{asked}").status_code == 400


def test_no_list_is_narrowed_by_what_it_hides(rf: Any, superuser: User) -> None:
    request = rf.get("/admin/")
    request.user = superuser
    found = [
        f"{model._meta.label}?{field.name}{ending}"
        for model, each in admin.site._registry.items()
        for field in model._meta.concrete_fields
        if field.name in each.hidden or field.name not in shown(each, request)  # type: ignore[attr-defined] # all are ours
        for ending in ENDINGS
        if each.lookup_allowed(f"{field.name}{ending}", "a", request)
    ]
    assert not found


def shown(each: Any, request: Any) -> set[str]:
    filters = [name[0] if isinstance(name, tuple) else name for name in each.get_list_filter(request)]
    pages = [*each.get_fields(request, each.model()), *each.get_list_display(request)]
    return {each.model._meta.pk.name, *(name for name in pages if isinstance(name, str)), *filters}


def test_what_is_shown_narrows_still(desk_of: Client) -> None:
    factories.make_user(name="Found")
    for asked in ("is_active=1", "name__startswith=F", "memberships__role__exact=checker", "id__gt=0"):
        assert desk_of.get(f"/admin/accounts/user/?{asked}").status_code == 200, asked
