"""The evidence board: a mistake is shown at its field, and no typed word is lost."""

from __future__ import annotations

import pytest

from reviews.models import Evidence
from tests import factories
from tests.web.review_words import SOURCE, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker():
    return factories.make_user(name="Mara Okafor")


def test_a_source_is_added_to_the_board(client, checker):
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    response = client.post(url(task.claim, "evidence/"), SOURCE)
    assert response["Location"] == f"/claims/{task.claim_id}/#evidence"
    evidence = Evidence.objects.get()
    assert (evidence.stance, evidence.source.publisher, evidence.quotation) == (
        "refutes",
        "Audit office",
        "Roads: 1.7 million.",
    )
    page = client.get(url(task.claim)).text
    assert "The source is on the board." in page
    assert f'data-draft-saved="evidence-{task.claim_id}"' in page


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"url": "not an address"}, "url", "This is not a web address."),
        ({"url": "javascript:alert(1)"}, "url", "This is not a web address."),
        ({"url": ""}, "url", "or a citation by which readers can find the source"),
        ({"url": "https://x.example/" + "a" * 2000}, "url", "longer than 2,000 characters"),
        ({"url": "https://x.example:port/"}, "url", "This is not a web address."),
        ({"url": "http://[::1"}, "url", "This is not a web address."),
        ({"title": "Road\x00accounts"}, "title", "Null characters are not allowed."),
        ({"title": " ", "url": "", "citation": "Volume 3"}, "title", "Give the source"),
        ({"publisher": "", "url": "", "citation": "Volume 3"}, "publisher", "Name the source"),
        ({"title": "", "is_confidential": "on", "confidential_because": "It"}, "title", "Give the source"),
        ({"stance": ""}, "stance", "Choose whether it supports"),
        ({"stance": "nonsense"}, "stance", "nonsense"),
        ({"source_kind": "rumour"}, "source_kind", "rumour"),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_typed_is_lost(client, checker, change, field, sentence):
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    response = client.post(url(task.claim, "evidence/"), {**SOURCE, **change})
    assert response.status_code == 422
    form = response.context["evidence_form"]
    assert field in form.errors
    assert sentence in form.errors[field][0]
    assert "Roads: 1.7 million." in response.text
    assert 'aria-invalid="true"' in response.text
    assert not Evidence.objects.exists()


def test_the_same_source_twice_is_refused_at_its_address(client, checker):
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    client.post(url(task.claim, "evidence/"), SOURCE)
    response = client.post(url(task.claim, "evidence/"), {**SOURCE, "note": "Once more"})
    assert response.status_code == 422
    assert response.context["evidence_form"].errors["url"] == [
        "This source is already on the board with this stance."
    ]
    assert "Once more" in response.text


def test_htmx_gets_the_board_alone_and_says_that_it_changed(client, checker):
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    headers = {"HX-Request": "true"}
    bad = client.post(url(task.claim, "evidence/"), {**SOURCE, "stance": ""}, headers=headers)
    assert bad.status_code == 422
    assert bad.text.lstrip().startswith('<section id="evidence"')
    assert "Audit office" in bad.text
    good = client.post(url(task.claim, "evidence/"), SOURCE, headers=headers)
    assert good.status_code == 200
    assert "evidence:changed" in good["HX-Trigger-After-Settle"]
    assert "The source is on the board." in good.text
    assert "<html" not in good.text


def test_a_source_is_taken_off_the_board_once(client, checker):
    task = factories.make_taken_task(checker)
    evidence = factories.make_evidence(task.claim, checker)
    client.force_login(checker)
    path = url(task.claim, f"evidence/{evidence.pk}/remove/")
    assert client.post(path).status_code == 302
    assert not Evidence.objects.exists()
    again = client.post(path)
    assert again.status_code == 409
    assert "Somebody has taken this source off the board already." in again.text


def test_evidence_of_another_claim_is_not_removed_from_here(client, checker):
    here, there = factories.make_taken_task(checker), factories.make_taken_task(checker)
    evidence = factories.make_evidence(there.claim, checker)
    client.force_login(checker)
    assert client.post(url(here.claim, f"evidence/{evidence.pk}/remove/")).status_code == 409
    assert Evidence.objects.filter(pk=evidence.pk).exists()


def test_evidence_that_closes_meanwhile_keeps_what_was_typed(client, checker):
    verdict = factories.make_submitted_verdict(checker)
    client.force_login(checker)
    response = client.post(url(verdict.claim, "evidence/"), SOURCE)
    assert response.status_code == 409
    assert "its evidence is closed" in response.text
    assert "Roads: 1.7 million." in response.text
