"""Every model has a list and a page, for the right people, at a price that does not grow with the rows."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from claims.models import Article, Draft
from claimtracker.accounts import admin_base
from claimtracker.accounts.models import Desk, FirstSteps, Role, User
from reviews.models import PageLook, Presence
from tests import factories

from .conftest import make_one_of_each, signed_in

OURS = ("accounts", "jobs", "ledger", "intake", "claims", "reviews", "partners", "signin")
# an unpublished text and a page that is not cited yet are one person's alone, who looks at what is nobody's
# business after an hour, and how far somebody new has come is their own
NOT_FOR_MODERATORS = {Draft, PageLook, Presence, FirstSteps}
MODELS = [
    model
    for label in OURS
    for model in apps.get_app_config(label).get_models()
    if model not in NOT_FOR_MODERATORS
]


def list_address(model: type) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_address(model: type, pk: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])


def test_every_model_of_ours_but_what_is_private_and_no_other_is_in_the_admin() -> None:
    assert set(admin.site._registry) == set(MODELS)


def test_lists_and_pages_answer_and_cost_the_same_at_2_and_at_5_rows(moderator: User) -> None:
    client = signed_in(moderator)
    for number in range(2):
        make_one_of_each(number)
    few = {model: price(client, list_address(model)) for model in MODELS}
    for model in MODELS:
        row = model._default_manager.order_by("pk").last()
        assert row is not None, f"no row of {model.__name__} to look at"
        response = client.get(page_address(model, row.pk))
        assert response.status_code == 200, model
        assert str(row.pk) in response.content.decode()
    for number in range(2, 5):
        make_one_of_each(number)
    many = {model: price(client, list_address(model)) for model in MODELS}
    assert many == few
    assert max(many.values()) <= 12


def price(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    assert b"result_list" in response.content, f"no row in {address}"
    return len(queries)


def test_words_and_numbers_can_be_looked_for(moderator: User) -> None:
    for model, of_model in admin.site._registry.items():
        for query in ("17", "00000000-0000-4000-8000-000000000000", "roads '; -- \x00"):
            asked = asking(moderator, list_address(model), {"q": query})
            found = of_model.get_changelist_instance(asked)
            assert len(found.result_list) == found.result_count, (model, query)
    page = signed_in(moderator).get(list_address(Article), {"q": "roads '; -- \x00"})
    assert page.status_code == 200


def test_an_identifier_finds_its_row_and_words_find_theirs(moderator: User) -> None:
    one, other = factories.make_article(title="Bridges of the north"), factories.make_article(title="Roads")
    client = signed_in(moderator)
    for query in (str(one.pk), str(one.public_id), one.content_sha256, "bridges"):
        found = client.get(list_address(Article), {"q": query}).context["cl"].result_list
        assert list(found) == [one], query
    assert other in client.get(list_address(Article), {"q": "roads"}).context["cl"].result_list


def test_a_long_list_is_counted_up_to_its_cap(moderator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_base, "COUNTED_ROWS", 3)
    Desk.objects.bulk_create(Desk(slug=f"d{number}", name=f"Desk {number}") for number in range(5))
    page = signed_in(moderator).get(list_address(Desk)).content.decode()
    assert "the first 3 of more" in page


RANKS = {
    None: 302,
    "nobody": 403,
    Role.REPORTER: 403,
    Role.CHECKER: 403,
    Role.EDITOR: 403,
    Role.LEAD: 403,
    "staff": 403,
    "inactive moderator": 302,
    Role.MODERATOR: 200,
    "superuser": 200,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("rank", "status"), RANKS.items(), ids=str)
def test_the_ladder(rank: str | None, status: int) -> None:
    person = person_of(rank)
    client = signed_in(person)
    addresses = [reverse("admin:index"), list_address(Desk), "/admin/nothing/here/"]
    for address in addresses:
        response = client.get(address)
        expected = 404 if address == "/admin/nothing/here/" and status == 200 else status
        assert response.status_code == expected, address
        if status == 302:
            assert response.headers["Location"].startswith("/admin/login/?next=")
    addresses = [reverse("admin:app_list", args=["claims"]), *(list_address(model) for model in MODELS)]
    addresses += [reverse(f"admin:partners_{name}_add") for name in ("apikey", "webhookendpoint", "partner")]
    addresses.append(reverse("admin:claims_knownclaimimport_add"))
    for address in addresses:
        assert status_of(address, person if person and person.is_active else None) == status, address


def asking(person: User | None, address: str, query: dict[str, str] | None = None) -> HttpRequest:
    request = RequestFactory().get(address, query)
    request.user = person or AnonymousUser()
    request.resolver_match = resolve(address)
    request._messages = CookieStorage(request)
    return request


def status_of(address: str, person: User | None) -> int:
    """What the view behind the address decides; the page itself is not drawn, as there are a thousand."""
    request = asking(person, address)
    view = request.resolver_match
    try:
        return view.func(request, *view.args, **view.kwargs).status_code
    except PermissionDenied:
        return 403


def person_of(rank: str | None) -> User | None:
    if rank is None:
        return None
    if rank == "superuser":
        return User.objects.create_superuser("root@example.org", factories.PASSWORD, name="Root")
    if rank == "inactive moderator":
        return factories.make_user(Role.MODERATOR, is_active=False)
    if rank in ("nobody", "staff"):
        return factories.make_user(None, is_staff=rank == "staff")
    return factories.make_user(rank)


@pytest.mark.django_db
def test_signing_in_is_the_houses_own_with_its_limits_and_second_factors() -> None:
    response = Client().get("/admin/login/", {"next": "/admin/jobs/job/"})
    assert response.status_code == 302
    assert response.headers["Location"] == "/account/login/?next=/admin/jobs/job/"
    posted = Client().post("/admin/login/", {"username": "root@example.org", "password": factories.PASSWORD})
    assert posted.headers["Location"].startswith("/account/login/")


def test_who_may_not_come_in_reads_why(db: None) -> None:
    client = signed_in(factories.make_user(Role.EDITOR))
    assert client.get("/admin/login/").status_code == 403
    assert client.get("/admin/").status_code == 403


def test_a_role_that_is_taken_away_closes_the_door_at_once(moderator: User, desk_of: Client) -> None:
    assert desk_of.get("/admin/").status_code == 200
    moderator.memberships.all().delete()
    assert desk_of.get("/admin/").status_code == 403


def test_secrets_and_salts_are_on_no_page(moderator: User) -> None:
    make_one_of_each(0)
    client = signed_in(moderator)
    from claimtracker.ledger.models import AuditActor, AuditNote
    from claimtracker.partners.models import ApiKey, WebhookEndpoint

    key, endpoint = ApiKey.objects.earliest("pk"), WebhookEndpoint.objects.get()
    pages = [
        client.get(page_address(type(row), row.pk)).content.decode()
        for row in (
            key,
            endpoint,
            endpoint.partner,
            moderator,
            AuditActor.objects.last(),
            AuditNote.objects.last(),
        )
    ]
    for page in pages:
        assert key.secret_sha256 not in page
        assert endpoint.secret not in page
        assert moderator.password not in page
        assert "salt" not in page
