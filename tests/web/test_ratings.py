"""The rating scales in the web: read by members, written by leads; and how reviewers agree."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused
from reviews.actions.verdicts import submit_verdict
from reviews.models import Rating, RatingScale, ReasonTemplate
from tests import factories

pytestmark = pytest.mark.django_db

NEW = {"label": "Mostly false", "meaning": "graded", "value": "2", "position": "1", "guidance": "A grain."}


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(factories.make_user(Role.LEAD))
    return client


def test_who_reads_and_who_writes(client: Client):
    scale = factories.make_scale()
    assert client.get("/ratings/")["Location"].startswith("/account/login/")
    client.force_login(factories.make_user(None))
    assert client.get("/ratings/").status_code == 403
    for role in (Role.CHECKER, Role.EDITOR):
        client.force_login(factories.make_user(role))
        assert "New scale" not in client.get("/ratings/").text
        for path in (f"/ratings/scales/{scale.pk}/new/", "/ratings/scales/new/", "/ratings/reasons/new/"):
            assert client.post(path, NEW).status_code == 403
    client.force_login(factories.make_user(Role.LEAD))
    assert "New scale" in client.get("/ratings/").text
    assert Rating.objects.count() == 4


def test_a_rating_is_added_and_each_refusal_names_its_field(lead: Client):
    scale = factories.make_scale()
    path = f"/ratings/scales/{scale.pk}/new/"
    for change, sentence in (
        ({"label": ""}, "Give the label that readers see."),
        ({"label": "false"}, "Another rating of this scale has this label."),
        ({"value": ""}, "Give its place as a number from 1"),
        ({"value": "3"}, "Another rating of this scale has this place."),
        ({"meaning": "not_checkable"}, "Only a place on the scale has a number."),
    ):
        refused = lead.post(path, {**NEW, **change})
        assert refused.status_code == 422
        assert sentence in refused.text
    assert lead.post(path, NEW).status_code == 302
    made = Rating.objects.get(slug="mostly-false")
    assert (made.value, made.guidance) == (2, "A grain.")
    assert (
        lead.post(path, {**NEW, "label": "Opinion", "meaning": "not_checkable", "value": ""}).status_code
        == 302
    )
    assert Rating.objects.get(slug="opinion").value is None


def test_a_used_rating_is_retired_and_not_changed(lead: Client):
    verdict = factories.make_submitted_verdict(factories.make_user())
    rating = verdict.rating
    path = f"/ratings/scales/{rating.scale_id}/{rating.pk}/"
    same = {"label": "False", "meaning": "graded", "value": "1", "position": "9", "guidance": "Newer words."}
    refused = lead.post(path, {**same, "label": "Wrong"})
    assert refused.status_code == 422
    assert "Retire it and add another" in refused.text
    assert lead.post(path, same).status_code == 302
    with pytest.raises(IntegrityError, match="retired, not changed"), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(label="Wrong")
    assert lead.post(f"/ratings/{rating.pk}/retire/").status_code == 302
    assert rating.pk not in [offered.pk for offered in Rating.objects.offered()]
    task = factories.make_taken_task(author := factories.make_user())
    factories.make_evidence(task.claim, author)
    rating.refresh_from_db()
    with pytest.raises(ActionRefused, match="was retired") as refusal:
        submit_verdict(
            task, by=author, rating=rating, summary="No.", rationale="The accounts say so clearly."
        )
    assert refusal.value.field == "rating"
    assert lead.post(f"/ratings/{rating.pk}/offer/").status_code == 302
    assert rating.pk in [offered.pk for offered in Rating.objects.offered()]


def test_a_scale_keeps_two_ratings_and_is_used_with_two(lead: Client):
    scale = factories.make_scale()
    assert lead.post("/ratings/scales/new/", {"name": "Short scale"}).status_code == 302
    short = RatingScale.objects.get(slug="short-scale")
    assert lead.post(f"/ratings/scales/{short.pk}/use/").status_code == 409
    for label, value in (("Wrong", "1"), ("Right", "2")):
        lead.post(f"/ratings/scales/{short.pk}/new/", {**NEW, "label": label, "value": value})
    assert lead.post(f"/ratings/scales/{short.pk}/use/").status_code == 302
    assert [each.label for each in Rating.objects.offered().order_by("value")] == ["Wrong", "Right"]
    refused = lead.post(f"/ratings/{short.ratings.first().pk}/retire/")
    assert refused.status_code == 409
    assert "at least two ratings" in refused.text
    assert not RatingScale.objects.get(pk=scale.pk).is_default


def test_reasons_help_who_returns_a_verdict(lead: Client):
    assert lead.post("/ratings/reasons/new/", {"text": "Cite the figures."}).status_code == 302
    verdict = factories.make_submitted_verdict(factories.make_user())
    assert "Cite the figures." in lead.get(f"/claims/{verdict.claim_id}/").text
    template = ReasonTemplate.objects.get()
    assert lead.post(f"/ratings/reasons/{template.pk}/retire/").status_code == 302
    assert "Cite the figures." not in lead.get(f"/claims/{verdict.claim_id}/").text


def test_the_list_costs_the_same_for_one_scale_and_for_five(lead: Client):
    def cost() -> int:
        lead.get("/ratings/")
        with CaptureQueriesContext(connection) as queries:
            lead.get("/ratings/")
        return len(queries)

    factories.make_scale()
    one = cost()
    for n in range(4):
        lead.post("/ratings/scales/new/", {"name": f"Scale {n}"})
        scale = RatingScale.objects.get(slug=f"scale-{n}")
        lead.post(f"/ratings/scales/{scale.pk}/new/", NEW)
    assert cost() == one


def test_editors_and_leads_see_how_reviewers_agree(client: Client):
    page = "/insight/agreement/"
    assert client.get(page)["Location"].startswith("/account/login/")
    for role, status in ((Role.REPORTER, 403), (Role.CHECKER, 403), (Role.EDITOR, 200), (Role.LEAD, 200)):
        client.force_login(factories.make_user(role))
        shown = client.get(page)
        assert shown.status_code == status
    assert "No blind review yet" in shown.text
