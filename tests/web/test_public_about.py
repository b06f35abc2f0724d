"""The pages about the newsroom: what its settings say, and nothing that they do not."""

from __future__ import annotations

import pytest
from django.test import override_settings

pytestmark = pytest.mark.django_db

FACTS = {
    "OWNERSHIP_FUNDING_URL": "https://news.example/owners",
    "STAFF_URL": "https://news.example/staff",
    "ETHICS_POLICY_URL": "https://news.example/ethics",
    "IMPARTIALITY_URL": "https://news.example/impartial",
    "PUBLISHER_CONTACT": "mailto:desk@news.example",
    "CLAIM_SUGGESTIONS": "https://news.example/suggest",
    "PUBLISHER_STATEMENT": "We are a cooperative of nine.",
    "STANDARDS_BODY_NAME": "EFCSN",
    "STANDARDS_BODY_URL": "https://efcsn.example/complaints",
}


def test_each_fact_about_the_newsroom_has_its_place(client):
    paths = ("", "methodology/", "corrections-policy/")
    with override_settings(**FACTS):
        pages = {path: client.get(f"/about/{path}").text for path in paths}
    for name in FACTS:
        assert FACTS[name] in pages[""], name
    assert FACTS["CLAIM_SUGGESTIONS"] in pages["methodology/"]
    assert FACTS["STANDARDS_BODY_URL"] in pages["corrections-policy/"]


@override_settings(**dict.fromkeys(FACTS, ""))
def test_what_is_not_set_leaves_no_empty_link(client):
    for path in ("", "methodology/", "corrections-policy/"):
        page = client.get(f"/about/{path}")
        assert (page.status_code, page["Cache-Control"]) == (200, "public, max-age=60")
        assert 'href=""' not in page.text
        assert "whose code we signed" not in page.text


def test_the_policy_says_how_long_an_answer_takes_and_names_every_kind_of_change(client, settings):
    settings.COMPLAINT_WORKING_DAYS = 5
    page = client.get("/about/corrections-policy/").text
    assert "within 5 working days" in page
    for kind in ("Clarification", "Correction", "Change of verdict", "Update", "Retraction"):
        assert f"<dt>{kind}</dt>" in page
