"""What readers, the newsroom and moderators see of a check that is hidden, taken down or held."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claimtracker.accounts.models import Role, User
from reviews.actions.complaints import new_token
from reviews.actions.restrictions import confirm_takedown, hide_check, order_takedown, place_hold
from reviews.models import Publication, PublicCheck, Restriction
from tests import factories
from tests.reviews.test_restrictions import LETTER

pytestmark = pytest.mark.django_db

FORM = {"reason": "privacy", "note": "It names a child."}


@pytest.fixture
def publication() -> Publication:
    return factories.make_publication()


@pytest.fixture
def moderator() -> User:
    return factories.make_user(Role.MODERATOR, name="Milo Duarte")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(publication: Publication) -> str:
    return reverse("reviews:restrictions", args=[publication.claim_id])


def order_at(publication: Publication, what: str) -> str:
    return reverse("reviews:restriction_order", args=[publication.claim_id, what])


def decide_at(row: Restriction, what: str) -> str:
    return reverse("reviews:restriction_decide", args=[row.claim_id, row.pk, what])


def prefixed(prefix: str, **said: Any) -> dict[str, Any]:
    return {f"{prefix}-{name}": value for name, value in said.items()}


READERS = ("public_claim", "public_embed", "public_complain")


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("version", ["", "?version=1"])
def test_a_hidden_check_says_only_that(
    publication: Publication, moderator: User, name: str, version: str
) -> None:
    address = reverse(f"reviews:{name}", args=[publication.slug]) + version
    assert Client().get(address).status_code == 200
    hide_check(publication.claim, by=moderator, **FORM)
    answer = Client().get(address)
    assert answer.status_code == 410
    assert answer["Cache-Control"] == "no-store" and "noindex" in answer["X-Robots-Tag"]
    said = answer.content.decode()
    assert "not shown at present" in said
    for word in (publication.claim.text, publication.snapshot["rating"]["label"], publication.slug, "Milo"):
        assert word not in said
    assert FORM["note"] not in said


@pytest.mark.parametrize("name", READERS)
def test_a_check_that_was_taken_down_says_why_and_whom_one_may_ask(
    publication: Publication, moderator: User, settings: Any, name: str
) -> None:
    settings.CORRECTIONS_CONTACT = "corrections@paper.example"
    order = order_takedown(publication.claim, by=moderator, **LETTER)
    address = reverse(f"reviews:{name}", args=[publication.slug])
    assert Client().get(address).status_code == 410, "nobody confirmed it yet"
    confirm_takedown(order, by=factories.make_user(Role.LEAD), note="I read it.")
    answer = Client().get(address)
    said = answer.content.decode()
    assert answer.status_code == 451
    assert LETTER["public_reason"] in said
    assert answer["Link"] == f'<{settings.SITE_URL}{reverse("reviews:about")}>; rel="blocked-by"'
    for inner in (LETTER["note"], LETTER["reference"], LETTER["demanded_by"], publication.claim.text):
        assert inner not in said
    if name != "public_embed":
        assert "corrections@paper.example" in said


def test_programs_get_a_problem(publication: Publication, moderator: User, settings: Any) -> None:
    hide_check(publication.claim, by=moderator, **FORM)
    document = Client().get(reverse("reviews:public_claim_review", args=[publication.slug]))
    assert (document.status_code, document.json()["code"]) == (410, "hidden")
    ours = settings.SITE_URL + reverse("reviews:public_claim", args=[publication.slug])
    frame = Client().get(reverse("reviews:oembed"), {"url": ours})
    assert (frame.status_code, frame.json()["code"]) == (410, "hidden")
    assert frame["Access-Control-Allow-Origin"] == "*"


def test_nobody_complains_of_what_cannot_be_read(publication: Publication, moderator: User) -> None:
    token = new_token()
    factories.make_complaint(publication, token=token)
    hide_check(publication.claim, by=moderator, **FORM)
    address = reverse("reviews:public_complain", args=[publication.slug])
    assert Client().post(address, {"kind": "wrong", "text": "It is wrong."}).status_code == 410
    followed = Client().get(reverse("reviews:complaint_status", args=[token]))
    said = followed.content.decode()
    assert followed.status_code == 200, "who complained follows the complaint all the same"
    assert publication.claim.text not in said and publication.slug not in said


@pytest.mark.parametrize("role", [Role.REPORTER, Role.CHECKER, Role.EDITOR, Role.LEAD, Role.MODERATOR])
def test_the_newsroom_sees_what_holds_by_whom_and_why(
    publication: Publication, moderator: User, role: str
) -> None:
    hide_check(publication.claim, by=moderator, **FORM)
    place_hold(publication.claim, by=moderator, reason="defamation", note="They sue.")
    person = signed_in(factories.make_user(role))
    said = person.get(reverse("reviews:claim_detail", args=[publication.claim_id])).content.decode()
    for word in ("hidden from readers", "Under legal hold", "Milo Duarte", FORM["note"], "They sue."):
        assert word in said, word
    decides = role in (Role.LEAD, Role.MODERATOR)
    assert (page_of(publication) in said) is decides
    assert person.get(page_of(publication)).status_code == (200 if decides else 403)


def test_other_desks_see_nothing_of_it(publication: Publication, moderator: User) -> None:
    outsider = factories.make_user(Role.LEAD, factories.make_desk("city"))
    assert signed_in(outsider).get(page_of(publication)).status_code == 404
    assert Client().get(page_of(publication)).status_code == 302


def test_a_moderator_hides_by_the_form_and_shows_again(publication: Publication, moderator: User) -> None:
    client = signed_in(moderator)
    answer = client.post(order_at(publication, "hide"), prefixed("hide", **FORM), follow=True)
    assert answer.status_code == 200 and not PublicCheck.objects.exists()
    row = Restriction.objects.get()
    said = answer.content.decode()
    assert "It is hidden." in said and decide_at(row, "lift") in said
    assert order_at(publication, "hide") not in said, "it is hidden already"
    lifted = client.post(decide_at(row, "lift"), prefixed(f"lift-{row.pk}", note="The name is gone."))
    assert lifted.status_code == 302 and PublicCheck.objects.exists()
    assert "The name is gone." in client.get(page_of(publication)).content.decode(), "the record stays"


@pytest.mark.parametrize(("said", "status"), [({"note": ""}, 422), ({"reason": ""}, 422)])
def test_what_is_missing_is_named_and_nothing_typed_is_lost(
    publication: Publication, moderator: User, said: dict[str, str], status: int
) -> None:
    answer = signed_in(moderator).post(order_at(publication, "hide"), prefixed("hide", **(FORM | said)))
    assert answer.status_code == status and PublicCheck.objects.exists()
    kept = FORM["note"] if "reason" in said else 'value="privacy" selected'
    assert kept in answer.content.decode()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.LEAD])
def test_who_may_not_is_refused_whatever_is_sent(publication: Publication, role: str) -> None:
    answer = signed_in(factories.make_user(role)).post(
        order_at(publication, "hide"), prefixed("hide", **FORM)
    )
    assert answer.status_code == 403 and PublicCheck.objects.exists()


def test_a_takedown_by_the_forms_of_two_people(publication: Publication, moderator: User) -> None:
    client, lead = signed_in(moderator), signed_in(factories.make_user(Role.LEAD, name="Lena Roe"))
    client.post(order_at(publication, "takedown"), prefixed("takedown", **LETTER))
    row = Restriction.objects.get()
    own = client.get(page_of(publication)).content.decode()
    assert decide_at(row, "confirm") not in own and "Another moderator or lead confirms it." in own
    note = prefixed(f"confirm-{row.pk}", note="I read the ruling.")
    assert client.post(decide_at(row, "confirm"), note).status_code == 409
    assert lead.post(decide_at(row, "confirm"), note).status_code == 302
    row.refresh_from_db()
    assert row.state == "in_force" and row.confirmed_by is not None and row.confirmed_by.name == "Lena Roe"


def test_it_is_escalated_to_whom_may_decide(publication: Publication, moderator: User) -> None:
    row = hide_check(publication.claim, by=moderator, **FORM)
    lead, editor = factories.make_user(Role.LEAD), factories.make_user(Role.EDITOR)
    client, at = signed_in(moderator), decide_at(row, "escalate")
    sent = {"note": "You know them."}
    refused = client.post(at, prefixed(f"escalate-{row.pk}", to=editor.pk, **sent))
    assert refused.status_code == 422
    assert client.post(at, prefixed(f"escalate-{row.pk}", to=lead.pk, **sent)).status_code == 302
    row.refresh_from_db()
    assert row.escalated_to == lead


def test_unknown_words_in_the_address_are_no_page(publication: Publication, moderator: User) -> None:
    client = signed_in(moderator)
    row = hide_check(publication.claim, by=moderator, **FORM)
    assert client.post(order_at(publication, "burn")).status_code == 404
    assert client.post(decide_at(row, "burn")).status_code == 404
    elsewhere = reverse("reviews:restriction_decide", args=[factories.make_claim().pk, row.pk, "lift"])
    assert client.post(elsewhere).status_code == 404


def test_the_administration_counts_and_decides(publication: Publication, moderator: User) -> None:
    order = order_takedown(publication.claim, by=factories.make_user(Role.MODERATOR), **LETTER)
    client = signed_in(moderator)
    home = client.get(reverse("admin:index")).content.decode()
    assert "Takedowns and holds that wait for a second person" in home
    rows = client.get(reverse("admin:reviews_restriction_changelist"), {"state__in": "ordered,lifting"})
    assert f"/{order.pk}/change/" in rows.content.decode()
    page = client.get(reverse("admin:reviews_restriction_change", args=[order.pk])).content.decode()
    assert "Confirm the takedown" in page and page_of(publication) in page and LETTER["note"] in page
    decided = client.post(
        reverse("admin:reviews_restriction_changelist"),
        {
            "action": "confirm_selected",
            "_selected_action": [order.pk],
            "apply": "1",
            "reason": "I read the ruling.",
        },
    )
    assert decided.status_code == 302
    order.refresh_from_db()
    assert order.state == "in_force" and order.confirmed_by == moderator
    lines = client.get(reverse("admin:reviews_publiccheck_changelist")).content.decode()
    assert publication.slug in lines, "moderators find what is withheld"
