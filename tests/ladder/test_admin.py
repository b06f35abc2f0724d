"""The ladder of the administration: every table, page and action of it, tried by everybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType

from claimtracker.accounts.models import User
from claimtracker.partners.models import ApiKey
from claimtracker.web.permissions import admin_lines
from claimtracker.web.permissions.doors import Line
from tests.admin.conftest import make_one_of_each

from .climbing import wrongs
from .site import Site, Try, undrawn

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
# a table that is saved from its list would be changed around the actions
SAVED = {"_save": "Save", "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": "1"}
FOUND_NOTHING = frozenset({404})
NOT_NOW = frozenset({409, 422})
ASKS = frozenset({422})  # a form that lacks something; who may not is told so before


def row(model: str) -> Any:
    return apps.get_model(*model.split("_"))._default_manager.order_by("pk").first()


def how(line: Line) -> Try:
    if line.route in SITE:
        return SITE[line.route]
    model, _, page = line.route.removeprefix("admin:").rpartition("_")
    if page == "changelist" and line.case:
        chosen = {"action": line.case, "_selected_action": row(model).pk}
        return Try(data=lambda site: chosen, together=True)
    if page == "changelist":
        return Try(data=lambda site: SAVED, keeps=True)
    # one guard stands before all of a table's pages; its list is tried by each role
    args = [] if page == "add" else [row(model).pk]
    return Try(lambda site: args, lambda site: {"_save": "Save"}, together=True, done=ASKS)


SITE = {
    "admin:index": Try(),
    "admin:next": Try(),
    "admin:undo": Try(keeps=True),
    "admin:app_list": Try(lambda site: ["claims"]),
    "admin:login": Try(),
    "admin:logout": Try(),
    "admin:password_change": Try(),
    "admin:password_change_done": Try(),
    "admin:autocomplete": Try(query="?app_label=accounts&model_name=membership&field_name=user&term=a"),
    "admin:jsi18n": Try(),
    "admin:view_on_site": Try(
        lambda site: [ContentType.objects.get_for_model(ApiKey).pk, row("partners_apikey").pk],
        done=FOUND_NOTHING,
    ),
    "admin:catch_all_view": Try(lambda site: "/admin/nothing/here/"),
    "admin:row": Try(lambda site: f"/admin/claims/article/{site.room.article.pk}/"),
    "admin:ledger_auditentry_look": Try(),
    "admin:ledger_auditentry_export": Try(),
    "admin:person_export": Try(lambda site: [site.person("newcomer").pk]),
    "admin:person_erase": Try(  # the person has not left yet, which is said to moderators
        lambda site: [site.person("newcomer").pk], lambda site: {"reason": "Asked for it."}, done=NOT_NOW
    ),
    "admin:partners_apikey_rotate": Try(
        lambda site: [ApiKey.objects.usable().latest("pk").pk], lambda site: {"overlap": "24"}
    ),
}


def test_everybody_in_the_administration(site: Site, monkeypatch: Any) -> None:
    make_one_of_each(0)
    with undrawn(monkeypatch):
        wrong = [said for area in admin_lines.AREAS for said in wrongs(area, site, how)]
    assert not wrong, f"{len(wrong)} cells differ from the table:\n" + "\n".join(wrong)


def test_every_table_of_the_administration_has_its_line() -> None:
    registered = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert registered == set(admin_lines.models()), "name it in admin_lines.LOOKED_AT or KEPT"


def test_every_action_has_its_line(rf: Any) -> None:
    request = rf.get("/admin/")
    request.user = User.objects.create_superuser("root@news.example", name="Root")
    offered = {
        (f"{model._meta.app_label}_{model._meta.model_name}", name)
        for model, each in admin.site._registry.items()
        for name in each.get_actions(request)
    }
    assert offered == set(admin_lines.ACTIONS), "name it in admin_lines.ACTIONS"
